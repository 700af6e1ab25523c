//! An aligned layout for people: one line for each field, names on the left.
//!
//! What a server sends is printed with control characters made visible, so
//! that a name cannot move the cursor or colour the terminal.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// What stands where there is no value.
const NOTHING: &str = "-";

/// Lays a value out; ends with a line break.
pub(crate) fn layout(value: &Value) -> String {
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

/// The text on one line, control characters made visible.
fn one_line(text: &str) -> String {
    text.chars().fold(String::new(), |mut line, letter| {
        if letter.is_control() || turns_text(letter) {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
        line
    })
}

/// Characters that are not seen and change the direction of what follows.
fn turns_text(letter: char) -> bool {
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
        assert_eq!(layout(&value), expected);
    }

    #[test]
    fn control_characters_are_shown_and_not_sent() {
        let text = layout(&json!({"name": "a\u{1b}[31mb\nc\u{202e}d"}));
        assert_eq!(text, "name  a\\u{1b}[31mb\\nc\\u{202e}d\n");
    }

    #[test]
    fn other_values_stand_alone() {
        assert_eq!(layout(&json!(["a", 1])), "a, 1\n");
        assert_eq!(layout(&json!({})), "\n");
    }
}
