//! Files: fetched from and stored at the addresses that the API gives out.
//! Those are other people's servers, so the key never goes there; and a file
//! takes as long as it takes, so there is no total time, only an idle one.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body::{Body, Frame, SizeHint};
use reqwest::{Request, Response};
use tokio::time::Instant;
use tracing::Instrument as _;
use url::Url;

use crate::deadline::Clock;
use crate::error::{Error, fail};
use crate::operation::Operation;
use crate::retry::{Next, Repeat, Retries};
use crate::transport::{Shared, Transport};
use crate::{key, redirect, seen};

/// What errors and traces say of a download.
static DOWNLOAD: Operation = file("download", "GET");
/// And of an upload.
static UPLOAD: Operation = file("upload", "PUT");

/// At most so much is handed over at once, so that it shows what moves.
const PIECE: usize = 64 * 1024;

const fn file(id: &'static str, method: &'static str) -> Operation {
    Operation {
        id,
        name: id,
        method,
        path: "(file)",
        idempotent: true,
        idempotency_key: false,
        pagination: None,
        deprecated: false,
        sunset: None,
    }
}

impl Transport {
    /// Begins to fetch a file, wherever it is, without the key. It is begun
    /// again as other calls are, and redirects are followed, but never from
    /// `https` to `http`. What the settings of the HTTP library add to every
    /// request is added here too.
    ///
    /// # Errors
    /// `InvalidInput` for an address that is not `https`, unless it is of this
    /// machine or `allow_http` was set; else as for other calls. No error
    /// holds the address, which may be a secret by itself.
    pub async fn download(&self, url: &str) -> Result<Download, Error> {
        let shared = &*self.0;
        let url = shared.file_url(url, &DOWNLOAD)?;
        let clock = Clock::start(Duration::MAX, shared.idle);
        let mut retries = Retries::new(shared.max_retries, shared.max_retry_after, &shared.budget);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let span = seen::attempt(&DOWNLOAD, &shown(&url), attempts, &shared.key);
            let opened = shared.open(url.clone(), &clock);
            let failed = match opened.instrument(span.clone()).await {
                Ok(mut response) => {
                    let (status, length) = (response.status(), response.content_length());
                    let headers = shared.headers(&mut response);
                    seen::spoken(&span, response.version());
                    seen::answered(&span, &DOWNLOAD, attempts, (status, &headers), None);
                    shared.budget.earn();
                    return Ok(Download {
                        status,
                        headers,
                        length,
                        attempts,
                        response,
                        clock,
                    });
                }
                Err(error) => error.at(&DOWNLOAD, Repeat::Idempotent).after(attempts),
            };
            seen::failed(&span, &DOWNLOAD, attempts, &failed);
            match retries.next(&failed, &clock) {
                Next::Wait(wait) => tokio::time::sleep(wait).await,
                Next::Stop => return Err(failed),
                Next::Spent => return Err(failed.not_repeated()),
            }
        }
    }

    /// Stores a file at an address that was signed for it, with the headers
    /// that go with the signature and without the key. It is sent once and no
    /// redirect is followed: what the body is read from may be gone after.
    ///
    /// # Errors
    /// `InvalidInput` as for [`download`](Self::download), or if the key is
    /// among the headers; else as for other calls.
    pub async fn upload(
        &self,
        url: &str,
        headers: HeaderMap,
        body: reqwest::Body,
    ) -> Result<StatusCode, Error> {
        let shared = &*self.0;
        let url = shared.file_url(url, &UPLOAD)?;
        if headers.contains_key(key::HEADER)
            || headers.values().any(|value| shared.key.is_in(value))
        {
            return Err(fail::input("the API key is among the headers of an upload")
                .with_hint("leave it out: it is not for the server that stores the file")
                .at(&UPLOAD, Repeat::Never));
        }
        let clock = Clock::start(Duration::MAX, shared.idle);
        let moved = Moved::default();
        let span = seen::attempt(&UPLOAD, &shown(&url), 1, &shared.key);
        let mut request = Request::new(Method::PUT, url);
        *request.headers_mut() = headers;
        *request.body_mut() = Some(reqwest::Body::wrap(Paced {
            inner: body,
            rest: Bytes::new(),
            moved: moved.clone(),
        }));
        let stored = async {
            let sent = self.0.http.execute(request);
            let response = clock.while_moving(sent, || moved.last()).await??;
            if response.status().is_success() {
                return Ok(response);
            }
            let why = response.status().is_redirection();
            let why = why.then_some("which is not followed for an upload");
            Err(shared.refused(&UPLOAD, response, why, &clock).await)
        };
        match stored.instrument(span.clone()).await {
            Ok(mut response) => {
                let status = response.status();
                let headers = shared.headers(&mut response);
                seen::spoken(&span, response.version());
                seen::answered(&span, &UPLOAD, 1, (status, &headers), None);
                Ok(status)
            }
            Err(error) => {
                let error = error.at(&UPLOAD, Repeat::Idempotent).after(1);
                seen::failed(&span, &UPLOAD, 1, &error);
                Err(error)
            }
        }
    }
}

