//! The examples of success responses in every checked-in document.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

/// One example, and its schema.
pub(crate) struct Example {
    /// For messages.
    pub(crate) name: String,
    /// The generation of the API, as its folder is called.
    pub(crate) document: String,
    /// The `operationId`.
    pub(crate) operation: String,
    pub(crate) body: Value,
    pub(crate) schema: Value,
    /// The whole document.
    pub(crate) root: Arc<Value>,
}

/// All examples.
pub(crate) fn all() -> Vec<Example> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in [tests.join("../openapi"), tests.join("fixture-api/openapi")] {
        let mut generations: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("corrected.json").is_file())
            .collect();
        generations.sort();
        assert!(!generations.is_empty());
        for generation in generations {
            let text = fs::read_to_string(generation.join("corrected.json")).unwrap();
            let name = generation.file_name().unwrap().to_str().unwrap();
            of_document(name, serde_json::from_str(&text).unwrap(), &mut found);
        }
    }
    found
}

fn of_document(document: &str, root: Value, found: &mut Vec<Example>) {
    let root = Arc::new(root);
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    for (path, item) in members(&root["paths"]) {
        for (method, operation) in members(&item) {
            for (status, response) in members(&operation["responses"]) {
                if !status.starts_with('2') {
                    continue;
                }
                let content = &response["content"]["application/json"];
                let one = content.get("example").cloned();
                let several = members(&content["examples"]);
                let several = several.into_values().map(|named| named["value"].clone());
                for (number, body) in one.into_iter().chain(several).enumerate() {
                    found.push(Example {
                        name: format!("{document} {method} {path} {status} #{number}"),
                        document: document.to_owned(),
                        operation: operation["operationId"].as_str().unwrap().to_owned(),
                        body,
                        schema: content["schema"].clone(),
                        root: Arc::clone(&root),
                    });
                }
            }
        }
    }
}
