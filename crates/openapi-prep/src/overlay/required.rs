//! Names that an overlay adds to the `required` list of a schema must be
//! properties of it: a misspelled one would correct nothing.

use serde_json::Value;

use crate::Pointer;

/// Keywords whose values are data.
const DATA: [&str; 5] = ["example", "examples", "default", "const", "enum"];

/// Names that an action has added, and the pointer of the schema.
pub(super) type Added = (String, Vec<String>);

/// The `required` names that an update of the node at a pointer adds.
pub(super) fn added(node: &str, update: &Value) -> Vec<Added> {
    let mut found = Vec::new();
    match node.strip_suffix("/required") {
        Some(schema) => found.extend(names(update).map(|names| (schema.to_owned(), names))),
        None => collect(node, update, &mut found),
    }
    found
}

fn collect(at: &str, update: &Value, found: &mut Vec<Added>) {
    let Value::Object(entries) = update else {
        return;
    };
    for (key, value) in entries {
        match names(value).filter(|_| key == "required" && value.is_array()) {
            Some(names) => found.push((at.to_owned(), names)),
            None if DATA.contains(&key.as_str()) => {}
            None => collect(&format!("{at}{}", Pointer::root().join(key)), value, found),
        }
    }
}

/// One name, or a list of names.
fn names(value: &Value) -> Option<Vec<String>> {
    let items = match value {
        Value::Array(items) => items.iter().collect(),
        value => vec![value],
    };
    items
        .into_iter()
        .map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// The first of the names that is no property of the schema. A schema that is
/// made of others may have it from them.
pub(super) fn unknown<'a>(document: &Value, (schema, names): &'a Added) -> Option<&'a str> {
    let schema = document.pointer(schema)?.as_object()?;
    let composed = ["$ref", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.contains_key(*key));
    let is_schema = schema.contains_key("properties") || schema.contains_key("type");
    if composed || !is_schema {
        return None;
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let known = |name: &String| properties.is_some_and(|all| all.contains_key(name));
    names.iter().find(|name| !known(name)).map(String::as_str)
}
