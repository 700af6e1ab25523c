//! Reads what a server says about a failure, in every shape that has been
//! seen: the three generations of the API, HTML and text of proxies, nothing.

use std::sync::LazyLock;

use bytes::Bytes;
use http::StatusCode;
use memchr::memmem::Finder;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::key::ApiKey;
use crate::text::{OneLine, is_blank};

/// Longer excerpts of a page or a text are cut, in characters.
const EXCERPT: usize = 300;

/// Code by which the first generation says that all is well.
const V1_SUCCESS: &str = "100";

/// What a body says about a failure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
    pub(crate) doc_url: Option<String>,
    /// The `warning` beside the error, in the vendor's own shape.
    pub(crate) warning: Option<Value>,
}

impl Reading {
    /// The same without the API key, should the server have echoed it.
    fn redacted(mut self, key: &ApiKey) -> Self {
        let texts = [
            Some(&mut self.message),
            self.code.as_mut(),
            self.param.as_mut(),
            self.doc_url.as_mut(),
        ];
        for text in texts.into_iter().flatten() {
            key.redact_in(text);
        }
        self
    }
}

/// Reads the body of an answer that is known to be an error. The key is
/// blotted out before anything is cut, so that no part of it is left at a cut.
pub(crate) fn body(status: StatusCode, body: &Bytes, key: &ApiKey) -> Reading {
    let text = String::from_utf8_lossy(strip_bom(body));
    let text = key.redact(text.trim());
    let reading = match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(object)) => from_object(&object, status),
        Ok(Value::String(message)) if !is_blank(&message) => plain(message),
        _ if text.is_empty() => plain(format!("{} without a body", describe(status))),
        _ if is_blank(&text) => plain(format!("{} without words", describe(status))),
        _ if is_html(&text) => plain(from_html(&text, status)),
        _ => plain(OneLine(&text, EXCERPT).to_string()),
    };
    reading.redacted(key)
}

/// Reads a body under a status of success, and only if it is an envelope with
/// an error in it.
pub(crate) fn filled_envelope(status: StatusCode, bytes: &Bytes, key: &ApiKey) -> Option<Reading> {
    let Ok(Value::Object(object)) = serde_json::from_slice(strip_bom(bytes)) else {
        return None;
    };
    let error = object.get("error").is_some_and(|error| !error.is_null());
    // A code in text says as much as a number, where words stand beside it.
    let text = object.get("code").is_some_and(Value::is_string)
        && object.get("message").is_some_and(Value::is_string);
    let coded = object
        .get("code")
        .filter(|value| text || value.is_number())
        .and_then(code)
        .is_some();
    (error || coded).then(|| body(status, bytes, key))
}

/// Whether a body has a number `code` of the first generation at its top that
/// says that the call failed, whatever else it holds.
pub(crate) fn has_failure_code(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Top {
        code: Option<Value>,
    }

    static NAME: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"\"code\""));
    // Most answers have no such name anywhere and are not read again.
    NAME.find(body).is_some()
        && serde_json::from_slice::<Top>(strip_bom(body)).is_ok_and(|top| {
            top.code
                .filter(Value::is_number)
                .as_ref()
                .and_then(code)
                .is_some()
        })
}

/// The body without the mark that some servers put before UTF-8.
pub(crate) fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Whether a body looks like a page for people.
pub(crate) fn is_html(text: &str) -> bool {
    let start: String = text
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>()
        .to_ascii_lowercase();
    [
        "<!doctype",
        "<html",
        "<head",
        "<body",
        "<title",
        "<h1",
        "<center",
        "<!--",
    ]
    .iter()
    .any(|sign| start.starts_with(sign))
}

fn plain(message: String) -> Reading {
    Reading {
        code: None,
        message,
        param: None,
        doc_url: None,
        warning: None,
    }
}

fn from_object(object: &Map<String, Value>, status: StatusCode) -> Reading {
    let mut reading = match object.get("error") {
        Some(Value::Object(error)) => from_fields(error),
        // Either the sentence itself, or a code beside a sentence.
        Some(Value::String(error)) if !is_blank(error) => {
            let outer = from_fields(object);
            if outer.message.is_empty() {
                Reading {
                    message: error.clone(),
                    ..outer
                }
            } else {
                Reading {
                    code: outer.code.or_else(|| Some(error.clone())),
                    ..outer
                }
            }
        }
        Some(Value::Null | Value::String(_)) | None => from_fields(object),
        Some(other) => Reading {
            message: OneLine(&other.to_string(), EXCERPT).to_string(),
            ..from_fields(object)
        },
    };
    reading.warning = object.get("warning").cloned();
    if reading.message.is_empty() {
        reading.message = match &reading.code {
            Some(code) => format!("{} with the code {code} and no message", describe(status)),
            None => format!("{} without a message", describe(status)),
        };
    }
    reading
}

