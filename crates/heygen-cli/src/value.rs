//! Values of options: how text becomes a boolean, a number, a time or a list, as
//! Go's flags take them.

use std::time::Duration;

use clap::builder::ValueParser;
use csv::{ReaderBuilder, Terminator};
use serde_json::Value;

use crate::table::FlagType;

/// What parses the values of options of this type.
pub(crate) fn parser(ty: FlagType) -> ValueParser {
    ValueParser::new(move |text: &str| parse(ty, text))
}

/// The value of an option of the table, as JSON.
pub(crate) fn parse(ty: FlagType, text: &str) -> Result<Value, String> {
    match ty {
        FlagType::String | FlagType::File => Ok(text.into()),
        FlagType::Integer => integer(text).map(Value::from),
        FlagType::Number => number(text),
        FlagType::Boolean => boolean(text).map(Value::from),
        FlagType::Strings => list(text).map(Value::from),
    }
}

/// A value as plain text: several of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

pub(crate) fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("pass true or false".to_owned()),
    }
}

/// An integer: decimal, or `0x1f`, with or without underscores.
fn integer(text: &str) -> Result<i64, String> {
    let text = text.replace('_', "").to_lowercase();
    let number = match text.split_once("0x") {
        Some((sign @ ("" | "-"), digits)) if digits.starts_with(char::is_alphanumeric) => {
            i64::from_str_radix(&format!("{sign}{digits}"), 16)
        }
        _ => text.parse(),
    };
    number.map_err(|_| "pass an integer of at most 64 bits".to_owned())
}

/// A finite number; a whole one has no decimal point in JSON.
fn number(text: &str) -> Result<Value, String> {
    let whole = text.parse::<i64>().map(Value::from);
    // Of what is not finite JSON makes null.
    match whole.or_else(|_| text.parse::<f64>().map(Value::from)) {
        Ok(number) if !number.is_null() => Ok(number),
        _ => Err("pass a number, such as 1 or 0.5".to_owned()),
    }
}

/// A record of CSV: `a,b`, `"a,b",c`, `"a ""quoted"" word"`. No items if it is empty.
fn list(text: &str) -> Result<Vec<String>, String> {
    // No argument has a zero byte, so a line break is part of an item.
    let mut format = ReaderBuilder::new();
    let format = format.has_headers(false).terminator(Terminator::Any(0));
    let mut records = format.from_reader(text.as_bytes()).into_deserialize();
    let record = records.next().unwrap_or_else(|| Ok(Vec::new()));
    record.map_err(|error| error.to_string())
}

/// A time above zero: `90s`, `1h30m`, `1.5m`, `500ms`, or plain seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let plain = text.parse().ok();
    let plain = plain.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let written = || Duration::try_from(text.parse::<jiff::SignedDuration>().ok()?).ok();
    plain
        .or_else(written)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "pass a time above 0, such as 30, 90s or 1h30m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_prefixes_and_underscores() {
        for (text, expected) in [
            ("10", 10),
            ("-5", -5),
            ("+5", 5),
            ("0x1F", 31),
            ("0X_ff", 255),
            ("-0x10", -16),
            ("1_000", 1000),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(integer(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "-",
            "1.5",
            "_",
            "--5",
            "+-5",
            "0x",
            "0x-5",
            "1e3",
            " 1",
            "9223372036854775808",
        ] {
            assert!(integer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_finite() {
        for (text, expected) in [
            ("0.70", "0.7"),
            ("-3", "-3"),
            (".5", "0.5"),
            ("9007199254740993", "9007199254740993"),
            ("+1e3", "1000.0"),
        ] {
            assert_eq!(number(text).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "x", "NaN", "inf", "1e400", "_", "0,5"] {
            assert!(number(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lists_are_records_of_csv() {
        for (text, expected) in [
            ("", &[][..]),
            ("a", &["a"]),
            ("a,b", &["a", "b"]),
            ("a,", &["a", ""]),
            (",", &["", ""]),
            (" a, b", &[" a", " b"]),
            ("a\nb,\u{fc}", &["a\nb", "\u{fc}"]),
            (r#""a,b",c"#, &["a,b", "c"]),
            (r#""a ""b""","""#, &["a \"b\"", ""]),
            (r#""""#, &[""]),
        ] {
            assert_eq!(list(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn durations_are_those_of_go_or_seconds() {
        for (text, millis) in [
            ("30", 30_000),
            ("0.5", 500),
            ("90s", 90_000),
            ("1h30m", 5_400_000),
            ("1.5m", 90_000),
            ("1h1.5s", 3_601_500),
            ("500ms", 500),
            ("20000us", 20),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in [
            "", "0", "0s", "-1s", "1x", "s", "1.2.3s", "inf", "NaN", "1e99",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
