//! `null` in every position, as OpenAPI 3.0 can say it.
//!
//! 3.0's `nullable` adds null to the `type` beside it and does nothing else:
//! other keywords, `enum` among them, may still refuse null, and without a
//! `type` it has no effect. So null beside a type is said by `nullable`, and
//! null alone as an `enum` of null without a type.

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, schema};

/// `nullable`, which is no keyword of 3.1: read as it was meant in 3.0.
pub(super) fn flag(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let Some(flag) = object.shift_remove("nullable") else {
        return;
    };
    if flag == json!(true) {
        schema::make_nullable(schema);
        report.changed(rule("nullable"), at, "a word of 3.0; read as there");
    } else {
        report.changed(rule("nullable"), at, "a word of 3.0 that says nothing");
    }
}

/// `null` in a list of types or alone, and lists of several types.
pub(super) fn in_types(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
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
    match others.len() {
        0 => {
            null_only(object);
            if !in_a_union(at) {
                report.changed(rule("null-alone"), at, "said as an enum of null");
            }
        }
        1 => {
            if null && listed(object) {
                object.insert("nullable".into(), json!(true));
            }
            object.insert("type".into(), others.remove(0));
            let note = if null {
                "said as nullable"
            } else {
                "said as one type"
            };
            report.changed(rule("type-list"), at, note);
        }
        _ => {
            let items = object.shift_remove("items").unwrap_or_else(|| json!({}));
            let mut arms: Vec<Value> = others
                .into_iter()
                .map(|kind| {
                    if kind == "array" {
                        json!({"type": kind, "items": items})
                    } else {
                        json!({"type": kind})
                    }
                })
                .collect();
            if null && listed(object) {
                arms.push(alone());
            }
            if object.contains_key("anyOf") {
                also(object, json!({"anyOf": arms}));
            } else {
                object.insert("anyOf".into(), Value::Array(arms));
            }
            report.changed(rule("type-list"), at, "said as anyOf");
        }
    }
}

/// Whether a place is one of the schemas of a union, which tells of null itself.
pub(super) fn in_a_union(at: &Pointer) -> bool {
    let parent = at.as_str().rsplit('/').nth(1);
    matches!(parent, Some("anyOf" | "oneOf"))
}

/// Null and nothing else.
fn alone() -> Value {
    json!({"nullable": true, "enum": [null]})
}

/// Whether a schema says null and nothing else, as it is said here.
pub(super) fn is_alone(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| {
        schema.get("enum") == Some(&json!([null]))
            && schema
                .keys()
                .all(|key| key == "nullable" || key == "enum" || is_prose(key))
    })
}

pub(super) fn is_prose(key: &str) -> bool {
    schema::PROSE.contains(&key) || key.starts_with("x-")
}

/// Leaves of the values a schema takes null alone.
fn null_only(object: &mut Map<String, Value>) {
    let values = object.shift_remove("enum");
    object.insert("nullable".into(), json!(true));
    object.insert("enum".into(), json!([null]));
    if let Some(values) = values
        && !values.as_array().is_some_and(|v| v.contains(&Value::Null))
    {
        also(object, json!({"enum": values}));
    }
}

/// Whether the values that are listed, if any are, hold null.
fn listed(object: &Map<String, Value>) -> bool {
    object
        .get("enum")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(&Value::Null))
}

/// Asks of a value one more thing.
pub(super) fn also(object: &mut Map<String, Value>, more: Value) {
    match object.get_mut("allOf") {
        Some(Value::Array(members)) => members.push(more),
        _ => {
            object.insert("allOf".into(), json!([more]));
        }
    }
}

/// `null` among the schemas of a union: said by the one other schema, where it
/// can take null itself. Inner schemas have been lowered by now.
pub(super) fn in_unions(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(arms)) = object.get(key) else {
            continue;
        };
        if !arms.iter().any(is_alone) {
            continue;
        }
        report.changed(rule("null-in-union"), at, "said as nullable");
        let one = match arms.as_slice() {
            [null, one] | [one, null] if is_alone(null) => one.as_object(),
            _ => None,
        };
        let Some(one) = one.filter(|one| can_take(one)).cloned() else {
            continue;
        };
        let clash = one
            .keys()
            .any(|name| !is_prose(name) && object.contains_key(name));
        if clash {
            continue;
        }
        object.shift_remove(key);
        object.insert("nullable".into(), json!(true));
        for (name, mut value) in one {
            if name == "enum"
                && let Value::Array(values) = &mut value
            {
                values.push(Value::Null);
            }
            match object.get(&name) {
                None => {
                    object.insert(name, value);
                }
                Some(said) if *said == value => {}
                Some(_) => {
                    let note = format!("`{name}` of the schema beside null");
                    report.lost(Subject::Constraint, rule("null-in-union"), at, note);
                }
            }
        }
        if !listed(object) {
            object.shift_remove("nullable");
        }
    }
}

