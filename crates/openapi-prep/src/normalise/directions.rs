//! What a field is in one direction only: `readOnly` is no part of a request,
//! `writeOnly` no part of a response, and a request tells absent, null and
//! empty apart where a response need not.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{reach, tolerate, unions};
use crate::{PrepareOptions, Report, schema, walk};

/// The mark on an optional property of a request whose null says something
/// else than its absence.
pub(crate) const EXPLICIT_NULL: &str = "x-explicit-null";

/// Whether a schema means one thing in a request and another in a response.
pub(super) fn differs(schema: &Value, schemas: &Map<String, Value>) -> bool {
    let Some(object) = schema.as_object() else {
        return false;
    };
    let properties = object.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().any(|(name, property)| {
        (schema::takes_null(property) && !schema::requires(object, name))
            || has_flag(property, "readOnly", schemas)
            || has_flag(property, "writeOnly", schemas)
    })
}

/// Whether a property, or the schema it refers to, has a flag.
fn has_flag(property: &Value, flag: &str, schemas: &Map<String, Value>) -> bool {
    let says = |schema: &Value| schema.get(flag) == Some(&json!(true));
    let alone = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| {
        let arms = property.get(key)?.as_array()?;
        let mut others = arms.iter().filter(|arm| !schema::is_null(arm));
        others.next().filter(|_| others.next().is_none())
    });
    let mut all = std::iter::once(property).chain(alone);
    all.any(|part| says(part) || says(schema::resolved(part, schemas)))
}

/// Takes properties that are `readOnly` out of the schemas of requests, and
/// those that are `writeOnly` out of the schemas of responses. A tag stays: it
/// tells what the rest of the object is.
pub(super) fn drop_one_way(document: &mut Value, report: &mut Report) {
    let mut tags: HashSet<(String, String)> = HashSet::new();
    walk::schemas(document, &mut |schema, _| {
        let tag = schema::get(schema, unions::TAG).and_then(Value::as_str);
        let variants = schema::get(schema, unions::VARIANTS).and_then(Value::as_object);
        let names = variants.into_iter().flat_map(Map::values);
        for (name, tag) in names.filter_map(|name| Some((name.as_str()?, tag?))) {
            tags.insert((name.to_owned(), tag.to_owned()));
        }
    });
    let reach = reach::reach(document);
    let (sent, read) = (&reach.requests, &reach.responses);
    for (only, other, flag, part) in [
        (sent, read, "readOnly", "request"),
        (read, sent, "writeOnly", "response"),
    ] {
        let wanted = |name: &str| only.contains(name) && !other.contains(name);
        let concerns = |schema: &Value, schemas: &Map<String, Value>| {
            let properties = schema.get("properties").and_then(Value::as_object);
            let mut properties = properties.into_iter().flat_map(Map::values);
            properties.any(|property| has_flag(property, flag, schemas))
        };
        walk::some_of(document, &wanted, &concerns, &mut |value, at, schemas| {
            let holder = at.as_str().split('/').nth(3).unwrap_or_default().to_owned();
            let Value::Object(schema) = value else { return };
            let Some(Value::Object(properties)) = schema.get_mut("properties") else {
                return;
            };
            let mut gone = HashSet::new();
            properties.retain(|key, property| {
                let stays = !has_flag(property, flag, schemas)
                    || tags.contains(&(holder.clone(), key.clone()));
                if !stays {
                    let note = format!("not part of a {part}");
                    report.changed(&at.joins(["properties", key]), note);
                    gone.insert(key.clone());
                }
                stays
            });
            schema::retain_required(schema, |name| !gone.contains(name));
        });
    }
}

/// Takes null from the optional properties of requests, but for what a body of
/// `PATCH` or `PUT` can hold, if the caller chose so: leaving such a property out
/// says the same, and a response may be null all the same.
pub(super) fn null_in_updates(document: &mut Value, options: PrepareOptions, report: &mut Report) {
    if !options.null_in_updates_only {
        return;
    }
    let sent = reach::reach(document).requests;
    let updates = reach::reach_of(document, |method| matches!(method, "patch" | "put")).requests;
    let wanted = |name: &str, _: &Value| sent.contains(name) && !updates.contains(name);
    walk::within_components(document, &wanted, &mut |schema, at| {
        let Some(mut properties) = schema.get_mut("properties").map(Value::take) else {
            return;
        };
        for (name, property) in properties.as_object_mut().into_iter().flatten() {
            if schema::requires(schema, name) || !schema::takes_null(property) {
                continue;
            }
            *property = schema::without_null(property.take()).0;
            let note = "null of an optional property is its absence, where nothing is updated";
            report.changed(&at.joins(["properties", name]), note);
        }
        schema.insert("properties".into(), properties);
    });
}

/// Lets an optional list or map of a request be left out, though it is no
/// null on the wire: generators make a list of what is optional only, and
/// never send an empty one. Marks what may be sent as null.
pub(super) fn presence_in_requests(document: &mut Value, report: &mut Report) {
    let of_requests = |_: &str, schema: &Value| schema.get(tolerate::RESPONSE).is_none();
    walk::within_components(document, &of_requests, &mut |schema, at| {
        let required = schema.get("required").cloned().unwrap_or_default();
        let required = required.as_array().map_or(&[][..], Vec::as_slice);
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if required.iter().any(|required| required == name) {
                continue;
            }
            let is_map =
                property.get("properties").is_none() && schema::has_type(property, "object");
            if schema::takes_null(property) {
                property[EXPLICIT_NULL] = json!(true);
            } else if is_map || schema::has_type(property, "array") {
                schema::make_nullable(property);
                let at = at.joins(["properties", name]);
                let note = "absent and empty are different: nullable for the generator, never null";
                report.changed(&at, note);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(schema: &Value, request: &str, response: &str) -> Value {
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
            let mut document = document(&schema, request, response);
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
    fn null_is_for_updates_where_that_was_chosen() {
        let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
        let nullable = || {
            json!({"type": "object", "required": ["must"], "properties": {
                "must": {"type": ["string", "null"]},
                "may": {"anyOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}]},
            }})
        };
        let inner =
            || json!({"type": "object", "properties": {"nick": {"type": ["string", "null"]}}});
        let before = json!({
            "paths": {"/a": {
                "post": {"requestBody": body("Create"), "responses": {"200": body("Got")}},
                "patch": {"requestBody": body("Update"), "responses": {}},
            }},
            "components": {"schemas": {
                "Create": nullable(), "Update": nullable(), "Got": inner(), "Inner": inner(),
            }},
        });
        let of = |options: PrepareOptions| {
            let mut document = before.clone();
            null_in_updates(&mut document, options, &mut Report::new());
            document["components"]["schemas"].take()
        };
        let all = &before["components"]["schemas"];
        assert_eq!(of(PrepareOptions::new()), *all);
        let chosen = of(PrepareOptions::new().null_in_updates_only());
        assert_eq!(
            chosen["Create"]["properties"],
            json!({
                "must": {"type": ["string", "null"]},
                "may": {"$ref": "#/components/schemas/Inner"},
            })
        );
        // An update holds these, and a response that.
        for name in ["Update", "Inner", "Got"] {
            assert_eq!(chosen[name], all[name], "{name}");
        }
    }

    #[test]
    fn absent_null_and_empty_differ_in_requests() {
        let mut document = document(
            &json!({"type": "object", "required": ["must", "list"], "properties": {
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
        tolerate::mark_responses(&mut document, &mut Report::new());
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
