//! Envelopes of responses: `{"data": ..., "error": null}` of v2 and v3, and
//! `{"code": 100, "data": ..., "message": ...}` of v1. Every successful
//! response is checked for an error in its envelope before it is decoded,
//! whether or not its model has an envelope.

use std::sync::OnceLock;

use bytes::Bytes;
use http::StatusCode;
use memchr::memmem;
use serde_json::{Map, Value};

use crate::cursor::Cursor;
use crate::error::parse::{self, ErrorBody, fields, strip_bom};
use crate::redact::Redactor;

/// A response model with an envelope around its data.
///
/// Implemented by generated code.
pub trait Envelope {
    /// The type of the data in the envelope.
    type Data;

    /// Where the next page of a list begins.
    fn cursor(&self) -> Option<Cursor> {
        None
    }

    /// The data, unless it is absent or null.
    fn into_data(self) -> Option<Self::Data>;
}

/// Whether the body of a successful response is an envelope with an error in
/// it: `error` is not null, or `code` is that of a failure of v1. Beside data,
/// an `error` that is empty or false is none. A short or textual `code` counts
/// in place of data only: other objects may have one, too.
pub(crate) fn reports_failure(body: &[u8]) -> bool {
    let body = strip_bom(body).trim_ascii_start();
    if body.first() != Some(&b'{') || !may_report_failure(body) {
        return false;
    }
    let fields = fields(body, &["error", "code", "message", "msg", "data"]);
    let data = fields.get("data");
    let has_null = data.is_some_and(Value::is_null);
    let has_data = data.is_some_and(|data| !data.is_null());
    let is_empty = |error: &Value| match error {
        Value::Array(errors) => errors.is_empty(),
        Value::Object(error) => error.is_empty(),
        error => error == &Value::Bool(false) || error == "",
    };
    let error = fields.get("error").filter(|error| !error.is_null());
    let has_error = error.is_some_and(|error| !(has_data && is_empty(error)));
    let is_failure = match fields.get("code") {
        // Those of v1 have four digits and more.
        Some(Value::Number(code)) if code.as_u64().is_some_and(|code| code >= 1000) => true,
        Some(Value::Number(_)) => !has_data && (has_null || has_message(&fields)),
        Some(Value::String(_)) => has_null && has_message(&fields),
        _ => false,
    };
    has_error || is_failure && fields.get("code").and_then(parse::code).is_some()
}

/// Whether a body that does not match its model is an error without an
/// envelope: a code beside a message, and no data.
pub(crate) fn is_bare_error(body: &[u8]) -> bool {
    let fields = fields(strip_bom(body), &["code", "message", "msg", "data"]);
    let code = fields.get("code").and_then(parse::code);
    code.is_some() && has_message(&fields) && fields.get("data").is_none_or(Value::is_null)
}

/// Parses the error of a body for which `reports_failure` or `is_bare_error` is
/// true. Fields above the size that an error keeps are skipped, which bounds
/// the memory for a large body.
pub(crate) fn parse_failure(status: StatusCode, body: &Bytes, redactor: &Redactor) -> ErrorBody {
    let all = fields(strip_bom(body), &[]);
    let reduced = Value::Object(all).to_string();
    parse::error_body(status, &Bytes::from(reduced), redactor)
}

/// The `warning` of an envelope.
pub(crate) fn warning(body: &[u8]) -> Option<Value> {
    let body = strip_bom(body).trim_ascii_start();
    if body.first() != Some(&b'{')
        || !WARNING.is_followed_by(body, |value| !value.starts_with(b"null"))
    {
        return None;
    }
    fields(body, &["warning"]).remove("warning")
}

/// Whether the envelope has to be parsed. For most responses, a search for the
/// names of its fields is enough.
fn may_report_failure(body: &[u8]) -> bool {
    let is_code = |value: &[u8]| {
        matches!(
            value,
            [b'0'..=b'9' | b'-', ..] | [b'"', b'0'..=b'9' | b' ', ..]
        )
    };
    let is_null = |value: &[u8]| value.starts_with(b"null");
    ERROR.is_followed_by(body, |value| !is_null(value))
        || CODE.is_followed_by(body, is_code)
        || DATA.is_followed_by(body, is_null)
}