fn from_fields(fields: &Map<String, Value>) -> Reading {
    let text = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| fields.get(*name)?.as_str().filter(|text| !is_blank(text)))
    };
    // The third generation may list several faults; the first is told if the
    // whole has no words of its own.
    let first = fields
        .get("errors")
        .and_then(|errors| errors.get(0))
        .and_then(Value::as_object);
    let from_first = |name: &str| {
        let text = first.and_then(|first| first.get(name)?.as_str());
        text.filter(|text| !is_blank(text))
    };
    Reading {
        code: fields.get("code").and_then(code),
        message: text(&["message", "msg", "detail", "error_description", "title"])
            .or_else(|| from_first("message"))
            .unwrap_or_default()
            .to_owned(),
        param: text(&["param"])
            .or_else(|| from_first("path"))
            .map(str::to_owned),
        doc_url: text(&["doc_url"]).map(str::to_owned),
        warning: None,
    }
}

/// A code is text or a number; the one for success is no code of an error.
fn code(value: &Value) -> Option<String> {
    let code = match value {
        Value::String(code) => code.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!code.is_empty() && code != V1_SUCCESS).then_some(code)
}

/// The title of a page, or its first words.
fn from_html(page: &str, status: StatusCode) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|tag| {
        let start = tag + lower[tag..].find('>')? + 1;
        let end = start + lower[start..].find('<')?;
        Some(OneLine(&page[start..end], EXCERPT).to_string())
    });
    match title.filter(|title| !title.is_empty()) {
        Some(title) => format!("an HTML page came instead of JSON: {title}"),
        None => format!("an HTML page came instead of JSON; {}", describe(status)),
    }
}

