//! Layout for people: tables, aligned fields, errors as lines.

mod object;
mod table;
mod value;

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};

use serde_json::{Map, Value};

use self::value::one_line;
use crate::error::ErrorBody;
use crate::table::Column;

const NO_RESULTS: &str = "No results.\n";

/// Lays the body of a response out: the `data` of an envelope, else the whole.
/// Ends with a line break.
pub(crate) fn layout(body: &Value, columns: &[Column]) -> String {
    with_colours(body, columns, terminal_has_colours())
}

fn with_colours(body: &Value, columns: &[Column], colours: bool) -> String {
    let mut text = match payload(body) {
        Value::Null => NO_RESULTS.to_owned(),
        Value::Array(items) if items.is_empty() => NO_RESULTS.to_owned(),
        Value::Array(items) if value::are_alike(items) => {
            let rows = items
                .iter()
                .map(|item| Map::from_iter([("value".to_owned(), item.clone())]));
            let rows: Vec<Map<_, _>> = rows.collect();
            table::layout(&rows.iter().collect::<Vec<_>>(), &rows[0], &[], colours)
        }
        Value::Array(items) if object::are_objects(items) => {
            let rows = items.iter().filter_map(Value::as_object);
            let rows: Vec<&Map<_, _>> = rows.filter(|row| !row.is_empty()).collect();
            match rows.first() {
                Some(first) => table::layout(&rows, first, columns, colours),
                None => NO_RESULTS.to_owned(),
            }
        }
        Value::Object(fields) if !fields.is_empty() => object::layout(fields),
        other => object::or_none("", other) + "\n",
    };
    // The cursor is beside `data`, and without it the rest cannot be asked for.
    let token = body.get("next_token").and_then(Value::as_str);
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "More: --token {}, or --all", value::shell_word(token));
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

/// Whether stdout is a terminal that takes colours, and its user does.
pub(crate) fn terminal_has_colours() -> bool {
    io::stdout().is_terminal()
        && !anstyle_query::no_color()
        && anstyle_query::term_supports_ansi_color()
        // Consoles of Windows have to be asked for them.
        && anstyle_query::windows::enable_ansi_colors() != Some(false)
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
        body.job_id.as_ref().map(|id| format!("job {id}")),
        body.job_state
            .as_ref()
            .map(|state| format!("state {state}")),
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plain(body: &Value) -> String {
        with_colours(body, &[], false)
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
        assert_eq!(text, "Na\\u{1b}me:  a\\u{1b}[31mb\\nc\\u{202e}d\n");
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
            (json!({"data": [1, "a"]}), "[1,\"a\"]\n"),
            (json!({"data": [{}]}), "No results.\n"),
            (json!(["a", "b"]), "Value\na\nb\n"),
            (json!("a"), "a\n"),
        ] {
            assert_eq!(plain(&body), expected, "{body}");
        }
    }

    #[test]
    fn cursor_of_the_next_page_is_shown() {
        let page = |token: &str| plain(&json!({"data": [{"id": 1}], "next_token": token}));
        assert_eq!(page("ab+/="), "ID\n1\nMore: --token ab+/=, or --all\n");
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
        assert_eq!(error(&body), "Error: slow\\ndown (rate_limited)\n");
        body.hint = Some("wait".to_owned());
        body.status = Some(429);
        body.param = Some("limit".to_owned());
        body.attempts = Some(3);
        body.retry_after = Some(5);
        body.job_id = Some("vid_1".to_owned());
        body.job_state = Some("failed".to_owned());
        body.request_id = Some("r\u{1b}1".to_owned());
        body.doc_url = Some("https://example.com".to_owned());
        assert_eq!(
            error(&body),
            "Error: slow\\ndown (rate_limited, status 429, parameter limit, 3 attempts, \
             retry after 5 s, job vid_1, state failed, request r\\u{1b}1)\nHint: wait\nSee: https://example.com\n"
        );
    }
}
