//! `null` in every position, as 3.0's `nullable`.

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, schema};

/// `null` among the values of an `enum`.
pub(super) fn in_enum(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let Some(Value::Array(values)) = object.get_mut("enum") else {
        return;
    };
    let before = values.len();
    values.retain(|value| !value.is_null());
    if values.len() == before {
        // A type that lists null does not let in what the values leave out.
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|t| t != "null");
        }
        return;
    }
    if values.is_empty() {
        object.shift_remove("enum");
    }
    object.insert("nullable".into(), json!(true));
    report.changed(rule("null-in-enum"), at, "said as nullable");
}

/// `null` in a list of types, and lists of several types.
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
    let mut others: Vec<Value> = types.into_iter().filter(|t| t != "null").collect();
    others.dedup();
    object.shift_remove("type");
    if null {
        object.insert("nullable".into(), json!(true));
    }
    match others.len() {
        // The union around it says nullable in its place.
        0 if null && in_a_union(at) => {}
        0 if null => {
            report.lost(
                rule("null-alone"),
                at,
                "OpenAPI 3.0 cannot say null and nothing else; any value is taken",
            );
        }
        0 => {}
        1 => {
            object.insert("type".into(), others.remove(0));
            report.changed(rule("type-list"), at, "said as nullable");
        }
        _ if object.contains_key("anyOf") => {
            report.lost(
                rule("type-list"),
                at,
                "several types beside anyOf; any type is taken",
            );
        }
        _ => {
            let items = object.shift_remove("items").unwrap_or_else(|| json!({}));
            let arms = others
                .into_iter()
                .map(|kind| {
                    if kind == "array" {
                        json!({"type": kind, "items": items})
                    } else {
                        json!({"type": kind})
                    }
                })
                .collect();
            object.insert("anyOf".into(), Value::Array(arms));
            report.changed(rule("type-list"), at, "said as anyOf");
        }
    }
}

/// Whether a place is one of the schemas of a union.
fn in_a_union(at: &Pointer) -> bool {
    let mut tokens = at.as_str().rsplit('/').skip(1);
    matches!(tokens.next(), Some("anyOf" | "oneOf"))
}

/// `{"type": "null"}` among the schemas of a union. Inner schemas have been
/// lowered by now: null alone reads `{"nullable": true}`.
pub(super) fn in_unions(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(arms)) = object.get_mut(key) else {
            continue;
        };
        let before = arms.len();
        arms.retain(|arm| !null_alone(arm));
        if arms.len() == before {
            continue;
        }
        report.changed(rule("null-in-union"), at, "said as nullable");
        let one = (arms.len() == 1).then(|| arms.remove(0));
        if arms.is_empty() {
            object.shift_remove(key);
        }
        object.insert("nullable".into(), json!(true));
        if let Some(one) = one {
            put_in(object, one);
        }
    }
}

fn null_alone(arm: &Value) -> bool {
    schema::is_null(arm)
        || arm.as_object().is_some_and(|arm| {
            arm.get("nullable") == Some(&json!(true))
                && arm
                    .keys()
                    .all(|key| key == "nullable" || schema::PROSE.contains(&key.as_str()))
        })
}

/// Puts the one schema left of a union into the schema around it.
fn put_in(outer: &mut Map<String, Value>, one: Value) {
    let clash = match &one {
        Value::Object(inner) => {
            inner.contains_key("$ref")
                || inner.keys().any(|key| {
                    outer.contains_key(key)
                        && !schema::PROSE.contains(&key.as_str())
                        && key != "nullable"
                })
        }
        _ => true,
    };
    if clash {
        match outer.get_mut("allOf") {
            Some(Value::Array(members)) => members.push(one),
            _ => {
                outer.insert("allOf".into(), json!([one]));
            }
        }
        return;
    }
    if let Value::Object(inner) = one {
        for (key, value) in inner {
            outer.entry(key).or_insert(value);
        }
    }
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
                json!({"nullable": true, "type": "string"}),
            ),
            (json!({"type": ["string"]}), json!({"type": "string"})),
            (
                json!({"type": ["string", "array", "null"], "items": {"type": "string"}}),
                json!({"nullable": true, "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
            ),
        ] {
            assert_eq!(lowered(in_types, before).0, after);
        }
        let (schema, report) = lowered(in_types, json!({"type": "null"}));
        assert_eq!(schema, json!({"nullable": true}));
        assert_eq!(report.losses().count(), 1);
    }

    #[test]
    fn values_that_hold_null() {
        assert_eq!(
            lowered(
                in_enum,
                json!({"type": ["string", "null"], "enum": ["a", null]})
            )
            .0,
            json!({"type": ["string", "null"], "enum": ["a"], "nullable": true})
        );
        assert_eq!(
            lowered(in_enum, json!({"type": ["string", "null"], "enum": ["a"]})).0,
            json!({"type": ["string"], "enum": ["a"]}),
            "null is not among the values"
        );
    }

    #[test]
    fn unions_with_null() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let document = json!({"openapi": "3.1.0", "paths": {}, "components": {"schemas": {
            "A": {"type": "object"},
            "Ref": {"anyOf": [reference, {"type": "null"}], "description": "d"},
            "Plain": {"oneOf": [{"type": "string", "description": "inner"}, {"type": "null"}]},
            "Several": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        }}});
        let (document, report) = lower(document).unwrap();
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "A": {"type": "object"},
                "Ref": {"description": "d", "nullable": true, "allOf": [reference]},
                "Plain": {"nullable": true, "type": "string", "description": "inner"},
                "Several": {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true},
            })
        );
        // `null` alone is lost only where nothing around it says nullable.
        assert_eq!(report.losses().count(), 0, "{report:#?}");
    }
}
