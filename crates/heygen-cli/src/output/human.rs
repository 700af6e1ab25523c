//! Layout for people: one line for each field, names on the left; an error as
//! `Error:` and `Hint:`.
//!
//! Control characters of a response are escaped, so that a name cannot move
//! the cursor or colour the terminal.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::error::ErrorBody;
use crate::table::Column;

/// Printed where there is no value.
const NOTHING: &str = "-";

/// Lays a value out; ends with a line break.
pub(crate) fn layout(value: &Value, _: &[Column]) -> String {
    let mut text = String::new();
    match value {
        Value::Object(fields) => object(&mut text, fields, 0),
        other => text.push_str(&inline(other)),
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Formats an error: the message with what identifies the failure, the hint,
/// and the vendor's page about it, each on its line.
pub(crate) fn error(body: &ErrorBody) -> String {
    let details = [
        Some(body.code.clone()),
        body.status.map(|status| format!("status {status}")),
        body.param.as_ref().map(|name| format!("parameter {name}")),
        body.attempts
            .filter(|attempts| *attempts > 1)
            .map(|attempts| format!("{attempts} attempts")),
        body.retry_after
            .map(|seconds| format!("retry after {seconds} s")),
        body.request_id.as_ref().map(|id| format!("request {id}")),
    ];
    let details: Vec<String> = details.into_iter().flatten().collect();
    let mut text = format!(
        "Error: {} ({})\n",
        one_line(&body.message),
        one_line(&details.join(", "))
    );
    for (label, line) in [("Hint", &body.hint), ("See", &body.doc_url)] {
        if let Some(line) = line {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{label}: {}", one_line(line));
        }
    }
    text
}

/// The text on one line, control characters escaped.
fn one_line(text: &str) -> String {
    text.chars().fold(String::new(), |mut line, letter| {
        if letter.is_control() || changes_direction(letter) {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
        line
    })
}

/// Invisible characters that change the direction of the text.
fn changes_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn object(text: &mut String, fields: &Map<String, Value>, indent: usize) {
    let names: Vec<String> = fields.keys().map(|name| one_line(name)).collect();
    let width = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value) in names.iter().zip(fields.values()) {
        let pad = " ".repeat(indent);
        // Writing to a String cannot fail.
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                let _ = writeln!(text, "{pad}{name}");
                object(text, inner, indent + 2);
            }
            other => {
                let _ = writeln!(text, "{pad}{name:width$}  {}", inline(other));
            }
        }
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) if text.is_empty() => NOTHING.to_owned(),
        Value::String(text) => one_line(text),
        Value::Array(items) if items.is_empty() => NOTHING.to_owned(),
        Value::Array(items) => items.iter().map(inline).collect::<Vec<_>>().join(", "),
        Value::Object(fields) if fields.is_empty() => NOTHING.to_owned(),
        other => one_line(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_aligned() {
        let value = json!({
            "id": "a",
            "default_voice_id": null,
            "premium": false,
            "tags": ["NEW", "AVATAR_IV"],
            "more": {"n": 1, "longer": []},
        });
        let expected = "\
id                a
default_voice_id  -
premium           no
tags              NEW, AVATAR_IV
more
  n       1
  longer  -
";
        assert_eq!(layout(&value, &[]), expected);
    }

    #[test]
    fn control_characters_are_escaped() {
        let text = layout(&json!({"name": "a\u{1b}[31mb\nc\u{202e}d"}), &[]);
        assert_eq!(text, "name  a\\u{1b}[31mb\\nc\\u{202e}d\n");
    }

    #[test]
    fn values_other_than_objects_are_one_line() {
        assert_eq!(layout(&json!(["a", 1]), &[]), "a, 1\n");
        assert_eq!(layout(&json!({}), &[]), "\n");
    }

    #[test]
    fn error_is_lines_of_text() {
        let mut body = ErrorBody {
            code: "rate_limited".to_owned(),
            message: "slow\ndown".to_owned(),
            ..ErrorBody::default()
        };
        assert_eq!(error(&body), "Error: slow\\ndown (rate_limited)\n");
        body.hint = Some("wait".to_owned());
        body.status = Some(429);
        body.param = Some("limit".to_owned());
        body.attempts = Some(3);
        body.retry_after = Some(5);
        body.request_id = Some("r\u{1b}1".to_owned());
        body.doc_url = Some("https://example.com".to_owned());
        assert_eq!(
            error(&body),
            "Error: slow\\ndown (rate_limited, status 429, parameter limit, 3 attempts, \
             retry after 5 s, request r\\u{1b}1)\nHint: wait\nSee: https://example.com\n"
        );
    }
}
