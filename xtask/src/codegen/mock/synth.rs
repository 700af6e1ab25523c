//! Synthesises a small value from a schema, for operations without an example.
//!
//! Every property is filled, so that a reader sees the whole model once. A
//! recursive schema is cut where it starts to repeat.

use serde_json::{Map, Value, json};

use super::resolve::Resolver;

/// Maximum depth of a value; properties below are left out.
const MAX_DEPTH: usize = 24;

/// Maximum number of values in one response: schemas that all refer to one
/// another would expand exponentially.
const MAX_VALUES: usize = 10_000;

/// Synthesises a value that is valid under the schema, as a response would
/// contain it.
pub(in crate::codegen) fn synthesise<'a>(document: Resolver<'a>, schema: &'a Value) -> Value {
    let mut synthesiser = Synthesiser {
        document,
        open: Vec::new(),
        remaining: MAX_VALUES,
    };
    synthesiser.value(schema).unwrap_or(Value::Null)
}

struct Synthesiser<'a> {
    document: Resolver<'a>,
    /// The references on the current path.
    open: Vec<&'a str>,
    /// Remaining number of values.
    remaining: usize,
}

impl<'a> Synthesiser<'a> {
    /// A value, or `None` if a limit is exceeded or the schema repeats.
    fn value(&mut self, schema: &'a Value) -> Option<Value> {
        if self.open.len() > MAX_DEPTH || self.remaining == 0 {
            return None;
        }
        self.remaining -= 1;
        let name = schema.get("$ref").and_then(Value::as_str).unwrap_or("");
        if !name.is_empty() && self.open.contains(&name) {
            return None;
        }
        self.open.push(name);
        let value = self.resolved(self.document.resolve(schema));
        self.open.pop();
        value
    }

    fn resolved(&mut self, schema: &'a Value) -> Option<Value> {
        if let Some(value) = documented(schema) {
            return Some(value.clone());
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.all_of(schema, parts);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(key).and_then(Value::as_array) {
                return self.one_of(schema, choices);
            }
        }
        match type_of(schema) {
            "object" => Some(Value::Object(self.object(schema))),
            "array" => {
                let item = schema.get("items").and_then(|items| self.value(items));
                Some(Value::Array(item.into_iter().collect()))
            }
            "string" => Some(string(schema)),
            "integer" => Some(integer(schema)),
            "number" => Some(schema.get("minimum").cloned().unwrap_or(json!(0.0))),
            "boolean" => Some(json!(false)),
            _ => Some(Value::Null),
        }
    }

    fn object(&mut self, schema: &'a Value) -> Map<String, Value> {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return Map::new();
        };
        properties
            .iter()
            .filter(|(_, property)| property.get("writeOnly") != Some(&Value::Bool(true)))
            .filter_map(|(name, property)| Some((name.clone(), self.value(property)?)))
            .collect()
    }

    /// Merges the values of `allOf`, then the schema's own properties.
    fn all_of(&mut self, schema: &'a Value, parts: &'a [Value]) -> Option<Value> {
        let mut fields = Map::new();
        let mut other = None;
        for part in parts {
            match self.value(part)? {
                Value::Object(found) => fields.extend(found),
                found => other = Some(found),
            }
        }
        fields.extend(self.object(schema));
        match other {
            Some(value) if fields.is_empty() => Some(value),
            _ => Some(Value::Object(fields)),
        }
    }

    /// The first alternative other than null that can be built, with its tag of
    /// the discriminator.
    fn one_of(&mut self, schema: &'a Value, choices: &'a [Value]) -> Option<Value> {
        let document = self.document;
        let mut whole = choices
            .iter()
            .filter(|c| type_of(document.resolve(c)) != "null");
        let (choice, mut value) = whole.find_map(|c| Some((c, self.value(c)?)))?;
        if let Some(fields) = value.as_object_mut() {
            fields.extend(self.object(schema));
            if let Some((property, tag)) = tag(schema, choice) {
                fields.insert(property.to_owned(), json!(tag));
            }
        }
        Some(value)
    }
}

/// A value in the schema itself. Vendors write values of other types as strings
/// (`"default": "false"` of a boolean); values of the wrong type are skipped.
fn documented(schema: &Value) -> Option<&Value> {
    let first = |key| schema.get(key)?.as_array()?.first();
    let candidates = [
        schema.get("example"),
        first("examples"),
        schema.get("default").filter(|default| !default.is_null()),
        first("enum"),
    ];
    schema.get("const").or_else(|| {
        candidates
            .into_iter()
            .flatten()
            .find(|value| matches_type(schema, value))
    })
}

/// Whether a value is of the schema's type.
fn matches_type(schema: &Value, value: &Value) -> bool {
    match type_of(schema) {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => true,
    }
}

/// The type to build: the first that is not null, or the one its keywords
/// suggest.
fn type_of(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null")
            .unwrap_or("null"),
        _ if schema.get("properties").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        _ => "",
    }
}

