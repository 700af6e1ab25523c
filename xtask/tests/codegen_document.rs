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

#[test]
fn hints_of_jobs_are_ignored() {
    let mut paths = json!({"/b/{id}": answers("get_b", "b")});
    let mut crates = Vec::new();
    for hint in [Value::Null, json!({"name": "thing", "state": "nowhere"})] {
        let folder = tempfile::tempdir().expect("a folder");
        paths["/b/{id}"]["get"]["x-job"] = hint;
        let output = generate(&document(&paths), folder.path());
        assert!(output.status.success(), "{output:?}");
        let source = folder.path().join("deep/down/bindings/src");
        let mut files: Vec<_> = fs::read_dir(source)
            .expect("a folder")
            .map(|entry| entry.expect("a file").path())
            .filter(|path| path.is_file())
            .map(|path| fs::read_to_string(path).expect("a file"))
            .map(|text| text.lines().skip(1).collect::<Vec<_>>().join("\n"))
            .collect();
        files.sort();
        crates.push(files);
    }
    assert!(crates[0].len() > 3);
    assert_eq!(crates[0], crates[1]);
}

#[test]
fn copied_program_works_in_an_empty_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("xtask-copy");
    fs::copy(env!("CARGO_BIN_EXE_xtask"), &program).expect("a program to copy");
    let pets = json!({"/pets": answers("get_pets", "a")});
    fs::write(folder.path().join("api.json"), document(&pets).to_string()).expect("a file");
    let run = |words: &[&str]| {
        let words = ["codegen", "--document"].iter().chain(words);
        let output = Command::new(&program)
            .args(words)
            .current_dir(folder.path())
            .output();
        let output = output.expect("the program starts");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (worked, said) = run(&["api.json", "--out", "pets"]);
    assert!(worked, "{said}");
    assert!(folder.path().join("pets/README.md").is_file());

    let (worked, said) = run(&["other.json", "--out", "other"]);
    assert!(
        !worked && said.starts_with("error: other.json: cannot be read"),
        "{said}"
    );
    fs::write(folder.path().join("note.txt"), "not a document").expect("a file");
    let (worked, said) = run(&["note.txt", "--out", "other"]);
    assert!(!worked && said.starts_with("error: note.txt: "), "{said}");
    assert!(!folder.path().join("other").exists());
    // A folder that holds something else is left as it is.
    let (worked, said) = run(&["api.json", "--out", "."]);
    assert!(!worked && said.contains("not a generated crate"), "{said}");
    assert!(!folder.path().join("Cargo.toml").exists());
}

#[test]
fn every_operation_and_tag_is_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let object = |kind: &Value| {
        json!({"type": "object", "required": ["kind", "name"],
        "properties": {"kind": kind, "name": {"type": "string"}}})
    };
    let union = json!({
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/dog.v1"}],
        "discriminator": {"propertyName": "kind", "mapping": {
            "cat": "#/components/schemas/Cat", "dog": "#/components/schemas/dog.v1",
        }},
    });
    let schema = json!({"type": "object", "properties": {
        "all": {"type": "array", "items": union},
        "one": {"$ref": "#/components/schemas/any.Pet"},
    }});
    let pets = json!({"operationId": "listPets", "responses": {"200": {
        "description": "Pets.", "content": {"application/json": {"schema": schema}},
    }}});
    let mut document = document(&json!({
        "/pets/{client}": {
            "parameters": [{"name": "client", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": pets,
            "trace": {"operationId": "trace", "responses": {}},
        },
        "/pets": {
            "get": {"responses": {"204": {"description": "Nothing."}}},
            // Requests and responses have a type each.
            "post": {"operationId": "addPet", "requestBody": {"required": true, "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/any.Pet"}},
            }}, "responses": {"204": {"description": "Nothing."}}, "servers": [{"url": "https://pets.example"}]},
        },
    }));
    document["servers"] = json!([{"url": "https://shop.example"}]);
    document["components"] = json!({"schemas": {
        "any.Pet": union,
        "Cat": object(&json!({"const": "cat"})),
        "dog.v1": object(&json!({"const": "dog"})),
    }});
    let output = generate(&document, folder.path());
    assert!(output.status.success(), "{output:?}");
    let crate_folder = folder.path().join("deep/down/bindings");
    let text = fs::read_to_string(crate_folder.join("operations.json")).expect("operations.json");
    let mut listed: Value = serde_json::from_str(&text).expect("JSON");
    let reason = listed["operations"][1]["loss"].take();
    assert!(
        reason.as_str().is_some_and(|reason| !reason.is_empty()),
        "{reason}"
    );
    let at = "/paths/~1pets~1{client}/get/responses/200/content/application~1json/schema/properties/all/items";
    assert_eq!(
        listed,
        json!({
            "operations": [
                {"method": "GET", "path": "/pets/{client}", "operation_id": "listPets", "function": "list_pets"},
                {"method": "TRACE", "path": "/pets/{client}", "operation_id": "trace", "loss": null},
                {"method": "GET", "path": "/pets", "operation_id": "get-pets", "function": "get_pets"},
                {"method": "POST", "path": "/pets", "operation_id": "addPet", "function": "add_pet"},
            ],
            "unions": [
                {"pointer": "/components/schemas/any.Pet", "tag": "kind", "values": ["cat", "dog"]},
                {"pointer": at, "tag": "kind", "values": ["cat", "dog"]},
            ],
        })
    );
    let readme = fs::read_to_string(crate_folder.join("README.md")).expect("a README");
    for wanted in [
        "3 of 4 operations",
        "- `TRACE /pets/{client}`: ",
        "- `https://pets.example`: of the operations",
    ] {
        assert!(readme.contains(wanted), "{wanted} in {readme}");
    }
}
