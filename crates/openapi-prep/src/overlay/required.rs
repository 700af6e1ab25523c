//! Names that an overlay adds to the `required` list of a schema must be
//! properties of it: a misspelled one would correct nothing.

use serde_json::Value;

use crate::{Pointer, schema::has_any};

/// Keywords whose values are data.
const DATA: [&str; 5] = ["example", "examples", "default", "const", "enum"];

/// A schema's pointer, and a name that an action requires there.
pub(super) type Added = (String, String);

/// The `required` names that an update of the node at a pointer adds.
pub(super) fn added(node: &str, update: &Value) -> Vec<Added> {
    match (node.strip_suffix("/required"), update) {
        (Some(schema), Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            names
                .map(|name| (schema.to_owned(), name.to_owned()))
                .collect()
        }
        (Some(schema), Value::String(name)) => vec![(schema.to_owned(), name.clone())],
        (_, Value::Object(entries)) => {
            let entries = entries
                .iter()
                .filter(|(key, _)| !DATA.contains(&key.as_str()));
            let inner = |(key, value): (&String, _)| {
                added(&format!("{node}{}", Pointer::root().join(key)), value)
            };
            entries.flat_map(inner).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the name is no property of the schema. A schema that is made of
/// others may have it from them.
pub(super) fn is_unknown(document: &Value, (schema, name): &Added) -> bool {
    let Some(Value::Object(schema)) = document.pointer(schema) else {
        return false;
    };
    has_any(schema, &["properties", "type"])
        && !has_any(schema, &["$ref", "allOf", "anyOf", "oneOf"])
        && schema
            .get("properties")
            .and_then(|all| all.get(name))
            .is_none()
}
