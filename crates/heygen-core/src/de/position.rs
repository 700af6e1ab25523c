//! The path of the field that a JSON parser stopped at, from the line and
//! column of its error: the text is scanned up to there, which needs neither
//! memory nor a second deserialiser.
//!
//! Relies on where `serde_json` stops: after a scalar of the wrong type, before
//! an array or object of the wrong type, after the closing bracket of an object
//! with a missing field, and after the next token when a type refuses a value
//! that was read whole. A test compares the paths with those of
//! `serde_path_to_error`.

use std::fmt::{self, Write as _};
use std::ops::Range;

use serde_json::Error;

/// The path of the field, for example `data.tags[1]`, and what is wrong with
/// it. The path is `None` for the whole document.
pub fn locate(json: &[u8], error: &Error) -> (Option<String>, String) {
    let message = reason(error);
    // A union begins its message with the path inside its variant.
    let inside = message
        .strip_prefix("at `")
        .and_then(|rest| rest.split_once("`: "));
    if let Some((inside, reason)) = inside {
        let outer = path(json, error, reason, true);
        return (join(outer, inside), reason.to_owned());
    }
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    let is_whole = missing.is_some()
        || ["invalid length", "data did not match any variant"]
            .iter()
            .any(|start| message.starts_with(start));
    let outer = path(json, error, &message, is_whole);
    (join(outer, missing.unwrap_or_default()), message)
}

/// The message without its line and column, which mean nothing beside a path.
/// It is cut: it may quote a value as large as the body.
fn reason(error: &Error) -> String {
    let mut message = Cut(String::new());
    let _ = write!(message, "{error}");
    let end = format!(" at line {} column {}", error.line(), error.column());
    let text = message.0;
    text.strip_suffix(&end).map(str::to_owned).unwrap_or(text)
}

/// A text that is cut after some kilobytes.
struct Cut(String);

impl fmt::Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        const MAX: usize = 4096;
        let mut end = MAX.saturating_sub(self.0.len()).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.0.push_str(&text[..end]);
        if end < text.len() {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

fn join(mut path: String, inside: &str) -> Option<String> {
    if !path.is_empty() && !inside.is_empty() && !inside.starts_with('[') {
        path.push('.');
    }
    path.push_str(inside);
    Some(path).filter(|path| !path.is_empty())
}

/// An array or object that is open where the parser stopped.
enum Open {
    /// The key that was read last, quoted.
    Object(Option<Range<usize>>),
    /// The index of the item that began last.
    Array(Option<usize>),
}

/// The path to where the parser stopped. `is_whole`: the error is that of the
/// object that was just closed, rather than of the last value in it.
fn path(json: &[u8], error: &Error, message: &str, is_whole: bool) -> String {
    let end = offset(json, error);
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < end {
        match json[at] {
            b'{' => {
                begin_value(&mut open);
                open.push(Open::Object(None));
            }
            b'[' => {
                begin_value(&mut open);
                open.push(Open::Array(None));
            }
            b'}' | b']' => {
                if at + 1 < end || is_whole {
                    open.pop();
                }
            }
            b',' => {
                if let Some(Open::Object(key)) = open.last_mut() {
                    *key = None;
                }
            }
            b'"' => {
                let after = string_end(json, at);
                match open.last_mut() {
                    Some(Open::Object(key @ None)) => *key = Some(at..after),
                    _ => begin_value(&mut open),
                }
                at = after;
                continue;
            }
            b':' | b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => {
                begin_value(&mut open);
                at = scalar_end(json, at);
                continue;
            }
        }
        at += 1;
    }
    // An array or object of the wrong type is not read.
    let is_unread =
        message.starts_with("invalid type: map") || message.starts_with("invalid type: sequence");
    if is_unread && matches!(json.get(end), Some(b'{' | b'[')) {
        begin_value(&mut open);
    }
    print(json, &open)
}

fn begin_value(open: &mut [Open]) {
    if let Some(Open::Array(index)) = open.last_mut() {
        *index = Some(index.map_or(0, |index| index + 1));
    }
}

fn print(json: &[u8], open: &[Open]) -> String {
    let mut path = String::new();
    for part in open {
        match part {
            Open::Object(None) | Open::Array(None) => {}
            Open::Object(Some(key)) => {
                let quoted = &json[key.clone()];
                let key = serde_json::from_slice(quoted)
                    .unwrap_or_else(|_| String::from_utf8_lossy(quoted).into_owned());
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&key);
            }
            Open::Array(Some(index)) => {
                let _ = write!(path, "[{index}]");
            }
        }
    }
    path
}

