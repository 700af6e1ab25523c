//! Who reads a report looks up its pointers in the document that the stage was
//! given. Each has to lead to something there.

mod common;

use openapi_prep::{
    Document, Error, Names, PrepareOptions, Report, lower, normalise, overlay, prepare, repair,
};
use serde_json::{Value, json};

type Done = Result<(Document, Report), Error>;

/// A stage over plain values.
fn run(given: &Value, stage: impl FnOnce(Document) -> Done) -> Result<(Value, Report), Error> {
    let (made, report) = stage(Document::from_value(given.clone())?)?;
    Ok((made.into_value(), report))
}

/// The entries whose pointers lead to nothing.
fn lost(given: &Value, report: &Report) -> Vec<String> {
    let entries = report.entries().iter();
    let wrong = entries.filter(|e| given.pointer(&e.pointer).is_none());
    wrong
        .map(|e| format!("{} {} {}: {}", e.stage, e.rule, e.pointer, e.note))
        .collect()
}

/// Asserts of each stage, and of all in one, that its pointers lead somewhere in
/// the document that it was given; returns how many there were.
fn hold(name: &str, document: &Value) -> usize {
    let done = |result: Result<(Value, Report), Error>| {
        result.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let (repaired, repairs) = done(run(document, repair));
    let (normal, normalised) = done(run(&repaired, |d| {
        normalise(d, &mut Names::new(), PrepareOptions::new())
    }));
    let (_, lowered) = done(run(&normal, lower));
    let whole = |document| {
        let prepared = prepare(document, &mut Names::new())?;
        Ok((prepared.document, prepared.report))
    };
    let (_, prepared) = done(run(document, whole));
    let all = [
        (document, repairs),
        (&repaired, normalised),
        (&normal, lowered),
        (document, prepared),
    ];
    let mut count = 0;
    for (given, report) in all {
        let wrong = lost(given, &report);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        count += report.entries().len();
    }
    count
}

#[test]
fn pointers_lead_somewhere() {
    let documents = common::documents();
    let large = |(name, _): &&(String, Value)| name.contains("xtask/tests/documents/");
    let packaged = !documents.iter().any(|(name, _)| name.contains("xtask"));
    assert!(packaged || documents.iter().filter(large).count() >= 6);
    let mut count = 0;
    for (name, document) in &documents {
        count += hold(name, document);
    }
    assert!(count > 200, "{count}");
}

/// What a rule made, or moved, is told of where it came from.
#[test]
fn pointers_lead_to_what_is_told_of() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {
            "operationId": "getA",
            "parameters": [
                {"name": "X-Api-Key", "in": "header", "schema": {"type": "string"}},
                {"name": "session", "in": "cookie", "schema": {"type": "string"}},
                {"name": "size", "in": "query", "schema": {"type": "integer", "default": 3}},
                {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}},
            ],
            "responses": {"200": {"description": "a", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/foo_bar"}}}}},
        }}},
        "components": {"schemas": {"foo_bar": {"type": "object", "properties": {
            "inner": {"type": "object", "properties": {"kind": {"const": "a"}}},
        }}}},
    });
    let (document, _) = run(&document, repair).expect("a document");
    let done = run(&document, |d| {
        normalise(d, &mut Names::new(), PrepareOptions::new())
    });
    let (_, report) = done.expect("a document");
    let at = |rule: &str| -> Vec<&str> {
        let entries = report.entries().iter().filter(|e| e.rule == rule);
        entries.map(|e| e.pointer.as_str()).collect()
    };
    let parameters = "/paths/~1a/get/parameters";
    assert_eq!(at("sent-parameters"), [format!("{parameters}/1")]);
    assert_eq!(at("defaults"), [format!("{parameters}/2/schema")]);
    assert_eq!(at("parameter-styles"), [format!("{parameters}/3")]);
    let inner = "/components/schemas/foo_bar/properties/inner";
    assert_eq!(
        at("enums-of-responses"),
        [format!("{inner}/properties/kind")]
    );
}

#[test]
fn pointers_of_overlays_lead_somewhere() {
    let given = json!({"info": {"title": "t"}, "paths": {"/a": {"get": {}}}, "tags": [1, 2]});
    let corrections = json!({
        "overlay": "1.0.0", "info": {"title": "o", "version": "1"}, "extends": "api.yaml",
        "actions": [
            {"target": "$.info", "update": {"contact": {}}},
            {"target": "$.info.contact", "update": {"name": "n"}},
            {"target": "$.paths['/a']", "remove": true},
            {"target": "$.tags[*]", "remove": true},
            {"target": "$.nothing", "remove": true},
        ],
    });
    let corrections = Document::from_value(corrections).expect("a document");
    let done = run(&given, |d| overlay(d, &corrections, false));
    let (_, report) = done.expect("an overlay");
    assert_eq!(report.entries().len(), 6);
    let wrong = lost(&given, &report);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
