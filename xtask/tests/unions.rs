//! Unions in generated code: every example comes through the type of its
//! schema unchanged, in responses and in requests, and reading time grows with
//! the value only.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/crates.rs"]
mod crates;

use std::{fmt::Write as _, fs, path::Path, process::Command};

use serde_json::{Map, Value, json};

/// How deep the value is whose reading time is measured.
const DEEP: usize = 40;

/// Generates the crate of the document; gives its folder.
fn generated() -> std::path::PathBuf {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unions/unions.yaml");
    let folder = crates::temporary().join("unions");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--document"])
        .arg(document)
        .arg("--out")
        .arg(&folder)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}");
    folder
}

/// A file of the crate, or of the tests, as JSON.
fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    openapi_prep::Document::parse(&text).unwrap().into_value()
}

#[test]
fn tags_are_those_of_the_document() {
    let folder = generated();
    let document = read(&folder.join("lowered.json"));
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let tags = |name: &str| -> Vec<String> {
        let variants = schemas[name]["x-variants"].as_object();
        variants.into_iter().flat_map(Map::keys).cloned().collect()
    };
    for (name, expected) in [
        ("Shape", &["box", "round_thing", "flat.thing"][..]),
        ("Output", &["stdout", "stderr", "error"]),
        ("ByName", &["is", "isNot"]),
        ("ByAge", &["is", "less"]),
        ("Pet", &["CAT", "puppy", "dog"]),
        ("Media", &["image", "video", "audio"]),
        ("Vehicle", &["1", "Boat"]),
        ("Fruit", &["boskoop", "elstar", "Pear"]),
        ("Fixed", &["red", "blue"]),
        ("Level", &[]),
    ] {
        assert_eq!(tags(name), expected, "{name}");
        let input = format!("{name}Input");
        if schemas.contains_key(&input) {
            assert_eq!(tags(&input), expected, "{input}");
        }
    }
    assert_eq!(schemas["Pet"]["x-tag-aliases"], json!({"cat": "CAT"}));
    let report = read(&folder.join("report.json"));
    let lost: Vec<&str> = report
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["effect"] == "lost")
        .filter(|entry| {
            ["variant", "field", "type"]
                .iter()
                .any(|lost| entry["subject"] == *lost)
        })
        .map(|entry| entry["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(lost, ["/components/schemas/Level"]);
}

#[test]
#[ignore = "compiles a crate; takes 30 s"]
fn every_variant_is_read_and_written() {
    let folder = generated();
    let lowered = read(&folder.join("lowered.json"));
    let document = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unions/unions.yaml"));
    let mut calls = String::new();
    let mut values = Vec::new();
    let mut deep = json!("end");
    for level in 0..DEEP {
        let (all, any) = (json!([{"all": deep}]), json!([{"any": deep}]));
        deep = if level % 2 == 0 { all } else { any };
    }
    let mut tree = json!({"name": "end"});
    for level in 0..DEEP {
        let (branch, pair) = (json!({"children": [tree]}), json!({"left": tree}));
        tree = if level % 2 == 0 { branch } else { pair };
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let mut examples = schema["examples"].as_array().cloned().unwrap_or_default();
        match name.as_str() {
            "Expression" => examples.push(deep.clone()),
            "Tree" => examples.push(tree.clone()),
            // An unknown variant of a response, and another value for a variant.
            "Pet" => examples.push(json!({"kind": "cat", "claws": 1})),
            _ => {}
        }
        for name in [name.clone(), format!("{name}Input")] {
            if lowered["components"]["schemas"].get(&name).is_none() {
                continue;
            }
            for example in &examples {
                let _ = writeln!(
                    calls,
                    "    again::<unions::types::{name}>(&values[{}]);",
                    values.len()
                );
                values.push(example.clone());
            }
        }
    }
    let program = crates::temporary().join("unions-program");
    crates::put(
        &program.join("Cargo.toml"),
        "[package]\nname = \"unions-program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nserde = \"1\"\nserde_json = \"1\"\nunions = { path = \"../unions\" }\n",
    );
    let main = format!(
        "use serde_json::Value;\n\n\
         fn without_null(value: Value) -> Value {{\n\
         \x20   match value {{\n\
         \x20       Value::Object(all) => all.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, without_null(v))).collect(),\n\
         \x20       Value::Array(all) => all.into_iter().map(without_null).collect(),\n\
         \x20       other => other,\n\
         \x20   }}\n\
         }}\n\n\
         fn again<T: serde::Serialize + serde::de::DeserializeOwned>(text: &Value) {{\n\
         \x20   let before = std::time::Instant::now();\n\
         \x20   let value: Result<T, _> = serde_json::from_str(&text.to_string());\n\
         \x20   let took = before.elapsed();\n\
         \x20   let value = value.map(|value| serde_json::to_value(&value).unwrap()).map_err(|e| e.to_string());\n\
         \x20   let value = value.map(without_null);\n\
         \x20   let mut expected = text.clone();\n\
         \x20   if expected[\"kind\"] == \"cat\" {{ expected[\"kind\"] = \"CAT\".into(); }}\n\
         \x20   if value.as_ref() != Ok(&expected) {{ println!(\"{{}}: {{text}}: {{value:?}}\", std::any::type_name::<T>()); }}\n\
         \x20   if took.as_millis() > 500 {{ println!(\"{{}}: {{took:?}}\", std::any::type_name::<T>()); }}\n\
         }}\n\nfn main() {{\n\
         \x20   let values: Vec<Value> = serde_json::from_reader(std::io::stdin()).unwrap();\n{calls}}}\n"
    );
    crates::put(&program.join("src/main.rs"), &main);
    crates::cargo(&program, &["build"], &[]);
    let output = assert_cmd::Command::new(crates::target().join("debug/unions-program"))
        .write_stdin(Value::from(values).to_string())
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}
