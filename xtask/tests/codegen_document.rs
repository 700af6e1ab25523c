//! `cargo xtask codegen --document`, run again: the names that a crate's types
//! have are kept in its ledger, whatever the document has grown by.

use std::{fs, path::Path, process::Output};

use assert_cmd::Command;
use serde_json::{Value, json};

fn generate(document: &Value, folder: &Path) -> Output {
    let path = folder.join("api.json");
    fs::write(&path, document.to_string()).expect("a folder to write to");
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--document"])
        .arg(&path)
        .arg("--out")
        .arg(folder.join("deep/down/bindings"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("xtask starts")
}

fn answers(id: &str, property: &str) -> Value {
    let schema = json!({"type": "object", "properties": {"owner": {
        "type": "object", "properties": {property: {"type": "string"}},
    }}});
    json!({"get": {"operationId": id, "responses": {"200": {
        "description": "It worked.", "content": {"application/json": {"schema": schema}},
    }}}})
}

fn document(paths: &Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "Growing", "version": "1"}, "paths": paths})
}

#[test]
fn what_has_grown_renames_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = json!({"/b": answers("get_b", "b")});
    let output = generate(&document(&first), folder.path());
    assert!(output.status.success(), "{output:?}");
    let bindings = folder.path().join("deep/down/bindings");
    let read = |name: &str| fs::read_to_string(bindings.join(name)).expect(name);
    let before: Value = serde_json::from_str(&read("names.json")).expect("JSON");
    let entries = before.as_object().expect("an object");
    let owner = entries.iter().find(|(place, _)| place.contains(".owner"));
    let owner = owner.and_then(|(_, name)| name.as_str()).expect("a name");

    // Another schema that would have been called the same, before the first.
    let mut grown = json!({"/a": answers("get_a", "a"), "/b": answers("get_b", "b")});
    grown["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
        ["owner"]["title"] = json!(owner);
    let output = generate(&document(&grown), folder.path());
    assert!(output.status.success(), "{output:?}");
    let after: Value = serde_json::from_str(&read("names.json")).expect("JSON");
    for (place, name) in before.as_object().expect("an object") {
        assert_eq!(after[place], *name, "{place}");
    }
    let types = read("src/types.rs");
    assert!(types.contains(&format!("pub struct {owner} {{")), "{types}");
    assert!(
        after.as_object().map(serde_json::Map::len) > before.as_object().map(serde_json::Map::len)
    );

    fs::write(bindings.join("names.json"), "{\"a\": 1}").expect("a file");
    let output = generate(&document(&grown), folder.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("names.json") && said.contains("type name"),
        "{said}"
    );
}
