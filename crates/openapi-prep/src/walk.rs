//! Where schemas stand in a document, so that every rule that looks at
//! schemas sees the same ones and writes its rule only once.

use serde_json::{Map, Value};

use crate::Pointer;

/// The HTTP methods a path item may hold, in the order operations are read.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Keywords whose value is one schema.
const ONE: [&str; 12] = [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "additionalItems",
    "contentSchema",
];

/// Keywords whose value is a list of schemas.
const LIST: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Keywords whose value maps names to schemas.
const MAP: [&str; 5] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
];

/// Calls `visit` for the schema and, before it, for all schemas inside.
pub(crate) fn schema_tree(
    schema: &mut Value,
    at: &Pointer,
    visit: &mut dyn FnMut(&mut Value, &Pointer),
) {
    children(schema, at, &mut |child, at| schema_tree(child, at, visit));
    visit(schema, at);
}

/// Calls `visit` for the schemas directly inside a schema.
pub(crate) fn children(
    schema: &mut Value,
    at: &Pointer,
    visit: &mut dyn FnMut(&mut Value, &Pointer),
) {
    let Value::Object(schema) = schema else {
        return;
    };
    for (key, value) in schema.iter_mut() {
        if !(value.is_object() || value.is_array() || value.is_boolean()) {
            continue;
        }
        if ONE.contains(&key.as_str()) {
            if !value.is_array() {
                visit(value, &at.join(key));
            } else if key == "items" {
                each_item(value, &at.join(key), visit);
            }
        } else if LIST.contains(&key.as_str()) {
            each_item(value, &at.join(key), visit);
        } else if MAP.contains(&key.as_str()) {
            each_entry(value, &at.join(key), visit);
        }
    }
}

/// Calls `visit` for the schema and all schemas inside, to be looked at only.
pub(crate) fn each(schema: &Value, visit: &mut dyn FnMut(&Value)) {
    visit(schema);
    let Value::Object(object) = schema else {
        return;
    };
    for (key, value) in object {
        let key = key.as_str();
        match value {
            Value::Object(_) | Value::Bool(_) if ONE.contains(&key) => each(value, visit),
            Value::Object(entries) if MAP.contains(&key) => {
                for entry in entries.values() {
                    each(entry, visit);
                }
            }
            Value::Array(items) if key == "items" || LIST.contains(&key) => {
                for item in items {
                    each(item, visit);
                }
            }
            _ => {}
        }
    }
}

/// Calls `visit` for every schema of a document, inner ones first.
pub(crate) fn schemas(document: &mut Value, visit: &mut dyn FnMut(&mut Value, &Pointer)) {
    roots(document, &mut |schema, at| schema_tree(schema, at, visit));
}

/// Calls `visit` for every schema of a document that is not inside another.
pub(crate) fn roots(document: &mut Value, visit: &mut dyn FnMut(&mut Value, &Pointer)) {
    let root = Pointer::root();
    if let Some(components) = document.get_mut("components") {
        let at = root.join("components");
        if let Some(schemas) = components.get_mut("schemas") {
            each_entry(schemas, &at.join("schemas"), visit);
        }
        for kind in ["parameters", "headers", "requestBodies", "responses"] {
            if let Some(entries) = components.get_mut(kind) {
                each_entry(entries, &at.join(kind), &mut |entry, at| {
                    carrier(entry, at, visit);
                });
            }
        }
        for kind in ["pathItems", "callbacks"] {
            if let Some(entries) = components.get_mut(kind) {
                each_entry(entries, &at.join(kind), &mut |entry, at| {
                    if kind == "callbacks" {
                        each_entry(entry, at, &mut |item, at| path_item(item, at, visit));
                    } else {
                        path_item(entry, at, visit);
                    }
                });
            }
        }
    }
    for key in ["paths", "webhooks"] {
        if let Some(items) = document.get_mut(key) {
            each_entry(items, &root.join(key), &mut |item, at| {
                path_item(item, at, visit);
            });
        }
    }
}

