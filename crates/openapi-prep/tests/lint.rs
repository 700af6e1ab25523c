//! What generators get silently wrong: each is found, and `prepare` leaves none.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use openapi_prep::{Document, Finding, Names};
use serde_json::{Value, json};

const OPERATION: &str = "/paths/~1a~1{id}/post";
const A: &str = "/components/schemas/A";

/// A document with one operation, `POST /a/{id}`, and something put into it.
fn document(at: &str, value: &Value) -> Document {
    let mut document = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {"/a/{id}": {"post": {
            "operationId": "send-a",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "responses": {"200": {"description": "a", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}},
        }}},
        "components": {"schemas": {"A": {"type": "object", "properties": {"a": {"type": "string"}}}}},
    });
    let (holder, key) = at.rsplit_once('/').unwrap();
    match document.pointer_mut(holder).unwrap() {
        Value::Array(items) => items.push(value.clone()),
        holder => holder[key] = value.clone(),
    }
    Document::from_value(document).unwrap()
}

fn property(schema: Value) -> Value {
    json!({"type": "object", "properties": {"p": schema}})
}

/// What the finding says, where it is put, and what.
fn pitfalls() -> Vec<(&'static str, String, Value)> {
    let operation = |key: &str| format!("{OPERATION}/{key}");
    let list = json!({"type": "array", "items": {"type": "string"}});
    let inline = json!({"description": "a", "content": {"application/json": {"schema": property(json!({}))}}});
    let titled = |key: &str| json!({"title": "T", "type": "object", "properties": {key: {}}});
    let mut rows = vec![
        (
            "sent as several",
            operation("parameters/-"),
            json!({"name": "q", "in": "query", "explode": false, "schema": list}),
        ),
        (
            "become one type",
            operation("responses"),
            json!({"200": inline, "201": inline}),
        ),
        (
            "no success",
            operation("responses"),
            json!({"404": {"description": "a"}}),
        ),
        (
            "as a test",
            operation("description"),
            json!("Such as:\n\n    let a = 1;\n"),
        ),
        ("as a test", operation("description"), json!("```\na\n```")),
        (
            "become one type",
            A.into(),
            json!({"type": "object", "properties": {"a": titled("x"), "b": titled("y")}}),
        ),
        (
            "a property it does not name fails",
            A.into(),
            json!({"type": "object", "additionalProperties": false}),
        ),
        (
            "discriminator is ignored",
            A.into(),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "discriminator": {"propertyName": "t"}}),
        ),
        (
            "only objects fit",
            A.into(),
            json!({"anyOf": [{"type": "object"}, {"type": "object"}]}),
        ),
    ];
    for (says, schema) in [
        ("`const` is dropped", json!({"const": "a"})),
        (
            "`prefixItems` is dropped",
            json!({"type": "array", "items": {}, "prefixItems": [{}]}),
        ),
        (
            "beyond its `minimum`",
            json!({"type": "integer", "minimum": 1}),
        ),
        (
            "beyond its `multipleOf`",
            json!({"type": "integer", "multipleOf": 2}),
        ),
        (
            "beyond its `maxLength`",
            json!({"type": "string", "maxLength": 2}),
        ),
        (
            "beyond its `pattern`",
            json!({"type": "string", "pattern": "^a"}),
        ),
        (
            "not a date-time",
            json!({"type": "string", "format": "date-time"}),
        ),
        ("always sent", json!({"type": "string", "default": "a"})),
        (
            "has no value",
            json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
        ),
        ("has no value", json!({"not": {"type": "string"}})),
        (
            "as a test",
            json!({"type": "string", "description": "```\na\n```"}),
        ),
    ] {
        rows.push((says, A.into(), property(schema)));
    }
    rows
}

#[test]
fn each_pitfall_is_found_and_prepare_leaves_none() {
    let plain = document(
        A,
        &json!({"type": "object", "properties": {"a": {"type": "string"}}}),
    );
    assert_eq!(openapi_prep::lint(&plain), []);
    for (says, at, value) in pitfalls() {
        let document = document(&at, &value);
        let findings = openapi_prep::lint(&document);
        let found = findings
            .iter()
            .find(|finding| finding.message.contains(says));
        let Some(Finding { pointer, .. }) = found else {
            panic!("{says}: {value}: {findings:#?}");
        };
        assert!(document.as_value().pointer(pointer).is_some(), "{pointer}");
        let prepared = openapi_prep::prepare(document, &mut Names::new()).unwrap();
        assert_eq!(prepared.findings, [], "{value}");
    }
}
