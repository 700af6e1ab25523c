//! The coverage tables against the documents: each operation has a method, each
//! state of a job a wait, or a reason why it has none.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fixture_api::Coverage;
use heygen_tests::operations;
use serde_json::Value;

/// The tables of a crate, by document.
type Tables = &'static [(&'static str, &'static Coverage)];

/// The folders of documents with the tables of the code that was made of them.
fn crates() -> [(&'static str, Tables); 2] {
    [
        ("../openapi", heygen::raw::generated::COVERAGE),
        ("fixture-api/openapi", fixture_api::COVERAGE),
    ]
}

/// The documents with the tables of their jobs.
fn jobs() -> impl Iterator<Item = (&'static str, &'static Coverage)> {
    let tables = [heygen::raw::generated::JOBS, fixture_api::JOBS];
    tables.into_iter().flatten().copied()
}

/// The operations of the document in a folder, as method and path.
fn titles(folder: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(folder.join("corrected.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in [
            "get", "put", "post", "delete", "options", "head", "patch", "trace",
        ] {
            if item[method].is_object() {
                found.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    found
}

#[test]
fn every_operation_is_in_the_table() {
    for (folder, tables) in crates() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let versions = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
        let versions = versions.filter(|entry| entry.path().join("corrected.json").is_file());
        let versions: BTreeSet<String> = versions
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        let modules: BTreeSet<String> = tables.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(modules, versions);
        for (version, table) in tables {
            let listed: BTreeSet<String> =
                table.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(
                listed.len(),
                table.len(),
                "{version} lists an operation twice"
            );
            assert_eq!(listed, titles(&folder.join(version)), "{version}");
        }
    }
}

#[test]
fn operation_without_method_has_a_reason() {
    let mut calls = BTreeSet::new();
    for (version, table) in crates().into_iter().flat_map(|(_, tables)| tables) {
        for (operation, covered) in *table {
            match covered {
                Ok(call) => assert!(calls.insert((version, call)), "{call} is of two operations"),
                Err(reason) => assert!(reason.contains(' '), "{operation}: {reason:?}"),
            }
        }
    }
}

/// Whether a schema has the state of a job, in what it refers to as well.
fn has_state<'a>(root: &'a Value, schema: &'a Value, seen: &mut BTreeSet<&'a str>) -> bool {
    if schema["x-state"] == true {
        return true;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = root.pointer(reference.trim_start_matches('#')).unwrap();
        return seen.insert(reference) && has_state(root, schema, seen);
    }
    match schema {
        Value::Object(members) => members.values().any(|value| has_state(root, value, seen)),
        Value::Array(items) => items.iter().any(|value| has_state(root, value, seen)),
        _ => false,
    }
}

#[test]
fn every_state_of_a_job_is_waited_for_or_has_a_reason() {
    let mut with_state = 0;
    for operation in operations::all() {
        let responses = operations::members(&operation.value["responses"]);
        let mut successes = responses.filter(|(status, _)| status.starts_with('2'));
        let success = successes.next().unwrap().1;
        let (_, table) = jobs()
            .find(|(name, _)| *name == operation.document)
            .unwrap();
        let title = format!("{} {}", operation.method, operation.path);
        let entry = table.iter().find(|(listed, _)| *listed == title);
        if has_state(&operation.root, success, &mut BTreeSet::new()) {
            with_state += 1;
            assert!(entry.is_some(), "{} is not in the table", operation.title());
        }
        if operation.value.get("x-job").is_some() {
            let waits = entry.is_some_and(|(_, covered)| covered.is_ok());
            assert!(waits, "{} has no wait", operation.title());
        }
    }
    assert!(with_state > 40, "{with_state} operations");
    for (operation, covered) in jobs().flat_map(|(_, table)| table) {
        match covered {
            Ok(call) => assert!(call.ends_with("wait"), "{operation}: {call}"),
            Err(reason) => assert!(reason.ends_with('.'), "{operation}: {reason}"),
        }
    }
}