static ERROR: Name = Name::new(b"\"error\"");
static CODE: Name = Name::new(b"\"code\"");
static DATA: Name = Name::new(b"\"data\"");
static WARNING: Name = Name::new(b"\"warning\"");

/// The quoted name of a field. Its search is prepared once.
struct Name {
    quoted: &'static [u8],
    finder: OnceLock<memmem::Finder<'static>>,
}

impl Name {
    const fn new(quoted: &'static [u8]) -> Self {
        let finder = OnceLock::new();
        Self { quoted, finder }
    }

    /// Whether the field occurs, at any depth, with a value that begins so.
    fn is_followed_by(&self, body: &[u8], begins: impl Fn(&[u8]) -> bool) -> bool {
        let finder = self.finder.get_or_init(|| memmem::Finder::new(self.quoted));
        finder.find_iter(body).any(|at| {
            let rest = body[at + self.quoted.len()..].trim_ascii_start();
            let value = rest.strip_prefix(b":").map(<[u8]>::trim_ascii_start);
            value.is_some_and(&begins)
        })
    }
}

fn has_message(fields: &Map<String, Value>) -> bool {
    ["message", "msg"]
        .iter()
        .any(|name| fields.get(*name).is_some_and(Value::is_string))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::MAX_KEPT_BODY;

    #[test]
    fn errors_of_every_generation_are_found() {
        for body in [
            r#"{"error":{"code":"x"}}"#,
            r#" {"data":null, "error" : "no"}"#,
            "\u{feff}{\"error\":false}",
            r#"{"code":400562,"data":null,"message":"forbidden"}"#,
            r#"{"code":"400562","data":null,"msg":"forbidden"}"#,
            r#"{"data":{"error":null},"error":{"code":"x"}}"#,
            r#"{"code":"avatar_not_found","data":null,"message":"gone"}"#,
            r#"{"error":{},"data":null}"#,
        ] {
            assert!(reports_failure(body.as_bytes()), "{body}");
        }
        for body in [
            "",
            "7",
            "[{\"error\":1}]",
            r#"{"error":null}"#,
            r#"{"error" : null,"data":{"error":"of a video"}}"#,
            r#"{"code":100,"data":{}}"#,
            r#"{"code":"100","message":"Success"}"#,
            r#"{"code":"12345"}"#,
            r#"{"code":200,"data":{}}"#,
            r#"{"code":7,"name":"x"}"#,
            r#"{"code":"2024","message":"m","percent":5}"#,
            r#"{"error":"","data":{}}"#,
            r#"{"error":[],"data":[1]}"#,
            r#"{"code":"abc","message":"m"}"#,
            r#"{"code":"abc","message":"m","data":{}}"#,
            r#"{"code":"100","message":"m","data":null}"#,
            r#"{"code":"abc","data":null}"#,
            r#"{"data":{"code":400562}}"#,
            r#"{"data":{"message":"\"error\":1"}}"#,
        ] {
            assert!(!reports_failure(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn error_is_parsed_without_the_rest_of_a_large_body() {
        let redactor = Redactor::new("sk_secret".to_owned().into(), "[API key]");
        let data = "x".repeat(2 * MAX_KEPT_BODY);
        let body = format!(r#"{{"data":"{data}","error":{{"code":"c","message":"m"}}}}"#);
        assert!(reports_failure(body.as_bytes()));
        let parsed = parse_failure(StatusCode::OK, &body.into(), &redactor);
        assert_eq!((parsed.code.as_deref(), &*parsed.message), (Some("c"), "m"));
        let body = format!(r#"{{"error":["{data}"]}}"#);
        assert!(reports_failure(body.as_bytes()));
        let parsed = parse_failure(StatusCode::OK, &body.into(), &redactor);
        assert!(parsed.message.contains("131076 bytes"), "{parsed:?}");
    }

    #[test]
    fn warning_is_read() {
        assert_eq!(
            warning(br#"{"data":1,"warning":"old"}"#),
            Some("old".into())
        );
        for body in [r#"{"warning":null}"#, r#"{"data":{"warning":"x"}}"#, "[]"] {
            assert_eq!(warning(body.as_bytes()), None, "{body}");
        }
    }
}
