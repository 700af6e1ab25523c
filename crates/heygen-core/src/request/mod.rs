//! The request value: a call before it is sent. One type for all operations, so
//! that all have the same options.

pub(crate) mod by_operation;
pub(crate) mod by_path;
pub(crate) mod form;
pub(crate) mod idempotency;
pub(crate) mod media_types;
pub(crate) mod options;
pub(crate) mod path;
pub(crate) mod preview;
pub(crate) mod template;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde::de::DeserializeOwned;

use self::form::FormSource;
use self::options::CallOptions;
use crate::attempt::{CallExchange, Payload};
use crate::call::Call;
use crate::client::Client;
use crate::deadline::Deadline;
use crate::decode::{self, Decode, Repair};
use crate::envelope::Envelope;
use crate::error::{Error, ErrorKind, build};
use crate::multipart::Form;
use crate::operation::{CallContext, Operation};
use crate::response::{RawResponse, Response};
use crate::upload;

type Sent = Pin<Box<dyn Future<Output = Result<RawResponse, Error>> + Send>>;

/// A call with its options, before it is sent. It is a future: `.await` sends
/// the request and returns the data of the response.
///
/// ```no_run
/// # async fn run(request: heygen_core::Request<String>) -> Result<(), heygen_core::Error> {
/// use std::time::Duration;
///
/// let data = request
///     .timeout(Duration::from_secs(5))
///     .max_retries(0)
///     .await?;
/// # let _ = data;
/// # Ok(())
/// # }
/// ```
///
/// Needs a Tokio runtime with its I/O and timer enabled. Dropping the future
/// cancels the call.
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<T> {
    operation: &'static Operation,
    ready: Option<Box<Ready>>,
    sent: Option<Sent>,
    decode: Decode<T>,
    repair: Option<Repair>,
}

/// The request and its options, before it is sent.
struct Ready {
    client: Client,
    request: Result<reqwest::Request, Error>,
    form: Option<Box<dyn FormSource>>,
    options: CallOptions,
}

impl Ready {
    /// Makes the call fail with this error before it is sent, unless it would
    /// with an earlier one.
    fn refuse(&mut self, error: Error) {
        if self.request.is_ok() {
            self.request = Err(error);
        }
    }
}

impl<T> Request<T> {
    pub(crate) fn new(
        client: Client,
        operation: &'static Operation,
        request: Result<reqwest::Request, Error>,
        decode: Decode<T>,
    ) -> Self {
        Self {
            operation,
            ready: Some(Box::new(Ready {
                client,
                request,
                form: None,
                options: CallOptions::new(),
            })),
            sent: None,
            decode,
            repair: None,
        }
    }

    /// The same call, whose response is decoded in another way.
    pub(crate) fn with_decode<U>(self, decode: Decode<U>) -> Request<U> {
        Request {
            operation: self.operation,
            ready: self.ready,
            sent: self.sent,
            decode,
            repair: None,
        }
    }

    /// The same call, which decodes a body that does not fit its model once
    /// more after this repair.
    pub(crate) fn with_repair(mut self, repair: Repair) -> Self {
        self.repair = Some(repair);
        self
    }

    /// Timeout of the whole call, retries and waits included, instead of the
    /// client's. Above zero.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.option(|options| options.timeout(timeout))
    }

    /// Timeout of each attempt, within that of the call. Above zero.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.option(|options| options.attempt_timeout(timeout))
    }

    /// How often the call may be retried, instead of the client's number.
    pub fn max_retries(self, retries: u32) -> Self {
        self.option(|options| options.max_retries(retries))
    }

    /// Sets a header, which replaces one that the client would send. One that
    /// cannot be sent, or that carries the credential or frames the message,
    /// makes the call fail with `InvalidInput` before it is sent.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.option(|options| options.header(name, value))
    }

    /// The idempotency key, by which the server recognises a repeated call: 1
    /// to 255 ASCII letters, digits, `_`, `-`, `:` and `.`. For operations that
    /// read one, the client generates it; set your own to repeat the same call
    /// after a restart.
    pub fn idempotency_key(self, key: impl AsRef<str>) -> Self {
        self.option(|options| options.idempotency_key(key))
    }

    /// Adds a parameter to the query of the address.
    pub fn query(self, name: impl AsRef<str>, value: impl fmt::Display) -> Self {
        self.edit(|ready| {
            if let Ok(request) = &mut ready.request {
                let mut query = request.url_mut().query_pairs_mut();
                query.append_pair(name.as_ref(), &value.to_string());
            }
        })
    }

    /// Sends a form of several parts as the body, such as an upload.
    ///
    /// It is sent again by a retry: files given by path are read again. The
    /// default timeout of the operation is extended by the time that a slow
    /// uplink, of 32 KiB/s, needs for the form. A part that cannot be read is
    /// `InvalidInput`.
    pub fn multipart(self, form: impl Into<Form>) -> Self {
        self.form(Box::new(form.into()))
    }

    pub(crate) fn form(self, form: Box<dyn FormSource>) -> Self {
        self.edit(|ready| ready.form = Some(form))
    }

    /// Sets all options of the call at once.
    pub fn options(self, options: CallOptions) -> Self {
        self.option(|mut earlier| {
            let mut options = options;
            options.refuse_if(earlier.take_invalid());
            options
        })
    }

    /// Sends the request and returns the data. The same as awaiting it.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn send(self) -> Result<T, Error> {
        self.await
    }

    /// Sends the request and returns the data with its metadata: status,
    /// headers, request id, attempts, deprecation, the raw body.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn with_response(mut self) -> Result<Response<T>, Error> {
        std::future::poll_fn(|context| self.poll_response(context)).await
    }

    fn option(self, set: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        self.edit(|ready| ready.options = set(std::mem::take(&mut ready.options)))
    }

    fn edit(mut self, edit: impl FnOnce(&mut Ready)) -> Self {
        if let Some(ready) = &mut self.ready {
            edit(ready);
        }
        self
    }

    pub(crate) fn poll_response(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Response<T>, Error>> {
        if let Some(ready) = self.ready.take() {
            self.sent = Some(start(self.operation, *ready));
        }
        let Some(call) = &mut self.sent else {
            return Poll::Ready(Err(build::internal("a request was sent twice")));
        };
        let result = ready!(call.as_mut().poll(context));
        self.sent = None;
        Poll::Ready(result.and_then(|raw| match self.repair {
            None => (self.decode)(raw),
            Some(repair) => decode_or_repair(raw, self.decode, repair),
        }))
    }
}

