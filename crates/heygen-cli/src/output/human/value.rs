//! Labels and values, on one line each.

use std::mem::discriminant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Number, Value};

/// Words that labels have in upper case.
const ACRONYMS: [&str; 13] = [
    "ai", "api", "fps", "hd", "id", "json", "sd", "srt", "ssml", "tts", "url", "uuid", "vtt",
];

/// Fields whose large integers are no dates: a file may have 1.6 GB.
const NOT_DATES: [&str; 3] = ["bytes", "size", "seed"];

/// The fields of an object, sorted by name.
pub(super) fn sorted(fields: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut sorted: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v)).collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    sorted
}

/// The label of a field: `video_url` is `Video URL`.
pub(super) fn label(field: &str) -> String {
    let words = field.split(['_', '-', '.']);
    let words = words.filter_map(|word| {
        let first = word.chars().next()?;
        if ACRONYMS.contains(&word.to_lowercase().as_str()) {
            return Some(word.to_uppercase());
        }
        Some(first.to_uppercase().to_string() + &word[first.len_utf8()..])
    });
    one_line(&words.collect::<Vec<_>>().join(" "))
}

/// The value of a field; empty where there is none. An object of scalars is
/// `name=value` pairs; what nests deeper is JSON.
pub(super) fn inline(field: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
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
        _ => json(value),
    }
}

pub(super) fn json(value: &Value) -> String {
    one_line(&value.to_string())
}

/// Whether these are scalars of one type: others are ambiguous without quotation
/// marks.
fn are_alike(items: &[Value]) -> bool {
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
    let seconds = number.as_f64().unwrap_or_default();
    let seconds = if seconds < 1.0 {
        seconds
    } else {
        seconds.round()
    };
    let duration = SignedDuration::try_from_secs_f64(seconds);
    let integer = number.as_i64().unwrap_or_default();
    let is_date = (1_500_000_001..2_200_000_000).contains(&integer)
        && !NOT_DATES.iter().any(|word| field.contains(word));
    match (duration, Timestamp::from_second(integer)) {
        (Ok(duration), _) if field.contains("duration") => format!("{duration:#}"),
        (_, Ok(date)) if is_date => date.strftime("%Y-%m-%d %H:%M").to_string(),
        _ => number.to_string(),
    }
}

/// The text on one line: characters that move the cursor, colour the terminal or
/// change the direction of the text are escaped.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for letter in text.chars() {
        let changes_layout = matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        match letter {
            '\n' | '\r' => line.push(' '),
            _ if letter.is_control() || changes_layout => line.extend(letter.escape_default()),
            _ => line.push(letter),
        }
    }
    line
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
            ("x", json!("a\nb"), "a b"),
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
            ("duration", json!(0.25), "250ms"),
            ("duration", json!(0), "0s"),
            ("duration", json!("18"), "18"),
            ("enable_dynamic_duration", json!(true), "true"),
        ] {
            assert_eq!(inline(field, &value), expected, "{field} {value}");
        }
    }

    #[test]
    fn invisible_characters_are_escaped() {
        for letter in [
            "\u{1b}", "\u{9b}", "\u{202e}", "\u{2028}", "\u{61c}", "\u{2066}",
        ] {
            let escaped = one_line(letter);
            assert!(escaped.starts_with('\\') && escaped.is_ascii(), "{escaped}");
        }
    }
}
