//! The features of crates with generated modules: one for each, all on by default.

use std::{fs, path::Path};

use openapi_prep::Error;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::files::io;
use crate::workspace::no_toml;

/// The feature of what builds the types of responses, in the tests of programs.
const TEST_UTIL: &str = "test-util";

/// A crate's manifest with the features of these modules. Those of a facade turn
/// on the features of the same name of the crate in the folder `of`.
pub(super) fn update(
    root: &Path,
    package: &str,
    modules: &[&str],
    of: Option<&str>,
) -> Result<String, Error> {
    let path = root.join(package).join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|e| io(&path, "read the file", &e))?;
    let text = text.replace("\r\n", "\n");
    let of = of.and_then(|folder| folder.rsplit('/').next());
    with_features(&text, modules, of).map_err(|e| e.in_file(path.display()))
}

fn with_features(text: &str, modules: &[&str], of: Option<&str>) -> Result<String, Error> {
    let mut manifest: DocumentMut = text
        .parse()
        .map_err(|e| no_toml(&e).remedy("correct the file there"))?;
    let features = manifest
        .entry("features")
        .or_insert(Item::Table(Table::new()))
        .as_table_mut()
        .ok_or_else(|| Error::new("[features] is no table"))?;
    // What the feature of a module turns on.
    let turned_on = |name: &str| -> Array {
        let inner = of.map(|of| format!("{of}/{name}"));
        inner.into_iter().collect()
    };
    let old = features.get("default").and_then(Item::as_array);
    let old: Vec<String> = old.map(texts).unwrap_or_default();
    // Only modules are on by default and turn on nothing else. Those that are gone
    // take their features with them.
    let is_module = |name: &str, item: &Item| {
        let on = item.as_array().map(texts);
        old.iter().any(|old| old == name) && on == Some(texts(&turned_on(name)))
    };
    let all = features.iter();
    let before: Vec<String> = all
        .filter(|(name, item)| is_module(name, item))
        .map(|(name, _)| name.to_owned())
        .collect();
    features
        .retain(|name, _| !before.iter().any(|before| before == name) || modules.contains(&name));
    for name in modules {
        features.entry(name).or_insert(value(turned_on(name)));
    }
    if of.is_none() {
        features.entry(TEST_UTIL).or_insert(value(Array::new()));
    }
    // Others that are on by default stay so.
    let others = old.iter().filter(|name| !before.contains(name));
    let others = others.filter(|name| !modules.contains(&name.as_str()));
    let default: Vec<String> = others
        .cloned()
        .chain(modules.iter().map(|name| (*name).to_owned()))
        .collect();
    if default != old || !features.contains_key("default") {
        features["default"] = value(default.into_iter().collect::<Array>());
    }
    Ok(manifest.to_string())
}

fn texts(array: &Array) -> Vec<String> {
    let texts = array.iter().filter_map(|value| value.as_str());
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_of_a_facade_turn_on_those_of_the_bindings() {
        let text = "[features]\ndefault = [\"gzip\", \"v2\"]\nv2 = [\"bindings/v2\"]\ngzip = [\"core/gzip\"]\nschemars = [\"bindings/schemars\"]\n";
        let of =
            |text: &str, modules: &[&str]| with_features(text, modules, Some("bindings")).unwrap();
        assert_eq!(of(text, &["v2"]), text);
        let more = of(text, &["v2", "v3"]);
        assert!(
            more.contains("default = [\"gzip\", \"v2\", \"v3\"]")
                && more.contains("v3 = [\"bindings/v3\"]"),
            "{more}"
        );
        assert_eq!(of(&more, &["v2"]), text);
    }

    #[test]
    fn modules_come_and_go() {
        let text = "[features]\ndefault = [\"v2\"]\nhttpmock = [\"dep:httpmock\"]\n# a comment\nv2 = []\ntest-util = []\n";
        assert_eq!(with_features(text, &["v2"], None).unwrap(), text);
        let more = with_features(text, &["v2", "v3"], None).unwrap();
        assert!(
            more.contains("default = [\"v2\", \"v3\"]") && more.contains("v3 = []"),
            "{more}"
        );
        assert_eq!(with_features(&more, &["v2"], None).unwrap(), text);
    }
}
