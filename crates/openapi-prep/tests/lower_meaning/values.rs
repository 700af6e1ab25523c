//! Values for a schema: mostly such as it may take, some of any kind.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::schemas::NAMES;

/// Makes values for the schema `T` of a document.
pub(crate) struct Source<'a> {
    document: &'a Value,
    rng: Rng,
}

impl<'a> Source<'a> {
    pub(crate) fn new(document: &'a Value, seed: u64) -> Self {
        let rng = Rng::with_seed(seed);
        Self { document, rng }
    }

    pub(crate) fn value(&mut self) -> Value {
        let schema = &self.document["components"]["schemas"]["T"];
        if self.rng.u8(..8) == 0 {
            return self.anything(2);
        }
        self.of(schema, 6)
    }

    /// A value that the schema may take, if what it asks is taken one by one.
    fn of(&mut self, schema: &'a Value, depth: u8) -> Value {
        let Some(object) = schema.as_object() else {
            return self.anything(1);
        };
        if depth == 0 || self.rng.u8(..16) == 0 {
            return self.anything(1);
        }
        let mut parts = Vec::new();
        for (key, value) in object {
            match key.as_str() {
                "const" => return value.clone(),
                "enum" => {
                    return self.one_of(value).cloned().unwrap_or_default();
                }
                "$ref" | "$dynamicRef" => parts.extend(self.target(value)),
                "anyOf" | "oneOf" => parts.extend(self.one_of(value)),
                "allOf" => parts.extend(value.as_array().into_iter().flatten()),
                "then" | "else" => parts.push(value),
                _ => {}
            }
        }
        let kind = match object.get("type") {
            Some(Value::String(kind)) => Some(kind.as_str()),
            Some(Value::Array(kinds)) => self.rng.choice(kinds).and_then(Value::as_str),
            _ => None,
        };
        if kind.is_none() && !parts.is_empty() {
            let part = self.rng.choice(&parts).copied();
            let mut value = part.map_or(Value::Null, |part| self.of(part, depth - 1));
            if let Value::Object(entries) = &mut value {
                // What all parts ask of an object, and this schema itself.
                for part in parts {
                    if let Value::Object(more) = self.of(part, depth - 1) {
                        for (name, value) in more {
                            entries.entry(name).or_insert(value);
                        }
                    }
                }
                for (name, value) in self.entries(object, depth) {
                    entries.insert(name, value);
                }
            }
            return value;
        }
        let kind = kind.unwrap_or_else(|| self.guess(object));
        match kind {
            "object" => Value::Object(self.entries(object, depth)),
            "array" => self.list(object, depth),
            "string" => self.text(),
            "integer" => json!(self.rng.i8(-2..5)),
            "number" => json!(f64::from(self.rng.i8(-4..10)) / 2.0),
            "boolean" => json!(self.rng.bool()),
            _ => Value::Null,
        }
    }

    /// The kind of value that a schema without a type speaks of.
    fn guess(&mut self, schema: &Map<String, Value>) -> &'static str {
        let speaks = |key: &String| match key.as_str() {
            "properties" | "additionalProperties" | "required" | "patternProperties" => {
                Some("object")
            }
            "items" | "prefixItems" | "contains" => Some("array"),
            "minLength" | "maxLength" | "pattern" => Some("string"),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => Some("number"),
            _ => None,
        };
        let kinds = ["null", "string", "integer", "array", "object"];
        let other = self.rng.choice(kinds).unwrap_or("null");
        schema.keys().find_map(speaks).unwrap_or(other)
    }

    fn entries(&mut self, schema: &'a Map<String, Value>, depth: u8) -> Map<String, Value> {
        let mut entries = Map::new();
        let required = schema.get("required").and_then(Value::as_array);
        let none = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let asked = required.into_iter().flatten().filter_map(Value::as_str);
        for name in asked {
            if self.rng.u8(..8) > 0 {
                entries.insert(name.to_owned(), self.anything(1));
            }
        }
        for name in NAMES.iter().chain(&["next"]) {
            let known = schema.get("properties").and_then(|all| all.get(name));
            if let Some(property) = known {
                if self.rng.u8(..3) > 0 || entries.contains_key(*name) {
                    entries.insert((*name).to_owned(), self.of(property, depth - 1));
                }
            } else if self.rng.u8(..6) == 0 || (properties.is_empty() && self.rng.u8(..3) == 0) {
                let more = ["additionalProperties", "unevaluatedProperties"]
                    .iter()
                    .find_map(|key| schema.get(*key));
                let value = match more {
                    Some(more) => self.of(more, depth - 1),
                    None => self.anything(1),
                };
                entries.insert((*name).to_owned(), value);
            }
        }
        entries
    }

    fn list(&mut self, schema: &'a Map<String, Value>, depth: u8) -> Value {
        let first = schema.get("prefixItems").and_then(Value::as_array);
        let rest = ["items", "contains", "unevaluatedItems"]
            .iter()
            .find_map(|key| schema.get(*key));
        let length = self.rng.usize(..4);
        (0..length)
            .map(|index| match first.and_then(|f| f.get(index)).or(rest) {
                Some(schema) => self.of(schema, depth - 1),
                None => self.anything(1),
            })
            .collect()
    }

    fn one_of(&mut self, list: &'a Value) -> Option<&'a Value> {
        self.rng.choice(list.as_array()?)
    }

    fn text(&mut self) -> Value {
        let texts = ["", "a", "ab", "b", "abb"];
        json!(self.rng.choice(texts))
    }

    /// Any value at all.
    fn anything(&mut self, depth: u8) -> Value {
        let most = if depth == 0 { 6 } else { 8 };
        match self.rng.u8(..most) {
            0 => Value::Null,
            1 => json!(self.rng.bool()),
            2 => json!(self.rng.i8(-2..5)),
            3 => json!(2.5),
            4 | 5 => self.text(),
            6 => (0..self.rng.u8(..3))
                .map(|_| self.anything(depth - 1))
                .collect(),
            _ => {
                let names: Vec<_> = NAMES.iter().filter(|_| self.rng.u8(..3) == 0).collect();
                names
                    .into_iter()
                    .map(|name| ((*name).to_owned(), self.anything(depth - 1)))
                    .collect()
            }
        }
    }

    /// What a reference points at.
    fn target(&self, target: &Value) -> Option<&'a Value> {
        let schemas = &self.document["components"]["schemas"];
        match target.as_str()? {
            "#anchor" | "#node" => schemas.get("B"),
            "https://x.example/id" => schemas.get("Id"),
            pointer => self.document.pointer(pointer.strip_prefix('#')?),
        }
    }
}