/// Whether a schema refuses null for its type, and for nothing else but the
/// values it lists.
fn can_take(schema: &Map<String, Value>) -> bool {
    const MORE: [&str; 6] = ["$ref", "allOf", "anyOf", "oneOf", "not", "nullable"];
    schema.get("type").is_some_and(Value::is_string)
        && MORE.iter().all(|key| !schema.contains_key(*key))
        && schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|values| !values.contains(&Value::Null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::{lower, lowered};

    #[test]
    fn lists_of_types() {
        for (before, after) in [
            (
                json!({"type": ["string", "null"]}),
                json!({"type": "string", "nullable": true}),
            ),
            (json!({"type": ["string"]}), json!({"type": "string"})),
            (
                json!({"type": ["integer", "number", "integer"]}),
                json!({"type": "number"}),
            ),
            (
                json!({"type": ["string", "array", "null"], "items": {"type": "string"}}),
                json!({"anyOf": [
                    {"type": "string"},
                    {"type": "array", "items": {"type": "string"}},
                    {"nullable": true, "enum": [null]},
                ]}),
            ),
            (
                json!({"type": ["string", "integer"], "anyOf": [{"minLength": 1}]}),
                json!({
                    "anyOf": [{"minLength": 1}],
                    "allOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}],
                }),
            ),
            (
                json!({"type": "null"}),
                json!({"nullable": true, "enum": [null]}),
            ),
            (
                json!({"type": "null", "enum": ["a"]}),
                json!({"nullable": true, "enum": [null], "allOf": [{"enum": ["a"]}]}),
            ),
        ] {
            let (schema, report) = lowered(in_types, before);
            assert_eq!(schema, after);
            assert_eq!(report.losses().count(), 0);
        }
    }

    #[test]
    fn values_that_are_listed_with_null_and_without() {
        assert_eq!(
            lowered(
                in_types,
                json!({"type": ["string", "null"], "enum": ["a", null]})
            )
            .0,
            json!({"type": "string", "enum": ["a", null], "nullable": true})
        );
        assert_eq!(
            lowered(in_types, json!({"type": ["string", "null"], "enum": ["a"]})).0,
            json!({"type": "string", "enum": ["a"]}),
            "null is not among the values"
        );
    }

    #[test]
    fn the_flag_of_30_is_read_as_there() {
        for (before, after) in [
            (
                json!({"type": "string", "nullable": true, "enum": ["a"]}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (
                json!({"$ref": "#/a", "nullable": true}),
                json!({"anyOf": [{"$ref": "#/a"}, {"type": "null"}]}),
            ),
            (
                json!({"type": "string", "nullable": false}),
                json!({"type": "string"}),
            ),
        ] {
            assert_eq!(lowered(flag, before).0, after);
        }
    }

    #[test]
    fn unions_with_null() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let alone = json!({"nullable": true, "enum": [null]});
        let document = json!({"openapi": "3.1.0", "paths": {}, "components": {"schemas": {
            "A": {"type": "object"},
            "Ref": {"anyOf": [reference, {"type": "null"}], "description": "d"},
            "Plain": {"oneOf": [{"type": "string", "description": "inner"}, {"type": "null"}]},
            "Listed": {"anyOf": [{"type": "string", "enum": ["a"]}, {"const": null}]},
            "Outer": {"enum": ["a"], "oneOf": [{"type": "string"}, {"type": "null"}]},
            "Twice": {"oneOf": [{"type": ["string", "null"]}, {"type": "null"}]},
            "Several": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        }}});
        let (document, report) = lower(document).unwrap();
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "A": {"type": "object"},
                "Ref": {"anyOf": [reference, alone], "description": "d"},
                "Plain": {"type": "string", "description": "inner", "nullable": true},
                "Listed": {"type": "string", "enum": ["a", null], "nullable": true},
                "Outer": {"enum": ["a"], "type": "string"},
                "Twice": {"oneOf": [{"type": "string", "nullable": true}, alone]},
                "Several": {"anyOf": [{"type": "string"}, {"type": "integer"}, alone]},
            })
        );
        assert_eq!(report.losses().count(), 0, "{report:#?}");
    }
}
