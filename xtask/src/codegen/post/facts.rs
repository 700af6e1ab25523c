//! Facts about types and operations, read from the lowered document.

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;
use openapi_prep::api::EnumValue;
use serde_json::{Map, Value};

use super::shapes::{self, Shape};

/// The facts of one document.
#[derive(Debug, Default)]
pub(in crate::codegen) struct Facts {
    pub(in crate::codegen) title: String,
    pub(in crate::codegen) version: String,
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
    /// In the order of the document.
    pub(in crate::codegen) operations: Vec<Operation>,
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

/// One operation.
#[derive(Debug)]
pub(in crate::codegen) struct Operation {
    pub(in crate::codegen) id: String,
    pub(in crate::codegen) name: String,
    pub(in crate::codegen) method: String,
    pub(in crate::codegen) path: String,
    pub(in crate::codegen) idempotency_key: bool,
    /// Timeout of a call in seconds, if it differs from the default of the
    /// method.
    pub(in crate::codegen) timeout: Option<u64>,
    pub(in crate::codegen) deprecated: bool,
    pub(in crate::codegen) sunset: Option<String>,
    pub(in crate::codegen) successor: Option<String>,
    /// The `Content-Type` of the body, if it differs from the generator's.
    pub(in crate::codegen) content_type: Option<String>,
    /// The media types to ask for, if they differ from the generator's.
    pub(in crate::codegen) accept: Option<String>,
    pub(in crate::codegen) optional_body: bool,
    /// Whether the body has several parts.
    pub(in crate::codegen) multipart: bool,
    /// The type of the response, if it has a name.
    pub(super) response: Option<String>,
}

pub(super) const SCHEMAS: &str = "#/components/schemas/";

impl Facts {
    pub(in crate::codegen) fn read(lowered: &Value) -> Self {
        let mut facts = Self {
            title: lowered["info"]["title"]
                .as_str()
                .unwrap_or("The API")
                .to_owned(),
            version: lowered["info"]["version"]
                .as_str()
                .unwrap_or("unknown")
                .to_owned(),
            ..Self::default()
        };
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
        let paths = lowered["paths"].as_object().unwrap_or(&none);
        for (path, item) in paths {
            for (method, operation) in item.as_object().unwrap_or(&none) {
                if operation.get("operationId").is_some() {
                    let form = form(&operation["requestBody"]["x-multipart"]);
                    // A schema that was given up has no parts.
                    let schema = |name: &str| schemas.get(name).unwrap_or(&Value::Null);
                    let has_parts = |name: &str| schema(name)["properties"].is_object();
                    facts.forms.extend(form.filter(|(name, _)| has_parts(name)));
                    facts
                        .operations
                        .push(Operation::read(path, method, operation));
                }
            }
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
    let on_heap = |key: &str| key == "items" || key == "additionalProperties";
    reached(schemas, vec![from.to_owned()], &on_heap).contains(wanted)
}

/// These types and all that they refer to, except under keys to skip.
fn reached(
    schemas: &Map<String, Value>,
    mut open: Vec<String>,
    skip: &dyn Fn(&str) -> bool,
) -> HashSet<String> {
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && seen.insert(name)
        {
            references(schema, skip, &mut open);
        }
    }
    seen
}

fn references(value: &Value, skip: &dyn Fn(&str) -> bool, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            into.extend(
                object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .and_then(|r| r.strip_prefix(SCHEMAS))
                    .map(str::to_owned),
            );
            // A union refers to its variants by name, too.
            if let Some(variants) = object.get("x-variants").and_then(Value::as_object) {
                into.extend(
                    variants
                        .values()
                        .filter_map(Value::as_str)
                        .map(str::to_owned),
                );
            }
            for (key, value) in object {
                if !skip(key) {
                    references(value, skip, into);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|v| references(v, skip, into)),
        _ => {}
    }
}

impl Operation {
    fn read(path: &str, method: &str, operation: &Value) -> Self {
        let text = |name: &str| operation[name].as_str().map(str::to_owned);
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let body = &operation["requestBody"];
        let response = operation["responses"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
            .find_map(|(_, r)| r["content"]["application/json"]["schema"]["$ref"].as_str())
            .and_then(|r| r.strip_prefix(SCHEMAS))
            .map(str::to_owned);
        Self {
            name: id.to_snake_case(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            idempotency_key: operation["x-idempotency-key"] == true,
            timeout: operation["x-timeout"].as_u64(),
            deprecated: operation["deprecated"] == true,
            sunset: text("x-sunset"),
            successor: text("x-successor"),
            content_type: body["x-content-type"].as_str().map(str::to_owned),
            accept: text("x-accept"),
            optional_body: body["x-optional-body"] == true,
            multipart: body.get("x-multipart").is_some(),
            response,
            id,
        }
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
    fn operations_are_read_from_the_document() {
        let document = json!({
            "info": {"title": "T", "version": "1"},
            "paths": {"/v3/videos": {
                "get": {"operationId": "listVideos", "deprecated": true, "x-sunset": "2026-10-31",
                        "x-successor": "GET /v4/videos",
                        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/List"}}}}}},
                "post": {"operationId": "createVideo", "x-idempotency-key": true, "x-timeout": 300, "responses": {}},
            }},
        });
        let facts = Facts::read(&document);
        let [get, post] = facts.operations.as_slice() else {
            panic!("two operations")
        };
        assert_eq!(
            (get.name.as_str(), get.method.as_str()),
            ("list_videos", "GET")
        );
        assert_eq!(get.response.as_deref(), Some("List"));
        assert!(get.deprecated && get.sunset.as_deref() == Some("2026-10-31"));
        assert_eq!(get.successor.as_deref(), Some("GET /v4/videos"));
        assert!(post.idempotency_key && post.timeout == Some(300) && !post.deprecated);
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
