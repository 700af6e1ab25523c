//! What generators panic on, refuse or get silently wrong: for each a small
//! document, and that it is found, named by operation, with a remedy.

use openapi_prep::{Document, Finding};
use serde_json::{Value, json};

/// A document with one operation, `POST /a/{id}`, that is fine.
fn fine() -> Value {
    json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {"/a/{id}": {"post": {
            "operationId": "send-a",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "responses": {"200": {"description": "a", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}},
        }}},
        "components": {"schemas": {"A": {"type": "object", "properties": {"a": {"type": "string"}}}}},
    })
}

fn lint(document: &Value) -> Vec<Finding> {
    let document = Document::from_value(document.clone()).expect("a document");
    openapi_prep::lint(&document)
}

const OPERATION: &str = "/paths/~1a~1{id}/post";
const A: &str = "/components/schemas/A";

fn found(at: &str, value: &Value) -> Vec<Finding> {
    let mut document = fine();
    let (holder, key) = at.rsplit_once('/').expect("a pointer");
    let key = key.replace("~1", "/");
    match document.pointer_mut(holder) {
        Some(Value::Array(items)) if key == "-" => items.push(value.clone()),
        Some(holder) => holder[key] = value.clone(),
        None => panic!("{at}"),
    }
    let findings = lint(&document);
    for finding in &findings {
        let there = document.pointer(&finding.pointer).is_some();
        assert!(there, "{}: {}", finding.pointer, finding.message);
        assert!(!finding.remedy.is_empty());
    }
    findings
}

fn operation(key: &str) -> String {
    format!("{OPERATION}/{key}")
}

/// What is wrong with a parameter, put beside the one that is fine.
fn parameters() -> Vec<(&'static str, Value)> {
    let query = |more: Value| {
        let mut parameter = json!({"name": "q", "in": "query", "schema": {"type": "string"}});
        for (key, value) in more.as_object().expect("keys") {
            parameter[key] = value.clone();
        }
        parameter
    };
    let list = json!({"type": "array", "items": {"type": "string"}});
    vec![
        (
            "the path holds no",
            json!({"name": "other", "in": "path", "required": true, "schema": {"type": "string"}}),
        ),
        (
            "is not required",
            json!({"name": "id", "in": "path", "schema": {"type": "string"}}),
        ),
        ("is a cookie", query(json!({"in": "cookie"}))),
        (
            "argument of every call",
            query(json!({"in": "header", "name": "X-Api-Key"})),
        ),
        ("named body", query(json!({"name": "body"}))),
        ("deep object", query(json!({"style": "deepObject"}))),
        (
            "sent as several",
            query(json!({"explode": false, "schema": list})),
        ),
        (
            "of style pipeDelimited",
            query(json!({"style": "pipeDelimited", "schema": list})),
        ),
        (
            "is an object",
            query(json!({"schema": {"$ref": "#/components/schemas/A"}})),
        ),
        (
            "has no schema",
            json!({"name": "q", "in": "query", "content": {"application/json": {}}}),
        ),
    ]
}

/// What is wrong with an operation, and where.
fn operations() -> Vec<(&'static str, String, Value)> {
    let schema = json!({"schema": {"type": "string"}});
    let body = |content: Value| json!({"content": content});
    let answer = |content: Value| json!({"200": {"description": "a", "content": content}});
    vec![
        ("no operationId", operation("operationId"), json!(null)),
        ("not declared", operation("parameters"), json!([])),
        (
            "media types for one body",
            operation("requestBody"),
            body(json!({"application/json": schema, "text/plain": schema})),
        ),
        (
            "multipart/form-data is refused",
            operation("requestBody"),
            body(json!({"multipart/form-data": schema})),
        ),
        (
            "image/png is refused",
            operation("requestBody"),
            body(json!({"image/png": schema})),
        ),
        (
            "format binary",
            operation("requestBody"),
            body(json!({"application/octet-stream": {"schema": {}}})),
        ),
        (
            "without a schema",
            operation("requestBody"),
            body(json!({"application/json": {}})),
        ),
        (
            "without a schema",
            operation("responses"),
            answer(json!({"application/json": {}})),
        ),
        (
            "exactly one success",
            operation("responses"),
            json!({"200": {"description": "a"}, "204": {"description": "b"}}),
        ),
        (
            "exactly one success",
            operation("responses"),
            json!({"200": {"description": "a"}, "default": {"description": "b"}}),
        ),
        (
            "declares no success",
            operation("responses"),
            json!({"404": {"description": "a"}}),
        ),
        (
            "its answer has no name",
            operation("responses"),
            answer(json!({"application/json": {"schema": {"properties": {"a": {}}}}})),
        ),
        (
            "Rust test",
            operation("description"),
            json!("Such as:\n\n    let a = 1;\n"),
        ),
        ("Rust test", operation("description"), json!("```\na\n```")),
    ]
}

