//! The coverage tables against the documents: each operation has a method, or a
//! reason why it has none.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fixture_api::Coverage;
use serde_json::Value;

/// The folders of documents with the tables of the code that was made of them.
fn crates() -> [(&'static str, &'static [(&'static str, &'static Coverage)]); 2] {
    [
        ("../openapi", heygen::raw::generated::COVERAGE),
        ("fixture-api/openapi", fixture_api::COVERAGE),
    ]
}

/// The operations of the document in a folder, as method and path.
fn operations(folder: &Path) -> BTreeSet<String> {
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
            assert_eq!(listed, operations(&folder.join(version)), "{version}");
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