impl<E: Envelope + DeserializeOwned> Request<E> {
    /// The same call, which returns the data in the envelope. A response
    /// without data is a `Decode` error.
    pub fn data(self) -> Request<E::Data> {
        self.with_decode(decode::data::<E>)
    }
}

/// Decodes a response, or where its body does not fit the model, what a repair
/// makes of the body.
fn decode_or_repair<T>(
    raw: RawResponse,
    decode: Decode<T>,
    repair: Repair,
) -> Result<Response<T>, Error> {
    let decoded = decode(raw.clone());
    let is_misfit = |error: &Error| error.kind() == ErrorKind::Decode;
    let repaired = decoded
        .as_ref()
        .err()
        .filter(|error| is_misfit(error))
        .and_then(|_| repair(&raw));
    let Some(repaired) = repaired else {
        return decoded;
    };
    let received = raw.success.body.clone();
    decode(raw.with_body(repaired)).map(|response| response.with_body(received))
}

/// Starts a call, unless the request or an option is invalid.
fn start(operation: &'static Operation, ready: Ready) -> Sent {
    let Ready {
        client,
        request,
        form,
        mut options,
    } = ready;
    let invalid = options.take_invalid();
    let request = request.and_then(|request| Payload::new(operation, request, form));
    match (request, invalid) {
        (Ok(payload), None) => Box::pin(send(client, operation, payload, options)),
        (Err(error), _) | (Ok(_), Some(error)) => {
            let redactor = client.0.credential.redactor();
            let error = error.redacted(redactor);
            let error = error.with_context(&CallContext::unsent(operation).into());
            Box::pin(std::future::ready(Err(error)))
        }
    }
}

/// Completes the request, checks it and sends it.
async fn send(
    client: Client,
    operation: &'static Operation,
    mut payload: Payload,
    options: CallOptions,
) -> Result<RawResponse, Error> {
    let inner = &*client.0;
    let request = &mut payload.request;
    options.apply(request.headers_mut());
    idempotency::add_key(operation, request.headers_mut());
    if let Some(form) = &payload.form {
        let content_type = form.content_type(operation.content_type);
        request.headers_mut().insert(CONTENT_TYPE, content_type);
    } else if request.body().is_none() && matches!(operation.method, "POST" | "PUT" | "PATCH") {
        // Some proxies refuse a write without a length.
        let none = HeaderValue::from_static("0");
        request.headers_mut().insert(CONTENT_LENGTH, none);
    }
    let redactor = inner.credential.redactor();
    let path = redactor.redact(request.url().path());
    let context = Arc::new(CallContext {
        operation,
        repeatability: idempotency::repeatability(operation, request.headers()),
        path: path.into(),
        idempotency_key: idempotency::key_of(operation, request.headers())
            .map(|key| redactor.redact(key).into()),
    });
    path::check_request(operation, request, &inner.base)
        .map_err(|error| error.with_context(&context))?;
    let (name, value) = inner.credential.header();
    request.headers_mut().insert(name, value);
    let timeout = options.timeout.or(inner.timeout);
    let length = payload.form.as_ref().and_then(|form| form.length());
    let upload_time = length.map(upload::slowest_time);
    let default = || operation.timeout + upload_time.unwrap_or_default();
    let deadline = Deadline::of_call(timeout.unwrap_or_else(default));
    let mut call = Call::new(&client, context, deadline);
    call.attempt_timeout = options.attempt_timeout.or(call.attempt_timeout);
    call.max_retries = options.max_retries.unwrap_or(call.max_retries);
    call.run(&mut CallExchange::new(payload)).await
}

impl<T> Future for Request<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(self.poll_response(context));
        Poll::Ready(result.map(Response::into_data))
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Request");
        out.field("operation", &self.operation.id);
        if let Some(ready) = &self.ready {
            out.field("options", &ready.options);
        }
        out.finish_non_exhaustive()
    }
}
