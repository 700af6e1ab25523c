//! Where schemas stand in a document, so that every rule that looks at
//! schemas sees the same ones and writes its rule only once.

use serde_json::{Map, Value};

use crate::{Pointer, reference};

/// The HTTP methods a path item may hold, in the order operations are read.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What is called for a schema, with where it stands.
type Look<'a> = dyn FnMut(&mut Value, &Pointer) + 'a;

/// The same between the walks here, which go on from the place they are given.
type Walk<'a> = dyn FnMut(&mut Value, &mut Pointer) + 'a;

/// What a keyword of a schema holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// One schema.
    One,
    /// A list of schemas.
    List,
    /// Either of them.
    OneOrList,
    /// Schemas by name.
    Map,
    /// Anything else.
    Other,
}

/// Asked for every member of every schema on every walk.
fn holds(keyword: &str) -> Holds {
    match keyword {
        "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "additionalItems"
        | "contentSchema" => Holds::One,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "items" => Holds::OneOrList,
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => {
            Holds::Map
        }
        _ => Holds::Other,
    }
}

/// Calls `visit` for the schema and, before it, for all schemas inside.
pub(crate) fn schema_tree(schema: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    if schema.is_object() {
        tree(schema, &mut at.clone(), visit);
    } else {
        visit(schema, at);
    }
}

fn tree(schema: &mut Value, at: &mut Pointer, visit: &mut Look<'_>) {
    inside(schema, at, &mut |child, at| tree(child, at, visit));
    visit(schema, at);
}

/// Calls `visit` for the schemas directly inside a schema.
pub(crate) fn children(schema: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    if schema.is_object() {
        inside(schema, &mut at.clone(), &mut |child, at| visit(child, at));
    }
}

