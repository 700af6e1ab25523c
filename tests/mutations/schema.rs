//! What a document says about a place in an answer, as far as mutations need
//! to know it.

use serde_json::Value;

/// The schema behind references, of the branch that is not null.
pub(crate) fn resolve<'a>(whole: &'a Value, mut schema: &'a Value) -> &'a Value {
    loop {
        if let Some(reference) = schema["$ref"].as_str() {
            schema = whole.pointer(reference.trim_start_matches('#')).unwrap();
            continue;
        }
        match branches(schema).as_slice() {
            [one] => schema = one,
            _ => return schema,
        }
    }
}

/// The branches of a union, null apart.
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

/// The branch of a union that a value belongs to: the one whose fixed values it
/// has. Of what is no union, itself.
pub(crate) fn branch_of<'a>(whole: &'a Value, schema: &'a Value, value: &Value) -> &'a Value {
    let fits = |branch: &&Value| {
        let properties = branch["properties"].as_object();
        properties.into_iter().flatten().all(|(name, property)| {
            let fixed = property.get("const");
            fixed.is_none_or(|fixed| value.get(name) == Some(fixed))
        })
    };
    if !is_union(schema) {
        return schema;
    }
    let mut resolved = branches(schema)
        .into_iter()
        .map(|branch| resolve(whole, branch));
    resolved.find(fits).unwrap()
}

/// Whether the schema says of which type a value is.
pub(crate) fn is_typed(schema: &Value) -> bool {
    ["type", "enum", "const", "properties"]
        .iter()
        .any(|name| schema.get(name).is_some())
        || is_union(schema)
}

/// Whether a property tells which thing an object is: `id` where it is
/// required, else the only required one that ends in `_id`, where it comes
/// first.
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
