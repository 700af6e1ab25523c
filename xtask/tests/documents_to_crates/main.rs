//! Whole documents to crates: six made-up APIs in the styles of real ones,
//! taken through `cargo xtask codegen --document`, compiled, and held to what
//! is promised: how little is lost, that the examples survive being decoded
//! and encoded, that nothing warns.
//!
//! `TEST_DOCUMENTS=FOLDER` looks at the documents of that folder instead; add
//! `-- --include-ignored` to compile them.
//!
//! To compile all of them takes minutes, so a run does that for two of the six;
//! `cargo test -p xtask --test documents_to_crates -- --ignored` does for all.
//! Crates stay between runs: what did not change is not compiled again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod batch;
#[path = "../common/crates.rs"]
mod crates;
mod examples;
mod fields;

use std::{collections::BTreeSet, fmt::Write as _, fs};

use batch::Batch;
use serde_json::{Map, Value};

/// What between them the documents hold: keys of OpenAPI and JSON Schema.
const FEATURES: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "allowReserved",
    "anyOf",
    "callbacks",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "discriminator",
    "else",
    "encoding",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "explode",
    "externalDocs",
    "headers",
    "identifier",
    "if",
    "jsonSchemaDialect",
    "links",
    "mapping",
    "maxContains",
    "maxProperties",
    "minContains",
    "minProperties",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "operationRef",
    "pathItems",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "readOnly",
    "requestBodies",
    "security",
    "servers",
    "summary",
    "then",
    "title",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "variables",
    "webhooks",
    "writeOnly",
    "xml",
];

#[test]
fn the_documents_are_large_and_hold_every_feature() {
    if batch::are_others() {
        return;
    }
    assert!(batch::documents().len() >= 6);
    let mut seen = BTreeSet::new();
    for name in batch::documents() {
        let bytes = fs::metadata(batch::document_path(name)).unwrap().len();
        assert!(bytes >= 100_000, "{name}: {bytes} bytes");
        let document = batch::document(name);
        assert!(
            document["openapi"].as_str().unwrap().starts_with("3.1"),
            "{name}"
        );
        keys(&document, &mut seen);
    }
    let missing: Vec<_> = FEATURES
        .iter()
        .filter(|key| !seen.contains(**key))
        .collect();
    assert!(missing.is_empty(), "no document holds {missing:?}");
}

fn keys(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                into.insert(key.clone());
                keys(value, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, into)),
        _ => {}
    }
}

#[test]
fn nearly_all_operations_are_kept() {
    let batch = Batch::generated();
    let (mut all, mut kept) = (0, 0);
    let mut told = String::new();
    for (name, made) in batch.crates() {
        let before = operations(&batch::document(name));
        let after = operations(&made.lowered());
        writeln!(told, "{name}: {after} of {before}").unwrap();
        all += before;
        kept += after;
    }
    println!("{told}");
    assert!(kept * 100 >= all * 99, "{kept} of {all}\n{told}");
}

/// How many operations a document has, those of shared paths too.
fn operations(document: &Value) -> usize {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let none = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&none);
    let shared = |item: &Value| -> Value {
        item.get("$ref")
            .and_then(Value::as_str)
            .and_then(|target| document.pointer(target.strip_prefix('#')?))
            .unwrap_or(item)
            .clone()
    };
    paths
        .values()
        .map(shared)
        .map(|item| METHODS.iter().filter(|m| item.get(**m).is_some()).count())
        .sum()
}

#[test]
fn nearly_all_fields_keep_their_types() {
    let batch = Batch::generated();
    let (mut all, mut lost) = (0, 0);
    let mut told = String::new();
    for (name, made) in batch.crates() {
        let count = fields::count(&batch::document(name), &made.types());
        writeln!(
            told,
            "{name}: {} of {} untyped: {}",
            count.lost.len(),
            count.typed,
            count.lost.join(", ")
        )
        .unwrap();
        all += count.typed;
        lost += count.lost.len();
    }
    println!("{told}");
    assert!(lost * 100 <= all * 2, "{lost} of {all}\n{told}");
}

/// Documents for the run by default: the one that has the most features, and
/// the one that is documented, too.
const REPRESENTATIVE: [&str; 2] = ["features.json", "studio.yaml"];

#[test]
fn two_crates_compile_and_their_examples_survive() {
    if !batch::are_others() {
        compile_and_decode(&REPRESENTATIVE);
    }
}

#[test]
#[ignore = "compiles six crates; takes 60 s"]
fn every_crate_compiles_and_every_example_survives() {
    let names: Vec<&str> = batch::documents().iter().map(String::as_str).collect();
    compile_and_decode(&names);
}

fn compile_and_decode(names: &[&str]) {
    let batch = Batch::generated();
    let mut examples = Vec::new();
    for (name, made) in batch.crates().filter(|(name, _)| names.contains(name)) {
        let found = examples::of(
            &made.without_losses(batch::document(name)),
            &made.lowered(),
            &made.names(),
            &made.types(),
        );
        println!("{name}: {} examples", found.len());
        assert!(
            found.len() >= 40 || batch::are_others(),
            "{name}: {} examples",
            found.len()
        );
        examples.extend(found.into_iter().map(|example| (name, example)));
    }
    let outcomes = batch.decode_and_encode(names, &examples);
    assert_eq!(outcomes.len(), examples.len());
    let mut wrong = Vec::new();
    for ((name, example), outcome) in examples.iter().zip(outcomes) {
        let at = format!("{name} {} as {}", example.pointer, example.rust_type);
        match outcome {
            Err(error) => wrong.push(format!("{at}: {error}\n  {}", example.value)),
            Ok(after) => wrong.extend(
                example
                    .differences(&batch::document(name), &after)
                    .into_iter()
                    .map(|difference| format!("{at}: {difference}")),
            ),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        examples.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_documentation_of_a_crate_has_no_warnings() {
    for name in batch::documents() {
        if name == REPRESENTATIVE[1] || batch::are_others() {
            Batch::generated().document(name);
        }
    }
}
