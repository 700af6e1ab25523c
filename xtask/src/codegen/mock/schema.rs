//! Properties and types of schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::resolve::Resolver;

/// The schema of `data` in the envelope of a response, else the response's own.
pub(super) fn data_schema<'d>(document: Resolver<'d>, schema: &'d Value) -> &'d Value {
    let data = properties_of(document, schema).get("data").copied();
    data.unwrap_or(schema)
}

/// The properties of an object, in all alternatives of its schema.
pub(super) fn properties_of<'d>(
    document: Resolver<'d>,
    schema: &'d Value,
) -> BTreeMap<&'d str, &'d Value> {
    let mut found = BTreeMap::new();
    collect(document, schema, &mut found, 0);
    found
}

fn collect<'d>(
    document: Resolver<'d>,
    schema: &'d Value,
    found: &mut BTreeMap<&'d str, &'d Value>,
    depth: usize,
) {
    let schema = document.resolve(schema);
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        found.entry(name).or_insert(property);
    }
    for inner in alternatives(schema).filter(|_| depth < 4) {
        collect(document, inner, found, depth + 1);
    }
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten()
}

/// The types that a value can have, without null.
pub(super) fn json_types<'d>(
    document: Resolver<'d>,
    schema: &'d Value,
    depth: usize,
) -> BTreeSet<&'d str> {
    let schema = document.resolve(schema);
    let mut found: BTreeSet<&str> = match schema.get("type") {
        Some(Value::String(name)) => [name.as_str()].into(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ if schema.get("properties").is_some() => ["object"].into(),
        _ => BTreeSet::new(),
    };
    for inner in alternatives(schema).filter(|_| depth < 4) {
        found.extend(json_types(document, inner, depth + 1));
    }
    found.remove("null");
    found
}
