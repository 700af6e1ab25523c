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
    let mut found = Vec::new();
    match node.strip_suffix("/required") {
        Some(schema) => note(schema, update, &mut found),
        None => collect(node, update, &mut found),
    }
    found
}

fn collect(at: &str, update: &Value, found: &mut Vec<Added>) {
    for (key, value) in update.as_object().into_iter().flatten() {
        if key == "required" && value.is_array() {
            note(at, value, found);
        } else if !DATA.contains(&key.as_str()) {
            collect(&format!("{at}{}", Pointer::root().join(key)), value, found);
        }
    }
}

/// Notes one name, or a list of names.
fn note(schema: &str, names: &Value, found: &mut Vec<Added>) {
    let one = std::slice::from_ref(names);
    let names = names.as_array().map_or(one, Vec::as_slice);
    let names = names.iter().filter_map(Value::as_str);
    found.extend(names.map(|name| (schema.to_owned(), name.to_owned())));
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
