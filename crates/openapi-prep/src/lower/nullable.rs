//! `null` as the generator reads it: `nullable` speaks of the whole schema,
//! whatever else it holds. A union with null would become a type more.

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, schema};

/// Replaces null in types, unions and enums by `nullable`. Inner schemas have
/// been lowered before.
pub(super) fn nullable(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    types(object, at, report);
    unions(object, at, report);
    values(object);
    if is_null_only(object) && !is_variant(at) {
        object.shift_remove("enum");
        let note = "null and nothing else; any value is accepted";
        report.lost(Subject::Constraint, rule("null-alone"), at, note);
    }
}

/// An array of types: null becomes `nullable`, several others a union.
fn types(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let types: Vec<Value> = match object.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(one) if one == "null" => vec![one.clone()],
        _ => return,
    };
    let null = types.iter().any(|t| t == "null");
    let mut others: Vec<Value> = Vec::new();
    for kind in types {
        if kind != "null" && !others.contains(&kind) {
            others.push(kind);
        }
    }
    if others.iter().any(|t| t == "number") {
        // Each integer is a number.
        others.retain(|t| t != "integer");
    }
    object.shift_remove("type");
    if others.is_empty() {
        object.insert("nullable".into(), json!(true));
        object.insert("enum".into(), json!([null]));
        return;
    }
    if null && allows_null(object) {
        object.insert("nullable".into(), json!(true));
    }
    if others.len() == 1 {
        object.insert("type".into(), others.remove(0));
        let note = if null {
            "null said by `nullable`"
        } else {
            "an array of one type"
        };
        report.changed(rule("type-list"), at, note);
        return;
    }
    let items = object.shift_remove("items").unwrap_or_else(|| json!({}));
    let of_type = |kind: Value| match kind.as_str() {
        Some("array") => json!({"type": kind, "items": items}),
        _ => json!({"type": kind}),
    };
    let union: Vec<Value> = others.into_iter().map(of_type).collect();
    if object.contains_key("anyOf") {
        also(object, json!({"anyOf": union}));
    } else {
        object.insert("anyOf".into(), Value::Array(union));
    }
    report.changed(rule("type-list"), at, "several types said by anyOf");
}

/// Null among the schemas of a union. One other schema that is left takes the
/// place of the union.
fn unions(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(arms)) = object.get_mut(key) else {
            continue;
        };
        let null_only = |arm: &Value| arm.as_object().is_some_and(is_null_only);
        let before = arms.len();
        arms.retain(|arm| !null_only(arm));
        if arms.len() == before {
            continue;
        }
        let last = arms.is_empty();
        let one = (arms.len() == 1).then(|| arms.remove(0));
        if last || one.is_some() {
            object.shift_remove(key);
        }
        if allows_null(object) {
            object.insert("nullable".into(), json!(true));
        }
        if last {
            object.entry("enum").or_insert(json!([null]));
        }
        report.changed(rule("null-in-union"), at, "null said by `nullable`");
        if let Some(Value::Object(one)) = one {
            merge(object, one, at, report);
        }
    }
}

/// Merges the one schema left of a union into the schema around it.
fn merge(
    outer: &mut Map<String, Value>,
    one: Map<String, Value>,
    at: &Pointer,
    report: &mut Report,
) {
    let clash = |key: &String| outer.contains_key(key) && !is_annotation(key) && key != "nullable";
    if one.contains_key("$ref") || one.keys().any(clash) {
        also(outer, Value::Object(one));
        return;
    }
    for (key, value) in one {
        match outer.get(&key) {
            None => {
                outer.insert(key, value);
            }
            Some(other) if *other == value || key == "nullable" => {}
            Some(_) => {
                let note = format!("`{key}` of the schema beside null");
                report.lost(Subject::Annotation, rule("null-in-union"), at, note);
            }
        }
    }
}

/// Null among the values of an enum, where it would be a variant without a name.
fn values(object: &mut Map<String, Value>) {
    let Some(Value::Array(values)) = object.get_mut("enum") else {
        return;
    };
    let before = values.len();
    if values.iter().all(Value::is_null) {
        return;
    }
    values.retain(|value| !value.is_null());
    let null = values.len() != before;
    if null && !object.contains_key("type") {
        object.insert("nullable".into(), json!(true));
    }
}

/// Whether a schema is one of those of a union, which says null itself.
fn is_variant(at: &Pointer) -> bool {
    let parent = at.as_str().rsplit('/').nth(1);
    matches!(parent, Some("anyOf" | "oneOf"))
}

/// Whether a lowered schema takes null and nothing else.
fn is_null_only(schema: &Map<String, Value>) -> bool {
    schema
        .get("enum")
        .is_some_and(|values| *values == json!([null]))
        && schema
            .keys()
            .all(|key| key == "nullable" || key == "enum" || is_annotation(key))
}

fn is_annotation(key: &str) -> bool {
    schema::PROSE.contains(&key) || key.starts_with("x-")
}

/// Whether the values of an enum, if there is one, include null.
fn allows_null(object: &Map<String, Value>) -> bool {
    object
        .get("enum")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(&Value::Null))
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
    use crate::lower::check;

    #[test]
    fn null_becomes_nullable() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let nothing = json!({"nullable": true, "enum": [null]});
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
                    json!({"description": "d", "nullable": true, "allOf": [reference]}),
                    0,
                ),
                (
                    json!({"oneOf": [{"type": "string", "description": "inner"}, nothing]}),
                    json!({"nullable": true, "type": "string", "description": "inner"}),
                    0,
                ),
                (
                    json!({"enum": ["a"], "oneOf": [{"type": "string"}, nothing]}),
                    json!({"enum": ["a"], "type": "string"}),
                    0,
                ),
                (
                    json!({"anyOf": [{"type": "string"}, {"type": "integer"}, nothing]}),
                    json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
                    0,
                ),
                (
                    json!({"anyOf": [nothing, nothing]}),
                    json!({"nullable": true}),
                    1,
                ),
            ],
        );
    }
}
