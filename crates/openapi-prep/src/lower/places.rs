//! The parts of a document that may be shared: where each stands, in paths,
//! in callbacks and among the components.

use serde_json::{Map, Value};

use crate::{
    Pointer,
    walk::{METHODS, each_entry, each_item},
};

/// Components that are no schemas and that a reference may stand for, by the
/// name of their section.
pub(super) const KINDS: [&str; 7] = [
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "links",
    "callbacks",
];

/// Called for a part: of which section, the part itself, and where it stands.
type Visit<'a> = dyn FnMut(&str, &mut Value, &Pointer) + 'a;

/// Calls `visit` for every part, outer ones first. A part made `null` is taken
/// out of the document.
pub(super) fn shared(document: &mut Value, visit: &mut Visit<'_>) {
    let root = Pointer::root();
    if let Some(components) = document.get_mut("components") {
        let at = root.join("components");
        for kind in KINDS {
            map(components, kind, kind, &at, visit);
        }
    }
    if let Some(paths) = document.get_mut("paths") {
        each_entry(paths, &root.join("paths"), &mut |item, at| {
            path_item(item, at, visit);
        });
    }
}

/// Calls `visit` for every operation, those of callbacks too.
pub(super) fn operations(
    document: &mut Value,
    visit: &mut dyn FnMut(&mut Map<String, Value>, &Pointer),
) {
    let mut each = |item: &mut Value, at: &Pointer| {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                visit(operation, &at.join(method));
            }
        }
    };
    path_items(document, &mut each);
}

/// Calls `visit` for every list of parameters.
pub(crate) fn parameter_lists(
    document: &mut Value,
    visit: &mut dyn FnMut(&mut Vec<Value>, &Pointer),
) {
    let mut list = |owner: &mut Value, at: &Pointer| {
        if let Some(Value::Array(parameters)) = owner.get_mut("parameters") {
            visit(parameters, &at.join("parameters"));
        }
    };
    path_items(document, &mut |item, at| {
        list(item, at);
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                list(operation, &at.join(method));
            }
        }
    });
}

/// Calls `visit` for every path item, those of callbacks too.
pub(super) fn path_items(document: &mut Value, visit: &mut dyn FnMut(&mut Value, &Pointer)) {
    if let Some(paths) = document.get_mut("paths") {
        each_entry(paths, &Pointer::root().join("paths"), visit);
    }
    shared(document, &mut |kind, part, at| {
        if kind == "callbacks" && part.get("$ref").is_none() {
            each_entry(part, at, visit);
        }
    });
}

/// A part that stands under a key.
fn one(owner: &mut Value, key: &str, kind: &str, at: &Pointer, visit: &mut Visit<'_>) {
    let Some(part) = owner.get_mut(key) else {
        return;
    };
    slot(kind, part, &at.join(key), visit);
    if part.is_null()
        && let Value::Object(owner) = owner
    {
        owner.shift_remove(key);
    }
}

/// Parts by name, under a key.
fn map(owner: &mut Value, key: &str, kind: &str, at: &Pointer, visit: &mut Visit<'_>) {
    if let Some(parts) = owner.get_mut(key) {
        each_entry(parts, &at.join(key), &mut |part, at| {
            slot(kind, part, at, visit);
        });
        if let Value::Object(parts) = parts {
            parts.retain(|_, part| !part.is_null());
        }
    }
}

fn parameters(owner: &mut Value, at: &Pointer, visit: &mut Visit<'_>) {
    if let Some(parts) = owner.get_mut("parameters") {
        each_item(parts, &at.join("parameters"), &mut |part, at| {
            slot("parameters", part, at, visit);
        });
        if let Value::Array(parts) = parts {
            parts.retain(|part| !part.is_null());
        }
    }
}

fn slot(kind: &str, part: &mut Value, at: &Pointer, visit: &mut Visit<'_>) {
    visit(kind, part, at);
    if part.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    match kind {
        "parameters" | "headers" => map(part, "examples", "examples", at, visit),
        "responses" => {
            map(part, "headers", "headers", at, visit);
            map(part, "links", "links", at, visit);
        }
        "callbacks" => each_entry(part, at, &mut |item, at| path_item(item, at, visit)),
        _ => {}
    }
    if kind == "examples" {
        return;
    }
    if let Some(content) = part.get_mut("content") {
        each_entry(content, &at.join("content"), &mut |media, at| {
            map(media, "examples", "examples", at, visit);
            if let Some(encoding) = media.get_mut("encoding") {
                each_entry(encoding, &at.join("encoding"), &mut |part, at| {
                    map(part, "headers", "headers", at, visit);
                });
            }
        });
    }
}

fn path_item(item: &mut Value, at: &Pointer, visit: &mut Visit<'_>) {
    parameters(item, at, visit);
    for method in METHODS {
        let Some(operation) = item.get_mut(method) else {
            continue;
        };
        let at = at.join(method);
        parameters(operation, &at, visit);
        one(operation, "requestBody", "requestBodies", &at, visit);
        map(operation, "responses", "responses", &at, visit);
        map(operation, "callbacks", "callbacks", &at, visit);
    }
}
