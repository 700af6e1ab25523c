//! The promise of a report: every keyword of a document is in what `prepare`
//! gives, or an entry covers it, whose pointer leads to something in the
//! document as given.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use openapi_prep::{Document, Effect, Entry, Names, Prepared, prepare};
use serde_json::{Value, json};

/// A keyword with the rest of the schema it makes sense in. Each value holds
/// `tok`, or the number 77001, or is one of two values with other meanings.
fn keywords() -> Vec<(&'static str, Value)> {
    let string =
        |keyword: &'static str, value: Value| (keyword, json!({"type": "string", keyword: value}));
    let number =
        |keyword: &'static str, value: Value| (keyword, json!({"type": "integer", keyword: value}));
    let object = |keyword: &'static str, value: Value| {
        (
            keyword,
            json!({"type": "object", "properties": {"a": {"type": "string"}}, keyword: value}),
        )
    };
    let list = |keyword: &'static str, value: Value| {
        (
            keyword,
            json!({"type": "array", "items": {"type": "string"}, keyword: value}),
        )
    };
    vec![
        string("title", json!("Tok")),
        string("description", json!("About tok.")),
        string("default", json!("tok")),
        string("example", json!("tok")),
        string("examples", json!(["tok"])),
        string("examples", json!(["a", "tok"])),
        string("enum", json!(["a", "tok"])),
        string("const", json!("tok")),
        string("format", json!("tok")),
        string("format", json!("date-time")),
        string("pattern", json!("^tok$")),
        string("minLength", json!(77001)),
        string("maxLength", json!(77001)),
        string("contentEncoding", json!("tok")),
        string("contentMediaType", json!("image/tok")),
        string("contentSchema", json!({"description": "tok"})),
        string("readOnly", json!(true)),
        string("writeOnly", json!(true)),
        string("deprecated", json!(true)),
        string("$comment", json!("tok")),
        string("externalDocs", json!({"url": "https://tok"})),
        string("xml", json!({"name": "tok"})),
        string("x-tok", json!("tok")),
        string("tokword", json!("tok")),
        number("minimum", json!(77001)),
        number("maximum", json!(77001)),
        number("exclusiveMinimum", json!(77001)),
        number("exclusiveMaximum", json!(77001)),
        number("multipleOf", json!(77001)),
        number("default", json!(77001)),
        number("enum", json!([1, 77001])),
        number("const", json!(77001)),
        number("format", json!("tok")),
        list("minItems", json!(77001)),
        list("maxItems", json!(77001)),
        list("uniqueItems", json!(true)),
        list("default", json!(["tok"])),
        list("contains", json!({"const": "tok"})),
        list("minContains", json!(77001)),
        list("prefixItems", json!([{"const": "tok"}])),
        list("unevaluatedItems", json!(false)),
        object("properties", json!({"tok": {"type": "string"}})),
        object("required", json!(["a"])),
        object("required", json!(["tok"])),
        object("minProperties", json!(77001)),
        object("maxProperties", json!(77001)),
        object("additionalProperties", json!(false)),
        object("additionalProperties", json!(true)),
        object(
            "additionalProperties",
            json!({"type": "string", "description": "tok"}),
        ),
        object("patternProperties", json!({"^tok": {"type": "string"}})),
        object("propertyNames", json!({"pattern": "^tok"})),
        object("unevaluatedProperties", json!(false)),
        object("dependentRequired", json!({"a": ["tok"]})),
        object("dependentSchemas", json!({"a": {"required": ["tok"]}})),
        object("if", json!({"required": ["tok"]})),
        object("not", json!({"required": ["tok"]})),
        object("default", json!({"a": "tok"})),
        object("oneOf", json!([{"required": ["a"]}, {"required": ["tok"]}])),
        object(
            "anyOf",
            json!([{"properties": {"tok": {}}}, {"required": ["a"]}]),
        ),
        object(
            "allOf",
            json!([{"properties": {"tok": {"type": "string"}}}]),
        ),
        object(
            "discriminator",
            json!({"propertyName": "a", "mapping": {"tok": "#/x"}}),
        ),
    ]
}

/// Where a schema stands: a document with it, and its pointer.
type Context = (&'static str, fn(&Value) -> (Value, &'static str));

