//! Values of options: how text becomes a boolean, a number, a time or a list, as
//! Go's flags take them.

use std::time::Duration;

use clap::builder::ValueParser;
use serde_json::value::RawValue;

use crate::table::FlagType;

/// The value of an option of the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    Text(String),
    /// A number, as the JSON that is sent, and as one to compare.
    Number {
        json: String,
        value: f64,
    },
    Boolean(bool),
    List(Vec<String>),
}

impl Given {
    /// What parses the values of options of this type.
    pub(crate) fn parser(ty: FlagType) -> ValueParser {
        match ty {
            FlagType::String => {
                ValueParser::new(|text: &str| Ok::<_, String>(Self::Text(text.to_owned())))
            }
            FlagType::Integer => ValueParser::new(integer),
            FlagType::Number => ValueParser::new(number),
            FlagType::Boolean => ValueParser::new(|text: &str| boolean(text).map(Self::Boolean)),
            FlagType::Strings => ValueParser::new(|text: &str| list(text).map(Self::List)),
        }
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
            Self::Text(text) => vec![text.clone()],
            Self::Number { json, .. } => vec![json.clone()],
            Self::Boolean(value) => vec![value.to_string()],
            Self::List(items) => items.clone(),
        }
    }

    /// The value as JSON.
    pub(crate) fn json(&self) -> serde_json::Result<Box<RawValue>> {
        match self {
            Self::Text(text) => serde_json::value::to_raw_value(text),
            Self::Number { json, .. } => RawValue::from_string(json.clone()),
            Self::Boolean(value) => serde_json::value::to_raw_value(value),
            Self::List(items) => serde_json::value::to_raw_value(items),
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

/// An integer: decimal, `0x1f`, `0o17`, `017`, `0b11`, with underscores between digits.
fn integer(text: &str) -> Result<Given, String> {
    const HINT: &str = "pass an integer";
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let lower = unsigned.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &*lower),
    };
    // An underscore may follow the prefix.
    let digits = match radix {
        10 => digits,
        _ => digits.strip_prefix('_').unwrap_or(digits),
    };
    let digits = without_underscores(digits).ok_or(HINT)?;
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(HINT.to_owned());
    }
    let json = match i64::from_str_radix(&format!("{sign}{digits}"), radix) {
        Ok(value) => value.to_string(),
        Err(error) => match error.kind() {
            std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
                return Err("pass an integer of at most 64 bits".to_owned());
            }
            _ => return Err(HINT.to_owned()),
        },
    };
    let value = json.parse().map_err(|_| HINT)?;
    Ok(Given::Number { json, value })
}

/// A finite number. One that is written as JSON is sent with the same digits.
fn number(text: &str) -> Result<Given, String> {
    const HINT: &str = "pass a number, such as 1 or 0.5";
    let digits = without_underscores(text).ok_or(HINT)?;
    let value: f64 = digits.parse().map_err(|_| HINT)?;
    if !value.is_finite() {
        return Err(HINT.to_owned());
    }
    let json = match serde_json::from_str::<&RawValue>(&digits) {
        Ok(_) => digits,
        Err(_) => serde_json::to_string(&value).map_err(|error| error.to_string())?,
    };
    Ok(Given::Number { json, value })
}

/// The text without its underscores, all of which must be between digits.
fn without_underscores(text: &str) -> Option<String> {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    let between = |at: usize| at > 0 && is_digit(bytes.get(at - 1)) && is_digit(bytes.get(at + 1));
    let mut underscores = text.match_indices('_');
    underscores
        .all(|(at, _)| between(at))
        .then(|| text.replace('_', ""))
}

/// A record of CSV: `a,b`, `"a,b",c`, `"a ""quoted"" word"`. No items if it is empty.
fn list(text: &str) -> Result<Vec<String>, String> {
    const HINT: &str = "a quote must enclose a whole item and be doubled in it: '\"a,b\",c'";
    let mut items = Vec::new();
    let mut rest = Some(text).filter(|text| !text.is_empty());
    while let Some(text) = rest {
        let Some(quoted) = text.strip_prefix('"') else {
            let (item, after) = text
                .split_once(',')
                .map_or((text, None), |(item, after)| (item, Some(after)));
            if item.contains('"') {
                return Err(HINT.to_owned());
            }
            items.push(item.to_owned());
            rest = after;
            continue;
        };
        let mut from = 0;
        let end = loop {
            let at = from + quoted[from..].find('"').ok_or(HINT)?;
            if !quoted[at + 1..].starts_with('"') {
                break at;
            }
            from = at + 2;
        };
        items.push(quoted[..end].replace("\"\"", "\""));
        rest = match &quoted[end + 1..] {
            "" => None,
            after => Some(after.strip_prefix(',').ok_or(HINT)?),
        };
    }
    Ok(items)
}

/// A time above zero: `90s`, `1h30m`, `1.5m`, `500ms`, or plain seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .or_else(|| units(text))
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "pass a time above 0, such as 30, 90s or 1h30m".to_owned())
}

/// The seconds of a Go duration.
fn units(mut text: &str) -> Option<f64> {
    let mut total = 0.0;
    while !text.is_empty() {
        let (number, rest) = text.split_at(text.find(|c: char| c != '.' && !c.is_ascii_digit())?);
        let (unit, rest) = rest.split_at(
            rest.find(|c: char| c == '.' || c.is_ascii_digit())
                .unwrap_or(rest.len()),
        );
        let seconds = match unit {
            "ns" => 1e-9,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * seconds;
        text = rest;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(parse: fn(&str) -> Result<Given, String>, text: &str) -> Option<String> {
        parse(text)
            .ok()
            .map(|given| given.json().unwrap().get().to_owned())
    }

    #[test]
    fn integers_are_those_of_go() {
        for (text, expected) in [
            ("10", "10"),
            ("-5", "-5"),
            ("+5", "5"),
            ("0", "0"),
            ("0x1F", "31"),
            ("0x_ff", "255"),
            ("-0b11", "-3"),
            ("0o17", "15"),
            ("017", "15"),
            ("1_000", "1000"),
            ("9223372036854775807", "9223372036854775807"),
        ] {
            assert_eq!(json(integer, text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "-",
            "1.5",
            "1__0",
            "_1",
            "1_",
            "--5",
            "+-5",
            "0x",
            "08",
            "1e3",
            "9223372036854775808",
            " 1",
        ] {
            assert_eq!(json(integer, text), None, "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (text, expected) in [
            ("0.70", "0.70"),
            ("-3", "-3"),
            (".5", "0.5"),
            ("1.", "1.0"),
            ("+1e3", "1000.0"),
            ("1_000.5", "1000.5"),
            ("0.1234567890123456789012345", "0.1234567890123456789012345"),
        ] {
            assert_eq!(json(number, text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "x", "NaN", "inf", "1e400", "1_", "0,5"] {
            assert_eq!(json(number, text), None, "{text}");
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
        for text in [r#"a"b"#, r#""a"#, r#""a"b"#] {
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
            (".5s", 500),
            ("20000us", 20),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in [
            "", "0", "0s", "-1s", "1x", "s", "1h30", "inf", "NaN", "1e99", "1.2.3s",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
