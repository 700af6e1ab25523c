//! Reads what a server says about a failure, in every shape that has been
//! seen: the three generations of the API, HTML and text of proxies, nothing.

use std::borrow::Cow;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::key::ApiKey;
use crate::text::OneLine;

/// Longer excerpts of a page or a text are cut, in characters.
const EXCERPT: usize = 300;

/// Code by which the first generation says that all is well.
const V1_SUCCESS: i64 = 100;

/// What a body says about a failure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
    pub(crate) doc_url: Option<String>,
}

impl Reading {
    /// The same without the API key, should the server have echoed it.
    pub(crate) fn redacted(mut self, key: &ApiKey) -> Self {
        let texts = [
            Some(&mut self.message),
            self.code.as_mut(),
            self.param.as_mut(),
            self.doc_url.as_mut(),
        ];
        for text in texts.into_iter().flatten() {
            if let Cow::Owned(redacted) = key.redact(text) {
                *text = redacted;
            }
        }
        self
    }
}

/// Reads the body of an answer that is known to be an error.
pub(crate) fn body(status: StatusCode, body: &Bytes) -> Reading {
    let text = String::from_utf8_lossy(strip_bom(body));
    let text = text.trim();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => from_object(&object, status),
        Ok(Value::String(message)) if !message.trim().is_empty() => plain(message),
        _ if text.is_empty() => plain(format!("{} without a body", describe(status))),
        _ if is_html(text) => plain(from_html(text, status)),
        _ => plain(OneLine(text, EXCERPT).to_string()),
    }
}

/// Reads a body under a status of success, and only if it is an envelope with
/// an error in it.
pub(crate) fn filled_envelope(status: StatusCode, body: &Bytes) -> Option<Reading> {
    let Ok(Value::Object(object)) = serde_json::from_slice(strip_bom(body)) else {
        return None;
    };
    let error = object.get("error").is_some_and(|error| !error.is_null());
    let number = object.get("code").and_then(Value::as_i64);
    let failed = error || number.is_some_and(|code| code != V1_SUCCESS);
    failed.then(|| from_object(&object, status))
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
    }
}

fn from_object(object: &Map<String, Value>, status: StatusCode) -> Reading {
    let mut reading = match object.get("error") {
        Some(Value::Object(error)) => from_fields(error),
        // Either the sentence itself, or a code beside a sentence.
        Some(Value::String(error)) if !error.trim().is_empty() => {
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
        Some(Value::Null) | None => from_fields(object),
        Some(other) => Reading {
            message: OneLine(&other.to_string(), EXCERPT).to_string(),
            ..from_fields(object)
        },
    };
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
        names.iter().find_map(|name| {
            fields
                .get(*name)?
                .as_str()
                .filter(|text| !text.trim().is_empty())
        })
    };
    // The third generation may list several faults; the first is told if the
    // whole has no words of its own.
    let first = fields
        .get("errors")
        .and_then(|errors| errors.get(0))
        .and_then(Value::as_object);
    let from_first = |name: &str| first.and_then(|first| first.get(name)?.as_str());
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
    }
}

/// A code is text or a number; the number for success is no code of an error.
fn code(value: &Value) -> Option<String> {
    match value {
        Value::String(code) if !code.trim().is_empty() => Some(code.trim().to_owned()),
        Value::Number(number) if number.as_i64() != Some(V1_SUCCESS) => Some(number.to_string()),
        _ => None,
    }
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

    fn read(bytes: &[u8]) -> Reading {
        body(StatusCode::BAD_GATEWAY, &Bytes::copy_from_slice(bytes))
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
            filled_envelope(StatusCode::OK, &Bytes::from_static(json.as_bytes()))
        };
        for json in [
            r#"{"error":"x"}"#,
            r#"{"error":{"code":"a","message":"b"}}"#,
            r#"{"code":400562,"message":"forbidden"}"#,
        ] {
            assert!(filled(json).is_some(), "{json}");
        }
        for json in [
            r#"{"error":null}"#,
            r#"{"code":100,"message":"Success"}"#,
            "{}",
            "[]",
            "null",
            "<html>",
            "",
        ] {
            assert!(filled(json).is_none(), "{json}");
        }
    }
}
