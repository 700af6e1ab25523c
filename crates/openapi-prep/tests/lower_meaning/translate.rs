//! Schemas of OpenAPI 3.0.3 in words of JSON Schema 2020-12, by the letter of
//! the specification. Knows nothing of the crate, and refuses what 3.0 does.

use serde_json::{Map, Value, json};

/// All named schemas.
pub(crate) fn schemas(schemas: &Value) -> Value {
    entries(schemas)
}

fn entries(map: &Value) -> Value {
    map.as_object()
        .unwrap_or_else(|| panic!("no map of schemas: {map}"))
        .iter()
        .map(|(name, inner)| (name.clone(), schema(inner)))
        .collect()
}

fn list(schemas: &Value) -> Value {
    let schemas = schemas.as_array().expect("a list of schemas");
    assert!(!schemas.is_empty(), "a union of nothing");
    schemas.iter().map(schema).collect()
}

fn schema(given: &Value) -> Value {
    let given = given
        .as_object()
        .unwrap_or_else(|| panic!("3.0 has no such schema: {given}"));
    if let Some(target) = given.get("$ref") {
        // What stands beside a reference is ignored.
        return json!({"$ref": target});
    }
    let flag = |key: &str| given.get(key) == Some(&Value::Bool(true));
    let mut out = Map::new();
    for (key, value) in given {
        match key.as_str() {
            "type" => {
                let kind = value.as_str().expect("3.0 has one type");
                assert_ne!(kind, "null", "3.0 has no such type");
                let kinds = if flag("nullable") {
                    json!([kind, "null"])
                } else {
                    json!(kind)
                };
                out.insert(key.clone(), kinds);
                if kind == "array" {
                    assert!(given.contains_key("items"), "an array without items");
                }
            }
            "minimum" | "maximum" => {
                let (exclusive, name) = if key == "minimum" {
                    (flag("exclusiveMinimum"), "exclusiveMinimum")
                } else {
                    (flag("exclusiveMaximum"), "exclusiveMaximum")
                };
                let name = if exclusive { name } else { key };
                out.insert(name.to_owned(), value.clone());
            }
            "exclusiveMinimum" | "exclusiveMaximum" | "nullable" => {
                assert!(value.is_boolean(), "{key} is a flag");
            }
            "enum" | "required" => {
                let values = value.as_array().expect("a list");
                assert!(!values.is_empty(), "{key} of nothing");
                out.insert(key.clone(), value.clone());
            }
            "multipleOf" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems"
            | "uniqueItems" | "minProperties" | "maxProperties" => {
                out.insert(key.clone(), value.clone());
            }
            "allOf" | "anyOf" | "oneOf" => {
                out.insert(key.clone(), list(value));
            }
            "properties" => {
                out.insert(key.clone(), entries(value));
            }
            "additionalProperties" if value.is_boolean() => {
                out.insert(key.clone(), value.clone());
            }
            "not" | "items" | "additionalProperties" => {
                out.insert(key.clone(), schema(value));
            }
            "title" | "description" | "default" | "format" | "example" | "deprecated"
            | "readOnly" | "writeOnly" | "discriminator" | "xml" | "externalDocs" => {}
            other => assert!(other.starts_with("x-"), "3.0 has no keyword {other}"),
        }
    }
    Value::Object(out)
}
