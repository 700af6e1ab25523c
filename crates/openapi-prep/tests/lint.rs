//! What generators get silently wrong: each is found, and `prepare` leaves none.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use openapi_prep::{Document, Finding, Names};
use serde_json::{Value, json};

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

fn property(schema: &Value) -> Value {
    json!({"type": "object", "properties": {"p": schema}})
}

/// What the finding says, where it is put, and what.
fn pitfalls() -> Vec<(&'static str, String, Value)> {
    let mut rows = vec![
        (
            "response that has more",
            A.into(),
            json!({"type": "object", "additionalProperties": false}),
        ),
        (
            "`discriminator` is ignored",
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
        ("`minimum` fails", json!({"type": "integer", "minimum": 1})),
        (
            "`multipleOf` fails",
            json!({"type": "integer", "multipleOf": 2}),
        ),
        (
            "`maxLength` fails",
            json!({"type": "string", "maxLength": 2}),
        ),
        (
            "`pattern` fails",
            json!({"type": "string", "pattern": "^a"}),
        ),
        (
            "`format` fails",
            json!({"type": "string", "format": "date-time"}),
        ),
        ("always sent", json!({"type": "string", "default": "a"})),
        ("has no value", json!({"not": {"type": "string"}})),
    ] {
        rows.push((says, A.into(), property(&schema)));
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
