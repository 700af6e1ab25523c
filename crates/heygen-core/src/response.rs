//! Responses: raw, as received, and decoded, as returned to the caller.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;

use crate::attempt::Success;
use crate::client::Client;
use crate::cursor::Cursor;
use crate::deprecation::Deprecation;
use crate::envelope;
use crate::error::{Error, build};
use crate::headers;
use crate::operation::CallContext;

/// A successful response, its body read but not decoded.
#[derive(Clone)]
pub(crate) struct RawResponse {
    pub(crate) context: Arc<CallContext>,
    pub(crate) attempts: u32,
    pub(crate) client: Client,
    pub(crate) success: Success,
}

impl RawResponse {
    /// The response with another body.
    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.success.body = body;
        self
    }

    /// The response with its data. The first deprecation of an operation is
    /// logged.
    pub(crate) fn with_data<T>(self, data: T, cursor: Option<Cursor>) -> Response<T> {
        let inner = &*self.client.0;
        let operation = self.context.operation;
        let redactor = inner.credential.redactor();
        let Success { headers, body, .. } = &self.success;
        let warning = envelope::warning(body);
        let deprecation = Deprecation::of_response(operation, headers, warning.as_ref(), redactor);
        if let Some(deprecation) = &deprecation {
            inner.deprecations.warn_once(operation, deprecation);
        }
        Response {
            data,
            raw: self,
            deprecation: deprecation.map(Box::new),
            cursor,
        }
    }

    /// The error in a body without an envelope, parsed from its fields.
    pub(crate) fn bare_error(&self) -> Option<Error> {
        let Success {
            status,
            headers,
            body,
        } = &self.success;
        if !envelope::is_bare_error(body) {
            return None;
        }
        let redactor = self.client.0.credential.redactor();
        let parsed = envelope::parse_failure(*status, body, redactor);
        let error = build::api(*status, headers.clone(), body, parsed);
        Some(error.with_call(&self.context, self.attempts))
    }

    /// The error of a body that does not match the API's description.
    pub(crate) fn decode_error(&self, message: impl Into<String>, field: Option<String>) -> Error {
        let Success {
            status,
            headers,
            body,
        } = &self.success;
        let redactor = self.client.0.credential.redactor();
        let field = field.map(|field| redactor.redact(&field).into_owned());
        build::decode(redactor.redact(&message.into()))
            .with_field(field)
            .with_head(*status, headers.clone())
            .with_body(body)
            .with_call(&self.context, self.attempts)
    }
}

/// A successful response: its data and its metadata.
#[derive(Clone)]
pub struct Response<T> {
    data: T,
    raw: RawResponse,
    deprecation: Option<Box<Deprecation>>,
    cursor: Option<Cursor>,
}

impl<T> Response<T> {
    /// The HTTP status, for example 200.
    pub fn status(&self) -> u16 {
        self.raw.success.status.as_u16()
    }

    /// The headers. Where the server echoed the credential, it is redacted.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.success.headers
    }

    /// The server's id of the request, to be quoted to its support.
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(self.headers())
    }

    /// How often the request was sent: 1 unless it was retried.
    pub fn attempts(&self) -> u32 {
        self.raw.attempts
    }

    /// The deprecation of the operation, by its document or by this response.
    pub fn deprecation(&self) -> Option<&Deprecation> {
        self.deprecation.as_deref()
    }

    /// The body as it was sent, decompressed, with its envelope and the fields
    /// that are not in the model.
    pub fn raw_body(&self) -> &Bytes {
        &self.raw.success.body
    }

    /// The error of a body that is not what its reader expects: the API's own where the
    /// body is only a code and a message, else a `Decode` error with this message. For
    /// those who read [`raw_body`](Self::raw_body) themselves.
    pub fn unexpected(&self, message: impl Into<String>) -> Error {
        let bare = self.raw.bare_error();
        bare.unwrap_or_else(|| self.raw.decode_error(message, None))
    }

    /// The response with another body, as it was sent.
    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.raw.success.body = body;
        self
    }

    /// The decoded data.
    pub fn data(&self) -> &T {
        &self.data
    }

    /// The decoded data, alone.
    pub fn into_data(self) -> T {
        self.data
    }

    /// For a page of a list: where the next one begins.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and body may echo what was sent.
        f.debug_struct("Response")
            .field("data", &self.data)
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("attempts", &self.attempts())
            .field("deprecation", &self.deprecation)
            .field("cursor", &self.cursor)
            .field("body_bytes", &self.raw_body().len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientBuilder, ErrorKind, Operation};

    static GET: Operation = Operation::new("get", "GET", "/x");

    #[test]
    fn unexpected_body_is_the_error_of_the_api_or_of_its_reader() {
        let unexpected = |body: &'static str| {
            let raw = RawResponse {
                context: Arc::new(CallContext::unsent(&GET)),
                attempts: 1,
                client: ClientBuilder::new().api_key("sk_secret").build().unwrap(),
                success: Success {
                    status: http::StatusCode::OK,
                    headers: HeaderMap::new(),
                    body: body.into(),
                },
            };
            raw.with_data((), None).unexpected("no sk_secret")
        };
        let bare = unexpected(r#"{"code":"gone","message":"m"}"#);
        assert_eq!(
            (bare.kind(), bare.code(), bare.message()),
            (ErrorKind::Api, Some("gone"), "m")
        );
        let other = unexpected(r#"{"data":null}"#);
        assert_eq!(
            (other.kind(), other.message()),
            (ErrorKind::Decode, "no [API key]")
        );
        assert_eq!((other.status(), other.attempts()), (Some(200), 1));
    }
}
