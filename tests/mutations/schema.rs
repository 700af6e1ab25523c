//! The subset of JSON Schema that mutations depend on.

use heygen_tests::operations::{members, resolve};
use serde_json::Value;

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

/// Whether a property identifies its object: the one that is marked, else `id`
/// if it is required and not null.
pub(crate) fn identifies(root: &Value, schema: &Value, name: &str) -> bool {
    let mut properties = members(&schema["properties"]);
    if let Some((marked, _)) = properties.find(|(_, property)| is_marked(root, property, "x-id")) {
        return marked == name;
    }
    let required = schema["required"].as_array();
    let is_required = required.is_some_and(|required| required.iter().any(|other| other == "id"));
    name == "id" && is_required
}

/// Whether a number is an integer.
pub(crate) fn is_integer(schema: &Value) -> bool {
    let types = &schema["type"];
    let mut listed = types.as_array().into_iter().flatten();
    types == "integer" || listed.any(|one| one == "integer")
}

/// Whether a property says how far a job is.
pub(crate) fn is_state(root: &Value, property: &Value) -> bool {
    is_marked(root, property, "x-state")
}

fn is_marked(root: &Value, property: &Value, mark: &str) -> bool {
    [property, resolve(root, property)]
        .iter()
        .any(|schema| schema[mark] == true)
}

/// Whether a union has a tag: it is declared, or a constant that every branch
/// requires.
pub(crate) fn is_tagged(root: &Value, schema: &Value) -> bool {
    let mut branches = branches(schema)
        .into_iter()
        .map(|branch| resolve(root, branch));
    schema.get("discriminator").is_some()
        || branches.all(|branch| {
            let required = branch["required"].as_array();
            members(&branch["properties"]).any(|(name, property)| {
                property.get("const").is_some()
                    && required.is_some_and(|required| required.iter().any(|one| one == name))
            })
        })
}
