//! Facts about types, read from the lowered document.

use std::collections::{HashMap, HashSet};

use openapi_prep::api::EnumValue;
use serde_json::{Map, Value};

use super::{
    SCHEMAS,
    shapes::{self, Shape},
};

/// The facts of one document.
#[derive(Debug, Default)]
pub(in crate::codegen) struct Facts {
    /// Types that a response can contain.
    pub(super) responses: HashSet<String>,
    /// String enums that keep unknown values.
    pub(super) open: HashSet<String>,
    /// The properties of each object, in the order of the document.
    pub(super) properties: HashMap<String, Vec<String>>,
    /// The properties of each request object that distinguish null from absence.
    pub(super) explicit_null: HashMap<String, HashSet<String>>,
    /// Documented values of integers, and what they are called.
    pub(super) known_values: HashMap<String, Vec<EnumValue<i64>>>,
    /// Tagged unions.
    pub(super) unions: HashMap<String, Union>,
    /// The variants of untagged unions.
    pub(super) untagged: HashMap<String, Vec<Shape>>,
    /// Bodies of several parts.
    pub(super) forms: HashMap<String, Parts>,
}

/// A tagged union.
#[derive(Debug)]
pub(super) struct Union {
    pub(super) tag: String,
    /// The type of each tag's value, and whether it contains the union
    /// recursively.
    pub(super) variants: HashMap<String, (String, bool)>,
    /// Other values of the tag that are read, by the value that is sent.
    pub(super) aliases: HashMap<String, Vec<String>>,
}

/// The parts of a body that are not sent as their type says, by wire name.
pub(super) type Parts = HashMap<String, Part>;

/// How a part is sent.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) is_file: bool,
    pub(super) content_type: Option<String>,
}

impl Facts {
    pub(in crate::codegen) fn read(lowered: &Value) -> Self {
        let mut facts = Self::default();
        let none = Map::new();
        let schemas = lowered
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        for (name, schema) in schemas {
            if schema["x-response"] == true {
                facts.responses.insert(name.clone());
            }
            if let Some(properties) = schema["properties"].as_object() {
                let wire_name = |name: &String| openapi_prep::wire_name(schema, name).to_owned();
                let keys = properties.keys().map(wire_name);
                facts.properties.insert(name.clone(), keys.collect());
                let explicit = properties
                    .iter()
                    .filter(|(_, property)| property["x-explicit-null"] == true)
                    .map(|(name, _)| wire_name(name));
                facts.explicit_null.insert(name.clone(), explicit.collect());
            }
            let constants = openapi_prep::api::constants(schema);
            if !constants.is_empty() {
                facts.known_values.insert(name.clone(), constants);
            }
            if schema["x-open-enum"] == true {
                facts.open.insert(name.clone());
            }
            if let (Some(tag), Some(variants)) =
                (schema["x-tag"].as_str(), schema["x-variants"].as_object())
            {
                let variants = variants
                    .iter()
                    .filter_map(|(value, target)| {
                        Some((value.clone(), target.as_str()?.to_owned()))
                    })
                    .map(|(value, target)| {
                        (
                            value,
                            (target.clone(), contains_by_value(schemas, &target, name)),
                        )
                    })
                    .collect();
                let mut aliases: HashMap<String, Vec<String>> = HashMap::new();
                for (alias, value) in schema["x-tag-aliases"].as_object().unwrap_or(&none) {
                    let value = value.as_str().unwrap_or_default().to_owned();
                    aliases.entry(value).or_default().push(alias.clone());
                }
                let union = Union {
                    tag: tag.to_owned(),
                    variants,
                    aliases,
                };
                facts.unions.insert(name.clone(), union);
            }
            if let Some(shapes) = shapes::of_union(schema, schemas) {
                facts.untagged.insert(name.clone(), shapes);
            }
        }
        let items = lowered["paths"].as_object().unwrap_or(&none).values();
        for operation in items.filter_map(Value::as_object).flat_map(Map::values) {
            let form = form(&operation["requestBody"]["x-multipart"]);
            // A schema that was given up has no parts.
            let schema = |name: &str| schemas.get(name).unwrap_or(&Value::Null);
            let has_parts = |name: &str| schema(name)["properties"].is_object();
            facts.forms.extend(form.filter(|(name, _)| has_parts(name)));
        }
        facts
    }
}

/// The type of a body of several parts, and how these are sent.
fn form(mark: &Value) -> Option<(String, Parts)> {
    let name = mark["schema"]["$ref"].as_str()?.strip_prefix(SCHEMAS)?;
    let parts = mark["parts"].as_object().into_iter().flatten();
    let parts = parts.map(|(name, part)| {
        let part = Part {
            is_file: part["file"] == true,
            content_type: part["contentType"].as_str().map(str::to_owned),
        };
        (name.clone(), part)
    });
    Some((name.to_owned(), parts.collect()))
}

/// Whether a type contains another by value, at any depth. The items of arrays
/// and maps are on the heap.
fn contains_by_value(schemas: &Map<String, Value>, from: &str, wanted: &str) -> bool {
    let mut open = vec![from];
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(name)
            && seen.insert(name)
        {
            held_by_value(schema, &mut open);
        }
    }
    seen.contains(wanted)
}

/// Adds the types to which a schema refers, except those of arrays and maps.
fn held_by_value<'a>(schema: &'a Value, into: &mut Vec<&'a str>) {
    match schema {
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str);
            into.extend(target.and_then(|target| target.strip_prefix(SCHEMAS)));
            // A union refers to its variants by name, too.
            let variants = object.get("x-variants").and_then(Value::as_object);
            let names = variants.into_iter().flat_map(Map::values);
            into.extend(names.filter_map(Value::as_str));
            for (key, value) in object {
                if key != "items" && key != "additionalProperties" {
                    held_by_value(value, into);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| held_by_value(item, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn properties_are_known_by_their_wire_names() {
        let document = json!({"components": {"schemas": {"A": {
            "properties": {"guid_2--": {"x-explicit-null": true}},
            "x-wire-names": {"guid_2--": "Guid"},
        }}}});
        let facts = Facts::read(&document);
        assert_eq!(facts.properties["A"], ["Guid"]);
        assert!(facts.explicit_null["A"].contains("Guid"));
    }

    #[test]
    fn recursive_union_is_found() {
        let document = json!({"components": {"schemas": {
            "U": {"x-tag": "t", "x-variants": {"a": "A", "b": "B"}},
            "A": {"properties": {"next": {"$ref": "#/components/schemas/U"}}},
            "B": {"properties": {"list": {"items": {"$ref": "#/components/schemas/U"}}}},
        }}});
        let facts = Facts::read(&document);
        assert_eq!(facts.unions["U"].variants["a"], ("A".to_owned(), true));
        assert_eq!(facts.unions["U"].variants["b"], ("B".to_owned(), false));
    }
}