fn inside(schema: &mut Value, at: &mut Pointer, visit: &mut Walk<'_>) {
    let Value::Object(schema) = schema else {
        return;
    };
    for (key, value) in schema.iter_mut() {
        if !(value.is_object() || value.is_array() || value.is_boolean()) {
            continue;
        }
        match (&*value, holds(key)) {
            (Value::Object(_) | Value::Bool(_), Holds::One | Holds::OneOrList) => {
                at.within(key, |at| visit(value, at));
            }
            (Value::Array(_), Holds::List | Holds::OneOrList) => {
                at.within(key, |at| items_in(value, at, visit));
            }
            (Value::Object(_), Holds::Map) => {
                at.within(key, |at| entries_in(value, at, visit));
            }
            _ => {}
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
        if !(value.is_object() || value.is_array() || value.is_boolean()) {
            continue;
        }
        match (value, holds(key)) {
            (Value::Object(_) | Value::Bool(_), Holds::One | Holds::OneOrList) => {
                each(value, visit);
            }
            (Value::Object(entries), Holds::Map) => {
                for entry in entries.values() {
                    each(entry, visit);
                }
            }
            (Value::Array(items), Holds::List | Holds::OneOrList) => {
                for item in items {
                    each(item, visit);
                }
            }
            _ => {}
        }
    }
}

/// Calls `visit` for every schema of a document, inner ones first.
pub(crate) fn schemas(document: &mut Value, visit: &mut Look<'_>) {
    roots_in(document, &mut |schema, at| tree(schema, at, visit));
}

fn roots_in(document: &mut Value, visit: &mut Walk<'_>) {
    let at = &mut Pointer::root();
    below(document, at, "components", &mut |components, at| {
        below(components, at, "schemas", &mut |schemas, at| {
            entries_in(schemas, at, visit);
        });
        for kind in ["parameters", "headers", "requestBodies", "responses"] {
            below(components, at, kind, &mut |entries, at| {
                entries_in(entries, at, &mut |entry, at| carrier_in(entry, at, visit));
            });
        }
        below(components, at, "pathItems", &mut |items, at| {
            entries_in(items, at, &mut |item, at| path_item(item, at, visit));
        });
        below(components, at, "callbacks", &mut |callbacks, at| {
            entries_in(callbacks, at, &mut |callback, at| {
                entries_in(callback, at, &mut |item, at| path_item(item, at, visit));
            });
        });
    });
    for key in ["paths", "webhooks"] {
        below(document, at, key, &mut |items, at| {
            entries_in(items, at, &mut |item, at| path_item(item, at, visit));
        });
    }
}

/// Calls `visit` for the member of this name, if there is one.
fn below(value: &mut Value, at: &mut Pointer, key: &str, visit: &mut Walk<'_>) {
    let Value::Object(object) = value else {
        return;
    };
    // To compare a few keys takes less time than to look one up.
    let member = if object.len() <= FEW {
        let mut entries = object.iter_mut();
        entries.find_map(|(own, member)| (own == key).then_some(member))
    } else {
        object.get_mut(key)
    };
    if let Some(member) = member {
        at.within(key, |at| visit(member, at));
    }
}

/// How many keys are few.
const FEW: usize = 8;

/// Takes the named schemas out of a document while it is changed, to be looked
/// up without a copy of them; they are put back as they were.
pub(crate) fn beside_schemas<T>(
    document: &mut Value,
    change: impl FnOnce(&mut Value, &Map<String, Value>) -> T,
) -> T {
    const SCHEMAS: &str = "/components/schemas";
    let schemas = document
        .pointer_mut(SCHEMAS)
        .and_then(Value::as_object_mut)
        .map(std::mem::take)
        .unwrap_or_default();
    let done = change(document, &schemas);
    if let Some(Value::Object(place)) = document.pointer_mut(SCHEMAS) {
        *place = schemas;
    }
    done
}

/// What is called for a schema that is changed, with the named schemas as they
/// were before any was.
type Change<'a> = dyn FnMut(&mut Value, &Pointer, &Map<String, Value>) + 'a;

/// Calls `change` for every schema that `concerns` it, inner ones first, in the
/// order of [`schemas`]. Only the named schemas that hold one are copied.
pub(crate) fn some(
    document: &mut Value,
    concerns: &dyn Fn(&Value) -> bool,
    change: &mut Change<'_>,
) {
    let all = |_: &str| true;
    let changed = beside_schemas(document, |document, schemas| {
        let changed = some_named(schemas, &all, concerns, change);
        self::schemas(document, &mut |schema, at| {
            if concerns(schema) {
                change(schema, at, schemas);
            }
        });
        changed
    });
    put_named(document, changed);
}

/// As [`some`], within the named schemas that are `wanted` only.
pub(crate) fn some_of(
    document: &mut Value,
    wanted: &dyn Fn(&str) -> bool,
    concerns: &dyn Fn(&Value) -> bool,
    change: &mut Change<'_>,
) {
    let changed = beside_schemas(document, |_, schemas| {
        some_named(schemas, wanted, concerns, change)
    });
    put_named(document, changed);
}

/// The named schemas that are changed, as they are then.
fn some_named(
    schemas: &Map<String, Value>,
    wanted: &dyn Fn(&str) -> bool,
    concerns: &dyn Fn(&Value) -> bool,
    change: &mut Change<'_>,
) -> Vec<(String, Value)> {
    let here = Pointer::root().joins(["components", "schemas"]);
    let mut changed = Vec::new();
    for (name, schema) in schemas.iter().filter(|(name, _)| wanted(name)) {
        let mut found = false;
        each(schema, &mut |inner| found |= concerns(inner));
        if found {
            let mut copy = schema.clone();
            schema_tree(&mut copy, &here.join(name), &mut |schema, at| {
                if concerns(schema) {
                    change(schema, at, schemas);
                }
            });
            changed.push((name.clone(), copy));
        }
    }
    changed
}

fn put_named(document: &mut Value, changed: Vec<(String, Value)>) {
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.extend(changed);
    }
}

/// The named schemas of a document.
pub(crate) fn component_schemas(
    document: &mut Value,
) -> impl Iterator<Item = (&String, &mut Value)> {
    let schemas = document.pointer_mut("/components/schemas");
    schemas.and_then(Value::as_object_mut).into_iter().flatten()
}

