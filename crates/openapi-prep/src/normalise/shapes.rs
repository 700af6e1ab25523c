//! Schemas that contradict the generator: unions of one schema or none, what a
//! value must not be, objects and arrays that do not say their type, arrays whose
//! items differ by position.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::enums;
use crate::{Pointer, Report, Subject, schema, walk};

/// Takes out what says only how a value must not look.
pub(super) fn negations(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| match schema {
        Value::Bool(false) => {
            let (last, holder) = (at.as_str().rsplit('/').next(), at.holder());
            let left_open = last.is_some_and(|last| {
                last.starts_with("unevaluated") || last == "additionalProperties"
            });
            if holder == Some("properties") || !left_open {
                *schema = json!({});
                let note = "what must not be there may be anything";
                report.lost(Subject::Constraint, at, note);
            }
        }
        schema if schema::get(schema, "not").is_some() => {
            schema
                .as_object_mut()
                .and_then(|schema| schema.shift_remove("not"));
            report.lost(Subject::Constraint, at, "`not`");
        }
        _ => {}
    });
}

/// Says the type of schemas that speak of what only strings, objects or arrays
/// have.
pub(super) fn implied_types(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    if schema::has_any(schema, &["type", "$ref", "oneOf", "anyOf", "allOf"]) {
        return;
    }
    if let Some(values) = enums::values(schema) {
        let mut present = values.iter().filter(|value| !value.is_null()).peekable();
        if present.peek().is_some() && present.all(Value::is_string) {
            let has_null = values.contains(&Value::Null);
            schema.insert("type".into(), schema::type_keyword("string", has_null));
        }
        return;
    }
    let implies = |(key, value): (&String, &Value)| match key.as_str() {
        "properties" => Some("object"),
        "items" => Some("array"),
        "additionalProperties" if value.is_object() => Some("object"),
        _ => None,
    };
    let Some(kind) = schema.iter().find_map(implies) else {
        return;
    };
    schema.insert("type".into(), json!(kind));
    report.changed(at, format!("read as {kind}"));
}

/// Puts unions of one schema in place of the union, a reference as a member, and
/// takes out unions of none.
pub(super) fn small_unions(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in ["oneOf", "anyOf", "allOf"] {
        let Some(Value::Array(arms)) = object.get_mut(key) else {
            continue;
        };
        // The same schema twice says nothing new, null least of all.
        let mut seen = HashSet::new();
        arms.retain(|arm| seen.insert(arm.clone()));
        let note = match arms.len() {
            0 => format!("`{key}` of nothing taken out"),
            1 if key != "allOf" => format!("`{key}` of one schema put in place"),
            _ => continue,
        };
        let arm = arms.pop();
        object.shift_remove(key);
        match arm {
            Some(Value::Object(arm))
                if !arm
                    .keys()
                    .any(|key| key == "$ref" || object.contains_key(key)) =>
            {
                object.extend(arm);
            }
            Some(arm) => schema::add_member(object, arm),
            None => {}
        }
        report.changed(at, note);
    }
}

/// Describes all items of a tuple by one schema: 3.0 and the generator have no
/// positions.
pub(super) fn tuple(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let is_old = object.get("items").is_some_and(Value::is_array);
    if !is_old && !object.contains_key("prefixItems") {
        return;
    }
    // Who writes both means one of them.
    let old = is_old.then(|| object.shift_remove("items")).flatten();
    let lists = [object.shift_remove("prefixItems"), old]
        .into_iter()
        .flatten();
    let lists = lists.filter_map(|list| list.as_array().cloned());
    let mut arms: Vec<Value> = lists.flatten().collect();
    let rest = object.shift_remove(if is_old { "additionalItems" } else { "items" });
    let is_closed = match rest {
        Some(Value::Bool(more)) => !more,
        Some(rest) if rest != json!({}) => {
            arms.push(rest);
            true
        }
        _ => {
            let most = object.get("maxItems").and_then(Value::as_u64);
            most.is_some_and(|most| most <= arms.len() as u64)
        }
    };
    // Items of one shape need no union.
    arms.dedup_by_key(|arm| schema::shape(arm));
    let (items, subject) = match arms.len() {
        1 if is_closed => (arms.remove(0), Subject::Constraint),
        2.. if is_closed => (json!({"anyOf": arms}), Subject::Constraint),
        _ => (json!({}), Subject::Type),
    };
    object.insert("items".into(), items);
    let note = "tuple positions dropped: 3.0 has no prefixItems";
    report.lost(subject, at, note);
}

#[cfg(test)]
mod tests {
    use super::{super::tests::after, *};

    #[test]
    fn what_must_not_be_may_be() {
        let schema = json!({"not": {"type": "string"}, "properties": {"no": false, "not": {"type": "string"}}});
        let mut document = json!({"components": {"schemas": {"A": schema}}});
        let mut report = Report::new();
        negations(&mut document, &mut report);
        assert_eq!(
            document["components"]["schemas"]["A"],
            json!({"properties": {"no": {}, "not": {"type": "string"}}})
        );
        assert_eq!(report.losses().count(), 2);
    }

    #[test]
    fn unions_of_one_and_of_none() {
        let (schemas, _) = after(
            small_unions,
            json!({
                "None": {"oneOf": []},
                "One": {"oneOf": [{"type": "string"}], "description": "d"},
                "Reference": {"anyOf": [{"$ref": "#/components/schemas/One"}]},
                "Twice": {"anyOf": [{"type": "null"}, {"type": "null"}, {"type": "string"}]},
            }),
        );
        assert_eq!(
            schemas,
            json!({
                "None": {},
                "One": {"description": "d", "type": "string"},
                "Reference": {"allOf": [{"$ref": "#/components/schemas/One"}]},
                "Twice": {"anyOf": [{"type": "null"}, {"type": "string"}]},
            })
        );
    }

    #[test]
    fn positions_become_one_schema_of_items() {
        for (before, after) in [
            (
                json!({"prefixItems": [{"type": "string"}]}),
                json!({"items": {}}),
            ),
            (
                json!({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
                json!({"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}),
            ),
            (
                json!({"prefixItems": [{"type": "number", "title": "x"}, {"type": "number"}], "maxItems": 2}),
                json!({"maxItems": 2, "items": {"type": "number", "title": "x"}}),
            ),
            (
                json!({"prefixItems": [{"type": "number"}, {"type": "number"}], "maxItems": 3}),
                json!({"maxItems": 3, "items": {}}),
            ),
        ] {
            let (mut schema, mut report) = (before, Report::new());
            let object = schema.as_object_mut().unwrap();
            tuple(object, &Pointer::root(), &mut report);
            assert_eq!(schema, after);
            assert_eq!(report.losses().count(), 1);
        }
    }
}
