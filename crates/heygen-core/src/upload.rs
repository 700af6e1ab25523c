//! Uploads of files to the addresses that the API issues, without the
//! credential. An upload has no timeout of its own, but has to make progress.

use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use http_body::{Body, Frame, SizeHint};
use reqwest::Request;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::attempt::{Attempt, Exchange, Outcome, copy_or_take};
use crate::call::Call;
use crate::client::Client;
use crate::credential::API_KEY_HEADER;
use crate::deadline::{Deadline, Expired};
use crate::download::{context, file_url};
use crate::error::kind::Cause;
use crate::error::{Error, build};
use crate::operation::Operation;
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

/// Longer than any upload, without overflowing an `Instant`.
const FOREVER: Duration = Duration::from_secs(1 << 30);

impl Client {
    /// Stores a file by `PUT` at an address that was signed for it, with the
    /// headers that belong to the signature. Object stores need the length of
    /// the body: that of bytes is known, for a stream set `content-length`.
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
        let context = context(&UPLOAD);
        let url =
            check(self, url, &headers, &body).map_err(|error| error.with_context(&context))?;
        let call = Call::new(self, context, Deadline::none());
        let mut request = Request::new(Method::PUT, url);
        *request.headers_mut() = headers;
        // The HTTP library omits the length of an empty body.
        if let Some(length) = body.size_hint().exact() {
            let headers = request.headers_mut();
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
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

/// Checks the address, the headers and the body of an upload.
fn check(
    client: &Client,
    url: &str,
    headers: &HeaderMap,
    body: &reqwest::Body,
) -> Result<Url, Error> {
    let url = file_url(client, url)?;
    let credential = &client.0.credential;
    let has_credential = headers.contains_key(API_KEY_HEADER)
        || headers.values().any(|value| credential.is_in(value));
    if has_credential {
        return Err(
            build::input("the credential of the client is among the headers of an upload")
                .with_param("headers")
                .with_hint("leave it out: it is not for the server that stores the file"),
        );
    }
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.map(|length| length.to_str().ok()?.parse::<u64>().ok());
    let why = match (announced, body.size_hint().exact()) {
        (None, None) => "the length of the body is not known",
        (Some(None), _) => "the header content-length is not a number",
        (Some(Some(announced)), Some(exact)) if announced != exact => {
            "the header content-length is not the length of the body"
        }
        _ => return Ok(url),
    };
    Err(build::input(why)
        .with_param("body")
        .with_hint("upload bytes, or set the header content-length"))
}

/// Sends the body, up to the head of a successful response.
async fn put(attempt: &Attempt<'_>, mut request: Request) -> Result<reqwest::Response, Error> {
    let progress = LastProgress::default();
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    if length == Some(0) {
        progress.record(0, true);
    }
    if let Some(inner) = request.body_mut().take() {
        *request.body_mut() = Some(reqwest::Body::wrap(ProgressBody {
            inner,
            rest: Bytes::new(),
            left: length.unwrap_or(u64::MAX),
            is_ended: false,
            progress: progress.clone(),
        }));
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

/// Time of a body's last progress.
#[derive(Clone, Debug)]
struct LastProgress(Arc<Mutex<Progress>>);

#[derive(Debug)]
struct Progress {
    at: Instant,
    bytes: u64,
    is_complete: bool,
}

impl Default for LastProgress {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Progress {
            at: Instant::now(),
            bytes: 0,
            is_complete: false,
        })))
    }
}

impl LastProgress {
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
    /// Number of bytes the connection still accepts.
    left: u64,
    is_ended: bool,
    progress: LastProgress,
}

fn wrong_length(what: &str) -> Box<dyn StdError + Send + Sync> {
    format!("the body is {what} than its content-length").into()
}

impl Body for ProgressBody {
    type Data = Bytes;
    type Error = Box<dyn StdError + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        // The last of the announced bytes wait for the end of the stream: a
        // longer one would be cut off and stored.
        while self.rest.is_empty() || self.rest.len() as u64 == self.left && !self.is_ended {
            let Some(frame) = ready!(Pin::new(&mut self.inner).poll_frame(context)) else {
                self.is_ended = true;
                if !self.rest.is_empty() {
                    break;
                }
                if self.left > 0 && self.left < u64::MAX {
                    return Poll::Ready(Some(Err(wrong_length("shorter"))));
                }
                self.progress.record(0, true);
                return Poll::Ready(None);
            };
            let Ok(data) = frame?.into_data() else {
                continue;
            };
            let is_more = !self.rest.is_empty() && !data.is_empty();
            if is_more || data.len() as u64 > self.left {
                return Poll::Ready(Some(Err(wrong_length("longer"))));
            }
            if !data.is_empty() {
                self.rest = data;
            }
        }
        let length = self.rest.len().min(CHUNK_SIZE);
        let chunk = self.rest.split_to(length);
        self.left -= length as u64;
        let is_last = self.left == 0 || self.is_end_stream();
        self.progress.record(length, is_last);
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
        let progress = LastProgress::default();
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