fn describe(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("the server answered {} {reason}", status.as_u16()),
        None => format!("the server answered {}", status.as_u16()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ApiKey {
        ApiKey::new("sk_secret".to_owned().into()).unwrap()
    }

    fn read(bytes: &[u8]) -> Reading {
        body(
            StatusCode::BAD_GATEWAY,
            &Bytes::copy_from_slice(bytes),
            &key(),
        )
    }

    fn told(code: Option<&str>, message: &str) -> Reading {
        Reading {
            code: code.map(str::to_owned),
            ..plain(message.to_owned())
        }
    }

    #[test]
    fn reads_every_generation() {
        for (json, code, message) in [
            (
                r#"{"code":400562,"message":"forbidden"}"#,
                Some("400562"),
                "forbidden",
            ),
            (
                r#"{"code":40001,"msg":"asset data must be provided","message":null}"#,
                Some("40001"),
                "asset data must be provided",
            ),
            (
                r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#,
                Some("internal_error"),
                "forbidden",
            ),
            (
                r#"{"data":null,"error":{"code":400144,"message":"gone"}}"#,
                Some("400144"),
                "gone",
            ),
            (r#"{"error":"it broke","data":null}"#, None, "it broke"),
            (
                r#"{"error":"not_found","message":"no such thing"}"#,
                Some("not_found"),
                "no such thing",
            ),
            (
                r#"{"title":"Bad","detail":"Field missing","status":400}"#,
                None,
                "Field missing",
            ),
            (r#""just words""#, None, "just words"),
            (
                r#"{"error":{"code":"a","message":""}}"#,
                Some("a"),
                "the server answered 502 Bad Gateway with the code a and no message",
            ),
            (
                r#"{"error":{}}"#,
                None,
                "the server answered 502 Bad Gateway without a message",
            ),
            (r#"{"code":100,"message":"Success"}"#, None, "Success"),
            (r#"{"error":["a"]}"#, None, r#"["a"]"#),
            (
                r#"{"error":"","data":null}"#,
                None,
                "the server answered 502 Bad Gateway without a message",
            ),
        ] {
            assert_eq!(read(json.as_bytes()), told(code, message), "{json}");
        }
    }

    #[test]
    fn reads_the_third_generation_whole() {
        let json = br#"{"error":{"code":"invalid_parameter","message":"bad","param":"avatar_id","doc_url":"https://d/e"}}"#;
        let reading = read(json);
        assert_eq!(reading.param.as_deref(), Some("avatar_id"));
        assert_eq!(reading.doc_url.as_deref(), Some("https://d/e"));
        let several = br#"{"error":{"code":"invalid_parameter","errors":[{"message":"one","path":"a.b"},{"message":"two"}]}}"#;
        let reading = read(several);
        assert_eq!(
            (reading.message.as_str(), reading.param.as_deref()),
            ("one", Some("a.b"))
        );
    }

    #[test]
    fn reads_what_is_not_json() {
        for (bytes, message) in [
            (
                &b""[..],
                "the server answered 502 Bad Gateway without a body",
            ),
            (b" \n", "the server answered 502 Bad Gateway without a body"),
            (b"upstream\r\nconnect error", "upstream connect error"),
            (
                b"<html><head><TITLE>\n502 Bad Gateway</TITLE></head>",
                "an HTML page came instead of JSON: 502 Bad Gateway",
            ),
            (
                b"<!DOCTYPE html><p>x",
                "an HTML page came instead of JSON; the server answered 502 Bad Gateway",
            ),
            (b"caf\xe9", "caf\u{fffd}"),
            // Found by the fuzzer: nothing of it would be seen.
            (b"\x05", "the server answered 502 Bad Gateway without words"),
            (
                b"{\"message\":\"\\u0005\"}",
                "the server answered 502 Bad Gateway without a message",
            ),
            (
                b"{\"error\": {\"code\": \"cut",
                "{\"error\": {\"code\": \"cut",
            ),
            (b"null", "null"),
        ] {
            assert_eq!(read(bytes).message, message);
        }
        assert_eq!(
            read(b"\xef\xbb\xbf{\"message\":\"marked\"}").message,
            "marked"
        );
        assert_eq!(read(&b"[".repeat(100_000)).code, None);
    }

    #[test]
    fn success_is_an_error_only_with_a_filled_envelope() {
        let filled = |json: &'static str| {
            filled_envelope(StatusCode::OK, &Bytes::from_static(json.as_bytes()), &key())
        };
        for json in [
            r#"{"error":"x"}"#,
            r#"{"error":{"code":"a","message":"b"}}"#,
            r#"{"code":400562,"message":"forbidden"}"#,
            r#"{"code":"400562","message":"forbidden"}"#,
            r#"{"code":0}"#,
        ] {
            assert!(filled(json).is_some(), "{json}");
        }
        for json in [
            r#"{"error":null}"#,
            r#"{"code":100,"message":"Success"}"#,
            r#"{"code":"100","message":"Success"}"#,
            r#"{"code":"de","data":null}"#,
            r#"{"code":{},"message":"x"}"#,
            "{}",
            "[]",
            "null",
            "<html>",
            "",
        ] {
            assert!(filled(json).is_none(), "{json}");
        }
    }

    #[test]
    fn a_number_of_failure_counts_beside_data() {
        for json in [
            r#"{"code":400562,"message":"forbidden","data":{"id":"a"}}"#,
            "\u{feff}{\"data\":{}, \"code\" : 0}",
        ] {
            assert!(has_failure_code(json.as_bytes()), "{json}");
        }
        for json in [
            r#"{"code":100,"data":{"id":"a"}}"#,
            r#"{"code":null,"data":{"id":"a"}}"#,
            r#"{"code":"de","data":{"id":"a"}}"#,
            r#"{"data":{"code":7}}"#,
            r#"{"data":{"id":"a"}}"#,
        ] {
            assert!(!has_failure_code(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn no_part_of_the_key_is_left_at_a_cut() {
        let fill = "x".repeat(EXCERPT - 4);
        for text in [
            format!("{fill}sk_secret"),
            format!("<html><title>{fill}sk_secret</title>"),
            format!(r#"{{"error":["{fill}sk_secret"]}}"#),
            format!(r#"{{"message":"{fill}sk\u005fsecret"}}"#),
        ] {
            let message = read(text.as_bytes()).message;
            assert!(!message.contains("sk"), "{message}");
        }
    }

    #[test]
    fn a_warning_beside_an_error_is_kept() {
        let json = br#"{"error":{"message":"x"},"warning":{"message":"old"}}"#;
        assert_eq!(read(json).warning.unwrap()["message"], "old");
    }
}
