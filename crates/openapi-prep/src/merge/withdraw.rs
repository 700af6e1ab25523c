//! What a page said before and says no more is taken out of the document.
//!
//! The document is what the pages held say together. When a page is replaced by
//! a newer one, an operation, a component or a tag that only the older one held
//! has no source any more.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Change, Merged};
use crate::{Pointer, walk::METHODS};

/// Takes out of `document` what the page held before (`before`) and holds no
/// more (`after`), unless one of the other pages (`others`) holds it too.
///
/// Operations, components and tags are taken out; a path with no operation left
/// goes with its last one. A component stays while something that stays refers
/// to it; security schemes always stay, being named and not referred to.
pub fn withdraw(mut document: Value, before: &Value, after: &Value, others: &[Value]) -> Merged {
    let stands = |tokens: &[&str]| {
        std::iter::once(after)
            .chain(others)
            .any(|page| dig(page, tokens).is_some())
    };
    let mut changes = Vec::new();
    for (path, method) in operations(before) {
        if !stands(&["paths", &path, method]) {
            take_operation(&mut document, &path, method, &mut changes);
        }
    }
    let gone: Vec<[String; 2]> = components(before)
        .into_iter()
        .filter(|[kind, name]| !stands(&["components", kind, name]))
        .collect();
    for [kind, name] in unreferenced(&document, gone) {
        take_component(&mut document, &kind, &name, &mut changes);
    }
    let named = |page: &Value, name: &Value| tags(page).any(|tag| tag.get("name") == Some(name));
    for name in tags(before).filter_map(|tag| tag.get("name")) {
        if !named(after, name) && !others.iter().any(|page| named(page, name)) {
            take_tag(&mut document, name, &mut changes);
        }
    }
    Merged { document, changes }
}

fn dig<'a>(value: &'a Value, tokens: &[&str]) -> Option<&'a Value> {
    tokens
        .iter()
        .try_fold(value, |value, token| value.get(token))
}

fn operations(page: &Value) -> Vec<(String, &'static str)> {
    let paths = page.get("paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            METHODS
                .into_iter()
                .filter(|method| item.get(method).is_some())
                .map(|method| (path.clone(), method))
        })
        .collect()
}

fn components(page: &Value) -> Vec<[String; 2]> {
    let kinds = page.get("components").and_then(Value::as_object);
    kinds
        .into_iter()
        .flatten()
        .filter(|(kind, _)| *kind != "securitySchemes" && !kind.starts_with("x-"))
        .flat_map(|(kind, entries)| {
            let names = entries.as_object().into_iter().flat_map(Map::keys);
            names.map(|name| [kind.clone(), name.clone()])
        })
        .collect()
}

fn tags(page: &Value) -> impl Iterator<Item = &Value> {
    page.get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Those of the components that nothing which stays refers to.
fn unreferenced(document: &Value, mut gone: Vec<[String; 2]>) -> Vec<[String; 2]> {
    loop {
        let skipped: HashSet<String> = gone.iter().map(reference).collect();
        let mut named = HashSet::new();
        references(document, "#", &skipped, &mut named);
        let before = gone.len();
        gone.retain(|entry| !named.contains(&reference(entry)));
        if gone.len() == before {
            return gone;
        }
    }
}

fn reference([kind, name]: &[String; 2]) -> String {
    format!("#{}", Pointer::root().joins(["components", kind, name]))
}

/// The components that a value refers to, without what the ones to skip say.
/// A discriminator may name a schema by its bare name.
fn references(value: &Value, at: &str, skipped: &HashSet<String>, named: &mut HashSet<String>) {
    match value {
        Value::String(text) if text.starts_with("#/components/") => {
            // What is inside a component needs the whole of it.
            let end = text
                .match_indices('/')
                .nth(3)
                .map_or(text.len(), |(at, _)| at);
            named.insert(text[..end].to_owned());
        }
        Value::Array(items) => {
            for item in items {
                // No component stands inside a list.
                references(item, "", skipped, named);
            }
        }
        Value::Object(entries) => {
            for (key, entry) in entries {
                let at = format!("{at}{}", Pointer::root().join(key));
                if skipped.contains(&at) {
                    continue;
                }
                if key == "mapping" {
                    let bare = entry.as_object().into_iter().flat_map(Map::values);
                    let schema = |name: &str| reference(&["schemas".to_owned(), name.to_owned()]);
                    named.extend(bare.filter_map(Value::as_str).map(schema));
                }
                references(entry, &at, skipped, named);
            }
        }
        _ => {}
    }
}

fn take_operation(document: &mut Value, path: &str, method: &str, changes: &mut Vec<Change>) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    let Some(Value::Object(item)) = paths.get_mut(path) else {
        return;
    };
    let Some(operation) = item.shift_remove(method) else {
        return;
    };
    if !METHODS.iter().any(|method| item.contains_key(*method)) {
        paths.shift_remove(path);
    }
    let at = Pointer::root().joins(["paths", path, method]);
    changes.push(Change::new(&at, Some(operation), None));
}

fn take_component(document: &mut Value, kind: &str, name: &str, changes: &mut Vec<Change>) {
    let Some(Value::Object(components)) = document.get_mut("components") else {
        return;
    };
    let Some(Value::Object(entries)) = components.get_mut(kind) else {
        return;
    };
    let Some(entry) = entries.shift_remove(name) else {
        return;
    };
    if entries.is_empty() {
        components.shift_remove(kind);
    }
    let at = Pointer::root().joins(["components", kind, name]);
    changes.push(Change::new(&at, Some(entry), None));
}

fn take_tag(document: &mut Value, name: &Value, changes: &mut Vec<Change>) {
    let Some(Value::Array(held)) = document.get_mut("tags") else {
        return;
    };
    if let Some(index) = held.iter().position(|tag| tag.get("name") == Some(name)) {
        let at = Pointer::root().join("tags").join(index);
        changes.push(Change::new(&at, Some(held.remove(index)), None));
    }
}
