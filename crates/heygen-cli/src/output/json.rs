//! JSON on one line. Works on the text, so that everything but white space is
//! kept: the order of keys, repeated keys, numbers of any length, nesting of any
//! depth.

use std::borrow::Cow;
use std::io::{self, Write};

/// The text of a body. Bytes that are not UTF-8 are replaced: strings that nobody
/// reads may have some.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body))
}

/// Writes a valid JSON text without the white space between its tokens. Control
/// characters that JSON allows in strings, and a terminal may act on, are escaped.
pub(crate) fn compact(text: &str, out: &mut impl Write) -> io::Result<()> {
    let (mut in_string, mut escaped) = (false, false);
    // Where the text begins that is not written yet.
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let is_space = !in_string && matches!(letter, ' ' | '\t' | '\n' | '\r');
        if is_space || letter.is_control() {
            out.write_all(&text.as_bytes()[start..at])?;
            start = at + letter.len_utf8();
            if !is_space {
                write!(out, "\\u{:04x}", u32::from(letter))?;
            }
        }
        in_string ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
    }
    out.write_all(&text.as_bytes()[start..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn compacted(text: &str) -> String {
        let mut out = Vec::new();
        compact(text, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn white_space_between_tokens_is_removed() {
        for value in [
            json!({"a": 1, "b": [true, null, {"c": "x: {,}[]"}], "d": {}, "e": [], "f": [[]]}),
            json!([]),
            json!("a \"quoted\\\" { \\"),
            json!(1.5),
        ] {
            let pretty = serde_json::to_string_pretty(&value).unwrap() + "\r\n\t ";
            assert_eq!(compacted(&pretty), value.to_string());
            assert_eq!(compacted(&value.to_string()), value.to_string());
        }
    }

    #[test]
    fn tokens_are_kept() {
        let text = r#"{"z":12345678901234567890123,"a":1.50,"a":-0.0,"é":"\u00e9\/<&>\u2028"}"#;
        assert_eq!(compacted(text), text);
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(compacted(&deep), deep);
    }

    #[test]
    fn control_characters_are_escaped() {
        for (text, escaped) in [
            (
                "\"a\u{7f}\u{9b}31m\u{a0}é\"",
                "\"a\\u007f\\u009b31m\u{a0}é\"",
            ),
            ("\"\u{85}\"", "\"\\u0085\""),
            ("\"\u{80}\u{9f}\u{c0}\"", "\"\\u0080\\u009f\u{c0}\""),
            // Not valid JSON, and nothing for a terminal.
            ("\"\\\u{1b}[31m\"", "\"\\\\u001b[31m\""),
        ] {
            assert_eq!(compacted(text), escaped);
        }
        let value: Value = serde_json::from_str(&compacted("\"\u{9b}\"")).unwrap();
        assert_eq!(value, "\u{9b}");
    }

    #[test]
    fn text_has_no_byte_order_mark_and_no_invalid_bytes() {
        assert_eq!(text(b"\xef\xbb\xbf{}"), "{}");
        assert_eq!(text(b"\"\xe9\""), "\"\u{fffd}\"");
    }
}
