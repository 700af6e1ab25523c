//! Reading and writing documents: JSON and YAML to [`serde_json::Value`] and
//! back, with an eye for what the readers of both languages let pass.

use std::{collections::HashSet, fmt, path::Path};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::Error;

/// The language a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

impl Format {
    /// The language a file of this name holds: YAML for `.yaml` and `.yml`,
    /// JSON for anything else.
    pub fn of_name(name: &str) -> Self {
        let ending = Path::new(name).extension().unwrap_or_default();
        if ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml") {
            Self::Yaml
        } else {
            Self::Json
        }
    }
}

/// Reads a document in either language. A key that stands twice in one object
/// is an error that names the key: readers would silently keep the last.
pub fn parse(text: &str) -> Result<Value, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        match parse_as(text, Format::Json) {
            Ok(value) => return Ok(value),
            // A flow mapping of YAML starts like JSON; its reader decides.
            Err(json) => return parse_as(text, Format::Yaml).map_err(|_| json),
        }
    }
    parse_as(text, Format::Yaml)
}

/// Reads a document in the given language.
pub fn parse_as(text: &str, format: Format) -> Result<Value, Error> {
    match format {
        Format::Json => {
            let mut reader = serde_json::Deserializer::from_str(text);
            let value = Strict
                .deserialize(&mut reader)
                .and_then(|value| reader.end().map(|()| value))
                .map_err(|e| Error::new(format!("not readable as JSON: {e}")))?;
            Ok(value)
        }
        Format::Yaml => Strict
            .deserialize(yaml_serde::Deserializer::from_str(text))
            .map_err(|e| Error::new(format!("not readable as YAML: {e}"))),
    }
}

/// Writes a document: two spaces of indent, keys in their order, a line feed
/// at the end.
pub fn print(document: &Value, format: Format) -> Result<String, Error> {
    match format {
        Format::Json => serde_json::to_string_pretty(document)
            .map(|text| text + "\n")
            .map_err(|e| Error::new(format!("cannot be written as JSON: {e}"))),
        Format::Yaml => yaml_serde::to_string(document)
            .map_err(|e| Error::new(format!("cannot be written as YAML: {e}"))),
    }
}

/// A [`Value`], with keys that stand twice refused.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits JSON has floats")]
        Ok(Number::from_f64(value as f64).map_or(Value::Null, Value::Number))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits JSON has floats")]
        Ok(Number::from_f64(value as f64).map_or(Value::Null, Value::Number))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that JSON cannot hold"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Strict.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Strict)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key_seed(Key)? {
            if !seen.insert(key.clone()) {
                return Err(de::Error::custom(format!(
                    "the key {key:?} stands twice in one object"
                )));
            }
            object.insert(key, map.next_value_seed(Strict)?);
        }
        Ok(Value::Object(object))
    }
}

/// A key: text, or a YAML scalar written as text (`200:` is `"200"`).
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        match Strict.deserialize(deserializer)? {
            Value::String(key) => Ok(key),
            Value::Number(key) => Ok(key.to_string()),
            Value::Bool(key) => Ok(key.to_string()),
            Value::Null => Ok("null".to_owned()),
            Value::Array(_) | Value::Object(_) => Err(de::Error::custom("a key must be a scalar")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_json_and_yaml_alike() {
        let json = parse(r#"{"a": [1, null, "x"], "200": true}"#).unwrap();
        let yaml = parse("a:\n  - 1\n  - null\n  - x\n200: true\n").unwrap();
        assert_eq!(json, yaml);
        assert_eq!(parse("\u{feff}{\"a\": 1}").unwrap(), json!({"a": 1}));
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        for text in [
            "{\"a\": 1, \"a\": 2}",
            "a: 1\na: 2\n",
            "x:\n  a: 1\n  a: 2\n",
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("\"a\""), "{text}: {error}");
        }
    }

    #[test]
    fn keeps_the_order_of_keys() {
        let text = "{\n  \"b\": 1,\n  \"a\": 2\n}\n";
        assert_eq!(print(&parse(text).unwrap(), Format::Json).unwrap(), text);
        assert_eq!(
            print(&parse(text).unwrap(), Format::Yaml).unwrap(),
            "b: 1\na: 2\n"
        );
    }
}
