//! What a document is made of, for merging: each definition is taken, kept or
//! removed as a whole.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::{Pointer, pointer::put, walk::METHODS};

/// An operation, a component, a tag, or a key of a path item, of `info` or of the
/// top.
#[derive(Debug, Clone)]
pub(super) struct Definition<'a> {
    /// Where its own document has it.
    pub at: Pointer,
    pub value: &'a Value,
}

/// The definitions of a document, in its order.
pub(super) fn definitions(document: &Value) -> Vec<Definition<'_>> {
    let mut found = Vec::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        let depth = match key.as_str() {
            "paths" | "webhooks" | "components" => 2,
            "info" | "tags" => 1,
            _ => 0,
        };
        collect(Pointer::root().join(key), value, depth, &mut found);
    }
    found
}

fn collect<'a>(at: Pointer, value: &'a Value, depth: usize, found: &mut Vec<Definition<'a>>) {
    match value {
        Value::Object(entries) if depth > 0 => {
            for (key, value) in entries {
                let depth = if key.starts_with("x-") { 0 } else { depth - 1 };
                collect(at.join(key), value, depth, found);
            }
        }
        Value::Array(tags) if at.as_str() == "/tags" => {
            found.extend(tags.iter().enumerate().map(|(index, value)| Definition {
                at: at.join(index),
                value,
            }));
        }
        _ => found.push(Definition { at, value }),
    }
}

impl Definition<'_> {
    /// Where another document has it, or would, and as what. Tags go by name.
    pub(super) fn find<'a>(&self, document: &'a Value) -> (Pointer, Option<&'a Value>) {
        let Some(Value::Array(tags)) = document.get("tags").filter(|_| self.is_tag()) else {
            return (self.at.clone(), document.pointer(self.at.as_str()));
        };
        let name = self.value.get("name");
        let index = tags.iter().position(|tag| tag.get("name") == name);
        let at = Pointer::root()
            .join("tags")
            .join(index.unwrap_or(tags.len()));
        (at, index.map(|index| &tags[index]))
    }

    pub(super) fn is_tag(&self) -> bool {
        self.at.as_str().starts_with("/tags/")
    }

    pub(super) fn is_component(&self) -> bool {
        self.at.as_str().starts_with("/components/")
    }

    /// Whether it says nothing about the API.
    pub(super) fn is_no_statement(&self) -> bool {
        let at = self.at.as_str();
        at == "/info/version" || at.starts_with("/x-readme") || self.is_tag()
    }

    /// Whether it goes with the last page that holds it.
    pub(super) fn can_be_withdrawn(&self) -> bool {
        let at = self.at.as_str();
        let is_operation = at.starts_with("/paths/") || at.starts_with("/webhooks/");
        let last = at.rsplit('/').next().unwrap_or_default();
        is_operation && METHODS.contains(&last)
            || self.is_tag()
            || self.is_component() && !at.starts_with("/components/securitySchemes/")
    }
}

/// Those of the components that the rest of the document does not need.
pub(super) fn unreferenced(
    mut rest: Value,
    mut components: Vec<Definition<'_>>,
) -> Vec<Definition<'_>> {
    loop {
        let mut named = HashSet::new();
        references(&rest, &mut named);
        let needed = |component: &Definition<'_>| named.contains(component.at.as_str());
        let (needed, gone): (Vec<_>, Vec<_>) = components.into_iter().partition(needed);
        if needed.is_empty() {
            return gone;
        }
        for component in needed {
            put(&mut rest, component.at.as_str(), component.value.clone());
        }
        components = gone;
    }
}

/// The pointers of the components that a value refers to. A discriminator may
/// name a schema by its bare name.
fn references(value: &Value, named: &mut HashSet<String>) {
    match value {
        Value::String(text) if text.starts_with("#/components/") => {
            // What is inside a component needs the whole of it.
            let component: Vec<&str> = text[1..].split('/').take(4).collect();
            named.insert(component.join("/"));
        }
        Value::Array(items) => {
            for item in items {
                references(item, named);
            }
        }
        Value::Object(entries) => {
            let mapping = entries.get("mapping").and_then(Value::as_object);
            let bare = mapping.into_iter().flat_map(Map::values);
            let schemas = Pointer::root().joins(["components", "schemas"]);
            named.extend(bare.filter_map(|name| Some(schemas.join(name.as_str()?).to_string())));
            for entry in entries.values() {
                references(entry, named);
            }
        }
        _ => {}
    }
}
