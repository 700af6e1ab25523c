//! The documents of this repository, for tests that hold for any document.

use std::{
    fs,
    path::{Path, PathBuf},
};

use openapi_prep::{Document, page};
use serde_json::Value;

/// Where documents and pages are kept, from the root of the repository.
const PLACES: [&str; 4] = [
    "openapi",
    "tests",
    "crates/openapi-prep/tests",
    "xtask/tests",
];

/// Every document of OpenAPI 3 in a file of its own or on a page, with the
/// name of the file. Packaged alone, the crate has fewer.
pub(crate) fn documents() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut open: Vec<PathBuf> = PLACES.iter().map(|place| root.join(place)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                open.push(path);
            } else if let Some(document) = read(&path) {
                found.push((path.display().to_string(), document));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn read(path: &Path) -> Option<Value> {
    let ending = path.extension()?.to_str()?;
    let text = fs::read_to_string(path).ok()?;
    let document = match ending {
        "json" | "yaml" | "yml" => Document::parse(&text).ok()?.into_value(),
        "md" | "mdx" => page::extract(&text).ok()?.document,
        _ => return None,
    };
    let version = document.get("openapi")?.as_str()?;
    version.starts_with('3').then_some(document)
}
