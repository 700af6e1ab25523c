//! Layout for people: tables, aligned fields, errors as lines.

mod object;
mod table;
mod value;

use std::fmt::Write as _;

use serde_json::{Value, json};

use self::value::{inline, one_line};
use crate::error::ErrorBody;
use crate::table::Column;

/// Lays the body of a response out: the `data` of an envelope, else the whole.
/// States have colours. Ends with a line break.
pub(crate) fn layout(body: &Value, columns: &[Column]) -> String {
    let mut text = match payload(body) {
        Value::Null => table::layout(&[], columns),
        Value::Array(items) => table::layout(items, columns),
        data => object::layout(data) + "\n",
    };
    // The cursor is beside `data`, and without it the rest cannot be asked for.
    let token = body["next_token"].as_str().unwrap_or_default();
    if !token.is_empty() {
        // As a shell takes it. Writing to a String cannot fail.
        let token = one_line(token).replace('\'', r"'\''");
        let _ = writeln!(text, "More: --token '{token}', or --all");
    }
    text
}

/// The `data` of an envelope. One without data may have a message instead.
fn payload(body: &Value) -> &Value {
    match body.get("data") {
        Some(data) if !data.is_null() || body.get("message").is_none() => data,
        _ => body,
    }
}

/// Formats an error: the message with what identifies the failure, the hint,
/// and the vendor's page about it, each on its line.
pub(crate) fn error(body: &ErrorBody) -> String {
    let fields = json!(body);
    let details = fields.as_object().into_iter().flatten();
    let details = details.filter(|(name, value)| {
        !value.is_null() && !["message", "hint", "doc_url"].contains(&name.as_str())
    });
    let details =
        details.map(|(name, value)| format!("{} {}", name.replace('_', " "), inline(name, value)));
    let details = details.collect::<Vec<_>>().join(", ");
    let mut text = format!("Error: {} ({details})\n", one_line(&body.message));
    for (label, line) in [("Hint", &body.hint), ("See", &body.doc_url)] {
        if let Some(line) = line {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{label}: {}", one_line(line));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plain(body: &Value) -> String {
        layout(body, &[])
    }

    #[test]
    fn fields_are_sorted_and_aligned() {
        let body = json!({"data": {
            "video_url": "https://example.com/a?b=1&c=2",
            "created_at": 1_774_712_936,
            "duration": 125,
            "title": "",
            "wallet": {"remaining": 1.5, "id": null, "more": {}},
            "items": [{"id": "a", "tags": ["x", "y"]}, {}, {"id": "b", "of": {"n": 1}}],
            "mixed": [null, "a"],
            "none": [],
            "empty": [{}],
        }});
        let expected = "\
Created At:  2026-03-28 15:48
Duration:    2m 5s
Empty:
  - (none)
Items:
  - ID:    a
    Tags:  x, y
  - (none)
  - ID:  b
    Of:
      N:  1
Mixed:       [null,\"a\"]
None:        (none)
Title:       (none)
Video URL:   https://example.com/a?b=1&c=2
Wallet:
  ID:         (none)
  More:       (none)
  Remaining:  1.5
";
        assert_eq!(plain(&body), expected);
    }

    #[test]
    fn what_nests_too_deep_is_json() {
        let deep = json!({"a": {"b": {"c": {"d": {"e": {"f": 1}, "g": [{"h": 1}]}}}}});
        let expected = "\
A:
  B:
    C:
      D:
        E:  {\"f\":1}
        G:  [{\"h\":1}]
";
        assert_eq!(plain(&deep), expected);
    }

    #[test]
    fn names_and_values_are_escaped() {
        let text = plain(&json!({"na\u{1b}me": "a\u{1b}[31mb\nc\u{202e}d"}));
        assert_eq!(text, "Na\\u{1b}me:  a\\u{1b}[31mb c\\u{202e}d\n");
    }

    #[test]
    fn payload_is_the_data_of_an_envelope() {
        for (body, expected) in [
            (json!({"error": null, "data": {"id": "a"}}), "ID:  a\n"),
            (json!({"data": []}), "No results.\n"),
            (json!({"data": null, "has_more": false}), "No results.\n"),
            (
                json!({"data": null, "message": "ok"}),
                "Data:     (none)\nMessage:  ok\n",
            ),
            (json!({"data": {}}), "(none)\n"),
            (json!({"data": [1, "a"]}), "Value\n1\na\n"),
            (json!({"data": [{}]}), "No results.\n"),
            (json!({"data": [{}, {"id": 1}]}), "ID\n\n1\n"),
            (json!(["a", "b"]), "Value\na\nb\n"),
            (json!("a"), "a\n"),
        ] {
            assert_eq!(plain(&body), expected, "{body}");
        }
    }

    #[test]
    fn cursor_of_the_next_page_is_shown() {
        let page = |token: &str| plain(&json!({"data": [{"id": 1}], "next_token": token}));
        assert_eq!(page("ab+/="), "ID\n1\nMore: --token 'ab+/=', or --all\n");
        assert_eq!(
            page("a'b c"),
            "ID\n1\nMore: --token 'a'\\''b c', or --all\n"
        );
        assert_eq!(page(""), "ID\n1\n");
    }

    #[test]
    fn error_is_lines_of_text() {
        let mut body = ErrorBody {
            code: "rate_limited".to_owned(),
            message: "slow\ndown".to_owned(),
            ..ErrorBody::default()
        };
        assert_eq!(error(&body), "Error: slow down (code rate_limited)\n");
        body.hint = Some("wait".to_owned());
        body.status = Some(429);
        body.attempts = Some(3);
        body.job_id = Some("vid_1".to_owned());
        body.request_id = Some("r\u{1b}1".to_owned());
        body.doc_url = Some("https://example.com".to_owned());
        assert_eq!(
            error(&body),
            "Error: slow down (code rate_limited, request id r\\u{1b}1, status 429, attempts 3, \
             job id vid_1)\nHint: wait\nSee: https://example.com\n"
        );
    }
}
