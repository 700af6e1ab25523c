//! How names and values are written in sentences.

use serde_json::Value;

/// How many characters of a value a sentence holds.
const LONGEST: usize = 80;

/// A name, set apart from the words around it, on one line.
pub(super) fn code(text: &str) -> String {
    let mut out = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            break;
        }
        out.push(match c {
            '`' => '\'',
            c if c.is_control() => ' ',
            c => c,
        });
    }
    out + "`"
}

/// A value, set apart in the same way; texts without their quotes.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => code(text),
        other => code(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_marks() {
        assert_eq!(code("a`b\n\u{1b}[1m"), "`a'b  [1m`");
        let long = code(&"x".repeat(500));
        assert_eq!(long.chars().count(), LONGEST + 3);
    }
}