/// How many bytes the parser had read.
fn offset(json: &[u8], error: &Error) -> usize {
    let Some(line) = error.line().checked_sub(1) else {
        return 0;
    };
    let start = match line.checked_sub(1) {
        None => 0,
        Some(breaks) => memchr::memchr_iter(b'\n', json)
            .nth(breaks)
            .map_or(json.len(), |at| at + 1),
    };
    (start + error.column()).min(json.len())
}

/// Where the string that begins here ends.
fn string_end(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &json[at.min(json.len())..]) {
        at += found + 1;
        if json[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    json.len()
}

/// Where the number or literal that begins here ends.
fn scalar_end(json: &[u8], start: usize) -> usize {
    let is_end = |byte: &u8| b",]}: \n\r\t\"[{".contains(byte);
    let length = json[start + 1..].iter().position(is_end);
    length.map_or(json.len(), |length| start + 1 + length)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;

    struct Model {
        _data: Option<Data>,
        _list: Option<Vec<Data>>,
        _choice: Option<Choice>,
        _choices: Vec<Choice>,
        _map: HashMap<String, Vec<i64>>,
        _any: Option<Any>,
    }

    crate::object! {
        Model {
            "data" => _data: optional;
            "list" => _list: optional de::List;
            "choice" => _choice: optional;
            "choices" => _choices: default de::List;
            "ma\"p" => _map: default de::Entries<de::List>;
            "any" => _any: optional;
        }
    }

    struct Data {
        _id: String,
        _flag: Option<bool>,
        _size: Option<u8>,
        _ratio: Option<f64>,
        _inner: Option<Box<Data>>,
    }

    crate::object! {
        Data {
            "id" => _id: required;
            "flag" => _flag: optional;
            "size" => _size: optional;
            "ratio" => _ratio: optional;
            "inner" => _inner: optional;
        }
    }

    enum Choice {
        Data(#[expect(dead_code, reason = "only its shape matters")] Data),
        Unknown,
    }

    #[expect(dead_code, reason = "only its shape matters")]
    enum Any {
        List(Vec<String>),
        Map(HashMap<String, String>),
    }

    crate::untagged_union! {
        Any {
            de::Shape::Array(&de::Shape::String(&[])) => List(Vec<String>) as de::Plain;
            de::Shape::Map(&de::Shape::String(&[])) => Map(HashMap<String, String>) as de::Plain;
        }
    }

    impl<'de> Deserialize<'de> for Choice {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            crate::de::tagged(deserializer, |value| {
                match value.get("type").and_then(Value::as_str) {
                    Some("data") => crate::de::variant(value).map(Self::Data),
                    _ => Ok(Self::Unknown),
                }
            })
        }
    }

    fn located<T: DeserializeOwned>(json: &str) -> Option<(Option<String>, String)> {
        let error = serde_json::from_str::<T>(json).err()?;
        Some(locate(json.as_bytes(), &error))
    }

    #[test]
    fn field_is_named() {
        for (json, expected) in [
            (r#"{"data":{}}"#, Some("data.id")),
            (r#"{"data":{"id":null}}"#, Some("data.id")),
            (r#"{"data":{"id":"a","flag":1}}"#, Some("data.flag")),
            (r#"{"data":{"flag":1,"id":"a"}}"#, Some("data.flag")),
            (
                "{\n \"list\": [\n {\"id\":\"a\"},\n {}\n ]}",
                Some("list[1].id"),
            ),
            (r#"{"list":[{"id":"a"},[]]}"#, Some("list[1]")),
            (r#"{"list":[{"id":"a"}, 7 ]}"#, Some("list[1]")),
            (r#"{"list":{"id":"a"}}"#, Some("list")),
            (r#"{"data":7}"#, Some("data")),
            (r#"{"data":[{}]}"#, Some("data")),
            (r#"{"ma\"p":{"x":[1,2.5]}}"#, Some("ma\"p.x[1]")),
            (r#"{"choice":{"type":"data"}}"#, Some("choice.id")),
            (
                r#"{"choice":{"type":"data","id":1},"data":null}"#,
                Some("choice.id"),
            ),
            (
                r#"{"choices":[{"type":"new"},{"type":"data","id":"a","inner":{}},{}]}"#,
                Some("choices[1].inner.id"),
            ),
            (r#"{"choices":[{},"x",{}]}"#, Some("choices[1]")),
            (r#"{"choice":[],"data":null}"#, Some("choice")),
            (r#"{"any":{"a":{}},"data":null}"#, Some("any")),
            (r#"{"any":[{}]}"#, Some("any")),
            (r#"{"any": true }"#, Some("any")),
            ("7", None),
            ("[]", None),
        ] {
            let (field, reason) = located::<Model>(json).unwrap();
            assert_eq!(field.as_deref(), expected, "{json}: {reason}");
            assert!(!reason.contains("column"), "{reason}");
        }
    }

    /// Replaces each value of a document in turn by a wrong one.
    fn mutants(value: &Value) -> Vec<Value> {
        let wrong = [
            json!(null),
            json!(7),
            json!(-1.5),
            json!("x"),
            json!([3]),
            json!({"a": 1}),
        ];
        let mut all: Vec<Value> = wrong.to_vec();
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    for mutant in mutants(inner) {
                        let mut fields = fields.clone();
                        fields.insert(name.clone(), mutant);
                        all.push(fields.into());
                    }
                    let mut fields = fields.clone();
                    fields.remove(name);
                    all.push(fields.into());
                }
            }
            Value::Array(items) => {
                for (index, inner) in items.iter().enumerate() {
                    for mutant in mutants(inner) {
                        let mut items = items.clone();
                        items[index] = mutant;
                        all.push(items.into());
                    }
                }
            }
            _ => {}
        }
        all
    }

    #[test]
    fn paths_equal_those_of_serde_path_to_error() {
        let document = json!({
            "data": {"id": "a", "flag": true, "size": 7, "ratio": 0.5, "inner": {"id": "b"}},
            "list": [{"id": "a"}, {"id": "b", "inner": {"id": "c", "size": 1}}, {"id": "d"}],
            "ma\"p": {"x": [1, 2], "y": []},
        });
        let mut refused = 0;
        for mutant in mutants(&document) {
            for text in [
                mutant.to_string(),
                serde_json::to_string_pretty(&mutant).unwrap(),
            ] {
                let Some((field, reason)) = located::<Model>(&text) else {
                    continue;
                };
                let mut deserializer = serde_json::Deserializer::from_str(&text);
                let other = serde_path_to_error::deserialize::<_, Model>(&mut deserializer);
                let other = other.err().unwrap().path().to_string();
                let other = if other == "." { String::new() } else { other };
                let missing = reason
                    .strip_prefix("missing field `")
                    .map(|rest| rest.trim_end_matches('`'));
                let expected = join(other, missing.unwrap_or_default());
                assert_eq!(field, expected, "{text}: {reason}");
                refused += 1;
            }
        }
        assert!(refused > 200, "{refused}");
    }
}
