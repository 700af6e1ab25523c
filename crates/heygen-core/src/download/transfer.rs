//! The transfer of a file: its bytes from any number of connections. A broken
//! one is followed by a request for the rest, if the server can tell that the
//! file is still the same, and an expired link is read anew from its object.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::Response;
use url::Url;

use super::content;
use super::open::{context, open};
use super::progress::{DownloadProgress, OnProgress};
use super::range::Content;
use super::source::Source;
use crate::body;
use crate::client::Client;
use crate::deadline::Deadline;
use crate::error::{Error, ErrorKind, build};
use crate::redact::Redactor;
use crate::response::RawResponse;
use crate::retry::{Decision, Retries};

/// Statuses by which stores refuse a signature that has expired, or a file that
/// has moved.
const EXPIRED: [u16; 5] = [400, 401, 403, 404, 410];

/// A file in transit.
pub(super) struct Transfer {
    client: Client,
    source: Source,
    on_progress: Option<OnProgress>,
    url: Option<Url>,
    /// The next byte of the file.
    position: u64,
    /// The most bytes of the file that were ever there: more is progress.
    reached: u64,
    /// How many bytes an earlier transfer had left.
    resumed: u64,
    /// What the bytes before the position are of, if the rest can be requested.
    content: Option<Content>,
    length: Option<u64>,
    /// Whether the reader can begin again where the file has changed.
    can_restart: bool,
    connection: Option<(RawResponse, Response)>,
    /// Headers of the response that began the file, or that resumed it first.
    headers: HeaderMap,
    /// Failures since the last progress.
    failures: u32,
    /// Whether the link was read anew since the last progress.
    is_renewed: bool,
}

/// How a file was opened.
pub(super) enum Opened {
    /// From its beginning: what was received before is of another file.
    Start,
    /// Where the transfer is.
    Rest,
    /// Nothing of it is left.
    Complete,
}

/// What comes next in a transfer.
pub(super) enum Event {
    Bytes(Bytes),
    /// The file begins again: what was received before is of another one.
    Restart,
    End,
}

impl Transfer {
    pub(super) fn new(client: Client, source: Source, on_progress: Option<OnProgress>) -> Self {
        Self {
            client,
            source,
            on_progress,
            url: None,
            position: 0,
            reached: 0,
            resumed: 0,
            content: None,
            length: None,
            can_restart: false,
            connection: None,
            headers: HeaderMap::new(),
            failures: 0,
            is_renewed: false,
        }
    }

    /// The reader can begin again, and has this many bytes of a content.
    pub(super) fn restartable(mut self, leftover: Option<(u64, Content)>) -> Self {
        self.can_restart = true;
        if let Some((position, content)) = leftover {
            (self.position, self.reached) = (position, position);
            (self.resumed, self.length) = (position, Some(content.length));
            self.content = Some(content);
        }
        self
    }

