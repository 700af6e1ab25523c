//! One error for everything, one pointer wide: a kind, and whatever is known
//! about the failure behind accessors, so that learning more later breaks
//! nobody.

mod classify;
pub(crate) mod fail;
mod kind;
pub(crate) mod read;
mod show;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use self::kind::ErrorKind;
use crate::operation::Operation;
use crate::retry::{Cause, Repeat};

/// At most this much of a body is kept in an error, in bytes.
pub(crate) const KEPT_BODY: usize = 64 * 1024;

/// Anything that can go wrong with a call, or with building a client.
///
/// `Display` gives one line: what happened, the code, status and request id
/// where there are any, and what to do next. It never holds the API key.
pub struct Error(Box<Inner>);

pub(crate) struct Inner {
    kind: ErrorKind,
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
    operation: Option<&'static Operation>,
    attempts: u32,
    idempotency_key: Option<String>,
    cause: Cause,
    retryable: bool,
    about_key: bool,
    timed_out: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            code: None,
            param: None,
            doc_url: None,
            field: None,
            status: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            retry_after: None,
            operation: None,
            attempts: 0,
            idempotency_key: None,
            cause: Cause::Final,
            retryable: false,
            about_key: false,
            timed_out: false,
            source: None,
        }))
    }

    /// The sort of failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, where the server answered.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The API's own code for the failure, for example `avatar_not_found`. The
    /// numbers of the oldest endpoints are given as text: `400562`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What happened, in words: the API's own where it gave any, else ours.
    /// May have several lines; `Display` puts it on one.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do next, where there is something sensible to say.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref().or_else(|| classify::hint(self))
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

    /// The place in the answer that does not fit the model, for example
    /// `data.id`. Only for [`ErrorKind::Decode`].
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The id under which the server knows the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        crate::answer::request_id(&self.0.headers)
    }

    /// How long the server asked to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The headers of the answer; empty where there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body of the answer as it came, at most its first 64 KiB; empty
    /// where there was none. A server may echo what it was sent, so mind where
    /// you print it.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The `operationId` of the call, for example `retrieve-avatar-details`.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// How often the request was sent or tried to be sent: 0 where the failure
    /// came before that.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The idempotency key that the call was sent with, if it was. With the
    /// same key the same call can be made once more, even by another client or
    /// after a restart, and is done once.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// Whether the thing asked for does not exist: status 404, or a code that
    /// says so under another status.
    pub fn is_not_found(&self) -> bool {
        classify::is_not_found(self)
    }

    /// Whether the API key is missing, malformed or was refused.
    pub fn is_unauthorized(&self) -> bool {
        self.0.about_key || classify::is_unauthorized(self)
    }

    /// Whether the key is good but not permitted to do this.
    pub fn is_forbidden(&self) -> bool {
        classify::is_forbidden(self)
    }

    /// Whether too many requests were sent.
    pub fn is_rate_limited(&self) -> bool {
        classify::is_rate_limited(self)
    }

    /// Whether the account's credit does not suffice.
    pub fn is_insufficient_credit(&self) -> bool {
        classify::is_insufficient_credit(self)
    }

    /// Whether time ran out: for the whole call, while waiting for a byte, or
    /// while connecting.
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout || self.0.timed_out
    }

    /// Whether the same call may succeed later, and sending it again cannot
    /// have its effect twice.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Names the operation, and with it whether the call may be repeated.
    pub(crate) fn at(mut self, operation: &'static Operation, repeat: Repeat) -> Self {
        self.0.operation = Some(operation);
        self.0.retryable = self.0.cause.allows_retry(repeat);
        if let Some(hint) = classify::hint_of_end(&self, operation) {
            self.0.hint = Some(Cow::Owned(hint));
        }
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Says that the client has stopped trying again, whatever the call.
    pub(crate) fn not_repeated(mut self) -> Self {
        const WHY: &str = "too many calls of this client have failed for it to try again";
        self.0.hint = Some(match self.hint() {
            Some(hint) => Cow::Owned(format!("{hint}; {WHY}")),
            None => Cow::Borrowed(WHY),
        });
        self
    }

    pub(crate) fn with_idempotency_key(mut self, key: Option<&str>) -> Self {
        self.0.idempotency_key = key.map(str::to_owned);
        self
    }

    pub(crate) fn cause(&self) -> Cause {
        self.0.cause
    }

    pub(crate) fn caused_by(mut self, cause: Cause) -> Self {
        self.0.cause = cause;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.0.hint = Some(Cow::Borrowed(hint));
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

    pub(crate) fn with_head(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        self.0.retry_after = crate::retry::retry_after(&headers);
        self.0.status = Some(status);
        self.0.headers = headers;
        self
    }

    pub(crate) fn with_body(mut self, body: &Bytes) -> Self {
        // A slice would keep the whole of a large body alive.
        self.0.body = if body.len() > KEPT_BODY {
            Bytes::copy_from_slice(&body[..KEPT_BODY])
        } else {
            body.clone()
        };
        self
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

// For generated code and for requests built by hand; no promise to users.
#[doc(hidden)]
impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        fail::from_reqwest(error)
    }
}

impl From<http::header::InvalidHeaderValue> for Error {
    fn from(error: http::header::InvalidHeaderValue) -> Self {
        fail::input("a value cannot be sent as a header").with_source(error)
    }
}
