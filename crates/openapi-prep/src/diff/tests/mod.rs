//! Mutations of a document, each of a class and kind that is known because of
//! how it is made.

mod operations;
mod types;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Change, Class, Diff, diff};
use crate::{
    Document, Names, PrepareOptions,
    api::{Api, Shape},
    prepare, prepare_with,
};

type Mutation = fn(&mut Value);

/// What is done to a document and which rows have to tell of it.
struct Case {
    name: &'static str,
    base: fn() -> Value,
    mutate: Mutation,
    /// Class, kind and place of every row, in the order of the report.
    rows: &'static [&'static str],
}

fn fixture() -> Value {
    let text = include_str!("../../../../../tests/fixture-api/openapi/v9/heygen.json");
    serde_json::from_str(text).unwrap()
}

/// A document with one operation that sends one schema and receives another.
fn small(request: &Value, response: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {
            "operationId": "make",
            "requestBody": {"required": true, "content": {"application/json": {"schema": request}}},
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": response}}}},
        }}},
    })
}

/// A request with one property.
fn sends(property: &Value) -> Value {
    small(
        &json!({"type": "object", "properties": {"f": property}}),
        &json!({"type": "string"}),
    )
}

/// A response with one property.
fn receives(property: &Value) -> Value {
    small(
        &json!({"type": "string"}),
        &json!({"type": "object", "properties": {"f": property}}),
    )
}

const SENT: &str = "/paths/~1a/post/requestBody/content/application~1json/schema";
const RECEIVED: &str = "/paths/~1a/post/responses/200/content/application~1json/schema";

/// A union of two objects, which the tag `type` distinguishes.
fn tagged() -> Value {
    let variant = |tag: &str| json!({"type": "object", "required": ["type"], "properties": {"type": {"const": tag}}});
    json!({"oneOf": [variant("on"), variant("off")]})
}

fn at<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    document.pointer_mut(pointer).expect(pointer)
}

fn remove(document: &mut Value, pointer: &str, key: &str) -> Value {
    let object = at(document, pointer).as_object_mut().expect(pointer);
    object.shift_remove(key).expect(key)
}

fn push(document: &mut Value, pointer: &str, value: Value) {
    at(document, pointer)
        .as_array_mut()
        .expect(pointer)
        .push(value);
}

fn line(change: &Change) -> String {
    let place = change.new.as_ref().or(change.old.as_ref());
    let place = place.map_or("-", String::as_str);
    format!("{} {} {place}", change.class, change.kind)
}

/// The differences of two documents, prepared with one ledger.
fn compare(old: &Value, new: &Value) -> Diff {
    let mut names = Names::new();
    let mut api = |document: &Value| -> Api {
        let document = Document::from_value(document.clone()).unwrap();
        let options = PrepareOptions::new()
            .runtime_sends_credentials()
            .runtime_sends_idempotency_keys();
        prepare_with(document, &mut names, options).unwrap().api
    };
    let old = api(old);
    diff(&old, &api(new))
}

/// Every pointer of a report leads to something in its document, and nothing
/// is told twice.
fn assert_sound(diff: &Diff, old: &Value, new: &Value) {
    let mut seen = BTreeSet::new();
    for change in diff.changes() {
        for (pointer, document) in [(&change.old, old), (&change.new, new)] {
            if let Some(pointer) = pointer {
                assert!(document.pointer(pointer).is_some(), "{change:?}");
            }
        }
        assert!(change.text.ends_with('.'), "{change:?}");
        assert!(seen.insert(format!("{change:?}")), "twice: {change:?}");
    }
    let classes: Vec<_> = diff.changes().iter().map(|c| c.class).collect();
    assert!(classes.is_sorted());
}

#[test]
fn mutations_have_their_class() {
    let mut failures = Vec::new();
    let mut kinds = BTreeSet::new();
    for case in operations::CASES.iter().chain(types::CASES) {
        let old = (case.base)();
        let mut new = old.clone();
        (case.mutate)(&mut new);
        let forth = compare(&old, &new);
        assert_sound(&forth, &old, &new);
        let back = compare(&new, &old);
        assert_sound(&back, &new, &old);
        let both = forth.changes().iter().chain(back.changes());
        kinds.extend(both.map(|c| c.kind.clone()));
        let lines: Vec<_> = forth.changes().iter().map(line).collect();
        if lines != case.rows {
            failures.push(format!("{}: {lines:#?}\n{}", case.name, forth.to_text()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    // No rule makes these yet.
    kinds.extend(["enum-value-renamed", "field-renamed"].map(str::to_owned));
    let documented = include_str!("../mod.rs").lines().filter_map(|line| {
        let row = line.strip_prefix("//! | `")?;
        Some(row.split_once('`')?.0.to_owned())
    });
    let documented: BTreeSet<_> = documented.collect();
    assert_eq!(kinds, documented);
}

#[test]
fn the_same_document_has_no_differences() {
    for document in [fixture(), sends(&tagged())] {
        assert!(compare(&document, &document).is_empty());
    }
    // The same in other words.
    let with =
        |number: Value| sends(&json!({"type": "number", "default": number, "minimum": number}));
    assert!(compare(&with(json!(1)), &with(json!(1.0))).is_empty());
    let one = sends(&json!({"type": ["string", "null"]}));
    let other = sends(&json!({"anyOf": [{"type": "string"}, {"type": "null"}]}));
    assert!(compare(&one, &other).is_empty());
}

/// Names that differ in Rust only: of what the document calls the same.
#[test]
fn other_names_in_rust_are_breaking() {
    let document = Document::from_value(sends(&json!({"enum": ["a", "b"]}))).unwrap();
    let old = prepare(document, &mut Names::new()).unwrap().api;
    let mut new = old.clone();
    for ty in new.types.values_mut() {
        match &mut ty.shape {
            Shape::Struct { fields, .. } => fields[0].rust_name = "f_2".into(),
            Shape::Enum { values, .. } => values[0].rust_name = "A2".into(),
            _ => panic!("{ty:?}"),
        }
    }
    let found = diff(&old, &new);
    let changes = found.changes().iter();
    let kinds: Vec<_> = changes.map(|c| (c.class, c.kind.as_str())).collect();
    let wanted = ["enum-value-renamed", "field-renamed"].map(|kind| (Class::Breaking, kind));
    assert_eq!(kinds, wanted);
}

#[test]
fn reports_name_what_they_tell_of() {
    let old = sends(&json!({"enum": ["a", "b"]}));
    let mut new = old.clone();
    at(&mut new, "/paths/~1a/post")["operationId"] = json!("create");
    let found = compare(&old, &new);
    let text = found.to_text();
    for wanted in [
        "The method `make` is called `create` now.",
        "The type `MakeRequest` is called `CreateRequest` now.",
        "operation-renamed /paths/~1a/post",
    ] {
        assert!(text.contains(wanted), "{text}");
    }
    let json = found.to_json();
    assert_eq!(json["format"], 2);
    let renamed = json["changes"].as_array().unwrap().iter();
    let renamed: Vec<_> = renamed
        .filter(|c| c["kind"] == "operation-renamed")
        .collect();
    assert_eq!(
        (&renamed[0]["before"], &renamed[0]["after"]),
        (&json!("make"), &json!("create"))
    );
    let markdown = found.to_markdown();
    assert!(
        markdown.starts_with("**") && markdown.contains("### Breaking"),
        "{markdown}"
    );
}
