//! Where schemas stand in a document, so that every rule that looks at
//! schemas sees the same ones and writes its rule only once.

use serde_json::{Map, Value};

use crate::{Pointer, reference, schema::is_same};

/// The HTTP methods a path item may hold, in the order operations are read.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What is called for a schema, with where it stands.
type Look<'a> = dyn FnMut(&mut Value, &Pointer) + 'a;

/// What holds schemas, at any depth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Document,
    Components,
    PathItem,
    Operation,
    /// A parameter, header, request body or response: what carries a `schema`, a
    /// `content` map, or `headers`.
    Carrier,
    Media,
    /// How a part of a form is encoded.
    Part,
    Schema,
}

/// How a member holds what is in it.
#[derive(Clone, Copy)]
enum Holds {
    One,
    List,
    /// Either of them.
    OneOrList,
    Map,
    MapOfMaps,
    /// Nothing that is walked through.
    Other,
}

/// The members of what is no schema, in the order in which they are walked
/// through.
fn members(node: Node) -> &'static [(&'static str, Holds, Node)] {
    use Holds::{List, Map, MapOfMaps, One};
    use Node::{Carrier, Components, Media, Operation, Part, PathItem, Schema};
    match node {
        Node::Document => &[
            ("components", One, Components),
            ("paths", Map, PathItem),
            ("webhooks", Map, PathItem),
            ("x-webhooks", Map, Carrier),
        ],
        Components => &[
            ("schemas", Map, Schema),
            ("parameters", Map, Carrier),
            ("headers", Map, Carrier),
            ("requestBodies", Map, Carrier),
            ("responses", Map, Carrier),
            ("pathItems", Map, PathItem),
            ("callbacks", MapOfMaps, PathItem),
        ],
        // And its operations.
        PathItem => &[("parameters", List, Carrier)],
        Operation => &[
            ("parameters", List, Carrier),
            ("requestBody", One, Carrier),
            ("responses", Map, Carrier),
            ("x-errors", Map, Carrier),
            ("callbacks", MapOfMaps, PathItem),
        ],
        Carrier => &[
            ("schema", One, Schema),
            ("content", Map, Media),
            ("headers", Map, Carrier),
        ],
        Media => &[("schema", One, Schema), ("encoding", Map, Part)],
        Part => &[("headers", Map, Carrier)],
        Schema => &[],
    }
}

/// What a keyword of a schema holds: asked for every member of every schema on
/// every walk.
fn holds(keyword: &str, value: &Value) -> Holds {
    if !(value.is_object() || value.is_array() || value.is_boolean()) {
        return Holds::Other;
    }
    match (keyword, value) {
        ("items", _) => Holds::OneOrList,
        ("allOf" | "anyOf" | "oneOf" | "prefixItems", _) => Holds::List,
        ("properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions", _) => {
            Holds::Map
        }
        (_, Value::Array(_)) => Holds::Other,
        (
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
            | "contentSchema",
            _,
        ) => Holds::One,
        _ => Holds::Other,
    }
}

/// Calls `visit` for every schema of a document, inner ones first.
pub(crate) fn schemas(document: &mut Value, visit: &mut Look<'_>) {
    descend(document, Node::Document, &mut Pointer::root(), visit);
}

/// Calls `visit` for the schema and, before it, for all schemas inside.
pub(crate) fn schema_tree(schema: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    descend(schema, Node::Schema, &mut at.clone(), visit);
}

/// Calls `visit` for the schemas of a parameter, header, request body or response.
pub(crate) fn carrier(value: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    descend(value, Node::Carrier, &mut at.clone(), visit);
}

/// Calls `visit` for the schemas directly inside a schema.
pub(crate) fn children(schema: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    let visit = &mut |child: &mut Value, _, at: &mut Pointer| visit(child, at);
    step(schema, Node::Schema, &mut at.clone(), visit);
}

fn descend(value: &mut Value, node: Node, at: &mut Pointer, visit: &mut Look<'_>) {
    step(value, node, at, &mut |inner, node, at| {
        descend(inner, node, at, visit);
    });
    if node == Node::Schema {
        visit(value, at);
    }
}

