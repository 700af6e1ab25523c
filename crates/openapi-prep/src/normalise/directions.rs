//! What a field is in one direction only: `readOnly` is no part of a request,
//! `writeOnly` no part of a response, and a request tells absent, null and
//! empty apart where a response need not.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{reach, rule, tolerate, unions};
use crate::{Pointer, Report, schema, walk};

/// The mark on an optional property of a request whose null says something
/// else than its absence.
pub(crate) const EXPLICIT_NULL: &str = "x-explicit-null";

/// Whether a schema means one thing in a request and another in a response.
pub(super) fn differs(schema: &Value, schemas: &Map<String, Value>) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().any(|(name, property)| {
        has_flag(property, "readOnly", schemas)
            || has_flag(property, "writeOnly", schemas)
            || (schema::takes_null(property) && !is_required(schema, name))
    })
}

/// Whether a property, or the schema it refers to, has a flag.
fn has_flag(property: &Value, flag: &str, schemas: &Map<String, Value>) -> bool {
    let arms = ["anyOf", "oneOf", "allOf"].into_iter();
    let arms = arms.filter_map(|key| property.get(key)?.as_array());
    let alone = arms.filter(|arms| arms.iter().filter(|arm| !schema::is_null(arm)).count() == 1);
    std::iter::once(property)
        .chain(alone.flatten())
        .any(|part| {
            let named = schema::ref_name(part).and_then(|name| schemas.get(name));
            [Some(part), named]
                .into_iter()
                .flatten()
                .any(|part| part.get(flag) == Some(&Value::Bool(true)))
        })
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|r| r == name))
}

/// Takes properties that are `readOnly` out of the schemas of requests, and
/// those that are `writeOnly` out of the schemas of responses. A tag stays: it
/// tells what the rest of the object is.
pub(super) fn drop_one_way(document: &mut Value, report: &mut Report) {
    let reach = reach::reach(document);
    let mut tags: HashSet<(String, String)> = HashSet::new();
    walk::schemas(document, &mut |schema, _| {
        let tag = schema.get(unions::TAG).and_then(Value::as_str);
        let variants = schema.get(unions::VARIANTS).and_then(Value::as_object);
        for name in variants.into_iter().flat_map(Map::values) {
            let pair = (name.as_str(), tag);
            if let (Some(name), Some(tag)) = pair {
                tags.insert((name.to_owned(), tag.to_owned()));
            }
        }
    });
    let concerns = |schema: &Value| schema.get("properties").is_some();
    for (only, other, flag, name, note) in [
        (
            &reach.requests,
            &reach.responses,
            "readOnly",
            "read-only",
            "set by the server; not part of a request",
        ),
        (
            &reach.responses,
            &reach.requests,
            "writeOnly",
            "write-only",
            "not part of a response",
        ),
    ] {
        let wanted = |name: &str| only.contains(name) && !other.contains(name);
        walk::some_of(document, &wanted, &concerns, &mut |schema, at, schemas| {
            let holder = at.as_str().split('/').nth(3).unwrap_or_default().to_owned();
            let Some(Value::Object(properties)) = schema.get_mut("properties") else {
                return;
            };
            let mut gone = Vec::new();
            properties.retain(|key, property| {
                let stays = !has_flag(property, flag, schemas)
                    || tags.contains(&(holder.clone(), key.clone()));
                if !stays {
                    let at = at.join("properties").join(key);
                    report.changed(rule(name), &at, note);
                    gone.push(key.clone());
                }
                stays
            });
            if let Some(Value::Array(required)) = schema.get_mut("required") {
                required.retain(|name| !gone.iter().any(|gone| name == gone));
                if required.is_empty()
                    && let Value::Object(schema) = schema
                {
                    schema.shift_remove("required");
                }
            }
        });
    }
}

/// Lets an optional list or map of a request be left out, though it is no
/// null on the wire: generators make a list of what is optional only, and
/// never send an empty one. Marks what may be sent as null.
pub(super) fn presence_in_requests(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().join("components").join("schemas");
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let of_requests = schemas
        .iter_mut()
        .filter(|(_, schema)| schema.get(tolerate::RESPONSE).is_none());
    for (name, schema) in of_requests {
        walk::schema_tree(schema, &at.join(name), &mut |schema, at| {
            presence(schema, at, report);
        });
    }
}

fn presence(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let required = schema.get("required").cloned();
    let is_required = |name: &str| {
        let required = required.as_ref().and_then(Value::as_array);
        required.is_some_and(|required| required.iter().any(|r| r == name))
    };
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (name, property) in properties.iter_mut().filter(|(name, _)| !is_required(name)) {
        let at = at.join("properties").join(name);
        let is_map = property.get("properties").is_none() && schema::has_type(property, "object");
        if schema::takes_null(property) {
            property[EXPLICIT_NULL] = json!(true);
        } else if is_map || schema::has_type(property, "array") {
            schema::make_nullable(property);
            let note = "absent and empty are different: nullable for the generator, never null";
            report.changed(rule("optional-list"), &at, note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(schema: Value, request: &str, response: &str) -> Value {
        let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
        json!({
            "paths": {"/a": {"post": {"requestBody": body(request), "responses": {"200": body(response)}}}},
            "components": {"schemas": {"S": schema, "Other": {"type": "string"},
                "Flagged": {"type": "string", "readOnly": true}}},
        })
    }

    #[test]
    fn each_direction_has_its_own_fields() {
        let schema = json!({"type": "object", "required": ["id", "password"], "properties": {
            "id": {"type": "string", "readOnly": true},
            "etag": {"anyOf": [{"$ref": "#/components/schemas/Flagged"}, {"type": "null"}]},
            "password": {"type": "string", "writeOnly": true},
            "name": {"type": "string"},
        }});
        let fields = |request: &str, response: &str| {
            let mut document = document(schema.clone(), request, response);
            let mut report = Report::new();
            drop_one_way(&mut document, &mut report);
            let schema = &document["components"]["schemas"]["S"];
            let keys = schema["properties"].as_object().unwrap().keys();
            (
                keys.cloned().collect::<Vec<_>>(),
                schema["required"].clone(),
            )
        };
        assert_eq!(
            fields("S", "Other"),
            (vec!["password".into(), "name".into()], json!(["password"]))
        );
        assert_eq!(
            fields("Other", "S"),
            (
                vec!["id".into(), "etag".into(), "name".into()],
                json!(["id"])
            )
        );
        assert_eq!(fields("S", "S").0.len(), 4, "to be split before");
        assert!(differs(&schema, &Map::new()));
    }

    #[test]
    fn absent_null_and_empty_differ_in_requests() {
        let mut document = document(
            json!({"type": "object", "required": ["must", "list"], "properties": {
                "labels": {"type": "array", "items": {"type": "string"}},
                "meta": {"type": "object", "additionalProperties": {"type": "string"}},
                "nick": {"type": ["string", "null"]},
                "must": {"type": ["string", "null"]},
                "list": {"type": "array", "items": {}},
                "plain": {"type": "string"},
            }}),
            "S",
            "Other",
        );
        tolerate::mark_answers(&mut document);
        presence_in_requests(&mut document, &mut Report::new());
        assert_eq!(
            document["components"]["schemas"]["S"]["properties"],
            json!({
                "labels": {"type": ["array", "null"], "items": {"type": "string"}},
                "meta": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
                "nick": {"type": ["string", "null"], "x-explicit-null": true},
                "must": {"type": ["string", "null"]},
                "list": {"type": "array", "items": {}},
                "plain": {"type": "string"},
            })
        );
    }
}