/// Calls `visit` for every schema of the named ones that are `wanted`.
pub(crate) fn within_components(
    document: &mut Value,
    wanted: &dyn Fn(&str, &Value) -> bool,
    visit: &mut dyn FnMut(&mut Map<String, Value>, &Pointer),
) {
    let here = Pointer::root().joins(["components", "schemas"]);
    for (name, schema) in component_schemas(document) {
        if wanted(name, schema) {
            schema_tree(schema, &here.join(name), &mut |schema, at| {
                if let Value::Object(schema) = schema {
                    visit(schema, at);
                }
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

fn path_item(item: &mut Value, at: &mut Pointer, visit: &mut Walk<'_>) {
    below(item, at, "parameters", &mut |parameters, at| {
        items_in(parameters, at, &mut |p, at| carrier_in(p, at, visit));
    });
    for method in METHODS {
        below(item, at, method, &mut |operation, at| {
            operation_in(operation, at, visit);
        });
    }
}

fn operation_in(operation: &mut Value, at: &mut Pointer, visit: &mut Walk<'_>) {
    below(operation, at, "parameters", &mut |parameters, at| {
        items_in(parameters, at, &mut |p, at| carrier_in(p, at, visit));
    });
    below(operation, at, "requestBody", &mut |body, at| {
        carrier_in(body, at, visit);
    });
    for key in ["responses", "x-errors"] {
        below(operation, at, key, &mut |responses, at| {
            entries_in(responses, at, &mut |r, at| carrier_in(r, at, visit));
        });
    }
    below(operation, at, "callbacks", &mut |callbacks, at| {
        entries_in(callbacks, at, &mut |callback, at| {
            entries_in(callback, at, &mut |item, at| path_item(item, at, visit));
        });
    });
}

/// A parameter, header, request body or response: what carries a `schema`, a
/// `content` map, or `headers`.
pub(crate) fn carrier(value: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    carrier_in(value, &mut at.clone(), &mut |schema, at| visit(schema, at));
}

fn carrier_in(value: &mut Value, at: &mut Pointer, visit: &mut Walk<'_>) {
    below(value, at, "schema", visit);
    below(value, at, "content", &mut |content, at| {
        entries_in(content, at, &mut |media, at| {
            below(media, at, "schema", visit);
            below(media, at, "encoding", &mut |encoding, at| {
                entries_in(encoding, at, &mut |part, at| headers_in(part, at, visit));
            });
        });
    });
    headers_in(value, at, visit);
}

fn headers_in(value: &mut Value, at: &mut Pointer, visit: &mut Walk<'_>) {
    below(value, at, "headers", &mut |headers, at| {
        entries_in(headers, at, &mut |header, at| carrier_in(header, at, visit));
    });
}

/// The media type of the body that has this schema.
pub(crate) fn content(at: &Pointer) -> Option<String> {
    let mut tokens = at.as_str().rsplit('/');
    let (schema, media, content) = (tokens.next()?, tokens.next()?, tokens.next()?);
    (schema == "schema" && content == "content").then(|| reference::unescaped(media))
}

/// Calls `visit` for each value of an object.
pub(crate) fn each_entry(value: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    if value.is_object() {
        entries_in(value, &mut at.clone(), &mut |entry, at| visit(entry, at));
    }
}

fn entries_in(value: &mut Value, at: &mut Pointer, visit: &mut Walk<'_>) {
    if let Value::Object(entries) = value {
        for (key, entry) in entries.iter_mut() {
            at.within(key, |at| visit(entry, at));
        }
    }
}

/// Calls `visit` for each value of a list.
pub(crate) fn each_item(value: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    if value.is_array() {
        items_in(value, &mut at.clone(), &mut |item, at| visit(item, at));
    }
}

fn items_in(value: &mut Value, at: &mut Pointer, visit: &mut Walk<'_>) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter_mut().enumerate() {
            at.within(index, |at| visit(item, at));
        }
    }
}