const CONTEXTS: &[Context] = &[
    ("property of a response", |schema| {
        (
            response(&json!({"type": "object", "properties": {"p": schema}})),
            "/components/schemas/A/properties/p",
        )
    }),
    ("component of a response", |schema| {
        (response(schema), "/components/schemas/A")
    }),
    ("component of a request", |schema| {
        (request(schema), "/components/schemas/A")
    }),
    ("property of a request", |schema| {
        (
            request(&json!({"type": "object", "properties": {"p": schema}})),
            "/components/schemas/A/properties/p",
        )
    }),
    ("array item", |schema| {
        (
            request(&json!({"type": "array", "items": schema})),
            "/components/schemas/A/items",
        )
    }),
    ("map value", |schema| {
        (
            response(&json!({"type": "object", "additionalProperties": schema})),
            "/components/schemas/A/additionalProperties",
        )
    }),
    ("nullable", |schema| {
        (
            response(
                &json!({"type": "object", "properties": {"p": {"anyOf": [schema, {"type": "null"}]}}}),
            ),
            "/components/schemas/A/properties/p/anyOf/0",
        )
    }),
    ("member of allOf", |schema| {
        (
            response(&json!({"allOf": [schema, {"description": "other"}]})),
            "/components/schemas/A/allOf/0",
        )
    }),
    ("variant of oneOf", |schema| {
        (
            request(&json!({"oneOf": [schema, {"type": "boolean"}]})),
            "/components/schemas/A/oneOf/0",
        )
    }),
    ("beside a reference", |schema| {
        let mut document = response(
            &json!({"type": "object", "properties": {"p": {"$ref": "#/components/schemas/B"}}}),
        );
        let mut beside = schema.as_object().unwrap().clone();
        let base = beside.remove("type").unwrap();
        document["components"]["schemas"]["B"] = json!({"type": base});
        if let Some(items) = beside.remove("items") {
            document["components"]["schemas"]["B"]["items"] = items;
        }
        document["components"]["schemas"]["A"]["properties"]["p"]
            .as_object_mut()
            .unwrap()
            .extend(beside);
        (document, "/components/schemas/A/properties/p")
    }),
    ("query parameter", |schema| {
        (
            parameter("query", schema),
            "/paths/~1a/post/parameters/0/schema",
        )
    }),
    ("header parameter", |schema| {
        (
            parameter("header", schema),
            "/paths/~1a/post/parameters/0/schema",
        )
    }),
    ("inline response", |schema| {
        let mut document = response(&json!({}));
        *document
            .pointer_mut("/paths/~1a/post/responses/200/content/application~1json/schema")
            .unwrap() = schema.clone();
        (
            document,
            "/paths/~1a/post/responses/200/content/application~1json/schema",
        )
    }),
];

fn response(schema: &Value) -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {
            "operationId": "sendA",
            "responses": {"200": {"description": "a", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}},
        }}},
        "components": {"schemas": {"A": schema}},
    })
}

fn request(schema: &Value) -> Value {
    let mut document = response(schema);
    let operation = &mut document["paths"]["/a"]["post"];
    operation["requestBody"] = json!({"content": operation["responses"]["200"]["content"].clone()});
    operation["responses"] = json!({"204": {"description": "a"}});
    document
}

fn parameter(location: &str, schema: &Value) -> Value {
    let mut document = response(&json!({"type": "object"}));
    document["paths"]["/a"]["post"]["parameters"] =
        json!([{"name": "q", "in": location, "schema": schema}]);
    document
}

/// Whether an entry is about a keyword: it names the keyword, its schema,
/// something inside, or the schema that this one is a member or variant of; or all
/// around it is lost.
fn covers(entry: &Entry, schema: &str, keyword: &str) -> bool {
    let at = format!("{schema}/{keyword}");
    let holder = schema.rsplitn(3, '/').last().unwrap();
    let is_part = ["/allOf/0", "/anyOf/0", "/oneOf/0"]
        .iter()
        .any(|part| schema.ends_with(part));
    entry.pointer == schema
        || entry.pointer == at
        || entry.pointer.starts_with(&format!("{at}/"))
        || is_part && entry.pointer == holder
        || entry.effect == Effect::Lost && schema.starts_with(&format!("{}/", entry.pointer))
}

/// Whether a keyword has this value anywhere in a document.
fn has(value: &Value, keyword: &str, wanted: &Value) -> bool {
    match value {
        Value::Object(entries) => {
            entries.get(keyword) == Some(wanted)
                || entries.values().any(|v| has(v, keyword, wanted))
        }
        Value::Array(items) => items.iter().any(|v| has(v, keyword, wanted)),
        _ => false,
    }
}

/// Whether a token of the value is anywhere in the text of a document.
fn is_kept(keyword: &str, value: &Value, prepared: &Value) -> bool {
    let text = prepared.to_string();
    for token in ["tok", "77001", "date-time"] {
        if value.to_string().to_lowercase().contains(token) {
            return text.to_lowercase().contains(token);
        }
    }
    has(prepared, keyword, value)
}

#[test]
fn every_keyword_is_kept_or_reported() {
    let mut missing = Vec::new();
    for (context, put) in CONTEXTS {
        for (keyword, schema) in keywords() {
            let (document, at) = put(&schema);
            let prepared = run(&document);
            let entries = prepared.report.entries();
            for entry in entries
                .iter()
                .filter(|entry| document.pointer(&entry.pointer).is_none())
            {
                missing.push(format!(
                    "{context}, {keyword}: {} {} leads nowhere",
                    entry.rule, entry.pointer
                ));
            }
            // What is reported without the keyword too is not about it.
            let mut without = schema.clone();
            without.as_object_mut().unwrap().remove(keyword);
            let usual = run(&put(&without).0).report;
            let is_usual = |entry: &Entry| {
                usual
                    .entries()
                    .iter()
                    .any(|e| (e.rule, &e.pointer) == (entry.rule, &entry.pointer))
            };
            let is_told = || {
                entries
                    .iter()
                    .any(|entry| covers(entry, at, keyword) && !is_usual(entry))
            };
            if !is_kept(keyword, &schema[keyword], prepared.document.as_value()) && !is_told() {
                missing.push(format!("{context}: {}", json!({keyword: schema[keyword]})));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "{} missing:\n{}",
        missing.len(),
        missing.join("\n")
    );
}

fn run(document: &Value) -> Prepared {
    let document = Document::from_value(document.clone()).unwrap();
    prepare(document, &mut Names::new()).unwrap()
}
