//! Values of options: how text becomes a boolean, a number, a time or a list, as
//! Go's flags take them.

use std::time::Duration;

use clap::builder::ValueParser;
use serde_json::value::{RawValue, to_raw_value};

use crate::table::FlagType;

/// The value of an option of the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    Text(String),
    /// A number or a boolean, as JSON.
    Json(String),
    List(Vec<String>),
}

impl Given {
    /// What parses the values of options of this type.
    pub(crate) fn parser(ty: FlagType) -> ValueParser {
        let parse = move |text: &str| match ty {
            FlagType::String => Ok(Self::Text(text.to_owned())),
            FlagType::Integer => integer(text).map(Self::Json),
            FlagType::Number => number(text).map(Self::Json),
            FlagType::Boolean => boolean(text).map(|value| Self::Json(value.to_string())),
            FlagType::Strings => list(text).map(Self::List),
        };
        ValueParser::new(parse)
    }

    /// Adds what a repetition of the option gives: items of a list, else a new value.
    pub(crate) fn merge(self, next: &Self) -> Self {
        match (self, next) {
            (Self::List(items), Self::List(more)) => Self::List([items, more.clone()].concat()),
            (_, next) => next.clone(),
        }
    }

    /// The values as plain text: several of a list.
    pub(crate) fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) | Self::Json(text) => vec![text.clone()],
            Self::List(items) => items.clone(),
        }
    }

    /// The value as JSON.
    pub(crate) fn json(&self) -> serde_json::Result<Box<RawValue>> {
        match self {
            Self::Text(text) => to_raw_value(text),
            Self::Json(json) => RawValue::from_string(json.clone()),
            Self::List(items) => to_raw_value(items),
        }
    }

    /// The value to compare with bounds, of a number.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Json(json) => json.parse().ok(),
            Self::Text(_) | Self::List(_) => None,
        }
    }
}

pub(crate) fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("pass true or false".to_owned()),
    }
}

/// An integer: decimal, `0x1f`, `0o17` or `0b11`, with or without underscores.
fn integer(text: &str) -> Result<String, String> {
    let text = text.replace('_', "").to_ascii_lowercase();
    let unsigned = text.strip_prefix('-').unwrap_or(&text);
    let sign = &text[..text.len() - unsigned.len()];
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2), ("", 10)];
    let mut numbers = prefixes.iter().filter_map(|(prefix, radix)| {
        let digits = unsigned.strip_prefix(prefix)?;
        let digits =
            Some(digits).filter(|digits| prefix.is_empty() || !digits.starts_with(['-', '+']))?;
        Some(i64::from_str_radix(&format!("{sign}{digits}"), *radix))
    });
    match numbers.next() {
        Some(Ok(number)) => Ok(number.to_string()),
        _ => Err("pass an integer of at most 64 bits".to_owned()),
    }
}

/// A finite number. One that is written as JSON is sent with the same digits.
fn number(text: &str) -> Result<String, String> {
    let text = text.replace('_', "");
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => match serde_json::from_str::<&RawValue>(&text) {
            Ok(json) => Ok(json.get().to_owned()),
            Err(_) => Ok(value.to_string()),
        },
        _ => Err("pass a number, such as 1 or 0.5".to_owned()),
    }
}

/// A record of CSV: `a,b`, `"a,b",c`, `"a ""quoted"" word"`. No items if it is empty.
fn list(text: &str) -> Result<Vec<String>, String> {
    let (mut items, mut item, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => item.push('"'),
            '"' if quoted || item.is_empty() => quoted = !quoted,
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            _ => item.push(character),
        }
    }
    if !text.is_empty() {
        items.push(item);
    }
    if quoted {
        return Err("a quote is not closed".to_owned());
    }
    Ok(items)
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
            ("10", "10"),
            ("-5", "-5"),
            ("+5", "5"),
            ("0", "0"),
            ("0x1F", "31"),
            ("0x_ff", "255"),
            ("-0b11", "-3"),
            ("0o17", "15"),
            ("017", "17"),
            ("1_000", "1000"),
            ("9223372036854775807", "9223372036854775807"),
        ] {
            assert_eq!(integer(text).as_deref(), Ok(expected), "{text}");
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
            "9223372036854775808",
            " 1",
        ] {
            assert!(integer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (text, expected) in [
            ("0.70", "0.70"),
            ("-3", "-3"),
            (".5", "0.5"),
            ("1.", "1"),
            ("+1e3", "1000"),
            ("1_000.5", "1000.5"),
            ("0.1234567890123456789012345", "0.1234567890123456789012345"),
        ] {
            assert_eq!(number(text).as_deref(), Ok(expected), "{text}");
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
            (r#""a,b",c"#, &["a,b", "c"]),
            (r#""a ""b""","""#, &["a \"b\"", ""]),
            (r#""""#, &[""]),
        ] {
            assert_eq!(list(text).unwrap(), expected, "{text}");
        }
        for text in [r#""a"#, r#"a,"b"#, r#"""""#] {
            assert!(list(text).is_err(), "{text}");
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