    /// The content that the transfer can be resumed from.
    pub(super) fn content(&self) -> Option<&Content> {
        self.content.as_ref()
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn resumed(&self) -> u64 {
        self.resumed
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Opens the file, at the position if the content there is the same.
    pub(super) async fn open(&mut self) -> Result<Opened, Error> {
        loop {
            let url = match self.url.take() {
                Some(url) => url,
                None => self.source.address(&self.client).await?,
            };
            let resource = self.source.resource(&url);
            let known = self.content.as_ref().filter(|_| self.position > 0);
            let rest = known.and_then(|content| content.validator_of(&resource));
            let opened = open(&self.client, &url, rest.map(|it| (self.position, it))).await;
            let is_rest = rest.is_some();
            self.url = Some(url.clone());
            let (raw, response) = match opened {
                Ok(opened) => opened,
                Err(error) if is_rest && error.status() == Some(416) => {
                    let is_end = known.is_some_and(|content| {
                        content.ends_at(self.position, error.status(), error.headers())
                    });
                    if is_end {
                        return Ok(Opened::Complete);
                    }
                    self.forget();
                    continue;
                }
                Err(error) if self.may_renew(&error) => {
                    tracing::debug!(status = error.status(), "the link of the file is read anew");
                    (self.is_renewed, self.url) = (true, None);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let (headers, length) = (&raw.success.headers, response.content_length());
            if is_rest && raw.success.status == StatusCode::PARTIAL_CONTENT {
                if known.is_some_and(|known| known.continues(self.position, headers, length)) {
                    tracing::debug!(position = self.position, "the download is resumed");
                    if self.headers.is_empty() {
                        self.headers = headers.clone();
                    }
                    self.connection = Some((raw, response));
                    return Ok(Opened::Rest);
                }
                self.forget();
                continue;
            }
            let class = self.source.class();
            if let Some(why) = content::refusal(raw.success.status, headers, class) {
                return Err(refuse(why, &url, raw, response).await);
            }
            self.forget();
            self.content = Content::of(resource, headers, length);
            self.length = length;
            self.headers = headers.clone();
            self.connection = Some((raw, response));
            return Ok(Opened::Start);
        }
    }

    /// The next bytes. `Restart` where the file is read from its beginning.
    pub(super) async fn next(&mut self) -> Result<Event, Error> {
        loop {
            let failed = match self.receive().await {
                Ok(event) => return Ok(event),
                Err(failed) => failed,
            };
            self.connection = None;
            let can_continue = self.position == 0 || self.content.is_some() || self.can_restart;
            if !failed.is_retryable() || !can_continue {
                return Err(failed);
            }
            self.pause(failed).await?;
            match self.open().await? {
                Opened::Rest => {}
                Opened::Start => return Ok(Event::Restart),
                Opened::Complete => return Ok(Event::End),
            }
        }
    }

    /// Receives bytes from the present connection.
    async fn receive(&mut self) -> Result<Event, Error> {
        let Some((raw, response)) = &mut self.connection else {
            return Err(build::internal("a download is not open"));
        };
        let inner = &self.client.0;
        let received = body::next(response, inner, &Deadline::none()).await;
        let received = match received {
            // Of a length that the response declared or an earlier one.
            Ok(None) if self.length.is_some_and(|length| self.position < length) => {
                Err(build::short_file())
            }
            // No file that the API issues is empty: its server has lost it.
            Ok(None) if self.position == 0 => {
                Err(build::not_the_file("the server sent an empty file"))
            }
            Ok(Some(bytes)) => {
                let end = self.position + bytes.len() as u64;
                if self.length.is_some_and(|length| end > length) {
                    Err(build::not_the_file(
                        "the server sent more bytes than it declared",
                    ))
                } else if self.position == 0 && content::begins_page(&raw.success.headers, &bytes) {
                    let error = build::not_the_file("the server sent a page in place of the file");
                    Err(error.with_body(&bytes))
                } else {
                    Ok(Some(bytes))
                }
            }
            other => other,
        };
        let bytes = received.map_err(|error| {
            let success = &raw.success;
            let error = error
                .with_head(success.status, success.headers.clone())
                .with_call(&raw.context, raw.attempts);
            // A redirect leads to another signature.
            let error = redacted(error, Some(response.url()));
            redacted(error, self.url.as_ref())
        })?;
        let Some(bytes) = bytes else {
            return Ok(Event::End);
        };
        self.position += bytes.len() as u64;
        if self.position > self.reached {
            self.reached = self.position;
            (self.failures, self.is_renewed) = (0, false);
        }
        Ok(Event::Bytes(bytes))
    }

    /// Passes the progress to the callback.
    pub(super) fn report(&mut self) {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(&DownloadProgress {
                bytes: self.position,
                total: self.length,
                resumed: self.resumed,
            });
        }
    }

    /// Waits before the file is opened once more, unless the connection broke
    /// too often without progress.
    async fn pause(&mut self, failed: Error) -> Result<(), Error> {
        let inner = &self.client.0;
        let retries = Retries::new(inner.max_retries, inner.max_retry_after, &inner.throttle);
        let decision = retries
            .after(self.failures)
            .decide(&failed, &Deadline::none());
        self.failures += 1;
        match decision {
            Decision::RetryAfter(wait) => {
                tracing::debug!(
                    position = self.position,
                    ?wait,
                    "the connection of a download broke"
                );
                tokio::time::sleep(wait).await;
                Ok(())
            }
            Decision::Stop => Err(failed),
            Decision::Throttled => Err(failed.throttled()),
        }
    }

    /// The file is read from its beginning.
    fn forget(&mut self) {
        (self.position, self.resumed) = (0, 0);
        (self.content, self.length) = (None, None);
    }

    fn may_renew(&self, error: &Error) -> bool {
        let status = error.status().filter(|_| error.kind() == ErrorKind::Api);
        self.source.is_renewable()
            && !self.is_renewed
            && status.is_some_and(|status| EXPIRED.contains(&status))
    }
}

/// The error of a response that is not the file, with the beginning of its body.
async fn refuse(why: String, url: &Url, raw: RawResponse, mut response: Response) -> Error {
    let inner = &raw.client.0;
    let timeout = inner.timeout.unwrap_or(raw.context.operation.timeout);
    let start = body::read_start(&mut response, inner, &Deadline::of_call(timeout)).await;
    let error = build::not_the_file(why)
        .with_head(raw.success.status, raw.success.headers)
        .with_body(&start)
        .with_call(&context(), raw.attempts);
    redacted(redacted(error, Some(response.url())), Some(url))
}

/// The error without the signature of the file's address, which a server may
/// echo.
fn redacted(error: Error, url: Option<&Url>) -> Error {
    let secrets = url.map(Redactor::of_query).unwrap_or_default();
    secrets.iter().fold(error, Error::redacted)
}
