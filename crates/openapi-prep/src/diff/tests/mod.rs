//! Mutations of a document, each of a class and kind that is known because of
//! how it is made.

mod edges;
mod named;
mod operations;
mod pipeline;
mod report;
mod schemas;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Change, Diff, Kind, diff};

/// What is done to a document and which rows have to tell of it.
struct Case {
    name: &'static str,
    base: fn() -> Value,
    mutate: fn(&mut Value),
    /// Class, kind and place of every row, in the order of the report.
    rows: &'static [&'static str],
}

fn fixture() -> Value {
    let text = include_str!("../../../../../tests/fixture-api/openapi/v9/heygen.json");
    serde_json::from_str(text).unwrap()
}

fn avatar() -> Value {
    let text = include_str!("../../../../../openapi/v2/heygen.json");
    serde_json::from_str(text).unwrap()
}

/// A document with one operation that sends one schema and answers another.
fn small(request: &Value, answer: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {
            "operationId": "make",
            "requestBody": {"content": {"application/json": {"schema": request}}},
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": answer}}}},
        }}},
    })
}

/// The mutable value at a pointer that has to be there.
fn at<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    document.pointer_mut(pointer).expect(pointer)
}

/// Takes a key out of the object at a pointer.
fn remove(document: &mut Value, pointer: &str, key: &str) -> Value {
    let object = at(document, pointer).as_object_mut().expect(pointer);
    object.shift_remove(key).expect(key)
}

/// Takes a value out of the list at a pointer.
fn without(document: &mut Value, pointer: &str, value: &str) {
    let list = at(document, pointer).as_array_mut().expect(pointer);
    let before = list.len();
    list.retain(|item| item != value);
    assert_ne!(list.len(), before, "{value} in {pointer}");
}

/// Adds a value to the list at a pointer.
fn push(document: &mut Value, pointer: &str, value: Value) {
    at(document, pointer)
        .as_array_mut()
        .expect(pointer)
        .push(value);
}

/// Gives a named schema another name, wherever it is used.
fn rename(document: &mut Value, old: &str, new: &str) {
    let mut text = document.to_string();
    text = text.replace(
        &format!("\"#/components/schemas/{old}\""),
        &format!("\"#/components/schemas/{new}\""),
    );
    *document = serde_json::from_str(&text).unwrap();
    let schema = remove(document, "/components/schemas", old);
    document["components"]["schemas"][new] = schema;
}

/// All cases.
fn cases() -> impl Iterator<Item = &'static Case> {
    let groups = [operations::CASES, schemas::CASES, named::CASES];
    groups.into_iter().flatten()
}

fn line(change: &Change) -> String {
    let place = change.new.as_ref().or(change.old.as_ref());
    format!(
        "{} {} {}",
        change.class.as_str(),
        change.kind.as_str(),
        place.map_or("-", String::as_str)
    )
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

fn run(cases: &[Case]) {
    let mut failures = Vec::new();
    for case in cases {
        let old = (case.base)();
        let mut new = old.clone();
        (case.mutate)(&mut new);
        assert_ne!(old, new, "{}: nothing was changed", case.name);
        let forth = diff(&old, &new);
        assert_sound(&forth, &old, &new);
        assert_sound(&diff(&new, &old), &new, &old);
        let lines: Vec<_> = forth.changes().iter().map(line).collect();
        if lines != case.rows {
            let rows = format!("{:#?}\n{}", lines, forth.to_text());
            failures.push(format!("{}: gives {rows}", case.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_kind_is_held_by_a_case() {
    let mut seen = BTreeSet::new();
    for case in cases() {
        for row in case.rows {
            seen.insert(row.split(' ').nth(1).unwrap());
        }
    }
    let missing: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .filter(|kind| !seen.contains(kind))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
