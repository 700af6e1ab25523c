//! A good answer, read whole: what the layers above make models of.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::decode;
use crate::error::{Error, fail, read};
use crate::notice::Notice;
use crate::operation::Operation;
use crate::retry::Repeat;
use crate::transport::Shared;

/// Headers that carry the server's name for the request, best first.
const REQUEST_ID: [&str; 3] = ["x-request-id", "request-id", "x-amzn-requestid"];

/// An answer with a status of success, and its body.
#[derive(Clone)]
pub struct Answer {
    pub(crate) operation: &'static Operation,
    pub(crate) repeat: Repeat,
    pub(crate) idempotency_key: Option<Box<str>>,
    pub(crate) attempts: u32,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) shared: Arc<Shared>,
}

impl Answer {
    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The idempotency key that the call was sent with, if it was.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `Api` if the body does not fit but is an envelope with an error in it,
    /// else `Decode` with the place that does not fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::decode(self)
    }

    /// The error that the envelope of this answer carries.
    pub fn failure(&self) -> Error {
        self.api(read::body(self.status, &self.body, &self.shared.key))
    }

    /// The error for an answer without the field that the caller asked for:
    /// `Api` if it is an error in the envelope of another generation, else
    /// `Decode`.
    pub fn lacks(&self, field: &str) -> Error {
        match self.filled_envelope() {
            Some(error) => error,
            None => self.misfit(
                format!("the answer has no {field}, or null in its place"),
                Some(field.to_owned()),
            ),
        }
    }

    /// The deprecation notice of this answer, given the `warning` of its body.
    /// It is traced when it is the first for its operation.
    pub fn notice(&self, warning: Option<&Value>) -> Option<Notice> {
        let notice = Notice::read(&self.headers, warning, &self.shared.key)?;
        self.shared.told.once(self.operation, &notice);
        Some(notice)
    }

    /// Whether the envelope says by a number of the first generation that the
    /// call failed, which a model of a later one does not know.
    pub fn has_failure_code(&self) -> bool {
        read::has_failure_code(&self.body)
    }

    /// The error of an envelope that did not fit, if it carries one.
    pub(crate) fn filled_envelope(&self) -> Option<Error> {
        read::filled_envelope(self.status, &self.body, &self.shared.key).map(|said| self.api(said))
    }

    fn api(&self, said: read::Reading) -> Error {
        fail::api(self.status, self.headers.clone(), &self.body, said)
            .at(self.operation, self.repeat)
            .after(self.attempts)
            .with_idempotency_key(self.idempotency_key.as_deref())
    }

    pub(crate) fn misfit(&self, message: impl Into<String>, field: Option<String>) -> Error {
        fail::decode(self.shared.key.redact(&message.into()))
            .with_field(field)
            .with_head(self.status, self.headers.clone())
            .with_body(&self.body)
            .at(self.operation, self.repeat)
            .after(self.attempts)
            .with_idempotency_key(self.idempotency_key.as_deref())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("operation", &self.operation.id)
            .field("status", &self.status.as_u16())
            .field("attempts", &self.attempts)
            .field("request_id", &self.request_id())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The server's name for a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_ID.iter().find_map(|name| {
        headers
            .get(*name)?
            .to_str()
            .ok()
            .filter(|id| !id.is_empty())
    })
}
