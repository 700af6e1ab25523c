//! An answer before it is put on the wire.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// Status, headers and body of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// An answer whose body is this JSON.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::empty(status).with_body("application/json", body.to_string())
    }

    pub(crate) fn with_body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.with_type(content_type)
    }

    /// Keeps the body and gives it this media type.
    pub(crate) fn with_type(mut self, content_type: &str) -> Self {
        self.set(CONTENT_TYPE.as_str(), content_type);
        self
    }

    /// Sets a header, unless the name or the value cannot stand in HTTP.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
        else {
            return;
        };
        self.headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_header_that_cannot_be_sent_is_left_out() {
        let mut answer = Answer::json(200, &json!({}));
        answer.set("x-ok", "1");
        answer.set("x bad", "1");
        answer.set("x-bad", "line\nbreak");
        assert_eq!(answer.headers.len(), 2);
        assert_eq!(answer.headers["content-type"], "application/json");
    }
}
