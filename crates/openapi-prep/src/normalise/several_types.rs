//! A list of types: a union with a variant for each, which has the keywords that
//! are of its type.

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, schema};

/// The keywords of each type; `enum` and `const` are of the types of their values.
const KEYWORDS: [(&str, &[&str]); 4] = [
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
    ),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
        ],
    ),
    (
        "string",
        &[
            "minLength",
            "maxLength",
            "pattern",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
        ],
    ),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
];

/// Puts a union in place of a list of several types. Null beside one other type
/// stays a list.
pub(super) fn split(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(schema) = schema else {
        return;
    };
    let Some(Value::Array(types)) = schema.get("type") else {
        return;
    };
    let mut types: Vec<String> = types
        .iter()
        .filter_map(|kind| kind.as_str().map(str::to_owned))
        .collect();
    if types.iter().any(|kind| kind == "number") {
        // Each integer is a number.
        types.retain(|kind| kind != "integer");
    }
    if types.iter().filter(|kind| *kind != "null").count() < 2 {
        return;
    }
    schema.shift_remove("type");
    if schema::has_any(schema, &["allOf", "anyOf", "oneOf", "$ref"]) {
        let note = "the types beside what the value is made of";
        report.lost(Subject::Constraint, rule("several-types"), at, note);
        return;
    }
    let variants: Vec<Value> = types
        .iter()
        .filter_map(|kind| variant(kind, schema))
        .collect();
    for (_, keywords) in KEYWORDS {
        schema.retain(|key, _| !keywords.contains(&key.as_str()));
    }
    for key in ["enum", "const", "format"] {
        schema.shift_remove(key);
    }
    schema.insert("oneOf".into(), Value::Array(variants));
    report.changed(rule("several-types"), at, "a union of these types");
}

/// The schema of one type, with its keywords; none if no value is of it.
fn variant(kind: &str, schema: &Map<String, Value>) -> Option<Value> {
    let mut variant = Map::from_iter([("type".to_owned(), json!(kind))]);
    let of_kind = |value: &Value| match schema::kind_of(value) {
        Some("integer") => matches!(kind, "integer" | "number"),
        of => of.unwrap_or("null") == kind,
    };
    match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => {
            let values: Vec<_> = values.iter().filter(|value| of_kind(value)).collect();
            if values.is_empty() {
                return None;
            }
            variant.insert("enum".into(), json!(values));
        }
        (_, Some(value)) if !of_kind(value) => return None,
        (_, Some(value)) => {
            variant.insert("const".into(), value.clone());
        }
        _ => {}
    }
    let of = if kind == "integer" { "number" } else { kind };
    let keywords = KEYWORDS.iter().find(|(other, _)| *other == of);
    for key in keywords.map_or(&[][..], |(_, keywords)| keywords) {
        if let Some(value) = schema.get(*key) {
            variant.insert((*key).to_owned(), value.clone());
        }
    }
    if let Some(format) = schema.get("format").filter(|format| is_of(format, of)) {
        variant.insert("format".into(), format.clone());
    }
    Some(Value::Object(variant))
}

/// Whether a format is one of this type: those of numbers are few.
fn is_of(format: &Value, kind: &str) -> bool {
    let format = format.as_str().unwrap_or_default();
    let of_numbers = format.starts_with("int")
        || format.starts_with("uint")
        || ["float", "double", "decimal"].contains(&format);
    match kind {
        "number" => of_numbers,
        "string" => !of_numbers,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(mut schema: Value) -> (Value, usize) {
        let mut report = Report::new();
        split(&mut schema, &Pointer::root(), &mut report);
        (schema, report.losses().count())
    }

    #[test]
    fn each_type_has_its_keywords() {
        let given = json!({"type": ["object", "string", "number", "integer", "null"], "description": "Any.",
            "properties": {"x": {}}, "minLength": 1, "minimum": 2, "format": "int64"});
        let (schema, losses) = after(given);
        assert_eq!(
            schema,
            json!({"description": "Any.", "oneOf": [
                {"type": "object", "properties": {"x": {}}},
                {"type": "string", "minLength": 1},
                {"type": "number", "minimum": 2, "format": "int64"},
                {"type": "null"},
            ]})
        );
        assert_eq!(losses, 0);
    }

    #[test]
    fn values_go_to_their_types() {
        let (schema, _) =
            after(json!({"type": ["string", "integer", "boolean"], "enum": ["a", 1]}));
        assert_eq!(
            schema,
            json!({"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "integer", "enum": [1]}]})
        );
    }

    #[test]
    fn one_type_with_null_stays() {
        for schema in [
            json!({"type": ["string", "null"]}),
            json!({"type": ["integer", "number"]}),
            json!({"type": "string"}),
        ] {
            assert_eq!(after(schema.clone()), (schema, 0));
        }
        let (schema, losses) =
            after(json!({"type": ["string", "integer"], "anyOf": [{"minimum": 1}]}));
        assert_eq!((schema, losses), (json!({"anyOf": [{"minimum": 1}]}), 1));
    }
}