/// What is wrong with the schema `A`, which the operation uses.
fn schemas() -> Vec<(&'static str, Value)> {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let property = |schema: Value| json!({"type": "object", "properties": {"p": schema}});
    vec![
        ("leads nowhere", property(to("None"))),
        (
            "list of types",
            property(json!({"type": ["string", "null"]})),
        ),
        (
            "type null",
            property(json!({"anyOf": [{"type": "string"}, {"type": "null"}]})),
        ),
        (
            "null alone",
            property(json!({"nullable": true, "enum": [null]})),
        ),
        (
            "exclusiveMinimum",
            property(json!({"type": "integer", "exclusiveMinimum": 0})),
        ),
        ("`const`", property(json!({"const": "a"}))),
        (
            "`prefixItems`",
            property(json!({"type": "array", "items": {}, "prefixItems": [{}]})),
        ),
        (
            "does not name",
            json!({"type": "object", "additionalProperties": false}),
        ),
        (
            "beyond its `minimum`",
            property(json!({"type": "integer", "minimum": 1})),
        ),
        (
            "beyond its `multipleOf`",
            property(json!({"type": "integer", "multipleOf": 2})),
        ),
        (
            "beyond its `maxLength`",
            property(json!({"type": "string", "maxLength": 2})),
        ),
        (
            "beyond its `pattern`",
            property(json!({"type": "string", "pattern": "^a"})),
        ),
        (
            "no date-time",
            property(json!({"type": "string", "format": "date-time"})),
        ),
        (
            "no uuid",
            property(json!({"type": "string", "format": "uuid"})),
        ),
        (
            "always sent",
            property(json!({"type": "string", "default": "a"})),
        ),
        (
            "no names in Rust",
            property(json!({"type": "string", "enum": ["=", ">"]})),
        ),
        (
            "no names in Rust",
            property(json!({"type": "string", "enum": ["mp4", "MP4"]})),
        ),
        (
            "no names in Rust",
            property(json!({"type": "string", "enum": [""]})),
        ),
        (
            "one field in Rust",
            json!({"type": "object", "properties": {"a-b": {}, "a_b": {}}}),
        ),
        (
            "discriminator is ignored",
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "discriminator": {"propertyName": "t"}}),
        ),
        (
            "flattened options",
            json!({"anyOf": [{"type": "object"}, {"type": "object"}]}),
        ),
        (
            "that nothing is",
            property(json!({"allOf": [{"type": "string"}, {"type": "integer"}]})),
        ),
        (
            "nobody can use",
            property(json!({"not": {"type": "string"}})),
        ),
        (
            "one type",
            json!({"type": "object", "properties": {
            "a": {"title": "T", "type": "object", "properties": {"x": {}}},
            "b": {"title": "T", "type": "object", "properties": {"y": {}}}}}),
        ),
        (
            "Rust test",
            property(json!({"type": "string", "description": "```\na\n```"})),
        ),
    ]
}

/// Each row is found, and as something of the operation.
fn hold(says: &str, at: &str, value: &Value) {
    let findings = found(at, value);
    let named = findings.iter().any(|finding| {
        finding.message.contains(says) && finding.operation.as_deref() == Some("POST /a/{id}")
    });
    assert!(named, "{says}: {value}: {findings:#?}");
}

#[test]
fn what_is_fine_is_not_found() {
    assert_eq!(lint(&fine()), []);
}

#[test]
fn each_pitfall_is_found_and_named_by_operation() {
    for (says, parameter) in parameters() {
        hold(says, &operation("parameters/-"), &parameter);
    }
    for (says, at, value) in operations() {
        hold(says, &at, &value);
    }
    for (says, schema) in schemas() {
        hold(says, A, &schema);
    }
}

#[test]
fn what_belongs_to_no_operation_is_found() {
    for (says, at, value) in [
        ("not an OpenAPI 3.0 document", "/openapi", json!("3.1.0")),
        ("sent as a header", "/info/version", json!("1 – beta")),
    ] {
        let findings = found(at, &value);
        assert!(
            findings.iter().any(|f| f.message.contains(says)),
            "{says}: {findings:#?}"
        );
    }
}

#[test]
fn two_operations_of_one_name_are_found() {
    let mut document = fine();
    let other = document["paths"]["/a/{id}"]["post"].clone();
    document["paths"]["/b/{id}"] = json!({"post": other});
    let findings = lint(&document);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].operation.as_deref(), Some("POST /b/{id}"));
}