impl Shared {
    /// Checks the address of a file.
    fn file_url(&self, url: &str, operation: &'static Operation) -> Result<Url, Error> {
        let refuse = |why: &str| {
            fail::input(format!("the address of the file {why}"))
                .with_hint("pass the address as the API gave it")
                .at(operation, Repeat::Never)
        };
        let parsed =
            Url::parse(url).map_err(|error| refuse("cannot be read").with_source(error))?;
        if !self.base.allows_file(&parsed) {
            return Err(refuse("is not https, or names a user"));
        }
        if self.key.is_in_text(url) {
            return Err(refuse("holds the API key"));
        }
        Ok(parsed)
    }

    /// Asks for a file and follows redirects until it begins.
    async fn open(&self, mut url: Url, clock: &Clock) -> Result<Response, Error> {
        for followed in 0.. {
            let mut request = Request::new(Method::GET, url.clone());
            // Files are wanted as they are, with their length.
            let identity = HeaderValue::from_static("identity");
            request
                .headers_mut()
                .insert(header::ACCEPT_ENCODING, identity);
            let response = self.send(request, clock).await?;
            if response.status().is_success() {
                return Ok(response);
            }
            match redirect::file(
                &self.base,
                &url,
                response.status(),
                response.headers(),
                followed,
            ) {
                redirect::Next::Follow(target) => url = target,
                redirect::Next::Read => {
                    return Err(self.refused(&DOWNLOAD, response, None, clock).await);
                }
                redirect::Next::Refuse(why) => {
                    return Err(self.refused(&DOWNLOAD, response, Some(why), clock).await);
                }
            }
        }
        Err(fail::internal("redirects were followed without an end"))
    }
}

/// An address without its query, which may be a signature.
fn shown(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}

/// A file on its way here. Dropping it ends the transfer.
pub struct Download {
    status: StatusCode,
    headers: HeaderMap,
    length: Option<u64>,
    attempts: u32,
    response: Response,
    clock: Clock,
}

impl Download {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many bytes are to come in all, where the server told.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The next bytes, or None after the last.
    ///
    /// # Errors
    /// `Timeout` if nothing came for the idle time of the client, `Transport`
    /// if the connection broke.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = self.clock.step(self.response.chunk()).await;
        let chunk = match chunk {
            Ok(Ok(chunk)) => return Ok(chunk),
            Ok(Err(error)) => fail::broken(error),
            Err(expired) => expired.into(),
        };
        Err(chunk
            .with_head(self.status, self.headers.clone())
            .at(&DOWNLOAD, Repeat::Idempotent)
            .after(self.attempts))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.status.as_u16())
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// When a body last moved.
#[derive(Clone, Debug)]
struct Moved(Arc<Mutex<Instant>>);

impl Default for Moved {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Moved {
    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

/// A body that is handed over in pieces and tells when.
struct Paced {
    inner: reqwest::Body,
    /// What is left of a frame that was too large for one piece.
    rest: Bytes,
    moved: Moved,
}

impl Body for Paced {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        if self.rest.is_empty() {
            let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        self.moved.now();
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.size_hint();
        let rest = self.rest.len() as u64;
        let mut hint = SizeHint::new();
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(inner.lower() + rest);
        hint
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }
}
