//! The subset of JSON Schema that mutations depend on.

use serde_json::Value;

/// Resolves references, and a union of one schema and null.
pub(crate) fn resolve<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    loop {
        if let Some(reference) = schema["$ref"].as_str() {
            schema = root.pointer(reference.trim_start_matches('#')).unwrap();
            continue;
        }
        match branches(schema).as_slice() {
            [one] => schema = one,
            _ => return schema,
        }
    }
}

/// The branches of a union, without null.
fn branches(schema: &Value) -> Vec<&Value> {
    let listed = ["oneOf", "anyOf", "allOf"]
        .iter()
        .find_map(|name| schema[*name].as_array());
    let real = |branch: &&Value| branch["type"] != "null";
    listed.into_iter().flatten().filter(real).collect()
}

/// Whether the schema is a choice between several others.
pub(crate) fn is_union(schema: &Value) -> bool {
    branches(schema).len() > 1
}

/// The branch of a union that a value belongs to: the one whose consts it has.
/// Any other schema is returned as it is.
pub(crate) fn select_branch<'a>(root: &'a Value, schema: &'a Value, value: &Value) -> &'a Value {
    let fits = |branch: &&Value| {
        let properties = branch["properties"].as_object();
        properties.into_iter().flatten().all(|(name, property)| {
            let constant = property.get("const");
            constant.is_none_or(|constant| value.get(name) == Some(constant))
        })
    };
    if !is_union(schema) {
        return schema;
    }
    let mut resolved = branches(schema)
        .into_iter()
        .map(|branch| resolve(root, branch));
    resolved.find(fits).unwrap()
}

/// Whether the schema constrains the type of a value.
pub(crate) fn is_typed(schema: &Value) -> bool {
    ["type", "enum", "const", "properties"]
        .iter()
        .any(|name| schema.get(name).is_some())
        || is_union(schema)
}

/// Whether a property identifies its object: `id` if it is required, else the
/// only required one that ends in `_id`, if it is the first.
pub(crate) fn identifies(schema: &Value, name: &str) -> bool {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if required.contains(&"id") {
        return name == "id";
    }
    let ids = required.iter().filter(|name| name.ends_with("_id")).count();
    ids == 1 && required[0] == name && name.ends_with("_id")
}
