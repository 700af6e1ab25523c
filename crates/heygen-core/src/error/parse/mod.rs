//! Parser of error bodies: JSON of the API and of common frameworks (`json`),
//! XML of file stores and HTML of proxies (`markup`), plain text, and empty
//! bodies.

mod fields;
mod json;
mod markup;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

pub(crate) use self::fields::fields;
pub(crate) use self::json::code;
pub(crate) use self::markup::is_html;
use crate::redact::Redactor;
use crate::text::{OneLine, is_blank};

/// Longer excerpts of a page or a text are truncated, in characters.
const MAX_EXCERPT: usize = 300;

/// A parsed error body. The message is empty if the body has none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
    pub(crate) doc_url: Option<String>,
    /// The `warning` beside the error, in the vendor's own format.
    pub(crate) warning: Option<Value>,
}

impl ErrorBody {
    fn of_message(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// These fields, with those of the other where they are empty.
    fn or(self, other: Self) -> Self {
        let message = if self.message.is_empty() {
            other.message
        } else {
            self.message
        };
        Self {
            code: self.code.or(other.code),
            message,
            param: self.param.or(other.param),
            doc_url: self.doc_url.or(other.doc_url),
            warning: self.warning.or(other.warning),
        }
    }

    /// The same without the credential, should the server have echoed it.
    fn redacted(mut self, redactor: &Redactor) -> Self {
        let texts = [&mut self.code, &mut self.param, &mut self.doc_url];
        for text in texts.into_iter().flatten().chain([&mut self.message]) {
            redactor.redact_in(text);
        }
        self
    }
}

/// Parses the body of a response that is an error. The credential is redacted
/// before truncation, so that no part of it remains.
pub(crate) fn error_body(status: StatusCode, body: &Bytes, redactor: &Redactor) -> ErrorBody {
    let text = String::from_utf8_lossy(strip_bom(body));
    let text = redactor.redact(text.trim());
    let mut parsed = match serde_json::from_str::<Value>(&text) {
        Ok(value @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => json::parse(&value),
        _ if is_html(&text) => ErrorBody::of_message(markup::html_message(&text, status)),
        _ if text.starts_with("<?xml") || text.starts_with("<Error") => markup::parse_xml(&text),
        // Malformed or cut JSON: the fields before that.
        Err(_) if text.starts_with('{') => {
            json::parse(&Value::Object(fields(text.as_bytes(), &[])))
        }
        _ => ErrorBody::default(),
    };
    if parsed.message.is_empty() {
        let server = describe(status);
        parsed.message = match &parsed.code {
            Some(code) => format!("{server} with the code {code} and no message"),
            None if text.starts_with('{') && text.ends_with('}') => {
                format!("{server} without a message")
            }
            None if text.is_empty() => format!("{server} without a body"),
            None if is_blank(&text) => format!("{server} with a blank body"),
            None => OneLine(&text, MAX_EXCERPT).to_string(),
        };
    }
    parsed.redacted(redactor)
}

/// The body without the byte order mark that some servers put before UTF-8.
pub(crate) fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

fn describe(status: StatusCode) -> String {
    let number = status.as_u16();
    match status.canonical_reason() {
        Some(reason) => format!("the server responded {number} {reason}"),
        None => format!("the server responded {number}"),
    }
}
