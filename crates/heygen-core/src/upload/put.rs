//! Files are stored at the addresses that the API issues, without the
//! credential. Storing one has no timeout of its own, but has to make progress.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method};
use http_body::{Body, Frame, SizeHint};
use reqwest::Request;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::attempt::{Attempt, Exchange, Outcome, copy_or_take};
use crate::call::Call;
use crate::client::Client;
use crate::content::body::ContentBody;
use crate::content::{Content, Observer};
use crate::credential::API_KEY_HEADER;
use crate::deadline::{Deadline, Expired, FOREVER};
use crate::download::file_url;
use crate::error::kind::Cause;
use crate::error::{Error, build};
use crate::operation::{CallContext, Operation};
use crate::response::Response;
use crate::telemetry;

static UPLOAD: Operation = Operation::file("upload", "PUT");

/// Maximum size of a chunk, in bytes: progress is recorded for each.
const CHUNK_SIZE: usize = 64 * 1024;

/// The slowest uplink on which an upload is not cut off, in bytes per second.
const MIN_RATE: u64 = 32 * 1024;

/// Maximum assumed for buffers of the operating system, whose progress is not
/// observable, in bytes.
const MAX_BUFFERED: u64 = 8 * 1024 * 1024;

impl Client {
    /// Stores a file by `PUT` at an address that was signed for it, with the
    /// headers that belong to the signature. Object stores need the length of
    /// the body: it has to have an exact size hint, as bytes do.
    ///
    /// A body of bytes is retried if no connection could be made. No redirect
    /// is followed. The upload fails when it makes no progress for the idle
    /// timeout of the client, and when there is no response within the client's
    /// timeout, 120 s by default, of its last byte.
    ///
    /// # Errors
    /// `InvalidInput` as for [`download`](Self::download), for a body of
    /// unknown length, and if the credential is among the headers; else any
    /// [`Error`].
    pub async fn upload(
        &self,
        url: &str,
        headers: HeaderMap,
        body: reqwest::Body,
    ) -> Result<Response<()>, Error> {
        let context = Arc::new(CallContext::unsent(&UPLOAD));
        let length = body.size_hint().exact();
        let url =
            check(self, url, &headers, length).map_err(|error| error.with_context(&context))?;
        let call = Call::new(self, context, Deadline::none());
        let mut request = Request::new(Method::PUT, url);
        *request.headers_mut() = headers;
        // The HTTP library omits the length of an empty body.
        let length = body.size_hint().lower().into();
        request.headers_mut().insert(CONTENT_LENGTH, length);
        *request.body_mut() = Some(body);
        let mut exchange = UploadExchange {
            is_replayable: request.try_clone().is_some(),
            request,
        };
        Ok(call.run(&mut exchange).await?.with_data((), None))
    }
}

struct UploadExchange {
    request: Request,
    is_replayable: bool,
}

impl Exchange for UploadExchange {
    fn url(&self) -> &Url {
        self.request.url()
    }

    fn attempt<'a>(&'a mut self, attempt: &'a Attempt<'a>) -> Outcome<'a> {
        let request = copy_or_take(&mut self.request);
        Box::pin(async move {
            let mut response = put(attempt, request).await?;
            Ok(attempt.take_head(&mut response))
        })
    }

    fn is_repeatable(&self, failed: &Error) -> bool {
        self.is_replayable && failed.cause() == Cause::NotSent
    }
}

/// A file and the address where it is stored.
pub(super) struct Target<'a> {
    pub(super) url: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) content: &'a Content,
    pub(super) length: u64,
    pub(super) observer: Option<Observer>,
    pub(super) max_retries: Option<u32>,
}

/// Stores a file. It is sent again from its beginning when the connection
/// breaks or the store is busy: storing it twice has the effect of once.
pub(super) async fn store(client: &Client, target: Target<'_>) -> Result<(), Error> {
    let context = Arc::new(CallContext::unsent(&UPLOAD));
    let length = Some(target.length);
    let url = check(client, target.url, target.headers, length)
        .map_err(|error| error.with_context(&context))?;
    let mut call = Call::new(client, context, Deadline::none());
    call.max_retries = target.max_retries.unwrap_or(call.max_retries);
    let mut request = Request::new(Method::PUT, url);
    request.headers_mut().clone_from(target.headers);
    let length = target.length.into();
    request.headers_mut().insert(CONTENT_LENGTH, length);
    call.run(&mut StoreExchange { request, target }).await?;
    Ok(())
}

struct StoreExchange<'a> {
    /// Without its body, which is made for each attempt.
    request: Request,
    target: Target<'a>,
}

impl Exchange for StoreExchange<'_> {
    fn url(&self) -> &Url {
        self.request.url()
    }

    fn attempt<'a>(&'a mut self, attempt: &'a Attempt<'a>) -> Outcome<'a> {
        let mut request = copy_or_take(&mut self.request);
        let body = ContentBody::new(self.target.content, self.target.observer.clone());
        *request.body_mut() = Some(reqwest::Body::wrap(body));
        Box::pin(async move {
            let mut response = put(attempt, request).await?;
            Ok(attempt.take_head(&mut response))
        })
    }

    fn is_repeatable(&self, _: &Error) -> bool {
        self.target.content.is_replayable()
    }
}

/// How long a slow uplink needs for a body of this length.
pub(crate) fn slowest_time(length: u64) -> Duration {
    Duration::from_secs(length / MIN_RATE)
}

