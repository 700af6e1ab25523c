//! One value out of a reader of JSON or YAML, with an eye for what both readers
//! let pass: keys that stand twice, merge keys, tags, and aliases without end.

use std::{cell::Cell, fmt};

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Format, shown};

/// A [`Value`] out of a document in this language, with keys that stand twice
/// refused.
#[derive(Clone, Copy)]
pub(super) struct Strict<'a> {
    pub format: Format,
    pub text: &'a str,
    /// How many bytes may still come.
    pub room: &'a Cell<usize>,
    /// Whether the last string is YAML's merge key, which has no quotes.
    pub merge: &'a Cell<bool>,
}

impl Strict<'_> {
    /// Notes what was read. Only aliases can give more than there is text.
    fn took<E: de::Error>(self, bytes: usize) -> Result<(), E> {
        let room = self.room.get().checked_sub(bytes).ok_or_else(|| {
            E::custom("the aliases repeat so much that the document is too large")
        })?;
        self.room.set(room);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.took(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
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

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits JSON has floats")]
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits JSON has floats")]
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that JSON cannot hold"))
    }

    fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<Value, E> {
        if value == MERGE && self.format == Format::Yaml {
            // The string is a part of the text.
            let start = value.as_ptr().addr().checked_sub(self.text.as_ptr().addr());
            let before = start.and_then(|start| self.text.as_bytes().get(start.checked_sub(1)?));
            self.merge.set(!matches!(before, Some(b'"' | b'\'')));
        }
        self.visit_str(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        self.took(value.len())?;
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (Value::String(tag), _) = tagged.variant_seed(self)? else {
            return Err(de::Error::custom("a YAML tag, which JSON has no form for"));
        };
        // A lone exclamation mark comes as it is, others without theirs.
        let tag = match tag.strip_prefix('_') {
            Some(own) => format!("!!{own}"),
            None => format!("!{}", tag.trim_start_matches('!')),
        };
        Err(de::Error::custom(format!(
            "the YAML tag {tag} says something JSON has no form for"
        )))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut merged = None;
        while let Some(key) = map.next_key_seed(self)? {
            // A scalar of YAML is a key as it is written: `200:` is `"200"`.
            let key = match key {
                Value::String(key) => key,
                key if key.is_array() || key.is_object() => {
                    return Err(de::Error::custom("a key must be a scalar"));
                }
                key => key.to_string(),
            };
            let takes_in = self.merge.take() && key == MERGE;
            if object.contains_key(&key) || (takes_in && merged.is_some()) {
                return Err(de::Error::custom(format!(
                    "the key {:?} stands twice in one object",
                    shown(&key, 100)
                )));
            }
            let value = map.next_value_seed(self)?;
            if takes_in {
                merged = Some(value);
            } else {
                object.insert(key, value);
            }
        }
        let merged = match merged {
            Some(Value::Array(all)) => all,
            one => one.into_iter().collect(),
        };
        for other in merged {
            let Value::Object(other) = other else {
                return Err(de::Error::custom(format!(
                    "the merge key {MERGE} takes an object or a list of objects"
                )));
            };
            // What the object has itself stands.
            for (key, value) in other {
                object.entry(key).or_insert(value);
            }
        }
        Ok(Value::Object(object))
    }
}

/// The key of YAML under which another object's entries are taken in.
const MERGE: &str = "<<";
