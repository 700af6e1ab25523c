//! One error type for every failure, one pointer wide: a kind, and accessors
//! for the facts of the failure, so that adding a fact is compatible.

pub(crate) mod build;
mod classify;
mod context;
mod display;
mod file;
pub(crate) mod job;
pub(crate) mod kind;
pub(crate) mod parse;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use self::kind::ErrorKind;

use self::file::FileFailure;
use self::job::{Ended, JobFacts};
use self::kind::Cause;
use crate::headers;
use crate::operation::CallContext;
use crate::redact::Redactor;
use crate::retry::retry_after::retry_after;

/// At most this much of a body is kept in an error, in bytes.
pub(crate) const MAX_KEPT_BODY: usize = 64 * 1024;

/// The error of a call, or of building a client.
///
/// `Display` prints one line: the call, the message, the code, status and
/// request id where there are any, and the hint. `Debug` prints the same facts
/// as a struct that ends with the hint. Neither contains the API key, or the
/// query of a file's address. The underlying error of a library is part of the
/// message and of `Debug`; [`source`](std::error::Error::source) returns
/// `None`, so that printing the chain repeats nothing.
pub struct Error(pub(self) Box<Inner>);

#[derive(Default)]
struct Inner {
    /// Always set.
    kind: Option<ErrorKind>,
    message: String,
    hint: Option<Cow<'static, str>>,
    code: Option<String>,
    param: Option<String>,
    doc_url: Option<String>,
    field: Option<String>,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Bytes,
    retry_after: Option<Duration>,
    context: Option<Arc<CallContext>>,
    attempts: u32,
    cause: Cause,
    /// The job that was created, waited for, or has failed.
    job: Option<Box<JobFacts>>,
    /// How a job ended, if that is the error.
    ended: Option<Ended>,
    /// An earlier attempt may have been executed.
    earlier_open: bool,
    about_key: bool,
    file: Option<FileFailure>,
    timed_out: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind: Some(kind),
            message: message.into(),
            ..Inner::default()
        }))
    }

    /// The kind of failure: how far the call got.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::Config)
    }

    /// The HTTP status, where the server responded.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The API's own code for the failure, for example `avatar_not_found`. The
    /// numeric codes of the oldest endpoints are strings: `400562`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The message: the API's own if it sent one, else the client's. May have
    /// several lines; `Display` prints it on one.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The name of the parameter that was refused, by the API or before
    /// anything was sent.
    pub fn param(&self) -> Option<&str> {
        self.0.param.as_deref()
    }

    /// The page of the vendor that explains the failure.
    pub fn doc_url(&self) -> Option<&str> {
        self.0.doc_url.as_deref()
    }

    /// The path of the response's field that does not fit the model, for
    /// example `data.tags[1]`. Only for [`ErrorKind::Decode`].
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The server's id of the request, to be quoted to its support.
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(&self.0.headers)
    }

    /// How long the server asked to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The headers of the response; empty where there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body of the response, at most its first 64 KiB; empty where there
    /// was none. A server may echo what it was sent, so mind where you print it.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The `operationId` of the call, for example `retrieve-avatar-details`.
    pub fn operation(&self) -> Option<&str> {
        self.0.context.as_ref().map(|call| call.operation.id)
    }

    /// The path that was called, for example `/v2/avatar/anna/details`, with
    /// its arguments and without its query. None for files, and for calls that
    /// were refused before they had one.
    pub fn path(&self) -> Option<&str> {
        let path = &*self.0.context.as_ref()?.path;
        (path.starts_with('/') && !path.contains('{')).then_some(path)
    }

    /// How often the request was sent: 0 if the failure occurred before that.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The idempotency key that the call was sent with, if it was. With the
    /// same key the same call can be repeated, even by another client or after
    /// a restart, and is executed once.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.context.as_ref()?.idempotency_key.as_deref()
    }

    /// Whether the same call may succeed later, and sending it again cannot
    /// have its effect twice.
    pub fn is_retryable(&self) -> bool {
        let call = self.0.context.as_ref();
        call.is_some_and(|call| self.0.cause.allows_retry(call.repeatability))
    }

    /// Whether a write may have been executed although the call failed: the
    /// response was lost, late or unreadable, or is a server error. Read the
    /// object, or repeat the call with the same
    /// [`idempotency_key`](Self::idempotency_key), before creating it again.
    pub fn outcome_unknown(&self) -> bool {
        let call = self.0.context.as_ref();
        let write = call.is_some_and(|call| call.operation.is_write());
        let unreadable = self.kind() == ErrorKind::Decode && self.0.status.is_some();
        write && (self.0.earlier_open || unreadable || self.0.cause.leaves_outcome_open())
    }

    /// The same error for another of several files, without its source.
    pub(crate) fn duplicate(&self) -> Self {
        let inner = &*self.0;
        Self(Box::new(Inner {
            message: inner.message.clone(),
            hint: inner.hint.clone(),
            code: inner.code.clone(),
            param: inner.param.clone(),
            doc_url: inner.doc_url.clone(),
            field: inner.field.clone(),
            headers: inner.headers.clone(),
            body: inner.body.clone(),
            context: inner.context.clone(),
            job: inner.job.clone(),
            file: inner.file.clone(),
            source: None,
            ..*inner
        }))
    }

    pub(crate) fn with_earlier(mut self, is_open: bool) -> Self {
        self.0.earlier_open |= is_open;
        self
    }

    pub(crate) fn cause(&self) -> Cause {
        self.0.cause
    }

    pub(crate) fn with_cause(mut self, cause: Cause) -> Self {
        self.0.cause = cause;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_param(mut self, param: &str) -> Self {
        self.0.param = Some(param.to_owned());
        self
    }

    pub(crate) fn with_field(mut self, field: Option<String>) -> Self {
        self.0.field = field;
        self
    }

    /// Redacts a secret in what is printed.
    pub(crate) fn redacted(mut self, redactor: &Redactor) -> Self {
        let inner = &mut *self.0;
        redactor.redact_headers(&mut inner.headers);
        let texts = [&mut inner.code, &mut inner.param, &mut inner.doc_url];
        for text in texts.into_iter().flatten().chain([&mut inner.message]) {
            redactor.redact_in(text);
        }
        self
    }

    /// Adds the head of the response.
    pub(crate) fn with_head(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        self.0.retry_after = retry_after(&headers);
        self.0.status = Some(status);
        self.0.headers = headers;
        self
    }

    pub(crate) fn with_body(mut self, body: &Bytes) -> Self {
        // A slice would keep the whole of a large body alive.
        self.0.body = Bytes::copy_from_slice(&body[..body.len().min(MAX_KEPT_BODY)]);
        self
    }
}

impl StdError for Error {}