fn string(schema: &Value) -> Value {
    let text = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2025-01-01T00:00:00Z",
        Some("date") => "2025-01-01",
        Some("time") => "00:00:00Z",
        Some("uri" | "url") => "https://example.com/",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        Some("email") => "user@example.com",
        _ => "string",
    };
    json!(text)
}

fn integer(schema: &Value) -> Value {
    let least = schema.get("minimum").and_then(Value::as_i64);
    let above = schema.get("exclusiveMinimum").and_then(Value::as_i64);
    json!(least.or(above.map(|n| n.saturating_add(1))).unwrap_or(0))
}

/// The discriminator's property and the tag it has for an alternative. The
/// mapping's values are references or names of schemas; some vendors write
/// reference objects.
fn tag<'a>(schema: &'a Value, choice: &'a Value) -> Option<(&'a str, &'a str)> {
    let discriminator = schema.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let reference = choice.get("$ref")?.as_str()?;
    let mapped = discriminator
        .get("mapping")
        .and_then(Value::as_object)
        .and_then(|mapping| {
            let target = |value: &'a Value| value.get("$ref").unwrap_or(value).as_str();
            let name = reference.rsplit('/').next();
            mapping.iter().find(|(_, value)| {
                let target = target(value);
                target == Some(reference) || target == name
            })
        });
    let tag = match mapped {
        Some((tag, _)) => tag.as_str(),
        None => reference.rsplit('/').next()?,
    };
    Some((property, tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synthesised(schema: &Value) -> Value {
        let root = json!({
            "Node": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "next": {"$ref": "#/Node"},
                    "kids": {"type": "array", "items": {"$ref": "#/Node"}},
                },
            },
            "Cat": {"type": "object", "properties": {"kind": {"type": "string"}}},
        });
        synthesise(Resolver::new(&root), schema)
    }

    #[test]
    fn every_type_has_a_value() {
        let schema = json!({"type": "object", "properties": {
            "s": {"type": "string"}, "d": {"type": "string", "format": "date-time"},
            "i": {"type": "integer", "minimum": 5}, "n": {"type": ["null", "number"]},
            "b": {"type": "boolean"}, "a": {"type": "array", "items": {"type": "integer"}},
            "e": {"type": "string", "enum": ["x", "y"]}, "c": {"const": "k"},
            "f": {"type": "string", "default": null}, "t": {"type": "boolean", "default": "true"},
            "u": {"type": "integer", "example": "1", "default": 2}, "w": {"type": "string", "writeOnly": true},
        }});
        assert_eq!(
            synthesised(&schema),
            json!({
                "s": "string", "d": "2025-01-01T00:00:00Z", "i": 5, "n": 0.0, "b": false,
                "a": [0], "e": "x", "c": "k", "f": "string",
                "t": false, "u": 2,
            })
        );
    }

    #[test]
    fn recursive_schema_ends() {
        assert_eq!(
            synthesised(&json!({"$ref": "#/Node"})),
            json!({"name": "string", "kids": []})
        );
    }

    #[test]
    fn mutually_recursive_schemas_end() {
        let names: Vec<String> = (0..20).map(|n| format!("s{n}")).collect();
        let reference = |name: &String| json!({"$ref": format!("#/{name}")});
        let properties: Map<String, Value> = names
            .iter()
            .map(|name| (name.clone(), reference(name)))
            .collect();
        let schema = json!({"type": "object", "properties": properties});
        let all: Map<String, Value> = names.iter().map(|n| (n.clone(), schema.clone())).collect();
        let all = Value::Object(all);
        let value = synthesise(Resolver::new(&all), &schema);
        assert!(value["s0"]["s1"]["s2"].is_object());
    }

    #[test]
    fn nullable_union_is_not_null_and_union_has_its_tag() {
        let union = json!({"anyOf": [{"type": "null"}, {"type": "boolean"}]});
        assert_eq!(synthesised(&union), json!(false));
        for target in [json!({"$ref": "#/Cat"}), json!("#/Cat"), json!("Cat")] {
            let tagged = json!({
                "oneOf": [{"$ref": "#/Cat"}],
                "discriminator": {"propertyName": "kind", "mapping": {"feline": target}},
            });
            assert_eq!(synthesised(&tagged), json!({"kind": "feline"}));
        }
        let unmapped = json!({
            "oneOf": [{"$ref": "#/Cat"}],
            "discriminator": {"propertyName": "kind"},
        });
        assert_eq!(synthesised(&unmapped), json!({"kind": "Cat"}));
    }

    #[test]
    fn all_of_is_merged() {
        let schema = json!({
            "allOf": [{"$ref": "#/Cat"}, {"type": "object", "properties": {"n": {"const": 1}}}],
            "properties": {"own": {"type": "boolean"}},
        });
        assert_eq!(
            synthesised(&schema),
            json!({"kind": "string", "n": 1, "own": false})
        );
        assert_eq!(
            synthesised(&json!({"allOf": [{"type": "integer"}]})),
            json!(0)
        );
        assert_eq!(synthesised(&json!({})), Value::Null);
    }
}