/// What is called for what is directly inside a node.
type Step<'a> = dyn FnMut(&mut Value, Node, &mut Pointer) + 'a;

fn step(value: &mut Value, node: Node, at: &mut Pointer, visit: &mut Step<'_>) {
    let Value::Object(object) = value else { return };
    if node == Node::Schema {
        for (key, value) in object.iter_mut() {
            let holds = holds(key, value);
            if !matches!(holds, Holds::Other) {
                at.within(key, |at| into(value, holds, node, at, visit));
            }
        }
    }
    for (key, holds, node) in members(node) {
        if let Some(value) = member(object, key) {
            at.within(key, |at| into(value, *holds, *node, at, visit));
        }
    }
    if node == Node::PathItem {
        for method in METHODS {
            if let Some(value) = member(object, method) {
                at.within(method, |at| visit(value, Node::Operation, at));
            }
        }
    }
}

fn into(value: &mut Value, holds: Holds, node: Node, at: &mut Pointer, visit: &mut Step<'_>) {
    let inner = match holds {
        Holds::MapOfMaps => Holds::Map,
        _ => Holds::One,
    };
    match (holds, value) {
        (Holds::List | Holds::OneOrList, Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                at.within(index, |at| into(item, inner, node, at, visit));
            }
        }
        (Holds::Map | Holds::MapOfMaps, Value::Object(entries)) => {
            for (key, entry) in entries.iter_mut() {
                at.within(key, |at| into(entry, inner, node, at, visit));
            }
        }
        (Holds::One | Holds::OneOrList, value) => visit(value, node, at),
        _ => {}
    }
}

/// Calls `visit` for the schema and all schemas inside, to be looked at only.
pub(crate) fn each<'a>(schema: &'a Value, visit: &mut dyn FnMut(&'a Value)) {
    visit(schema);
    for (key, value) in schema.as_object().into_iter().flatten() {
        match (holds(key, value), value) {
            (Holds::List | Holds::OneOrList, Value::Array(items)) => {
                for item in items {
                    each(item, visit);
                }
            }
            (Holds::Map, Value::Object(entries)) => {
                for entry in entries.values() {
                    each(entry, visit);
                }
            }
            (Holds::One | Holds::OneOrList, value) => each(value, visit),
            _ => {}
        }
    }
}

pub(crate) fn member<'a>(object: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Value> {
    // To compare a few keys takes less time than to look one up.
    let mut entries = object.iter_mut();
    entries.find_map(|(own, member)| is_same(own, key).then_some(member))
}

/// Takes the named schemas out of a document while it is changed, to be looked
/// up without a copy of them; they are put back as they were.
pub(crate) fn beside_schemas<T>(
    document: &mut Value,
    change: impl FnOnce(&mut Value, &Map<String, Value>) -> T,
) -> T {
    const SCHEMAS: &str = "/components/schemas";
    let place = document.pointer_mut(SCHEMAS).and_then(Value::as_object_mut);
    let schemas = place.map(std::mem::take).unwrap_or_default();
    let done = change(document, &schemas);
    if let Some(Value::Object(place)) = document.pointer_mut(SCHEMAS) {
        *place = schemas;
    }
    done
}

/// What is called for a schema that is changed, with the named schemas as they
/// were before any was.
type Change<'a> = dyn FnMut(&mut Value, &Pointer, &Map<String, Value>) + 'a;

/// Whether a schema, among the named ones, is to be changed.
type Concerns<'a> = dyn Fn(&Value, &Map<String, Value>) -> bool + 'a;

/// Calls `change` for every schema that `concerns` it, inner ones first. Only the
/// named schemas that hold one are copied.
pub(crate) fn some(document: &mut Value, concerns: &Concerns<'_>, change: &mut Change<'_>) {
    beside_schemas(document, |document, named| {
        schemas(document, &mut |schema, at| {
            if concerns(schema, named) {
                change(schema, at, named);
            }
        });
    });
    some_of(document, &|_| true, concerns, change);
}

