//! One attempt of a call: a request is sent, its redirects are followed, the
//! response is read, and a response that reports a failure becomes an error.

use std::future::Future;
use std::pin::{Pin, pin};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::{Request, Response};
use tracing::Span;
use url::Url;

use crate::client::Inner;
use crate::deadline::Deadline;
use crate::deprecation::Deprecation;
use crate::error::{Error, build, parse};
use crate::operation::Operation;
use crate::redact::Redactor;
use crate::redirect::{self, Redirect};
use crate::request::form::FormSource;
use crate::text::OneLine;
use crate::{body, envelope, telemetry};

/// What each attempt of a call sends and reads.
pub(crate) trait Exchange: Send {
    /// The address of the next attempt.
    fn url(&self) -> &Url;

    /// Runs an attempt.
    fn attempt<'a>(&'a mut self, attempt: &'a Attempt<'a>) -> Outcome<'a>;

    /// Whether the request can be sent again after this failure.
    fn is_repeatable(&self, failed: &Error) -> bool;
}

/// Outcome of an attempt.
pub(crate) type Outcome<'a> = Pin<Box<dyn Future<Output = Result<Success, Error>> + Send + 'a>>;

/// Context of an attempt.
pub(crate) struct Attempt<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) operation: &'static Operation,
    pub(crate) deadline: Deadline,
    pub(crate) span: Span,
}

/// A response that has been read.
#[derive(Clone)]
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The request of an operation. A form is its body, made anew for each attempt.
pub(crate) struct Payload {
    pub(crate) request: Request,
    pub(crate) form: Option<Box<dyn FormSource>>,
}

impl Payload {
    /// Checks that there is a form where the operation takes one, and that its
    /// parts can be sent.
    pub(crate) fn new(
        operation: &Operation,
        request: Request,
        form: Option<Box<dyn FormSource>>,
    ) -> Result<Self, Error> {
        let form = form.filter(|form| !(operation.optional_body && form.is_empty()));
        match &form {
            None if operation.multipart && !operation.optional_body => {
                return Err(build::input("the form is missing")
                    .with_hint("pass the parts of the body by .multipart()"));
            }
            None => {}
            Some(form) => form.check().map_err(|(part, why)| {
                let message = format!("the part {} cannot be sent: {why}", OneLine(part, 100));
                build::input(message).with_param(part)
            })?,
        }
        Ok(Self { request, form })
    }

    fn is_repeatable(&self) -> bool {
        let body = self.request.body();
        self.form.as_ref().map_or_else(
            || body.is_none_or(|body| body.as_bytes().is_some()),
            |form| form.is_replayable(),
        )
    }
}

/// A call of an operation, whose response is read whole.
pub(crate) struct CallExchange {
    payload: Payload,
    is_repeatable: bool,
}

impl CallExchange {
    pub(crate) fn new(payload: Payload) -> Self {
        Self {
            is_repeatable: payload.is_repeatable(),
            payload,
        }
    }
}

impl Exchange for CallExchange {
    fn url(&self) -> &Url {
        self.payload.request.url()
    }

    fn attempt<'a>(&'a mut self, attempt: &'a Attempt<'a>) -> Outcome<'a> {
        let mut sent = copy_or_take(&mut self.payload.request);
        let form = self.payload.form.as_ref();
        if let Some(form) = form {
            *sent.body_mut() = Some(form.body());
        }
        let spare = (self.is_repeatable && form.is_none()).then_some(&self.payload.request);
        Box::pin(attempt.run(sent, spare))
    }

    fn is_repeatable(&self, _: &Error) -> bool {
        self.is_repeatable
    }
}

/// A copy of a request, or the request itself if its body streams: then it can
/// be sent once.
pub(crate) fn copy_or_take(request: &mut Request) -> Request {
    request.try_clone().unwrap_or_else(|| {
        let left = Request::new(request.method().clone(), request.url().clone());
        std::mem::replace(request, left)
    })
}

