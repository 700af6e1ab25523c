//! `null` as the generator reads it: `nullable` speaks of the whole schema,
//! whatever else it holds. A union with null would become a type more.

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, schema};

/// Replaces null in types, unions and enums by `nullable`. Inner schemas have
/// been lowered before, but for null as a variant, which the union takes out.
pub(super) fn nullable(schema: &mut Value, at: &Pointer, report: &mut Report) {
    if schema::is_null(schema) {
        let variant = matches!(at.holder(), Some("anyOf" | "oneOf"));
        if let (false, Value::Object(object)) = (variant, schema) {
            object.retain(|key, _| !matches!(key.as_str(), "type" | "enum"));
            object.insert("nullable".into(), json!(true));
            let note = "null and nothing else; any value is accepted";
            report.lost(Subject::Constraint, rule("null-alone"), at, note);
        }
        return;
    }
    if schema::may_take_null(schema) {
        let null = schema::takes_null(schema);
        *schema = schema::without_null(schema.take()).0;
        if null {
            schema["nullable"] = json!(true);
        }
        report.changed(rule("nullable"), at, "null written as `nullable`");
    }
    if let Value::Object(object) = schema {
        several_types(object, at, report);
    }
}

/// The keywords that may speak of null, or of several types.
pub(super) const SPEAK_OF_NULL: [&str; 6] = ["nullable", "type", "enum", "const", "anyOf", "oneOf"];

/// An array of types as a union of them. Each integer is a number.
fn several_types(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let Some(Value::Array(types)) = object.get("type") else {
        return;
    };
    let mut types = types.clone();
    types.dedup();
    if types.contains(&json!("number")) {
        types.retain(|kind| kind != "integer");
    }
    object.shift_remove("type");
    report.changed(rule("type-list"), at, "an array of types");
    if types.len() == 1 {
        object.insert("type".into(), types.remove(0));
        return;
    }
    let items = object.shift_remove("items").unwrap_or_else(|| json!({}));
    let of_type = |kind: Value| match kind.as_str() {
        Some("array") => json!({"type": kind, "items": items}),
        _ => json!({"type": kind}),
    };
    let union: Vec<Value> = types.into_iter().map(of_type).collect();
    if object.contains_key("anyOf") {
        also(object, json!({"anyOf": union}));
    } else {
        object.insert("anyOf".into(), Value::Array(union));
    }
}

/// Requires one more schema of a value.
pub(super) fn also(object: &mut Map<String, Value>, more: Value) {
    match object.get_mut("allOf") {
        Some(Value::Array(members)) => members.push(more),
        _ => {
            object.insert("allOf".into(), json!([more]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::tests::check;

    #[test]
    fn null_becomes_nullable() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let nothing = json!({"type": "null"});
        check(
            nullable,
            &[
                (
                    json!({"type": ["string", "null"]}),
                    json!({"nullable": true, "type": "string"}),
                    0,
                ),
                (json!({"type": ["string"]}), json!({"type": "string"}), 0),
                (
                    json!({"type": ["integer", "number", "integer"]}),
                    json!({"type": "number"}),
                    0,
                ),
                (
                    json!({"type": ["string", "array", "null"], "items": {"type": "string"}}),
                    json!({"nullable": true, "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
                    0,
                ),
                (
                    json!({"type": ["string", "integer"], "anyOf": [{"title": "x"}]}),
                    json!({"anyOf": [{"title": "x"}], "allOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}]}),
                    0,
                ),
                (json!({"type": "null"}), json!({"nullable": true}), 1),
                (
                    json!({"type": ["string", "null"], "enum": ["a", null]}),
                    json!({"type": "string", "enum": ["a"], "nullable": true}),
                    0,
                ),
                // The values do not include null.
                (
                    json!({"type": ["string", "null"], "enum": ["a"]}),
                    json!({"type": "string", "enum": ["a"]}),
                    0,
                ),
                (
                    json!({"enum": ["a", null]}),
                    json!({"enum": ["a"], "nullable": true}),
                    0,
                ),
                (
                    json!({"anyOf": [reference, nothing], "description": "d"}),
                    json!({"description": "d", "nullable": true, "$ref": "#/components/schemas/A"}),
                    0,
                ),
                (
                    json!({"oneOf": [{"type": "string", "description": "inner"}, nothing]}),
                    json!({"nullable": true, "type": "string", "description": "inner"}),
                    0,
                ),
                (
                    json!({"enum": ["a"], "oneOf": [{"type": "string"}, nothing]}),
                    json!({"enum": ["a"], "type": "string", "nullable": true}),
                    0,
                ),
                (
                    json!({"anyOf": [{"type": "string"}, {"type": "integer"}, nothing]}),
                    json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
                    0,
                ),
                // A reference is one of the members of what says more than it.
                (
                    json!({"anyOf": [reference, nothing], "properties": {"a": {}}}),
                    json!({"nullable": true, "properties": {"a": {}}, "allOf": [reference]}),
                    0,
                ),
                (
                    json!({"anyOf": [{"type": "string", "description": "Inner."}, nothing], "description": "Outer."}),
                    json!({"nullable": true, "type": "string", "description": "Outer. Inner."}),
                    0,
                ),
            ],
        );
    }
}
