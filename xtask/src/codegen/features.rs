//! The generated crate's features: one for each module, all on by default.

use std::{fs, path::Path};

use openapi_prep::Error;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::files::io;
use crate::workspace::no_toml;

/// The feature of what builds the types of responses, in the tests of programs.
const TEST_UTIL: &str = "test-util";

/// The generated crate's manifest with the features of these modules.
pub(super) fn update(root: &Path, package: &str, modules: &[&str]) -> Result<String, Error> {
    let path = root.join(package).join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|e| io(&path, "read the file", &e))?;
    let text = text.replace("\r\n", "\n");
    with_features(&text, modules).map_err(|e| e.in_file(path.display()))
}

fn with_features(text: &str, modules: &[&str]) -> Result<String, Error> {
    let mut manifest: DocumentMut = text
        .parse()
        .map_err(|e| no_toml(&e).remedy("correct the file there"))?;
    let features = manifest
        .entry("features")
        .or_insert(Item::Table(Table::new()))
        .as_table_mut()
        .ok_or_else(|| Error::new("[features] is no table"))?;
    // A module's feature turns nothing else on; those that name a module that
    // is gone go with it.
    features.retain(|name, item| {
        let is_module = item.as_array().is_some_and(Array::is_empty) && name != "default";
        !is_module || name == TEST_UTIL || modules.contains(&name)
    });
    for name in modules.iter().chain([&TEST_UTIL]) {
        features.entry(name).or_insert(value(Array::new()));
    }
    let default = features.get("default").and_then(Item::as_array);
    let default: Option<Vec<_>> =
        default.map(|all| all.iter().filter_map(|v| v.as_str()).collect());
    if default.as_deref() != Some(modules) {
        features["default"] = value(modules.iter().copied().collect::<Array>());
    }
    Ok(manifest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_come_and_go() {
        let text = "[features]\ndefault = [\"v2\"]\nhttpmock = [\"dep:httpmock\"]\ntest-util = []\n# a comment\nv2 = []\n";
        assert_eq!(with_features(text, &["v2"]).unwrap(), text);
        let more = with_features(text, &["v2", "v3"]).unwrap();
        assert!(
            more.contains("default = [\"v2\", \"v3\"]") && more.contains("v3 = []"),
            "{more}"
        );
        assert_eq!(with_features(&more, &["v2"]).unwrap(), text);
    }
}
