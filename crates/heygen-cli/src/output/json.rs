//! Indentation of JSON. Works on the text, so that everything but white space
//! is kept: the order of keys, repeated keys, numbers of any length.

use std::fmt::Write as _;

/// The deepest level that is indented: the indentation of a body that only
/// nests would grow with the square of its length.
const MAX_DEPTH: usize = 64;

/// Indents a valid JSON text by two spaces a level; ends with a line break.
pub(crate) fn indent(text: &str) -> String {
    let mut indented = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    // Whether the last token opened an object or array.
    let mut opened = false;
    // Inside a string, whether the last character was an escaping backslash.
    let mut string: Option<bool> = None;
    for character in text.chars() {
        if let Some(escaped) = string {
            push_in_string(&mut indented, character);
            string = match character {
                '"' if !escaped => None,
                '\\' => Some(!escaped),
                _ => Some(false),
            };
            continue;
        }
        if matches!(character, ' ' | '\t' | '\n' | '\r') {
            continue;
        }
        let closes = matches!(character, '}' | ']');
        let level = depth;
        depth = depth.saturating_sub(usize::from(closes));
        // Before the first member, and after the last.
        if opened != closes {
            line_break(&mut indented, depth, level);
        }
        indented.push(character);
        opened = matches!(character, '{' | '[');
        depth += usize::from(opened);
        match character {
            ',' => line_break(&mut indented, depth, depth),
            ':' => indented.push(' '),
            '"' => string = Some(false),
            _ => {}
        }
    }
    indented.push('\n');
    indented
}

/// Breaks the line between members of this level, unless it is too deep.
fn line_break(text: &mut String, indent: usize, level: usize) {
    if level <= MAX_DEPTH {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", indent));
    }
}

/// Escapes control characters that JSON allows in strings and a terminal may
/// act on.
fn push_in_string(text: &mut String, character: char) {
    if character.is_control() {
        // Writing to a String cannot fail.
        let _ = write!(text, "\\u{:04x}", u32::from(character));
    } else {
        text.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn members_are_indented_as_serde_json_does() {
        for value in [
            json!({"a": 1, "b": [true, null, {"c": "x: {,}[]"}], "d": {}, "e": [], "f": [[]]}),
            json!([]),
            json!("a \"quoted\\\" {"),
            json!(1.5),
        ] {
            let expected = serde_json::to_string_pretty(&value).unwrap() + "\n";
            assert_eq!(indent(&value.to_string()), expected);
            assert_eq!(indent(&expected), expected);
        }
    }

    #[test]
    fn text_is_kept() {
        let text = r#"{"z":12345678901234567890123,"a":1.50,"a":-0.0,"é":"\u00e9\/"}"#;
        let kept: String = indent(text).split_whitespace().collect();
        assert_eq!(kept, text);
    }

    #[test]
    fn deep_nesting_grows_linearly() {
        let depth = 100_000;
        let text = "[".repeat(depth) + &"]".repeat(depth);
        assert!(indent(&text).len() < text.len() + 2 * 2 * MAX_DEPTH * (MAX_DEPTH + 2));
    }

    #[test]
    fn control_characters_are_escaped() {
        let escaped = indent("\"a\u{7f}\u{9b}31m\"");
        assert_eq!(escaped, "\"a\\u007f\\u009b31m\"\n");
        let value: Value = serde_json::from_str(&escaped).unwrap();
        assert_eq!(value, "a\u{7f}\u{9b}31m");
    }
}