/// Checks the address, the headers and the length of an upload.
fn check(
    client: &Client,
    url: &str,
    headers: &HeaderMap,
    length: Option<u64>,
) -> Result<Url, Error> {
    let url = file_url(client, url)?;
    let redactor = client.0.credential.redactor();
    let mut values = headers
        .values()
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let has_credential =
        headers.contains_key(API_KEY_HEADER) || values.any(|value| redactor.is_in(&value));
    if has_credential {
        return Err(
            build::input("the credential of the client is among the headers of an upload")
                .with_param("headers")
                .with_hint("leave it out: it is not for the server that stores the file"),
        );
    }
    let Some(length) = length else {
        return Err(build::input("the length of the body is not known")
            .with_param("body")
            .with_hint("upload bytes, or a body with an exact size hint"));
    };
    let announced = headers.get(CONTENT_LENGTH);
    if announced.is_some_and(|announced| *announced != *length.to_string()) {
        let error = build::input("the header content-length is not the length of the body");
        return Err(error.with_hint("leave it out: the client sets it"));
    }
    Ok(url)
}

/// Sends the body, up to the head of a successful response.
async fn put(attempt: &Attempt<'_>, mut request: Request) -> Result<reqwest::Response, Error> {
    let progress = LastProgress::new();
    if let Some(inner) = request.body_mut().take() {
        let body = ProgressBody {
            inner,
            rest: Bytes::new(),
            progress: progress.clone(),
        };
        progress.record(0, body.is_end_stream());
        *request.body_mut() = Some(reqwest::Body::wrap(body));
    }
    let inner = attempt.inner;
    let after_last_byte = inner.timeout.unwrap_or(UPLOAD.timeout);
    let mut sent = std::pin::pin!(inner.http.execute(request));
    let response = loop {
        let (at, expired) = progress.deadline(inner.idle_timeout, after_last_byte);
        match timeout_at(at, &mut sent).await {
            Ok(response) => break response.map_err(build::send_error)?,
            // The deadline has moved: there was progress.
            Err(_) if progress.deadline(inner.idle_timeout, after_last_byte).0 > at => {}
            Err(_) => return Err(build::timeout(expired)),
        }
    };
    telemetry::record_version(&attempt.span, response.version());
    if response.status().is_success() {
        return Ok(response);
    }
    let is_redirect = response.status().is_redirection();
    let why = is_redirect.then_some("which is not followed for an upload");
    // Reading the body of an error has a deadline, too.
    let attempt = Attempt {
        deadline: attempt.deadline.of_attempt(Some(after_last_byte)),
        span: attempt.span.clone(),
        ..*attempt
    };
    Err(attempt.refuse(response, why).await)
}

/// A body's last progress.
#[derive(Clone, Debug)]
struct LastProgress(Arc<Mutex<Progress>>);

#[derive(Debug)]
struct Progress {
    at: Instant,
    bytes: u64,
    is_complete: bool,
}

impl LastProgress {
    fn new() -> Self {
        let (at, bytes, is_complete) = (Instant::now(), 0, false);
        Self(Arc::new(Mutex::new(Progress {
            at,
            bytes,
            is_complete,
        })))
    }

    fn record(&self, bytes: usize, is_complete: bool) {
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        progress.at = Instant::now();
        progress.bytes += bytes as u64;
        progress.is_complete |= is_complete;
    }

    /// The deadline of an upload without further progress. Bytes that were
    /// passed on may wait in a buffer of the system while the uplink is slow,
    /// so it is extended by the time that a slow uplink needs for them.
    fn deadline(&self, idle: Duration, after_last_byte: Duration) -> (Instant, Expired) {
        let progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let buffered = progress.bytes.min(MAX_BUFFERED);
        let draining = Duration::from_secs(buffered / MIN_RATE);
        let (wait, expired) = if progress.is_complete {
            (after_last_byte, Expired::Call(after_last_byte))
        } else {
            (idle, Expired::Idle(idle))
        };
        (progress.at + wait.min(FOREVER) + draining, expired)
    }
}

/// A body that is passed on in chunks and records its progress.
struct ProgressBody {
    inner: reqwest::Body,
    /// The rest of a frame that was larger than a chunk.
    rest: Bytes,
    progress: LastProgress,
}

impl Body for ProgressBody {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                // Trailers are skipped.
                Some(Ok(frame)) => self.rest = frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let length = self.rest.len().min(CHUNK_SIZE);
        let chunk = self.rest.split_to(length);
        self.progress.record(length, self.is_end_stream());
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        match self.inner.size_hint().exact() {
            Some(left) => SizeHint::with_exact(left + rest),
            None => SizeHint::new(),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
            && (self.inner.is_end_stream() || self.inner.size_hint().exact() == Some(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn buffered_bytes_extend_the_idle_timeout() {
        let second = Duration::from_secs(1);
        let progress = LastProgress::new();
        let left = || {
            let (at, expired) = progress.deadline(30 * second, 120 * second);
            (at - Instant::now(), expired)
        };
        assert_eq!(left(), (30 * second, Expired::Idle(30 * second)));
        progress.record(64 * 1024, false);
        assert_eq!(left().0, 32 * second);
        tokio::time::advance(10 * second).await;
        assert_eq!(left().0, 22 * second);
        progress.record(usize::MAX / 2, false);
        assert_eq!(left().0, (30 + 256) * second);
        progress.record(0, true);
        assert_eq!(left(), ((120 + 256) * second, Expired::Call(120 * second)));
    }
}