impl Attempt<'_> {
    /// Sends a request and reads the response. Redirects are followed with
    /// copies of `spare`.
    async fn run(&self, request: Request, spare: Option<&Request>) -> Result<Success, Error> {
        let mut response = self.open(request, spare).await?;
        let body = body::read(&mut response, self.inner, &self.deadline).await;
        let head = self.take_head(&mut response);
        match body {
            Ok(body) if envelope::reports_failure(&body) => {
                Err(self.api_error(Success { body, ..head }, None))
            }
            Ok(body) => Ok(Success { body, ..head }),
            Err(error) => Err(error.with_head(head.status, head.headers)),
        }
    }

    /// Sends a request and follows redirects, up to the head of a successful
    /// response.
    pub(crate) async fn open(
        &self,
        request: Request,
        spare: Option<&Request>,
    ) -> Result<Response, Error> {
        let mut response = self.send(request).await?;
        let mut followed = 0;
        while !response.status().is_success() {
            // Boxed: otherwise the future of the rare redirect or error is part
            // of every call.
            response = Box::pin(self.follow(response, spare, followed)).await?;
            followed += 1;
        }
        Ok(response)
    }

    /// Sends one request, up to the head of its response.
    async fn send(&self, request: Request) -> Result<Response, Error> {
        // Pinned here: the future is large, and would be copied into every
        // enclosing one.
        let sent = pin!(self.inner.http.execute(request));
        let sent = self.deadline.run(sent).await;
        let response = sent.map_err(build::timeout)?.map_err(build::send_error)?;
        telemetry::record_version(&self.span, response.version());
        Ok(response)
    }

    /// Follows a redirect. Any other response is an error.
    async fn follow(
        &self,
        response: Response,
        spare: Option<&Request>,
        followed: u32,
    ) -> Result<Response, Error> {
        let head = (response.status(), response.headers());
        let base = &self.inner.base;
        let target = match redirect::decide(base, self.operation, response.url(), head, followed) {
            Redirect::Follow(target) => target,
            Redirect::None => return Err(self.refuse(response, None).await),
            Redirect::Refuse(why) => return Err(self.refuse(response, Some(why)).await),
        };
        let Some(mut next) = spare.and_then(Request::try_clone) else {
            return Err(self.refuse(response, None).await);
        };
        *next.url_mut() = target;
        self.send(next).await
    }

    /// The error of a non-success response, parsed from the beginning of its
    /// body. `why` is the reason why a redirect was refused.
    pub(crate) async fn refuse(&self, mut response: Response, why: Option<&str>) -> Error {
        let body = body::read_start(&mut response, self.inner, &self.deadline).await;
        let mut head = self.take_head(&mut response);
        let is_file = self.operation.is_file();
        if is_file || why.is_some() {
            redirect::redact_location(&mut head.headers);
        }
        let error = self.api_error(Success { body, ..head }, why);
        // The server may echo the signature of a file's address.
        if is_file {
            let secrets = Redactor::of_query(response.url());
            return secrets.iter().fold(error, Error::redacted);
        }
        error
    }

    fn api_error(&self, response: Success, refused_redirect: Option<&str>) -> Error {
        let Success {
            status,
            headers,
            body,
        } = response;
        let redactor = self.inner.credential.redactor();
        let mut parsed = if status.is_success() {
            envelope::parse_failure(status, &body, redactor)
        } else {
            parse::error_body(status, &body, redactor)
        };
        if let Some(why) = refused_redirect {
            parsed.message = redirect::refusal(&headers, why);
        }
        let warning = parsed.warning.as_ref();
        let deprecation = Deprecation::of_response(self.operation, &headers, warning, redactor);
        if let Some(deprecation) = deprecation {
            self.inner
                .deprecations
                .warn_once(self.operation, &deprecation);
        }
        build::api(status, headers, &body, parsed)
    }

    /// The head of a response, the credential redacted in its headers.
    pub(crate) fn take_head(&self, response: &mut Response) -> Success {
        let mut headers = std::mem::take(response.headers_mut());
        let redactor = self.inner.credential.redactor();
        redactor.redact_headers(&mut headers);
        Success {
            status: response.status(),
            headers,
            body: Bytes::new(),
        }
    }
}
