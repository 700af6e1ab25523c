//! Schemas with new names, and references that follow them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::unions::VARIANTS;
use crate::{Pointer, Report, reference, schema, walk};

/// Gives the document's own schemas these names.
pub(super) fn rename_components(
    document: &mut Value,
    renamed: &HashMap<String, String>,
    report: &mut Report,
) {
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let mut moved = Vec::new();
    for (name, schema) in std::mem::take(schemas) {
        let new = renamed.get(&name).unwrap_or(&name);
        if *new != name {
            report.changed(&at.join(&name), format!("named {new}"));
            moved.push((at.join(new), at.join(&name)));
        }
        schemas.insert(new.clone(), schema);
    }
    if !moved.is_empty() {
        report.all_moved(&moved);
        walk::schemas(document, &mut |value, _| rename_in(value, renamed));
    }
}

/// Follows the references of one schema, its discriminator's included.
pub(super) fn rename_in(value: &mut Value, renamed: &HashMap<String, String>) {
    if let Some(new) = schema::ref_name(value).and_then(|name| renamed.get(name)) {
        value["$ref"] = schema::reference(new)["$ref"].take();
    }
    let discriminator = value.get_mut("discriminator");
    let mapping = discriminator.and_then(|one| one.get_mut("mapping")?.as_object_mut());
    for target in mapping.into_iter().flat_map(Map::values_mut) {
        if let Some(new) = reference::mapping_target(target).and_then(|name| renamed.get(&name)) {
            *target = schema::reference(new)["$ref"].take();
        }
    }
    let variants = value.get_mut(VARIANTS).and_then(Value::as_object_mut);
    for target in variants.into_iter().flat_map(Map::values_mut) {
        if let Some(new) = target.as_str().and_then(|name| renamed.get(name)) {
            *target = Value::String(new.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_follow() {
        let mut document = json!({"components": {"schemas": {
            "foo_bar": {"type": "object"},
            "Union": {"oneOf": [{"$ref": "#/components/schemas/foo_bar"}],
                      "discriminator": {"propertyName": "t", "mapping": {"f": {"$ref": "#/components/schemas/foo_bar"}}}},
        }}});
        let renamed = HashMap::from([("foo_bar".to_owned(), "FooBar".to_owned())]);
        rename_components(&mut document, &renamed, &mut Report::new());
        assert_eq!(
            document["components"]["schemas"]["Union"]["oneOf"][0]["$ref"],
            "#/components/schemas/FooBar"
        );
        assert_eq!(
            document["components"]["schemas"]["Union"]["discriminator"]["mapping"]["f"],
            "#/components/schemas/FooBar"
        );
    }
}