/// What is called for an operation: with path, method, the operation itself
/// and where it stands.
type Visit<'a> = dyn FnMut(&str, &str, &mut Map<String, Value>, &Pointer) + 'a;

/// Calls `visit` for every operation.
pub(crate) fn operations(document: &mut Value, visit: &mut Visit<'_>) {
    let at = Pointer::root().join("paths");
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    for (path, item) in paths {
        let at = at.join(path);
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                visit(path, method, operation, &at.join(method));
            }
        }
    }
}

fn path_item(item: &mut Value, at: &Pointer, visit: &mut dyn FnMut(&mut Value, &Pointer)) {
    if let Some(parameters) = item.get_mut("parameters") {
        each_item(parameters, &at.join("parameters"), &mut |p, at| {
            carrier(p, at, visit);
        });
    }
    for method in METHODS {
        if let Some(operation) = item.get_mut(method) {
            self::operation(operation, &at.join(method), visit);
        }
    }
}

fn operation(operation: &mut Value, at: &Pointer, visit: &mut dyn FnMut(&mut Value, &Pointer)) {
    if let Some(parameters) = operation.get_mut("parameters") {
        each_item(parameters, &at.join("parameters"), &mut |p, at| {
            carrier(p, at, visit);
        });
    }
    if let Some(body) = operation.get_mut("requestBody") {
        carrier(body, &at.join("requestBody"), visit);
    }
    if let Some(responses) = operation.get_mut("responses") {
        each_entry(responses, &at.join("responses"), &mut |r, at| {
            carrier(r, at, visit);
        });
    }
    if let Some(callbacks) = operation.get_mut("callbacks") {
        each_entry(callbacks, &at.join("callbacks"), &mut |callback, at| {
            each_entry(callback, at, &mut |item, at| path_item(item, at, visit));
        });
    }
}

/// A parameter, header, request body or response: what carries a `schema`, a
/// `content` map, or `headers`.
pub(crate) fn carrier(
    value: &mut Value,
    at: &Pointer,
    visit: &mut dyn FnMut(&mut Value, &Pointer),
) {
    if let Some(schema) = value.get_mut("schema") {
        visit(schema, &at.join("schema"));
    }
    if let Some(content) = value.get_mut("content") {
        each_entry(content, &at.join("content"), &mut |media, at| {
            if let Some(schema) = media.get_mut("schema") {
                visit(schema, &at.join("schema"));
            }
            if let Some(encoding) = media.get_mut("encoding") {
                each_entry(encoding, &at.join("encoding"), &mut |part, at| {
                    if let Some(headers) = part.get_mut("headers") {
                        each_entry(headers, &at.join("headers"), &mut |header, at| {
                            carrier(header, at, visit);
                        });
                    }
                });
            }
        });
    }
    if let Some(headers) = value.get_mut("headers") {
        each_entry(headers, &at.join("headers"), &mut |header, at| {
            carrier(header, at, visit);
        });
    }
}

/// The media type of the body that has this schema.
pub(crate) fn content(at: &Pointer) -> Option<String> {
    let mut tokens = at.as_str().rsplit('/');
    let (schema, media, content) = (tokens.next()?, tokens.next()?, tokens.next()?);
    (schema == "schema" && content == "content")
        .then(|| media.replace("~1", "/").replace("~0", "~"))
}

/// Calls `visit` for each value of an object.
pub(crate) fn each_entry(
    value: &mut Value,
    at: &Pointer,
    visit: &mut dyn FnMut(&mut Value, &Pointer),
) {
    if let Value::Object(entries) = value
        && !entries.is_empty()
    {
        let mut at = at.clone();
        for (key, entry) in entries.iter_mut() {
            at.within(key, |at| visit(entry, at));
        }
    }
}

/// Calls `visit` for each value of a list.
pub(crate) fn each_item(
    value: &mut Value,
    at: &Pointer,
    visit: &mut dyn FnMut(&mut Value, &Pointer),
) {
    if let Value::Array(items) = value
        && !items.is_empty()
    {
        let mut at = at.clone();
        for (index, item) in items.iter_mut().enumerate() {
            at.within(index, |at| visit(item, at));
        }
    }
}