/// As [`some`], within the named schemas that are `wanted` only.
pub(crate) fn some_of(
    document: &mut Value,
    wanted: &dyn Fn(&str) -> bool,
    concerns: &Concerns<'_>,
    change: &mut Change<'_>,
) {
    let Some(Value::Object(named)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let here = Pointer::root().joins(["components", "schemas"]);
    let mut changed = Vec::new();
    for (name, schema) in named.iter().filter(|(name, _)| wanted(name)) {
        let mut found = false;
        each(schema, &mut |inner| found |= concerns(inner, named));
        if found {
            let mut copy = schema.clone();
            schema_tree(&mut copy, &here.join(name), &mut |schema, at| {
                if concerns(schema, named) {
                    change(schema, at, named);
                }
            });
            changed.push((name.clone(), copy));
        }
    }
    named.extend(changed);
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
            let item = item.as_object_mut();
            if let Some(Value::Object(operation)) = item.and_then(|item| member(item, method)) {
                visit(path, method, operation, &at.join(method));
            }
        }
    }
}

/// Calls `visit` for every parameter of an operation, with the operation's id.
pub(crate) fn parameters(document: &mut Value, visit: &mut dyn FnMut(&str, &mut Value, &Pointer)) {
    operations(document, &mut |_, _, operation, at| {
        let id = operation.get("operationId").cloned().unwrap_or_default();
        let id = id.as_str().unwrap_or_default();
        if let Some(parameters) = member(operation, "parameters") {
            let at = at.join("parameters");
            each_item(parameters, &at, &mut |one, at| visit(id, one, at));
        }
    });
}

/// Calls `visit` for the schemas under these keys of an operation.
pub(crate) fn within(operation: &mut Map<String, Value>, keys: &[&str], visit: &mut Look<'_>) {
    let mut at = Pointer::root();
    for (key, holds, node) in members(Node::Operation) {
        if let Some(value) = member(operation, key).filter(|_| keys.contains(key)) {
            into(value, *holds, *node, &mut at, &mut |inner, node, at| {
                descend(inner, node, at, visit);
            });
        }
    }
}

/// Calls `visit` for every path item.
pub(crate) fn path_items(document: &mut Value, visit: &mut Look<'_>) {
    if let Some(paths) = document.get_mut("paths") {
        each_entry(paths, &Pointer::root().join("paths"), visit);
    }
}

/// The media type of the body that has this schema.
pub(crate) fn content(at: &Pointer) -> Option<String> {
    let mut tokens = at.as_str().rsplit('/');
    let (schema, media, content) = (tokens.next()?, tokens.next()?, tokens.next()?);
    (schema == "schema" && content == "content").then(|| reference::unescaped(media))
}

/// Calls `visit` for each value of an object.
pub(crate) fn each_entry(value: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    let mut at = at.clone();
    for (key, entry) in value.as_object_mut().into_iter().flatten() {
        at.within(key, |at| visit(entry, at));
    }
}

/// Keeps the items of a list for which `keep` says so; it may change them. Gives
/// the old numbers of those that are left, for a report, where some are not.
pub(crate) fn retain_items(
    items: &mut Vec<Value>,
    at: &Pointer,
    keep: &mut dyn FnMut(&mut Value, &mut Pointer) -> bool,
) -> Vec<usize> {
    let (mut at, mut index, mut left) = (at.clone(), 0, Vec::new());
    items.retain_mut(|item| {
        let stays = at.within(index, |at| keep(item, at));
        left.extend(stays.then_some(index));
        index += 1;
        stays
    });
    if left.len() < index { left } else { Vec::new() }
}

/// Calls `visit` for each value of a list.
pub(crate) fn each_item(value: &mut Value, at: &Pointer, visit: &mut Look<'_>) {
    let mut at = at.clone();
    for (index, item) in value.as_array_mut().into_iter().flatten().enumerate() {
        at.within(index, |at| visit(item, at));
    }
}
