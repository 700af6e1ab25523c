//! A response before it is sent.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::table::Reply;

/// Status, headers and body of a response.
#[derive(Clone, Debug)]
pub(crate) struct MockResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl MockResponse {
    /// A response without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// A response of the tables.
    pub(crate) fn of(reply: &Reply) -> Self {
        let mut response = Self::empty(reply.status);
        if !reply.media_type.is_empty() {
            response = response.with_body(reply.media_type, reply.body);
        }
        for (name, value) in reply.headers {
            response.set(name, value);
        }
        response
    }

    /// A response whose body is this JSON.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::empty(status).with_body("application/json", body.to_string())
    }

    pub(crate) fn with_body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.with_type(content_type)
    }

    /// Sets the media type of the body.
    pub(crate) fn with_type(mut self, content_type: &str) -> Self {
        self.set(CONTENT_TYPE.as_str(), content_type);
        self
    }

    /// Sets a header, unless its name or value is invalid.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
        else {
            return;
        };
        self.headers.insert(name, value);
    }

    /// Sets a header unless the response has one of this name.
    pub(crate) fn set_default(&mut self, name: &str, value: &str) {
        if !self.headers.contains_key(name) {
            self.set(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn invalid_header_is_skipped() {
        let mut response = MockResponse::json(200, &json!({}));
        response.set("x-ok", "1");
        response.set("x bad", "1");
        response.set("x-bad", "line\nbreak");
        assert_eq!(response.headers.len(), 2);
        assert_eq!(response.headers["content-type"], "application/json");
    }
}
