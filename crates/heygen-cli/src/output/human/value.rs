//! Labels and values, on one line each.

use std::mem::discriminant;

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

/// Words that labels have in upper case.
const ACRONYMS: [&str; 13] = [
    "ai", "api", "fps", "hd", "id", "json", "sd", "srt", "ssml", "tts", "url", "uuid", "vtt",
];

/// Words of fields whose large integers are no dates: a file may have 1.6 GB.
const NOT_DATES: [&str; 5] = ["bytes", "count", "id", "seed", "size"];

/// The fields of an object, sorted by name.
pub(super) fn sorted(fields: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut sorted: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v)).collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    sorted
}

/// The label of a field: `video_url` is `Video URL`.
pub(super) fn label(field: &str) -> String {
    let words = words(field).map(|word| {
        if is_in(&ACRONYMS, word) {
            return word.to_uppercase();
        }
        let mut letters = word.chars();
        let first = letters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(letters).collect()
    });
    one_line(&words.collect::<Vec<_>>().join(" "))
}

fn words(field: &str) -> impl Iterator<Item = &str> {
    let words = field.split(['_', '-', '.']);
    words.filter(|word| !word.is_empty())
}

fn is_in(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The value of a field; empty where there is none. An object of scalars is
/// `name=value` pairs; what nests deeper is JSON.
pub(super) fn inline(field: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(is) => is.to_string(),
        Value::Number(number) => of_number(field, number),
        Value::String(text) => one_line(text),
        Value::Array(items) if are_alike(items) => {
            let items = items.iter().map(|item| inline(field, item));
            items.collect::<Vec<_>>().join(", ")
        }
        Value::Object(fields) if fields.values().all(is_scalar) => {
            let pair = |(name, value)| format!("{}={}", one_line(name), inline(name, value));
            let pairs = sorted(fields).into_iter().map(pair);
            pairs.collect::<Vec<_>>().join(", ")
        }
        Value::Array(_) | Value::Object(_) => json(value),
    }
}

pub(super) fn json(value: &Value) -> String {
    one_line(&value.to_string())
}

/// Whether these are scalars of one type: others are ambiguous without quotation
/// marks.
pub(super) fn are_alike(items: &[Value]) -> bool {
    items.iter().all(|item| {
        is_scalar(item) && !item.is_null() && discriminant(item) == discriminant(&items[0])
    })
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// Numbers of seconds are durations, or dates where they are seconds since 1970 of
/// this age.
fn of_number(field: &str, number: &Number) -> String {
    let has = |list: &[&str]| words(field).any(|word| is_in(list, word));
    let is_duration = field.to_ascii_lowercase().contains("duration");
    if is_duration && let Some(seconds) = number.as_f64().filter(|seconds| *seconds >= 1.0) {
        return duration(seconds);
    }
    let since_1970 = number
        .as_i64()
        .filter(|seconds| (1_500_000_001..2_200_000_000).contains(seconds) && !has(&NOT_DATES));
    match since_1970.map(Timestamp::from_second) {
        Some(Ok(date)) => date.strftime("%Y-%m-%d %H:%M").to_string(),
        _ if is_duration => format!("{number}s"),
        _ => number.to_string(),
    }
}

fn duration(seconds: f64) -> String {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 1; a cast to integers saturates"
    )]
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m {seconds}s"),
        _ => format!("{hours}h {minutes}m {seconds}s"),
    }
}

/// The text on one line: characters that move the cursor, colour the terminal or
/// change the direction of the text are escaped.
pub(super) fn one_line(text: &str) -> String {
    text.chars().fold(String::new(), |mut line, letter| {
        if letter.is_control() || changes_layout(letter) {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
        line
    })
}

/// A text as an argument of a shell, on one line.
pub(super) fn shell_word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./+=:@%,".contains(letter);
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", one_line(text).replace('\'', r"'\''"))
}

/// Invisible characters that break the line or change the direction of the text.
fn changes_layout(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn label_is_words_and_acronyms() {
        for (field, expected) in [
            ("id", "ID"),
            ("video_url", "Video URL"),
            ("created-at", "Created At"),
            ("video_translate.success", "Video Translate Success"),
            ("_élan__AI", "Élan AI"),
            ("", ""),
            ("a\u{1b}[0m", "A\\u{1b}[0m"),
        ] {
            assert_eq!(label(field), expected);
        }
    }

    #[test]
    fn value_is_on_one_line() {
        for (field, value, expected) in [
            ("x", json!(null), ""),
            ("x", json!(false), "false"),
            ("x", json!("a\nb"), "a\\nb"),
            ("x", json!(["a", "b"]), "a, b"),
            ("x", json!([null, "a"]), "[null,\"a\"]"),
            ("x", json!([1, "a"]), "[1,\"a\"]"),
            ("x", json!([null]), "[null]"),
            ("x", json!([[1]]), "[[1]]"),
            ("x", json!([]), ""),
            ("x", json!({}), ""),
            ("x", json!({"b": 1, "a": "z"}), "a=z, b=1"),
            ("x", json!({"b": {"c": 1}}), "{\"b\":{\"c\":1}}"),
            ("created_at", json!(1_774_712_936), "2026-03-28 15:48"),
            ("x", json!([1_774_712_936]), "2026-03-28 15:48"),
            ("x", json!(1_500_000_000), "1500000000"),
            ("x", json!(2_200_000_000_u32), "2200000000"),
            ("size_bytes", json!(1_600_000_000), "1600000000"),
            ("seed", json!(1_774_712_936), "1774712936"),
            ("x", json!(1_774_712_936.5), "1774712936.5"),
            ("duration", json!(18.4), "18s"),
            ("duration", json!(125), "2m 5s"),
            ("source_duration", json!(3723), "1h 2m 3s"),
            ("duration", json!(0.25), "0.25s"),
            ("duration", json!(0), "0s"),
            ("duration", json!(-1), "-1s"),
            ("duration", json!("18"), "18"),
            ("enable_dynamic_duration", json!(true), "true"),
        ] {
            assert_eq!(inline(field, &value), expected, "{field} {value}");
        }
    }

    #[test]
    fn invisible_characters_are_escaped() {
        for letter in [
            "\u{1b}", "\u{9b}", "\r", "\u{202e}", "\u{2028}", "\u{61c}", "\u{2066}",
        ] {
            let escaped = one_line(letter);
            assert!(escaped.starts_with('\\') && escaped.is_ascii(), "{escaped}");
        }
    }
}
