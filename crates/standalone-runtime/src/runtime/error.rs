//! The error of every call: what was called, and what came back.

use std::{borrow::Cow, error::Error as StdError, fmt};

use bytes::Bytes;
use reqwest::{
    StatusCode,
    header::{HeaderMap, LOCATION},
};
use serde::de::DeserializeOwned;

use super::operation::Operation;
use crate::de::position;

/// How much of a body is printed.
const EXCERPT: usize = 300;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up with something that cannot work.
    Config,
    /// An argument is missing or cannot be sent. Nothing was sent.
    Argument,
    /// No response came, or not all of it.
    Connection,
    /// The time was up.
    Timeout,
    /// The server responded with an error, or with a status that the document
    /// does not declare.
    Status,
    /// The response has another form than the document says.
    Decode,
}

/// The error of a call. `E` is the type that the document declares for error
/// responses, where the generated method has one.
///
/// Its `Debug` is its `Display`, so that a `main` that returns it prints a
/// readable line.
pub struct Error<E = ()>(Box<Inner<E>>);

struct Inner<E> {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static Operation>,
    response: Option<Response>,
    declared: Option<E>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl<E> Error<E> {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was called. `None` where the error came before that,
    /// for example of an argument that is missing.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// The headers of the response, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// The body of the response as it came, if there was one.
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }

    /// The body of the response as text; empty if there was none.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.body().map_or(&[], |body| body))
    }

    /// The body of the response as JSON of a type, such as one of `types` that
    /// the document declares for its errors.
    ///
    /// # Errors
    ///
    /// Where the body is not of this type.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(self.body().map_or(&[], |body| body))
    }

    /// The body of the response as the type that the document declares.
    pub fn declared(&self) -> Option<&E> {
        self.0.declared.as_ref()
    }

    /// Whether the same call may succeed later: there was no response, or its
    /// status says so. A request that changes something may have been carried
    /// out nevertheless.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connection | ErrorKind::Timeout => true,
            ErrorKind::Status => {
                matches!(
                    self.status().map(|s| s.as_u16()),
                    Some(408 | 429 | 502..=504)
                )
            }
            _ => false,
        }
    }

    /// The same error for functions whose calls declare different types.
    pub fn into_untyped(self) -> Error {
        self.without_declared()
    }

    fn without_declared<F>(self) -> Error<F> {
        let Inner {
            kind,
            message,
            operation,
            response,
            source,
            ..
        } = *self.0;
        Error(Box::new(Inner {
            kind,
            message,
            operation,
            response,
            declared: None,
            source,
        }))
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            response: None,
            declared: None,
            source: None,
        }))
    }

    fn with_response(mut self, status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        self.0.response = Some(Response {
            status,
            headers,
            body,
        });
        self
    }

    pub(super) fn with_operation(mut self, operation: Option<&'static Operation>) -> Self {
        self.0.operation = operation;
        self
    }

    pub(super) fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Argument, message)
    }

    /// A response with the status of an error, or one that the document does not
    /// declare.
    pub(super) fn status_error(
        operation: Option<&'static Operation>,
        (status, headers, body): (StatusCode, HeaderMap, Bytes),
        declared: Option<E>,
    ) -> Self {
        let mut this = Self::new(ErrorKind::Status, "")
            .with_response(status, headers, body)
            .with_operation(operation);
        this.0.declared = declared;
        this
    }

    /// No response, or not all of its body.
    pub(super) fn not_received(error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            ErrorKind::Timeout
        } else if error.is_builder() {
            ErrorKind::Argument
        } else {
            ErrorKind::Connection
        };
        // Never the whole URL: its query may hold a key.
        let server = error.url().map(|url| url.origin().ascii_serialization());
        let error = error.without_url();
        let mut message = match server {
            Some(server) => format!("{error} ({server})"),
            None => error.to_string(),
        };
        let mut cause = error.source();
        while let Some(error) = cause {
            message = format!("{message}: {error}");
            cause = error.source();
        }
        let mut this = Self::new(kind, message);
        this.0.source = Some(Box::new(error));
        this
    }

    /// A body that is not of the type that the document declares.
    pub(super) fn decode(
        error: serde_json::Error,
        (status, headers, body): (StatusCode, HeaderMap, Bytes),
    ) -> Self {
        if !status.is_success() {
            // An error response, whatever its body.
            return Self::new(ErrorKind::Status, "").with_response(status, headers, body);
        }
        let (field, reason) = position::locate(&body, &error);
        let message = match field {
            Some(field) => format!("cannot be read: {field}: {reason}"),
            None => format!("cannot be read: {reason}"),
        };
        let mut this = Self::new(ErrorKind::Decode, message).with_response(status, headers, body);
        this.0.source = Some(Box::new(error));
        this
    }
}

impl Error {
    pub(super) fn config(message: String) -> Self {
        Self::new(ErrorKind::Config, message)
    }
}

/// What generated code makes errors by: it takes them for variants of an enum.
#[allow(non_snake_case, reason = "names that the generator uses")]
impl<E> Error<E> {
    #[doc(hidden)]
    pub fn InvalidRequest(message: String) -> Self {
        Self::argument(message)
    }
}

impl<E> From<std::convert::Infallible> for Error<E> {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        Self::not_received(error)
    }
}

impl<E> From<reqwest::header::InvalidHeaderValue> for Error<E> {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        Self::argument(format!("a header parameter cannot be sent: {error}"))
    }
}

/// An error before there is a response, of whatever type responses have.
#[derive(Debug)]
pub struct NotSent(pub(super) Error);

impl<E> From<NotSent> for Error<E> {
    fn from(NotSent(error): NotSent) -> Self {
        error.without_declared()
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            message,
            operation,
            response,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{} {}: ", operation.method, operation.path)?;
        }
        let Some(Response {
            status,
            headers,
            body,
        }) = response
        else {
            return f.write_str(message);
        };
        write!(f, "status {status}")?;
        if !message.is_empty() {
            write!(f, ", {message}")?;
        }
        if let Some(location) = headers.get(LOCATION).filter(|_| status.is_redirection()) {
            // Without its query, which may be a signature.
            let location = String::from_utf8_lossy(location.as_bytes());
            let location = location.split(['?', '#']).next().unwrap_or_default();
            write!(f, ", to {}", excerpt(location))?;
        }
        if body.is_empty() {
            return Ok(());
        }
        write!(
            f,
            ": {}",
            excerpt(&String::from_utf8_lossy(
                &body[..body.len().min(4 * EXCERPT)]
            ))
        )
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The causes of a connection error are in its message.
        let decode = self
            .0
            .source
            .as_deref()
            .filter(|_| self.0.kind == ErrorKind::Decode);
        decode.map(|error| error as &(dyn StdError + 'static))
    }
}

/// The start of a text, on one line.
fn excerpt(text: &str) -> String {
    let mut out = String::new();
    let mut words = text.split(|c: char| c.is_whitespace() || c.is_control());
    while out.len() < EXCERPT {
        let Some(word) = words.next() else {
            return out;
        };
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    let end = (0..=EXCERPT)
        .rev()
        .find(|end| out.is_char_boundary(*end))
        .unwrap_or_default();
    if end < out.len() || words.next().is_some() {
        out.truncate(end);
        out.push_str("...");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpt_is_one_short_line() {
        assert_eq!(excerpt(" a\n\tb\u{7}c  "), "a b c");
        let long = excerpt(&"\u{fc}".repeat(1000));
        assert!(long.len() <= EXCERPT + 3 && long.ends_with("..."), "{long}");
    }
}
