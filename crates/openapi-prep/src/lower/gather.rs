//! `null` as generators of code read it.
//!
//! By the letter of 3.0, `nullable` speaks of the `type` beside it. Generators
//! take it to speak of the whole schema, and make of a union with null, which
//! says the same by the letter, a type more than they need.

use serde_json::{Map, Value, json};

use super::{null, rule};
use crate::{Pointer, Report, Subject};

/// Says by `nullable` what is said by null among the arms of a union or among
/// listed values. Inner schemas have been lowered by now.
pub(super) fn schema(schema: &mut Value, at: &Pointer, report: &mut Report) {
    in_enum(schema);
    in_unions(schema, at, report);
    alone(schema, at, report);
}

/// `null` among the values of an `enum`.
fn in_enum(schema: &mut Value) {
    let Value::Object(object) = schema else {
        return;
    };
    let Some(Value::Array(values)) = object.get_mut("enum") else {
        return;
    };
    let before = values.len();
    if values.iter().all(Value::is_null) {
        return;
    }
    values.retain(|value| !value.is_null());
    let typed = object.get("type").is_some();
    if object["enum"].as_array().is_some_and(|v| v.len() < before) && !typed {
        object.insert("nullable".into(), json!(true));
    }
}

/// Null among the schemas of a union.
fn in_unions(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(arms)) = object.get_mut(key) else {
            continue;
        };
        let before = arms.len();
        arms.retain(|arm| !null::is_alone(arm));
        if arms.len() == before || arms.is_empty() {
            arms.resize(before, json!({"nullable": true, "enum": [null]}));
            continue;
        }
        let one = (arms.len() == 1).then(|| arms.remove(0));
        if arms.is_empty() {
            object.shift_remove(key);
        }
        object.insert("nullable".into(), json!(true));
        if let Some(one) = one {
            put_in(object, one, at, report);
        }
    }
}

/// Puts the one schema left of a union into the schema around it.
fn put_in(outer: &mut Map<String, Value>, one: Value, at: &Pointer, report: &mut Report) {
    let Value::Object(inner) = one else {
        return;
    };
    let clash = inner.contains_key("$ref")
        || inner
            .keys()
            .any(|key| outer.contains_key(key) && !null::is_prose(key) && key != "nullable");
    if clash {
        null::also(outer, Value::Object(inner));
        return;
    }
    for (key, value) in inner {
        match outer.get(&key) {
            None => {
                outer.insert(key, value);
            }
            Some(said) if *said == value || key == "nullable" => {}
            Some(_) => {
                let note = format!("`{key}` of the schema beside null");
                report.lost(Subject::Constraint, rule("null-in-union"), at, note);
            }
        }
    }
}

/// Null and nothing else, where no union takes it in: no type of its own.
fn alone(schema: &mut Value, at: &Pointer, report: &mut Report) {
    if !null::is_alone(schema) || null::in_a_union(at) {
        return;
    }
    if let Value::Object(object) = schema {
        object.shift_remove("enum");
        report.lost(
            Subject::Constraint,
            rule("null-alone"),
            at,
            "any value is taken",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower_for_generator;

    #[test]
    fn null_is_said_by_the_flag() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let document = json!({"openapi": "3.1.0", "paths": {}, "components": {"schemas": {
            "A": {"type": "object"},
            "Ref": {"anyOf": [reference, {"type": "null"}], "description": "d"},
            "Plain": {"oneOf": [{"type": "string", "description": "inner"}, {"type": "null"}]},
            "Listed": {"enum": ["a", null], "type": ["string", "null"]},
            "Untyped": {"enum": ["a", null]},
            "Several": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            "Types": {"type": ["string", "integer", "null"]},
            "Null": {"type": "null"},
        }}});
        let (document, report) = lower_for_generator(document).unwrap();
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "A": {"type": "object"},
                "Ref": {"description": "d", "nullable": true, "allOf": [reference]},
                "Plain": {"type": "string", "description": "inner", "nullable": true},
                "Listed": {"enum": ["a"], "type": "string", "nullable": true},
                "Untyped": {"enum": ["a"], "nullable": true},
                "Several": {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true},
                "Types": {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true},
                "Null": {"nullable": true},
            })
        );
        assert_eq!(report.losses().count(), 1, "{report:#?}");
    }
}
