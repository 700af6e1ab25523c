//! Unions of objects that nothing tells apart, in answers.
//!
//! Read tolerantly, every one of them takes every object, so a decoder would
//! choose the first and drop what only another declares. One object that has
//! the properties of all drops nothing.

use serde_json::{Map, Value, json};

use super::{Names, rule, tolerate, unions::TAG};
use crate::{Pointer, Report, schema};

/// Puts one object in place of the objects of a union without a tag.
pub(super) fn merge(document: &mut Value, names: &mut Names, report: &mut Report) {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut added = Map::new();
    tolerate::response_schemas(document, &mut |union, at| {
        let objects = objects(union, &schemas);
        if objects.len() < 2 {
            return;
        }
        let merged = one_of_all(&objects, at, report);
        let Value::Object(holder) = union else { return };
        let Some(Value::Array(arms)) = holder.get_mut("oneOf") else {
            return;
        };
        let mut place = None;
        let mut index = 0;
        arms.retain(|arm| {
            let is_object = object_of(arm, &schemas).is_some();
            if is_object {
                place.get_or_insert(index);
            } else {
                index += 1;
            }
            !is_object
        });
        report.changed(
            rule("union-without-tag"),
            at,
            format!(
                "{} objects read as one with the properties of all",
                objects.len()
            ),
        );
        let is_component = at.as_str().matches('/').count() == 3;
        if arms.is_empty() && is_component {
            holder.shift_remove("oneOf");
            for (key, value) in merged {
                holder.entry(key).or_insert(value);
            }
            return;
        }
        let owner = at.as_str().split('/').nth(3).unwrap_or_default();
        let name = names.give_any(
            &format!("{at} (all objects)"),
            &[format!("{owner} object"), format!("{owner} any object")],
        );
        let schemas = Pointer::root().joins(["components", "schemas"]);
        report.moved(&schemas.join(&name), at);
        added.insert(name.clone(), Value::Object(merged));
        arms.insert(place.unwrap_or(0), schema::reference(&name));
        if let [one] = arms.as_slice() {
            let one = one.clone();
            holder.shift_remove("oneOf");
            holder.insert("allOf".into(), json!([one]));
        }
    });
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, mut schema) in added {
            if let Value::Object(schema) = &mut schema {
                schema.insert(tolerate::RESPONSE.into(), json!(true));
            }
            schemas.insert(name, schema);
        }
    }
}

/// Whether the schema is a union of objects that nothing tells apart.
pub(super) fn is_ambiguous(union: &Value, schemas: &Map<String, Value>) -> bool {
    objects(union, schemas).len() > 1
}

/// The objects of a union without a tag.
fn objects(union: &Value, schemas: &Map<String, Value>) -> Vec<Map<String, Value>> {
    if union.get(TAG).is_some() {
        return Vec::new();
    }
    let arms = union.get("oneOf").and_then(Value::as_array);
    arms.into_iter()
        .flatten()
        .filter_map(|arm| object_of(arm, schemas))
        .collect()
}

/// The object that an arm is, if it is one with properties.
fn object_of(arm: &Value, schemas: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut target = arm;
    for _ in 0..16 {
        match schema::ref_name(target) {
            Some(name) => target = schemas.get(name)?,
            None => break,
        }
    }
    let object = target.as_object()?;
    let properties = object.get("properties")?.as_object()?;
    (!properties.is_empty() && !object.contains_key("oneOf")).then(|| object.clone())
}

fn one_of_all(
    objects: &[Map<String, Value>],
    at: &Pointer,
    report: &mut Report,
) -> Map<String, Value> {
    let mut properties: Map<String, Value> = Map::new();
    let mut more = false;
    for object in objects {
        more |= object.contains_key("additionalProperties");
        let own = object.get("properties").and_then(Value::as_object);
        for (name, property) in own.into_iter().flatten() {
            let both = match properties.get(name) {
                None => property.clone(),
                Some(other) => either(other, property).unwrap_or_else(|| {
                    report.lost(
                        rule("union-without-tag"),
                        at,
                        format!("{name:?} is of several types; any value is taken"),
                    );
                    json!({})
                }),
            };
            properties.insert(name.clone(), both);
        }
    }
    let mut merged = Map::new();
    merged.insert("type".into(), json!("object"));
    merged.insert("properties".into(), Value::Object(properties));
    if more {
        merged.insert("additionalProperties".into(), json!(true));
    }
    merged
}

/// The schema that takes what either takes, if there is a plain one.
fn either(a: &Value, b: &Value) -> Option<Value> {
    let (plain_a, null_a) = schema::without_null(a.clone());
    let (plain_b, null_b) = schema::without_null(b.clone());
    let mut both = if schema::shape(&plain_a) == schema::shape(&plain_b) {
        plain_a
    } else {
        let kind = |schema: &Value| {
            let fixed = schema.get("const").or_else(|| schema.pointer("/enum/0"));
            let kind = schema.get("type").and_then(Value::as_str);
            kind.or_else(|| fixed.filter(|v| v.is_string()).map(|_| "string"))
                .map(str::to_owned)
        };
        match (kind(&plain_a)?.as_str(), kind(&plain_b)?.as_str()) {
            ("integer" | "number", "integer" | "number") => json!({"type": "number"}),
            (a, b) if a == b && matches!(a, "string" | "boolean" | "integer" | "number") => {
                json!({"type": a})
            }
            _ => return None,
        }
    };
    if null_a || null_b {
        schema::make_nullable(&mut both);
    }
    Some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(union: &Value) -> Value {
        json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/U"}}}}}}}},
            "components": {"schemas": {
                "U": union,
                "A": {"type": "object", "properties": {"a": {"type": "string"}, "kind": {"const": "a"}, "n": {"type": "integer"}, "x": {"type": "string"}}},
                "B": {"type": "object", "properties": {"b": {"type": "string"}, "kind": {"const": "b"}, "n": {"type": ["number", "null"]}, "x": {"type": "array", "items": {}}}},
            }},
        })
    }

    #[test]
    fn objects_that_nothing_tells_apart_are_one() {
        let to = |name: &str| schema::reference(name);
        let mut both = document(&json!({"description": "d", "oneOf": [to("A"), to("B")]}));
        let mut report = Report::new();
        merge(&mut both, &mut Names::new(), &mut report);
        assert_eq!(
            both["components"]["schemas"]["U"],
            json!({"description": "d", "type": "object", "properties": {
                "a": {"type": "string"}, "kind": {"type": "string"}, "n": {"type": ["number", "null"]}, "x": {}, "b": {"type": "string"}}})
        );
        assert_eq!(report.losses().count(), 1, "x");

        let mut mixed = document(&json!({"oneOf": [{"type": "string"}, to("A"), to("B")]}));
        merge(&mut mixed, &mut Names::new(), &mut Report::new());
        assert_eq!(
            mixed["components"]["schemas"]["U"]["oneOf"],
            json!([{"type": "string"}, to("UObject")])
        );
        let mut tagged = document(&json!({"x-tag": "kind", "oneOf": [to("A"), to("B")]}));
        let before = tagged.clone();
        merge(&mut tagged, &mut Names::new(), &mut Report::new());
        assert_eq!(tagged, before);
    }
}
