//! The schemas that `--request-schema` and `--response-schema` print: one line of
//! JSON, complete in itself.
//!
//! References are inlined, and what may be null has `"nullable": true`, however the
//! document says it. Keywords of our own and references of discriminators are left
//! out.

use serde_json::{Map, Value, json};

use crate::codegen::resolve::Resolver;

/// The largest schema, in bytes. One that would be larger has its inmost parts cut.
const MAX_BYTES: usize = 128 << 10;

/// References within references, at most.
const MAX_DEPTH: usize = 16;

/// Keywords that only describe, so that one beside a reference replaces that of what
/// it refers to.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

/// Keywords of documents, without meaning once references are inlined.
const DROPPED: [&str; 7] = [
    "$schema",
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$comment",
    "$defs",
    "definitions",
];

/// The schema of the body of a POST, PUT or PATCH, if it is JSON.
pub(super) fn request(document: &Value, path: &str, method: &str) -> Option<String> {
    if !["POST", "PUT", "PATCH"].contains(&method.to_ascii_uppercase().as_str()) {
        return None;
    }
    let document = Resolver::new(document);
    Some(line(document, body(document, path, method)?))
}

/// The schema of the body of an operation as the document has it, if it is JSON.
pub(super) fn body<'d>(document: Resolver<'d>, path: &str, method: &str) -> Option<&'d Value> {
    let body = document.get(document.operation(path, method)?, "requestBody")?;
    document.json_schema(body)
}

/// The schema of the success response, if it is JSON.
pub(super) fn response(document: &Value, path: &str, method: &str) -> Option<String> {
    let document = Resolver::new(document);
    let (_, response) = document.success(document.operation(path, method)?)?;
    Some(line(document, document.json_schema(response)?))
}

/// A schema in one line, cut no more than its size demands.
fn line(document: Resolver<'_>, schema: &Value) -> String {
    let mut depth = MAX_DEPTH;
    loop {
        let mut inliner = Inliner {
            document,
            depth,
            open: Vec::new(),
            room: MAX_BYTES,
        };
        let line = inliner.schema(schema).to_string();
        if depth == 0 || (inliner.room > 0 && line.len() <= MAX_BYTES) {
            return line;
        }
        depth -= 1;
    }
}

/// Inlines the references of a schema.
struct Inliner<'d> {
    document: Resolver<'d>,
    /// References within references, at most.
    depth: usize,
    /// The references that are being inlined, the outmost first.
    open: Vec<&'d str>,
    /// Bytes until inlining stops: references that double at each level would
    /// otherwise take all memory before the result is measured.
    room: usize,
}

impl<'d> Inliner<'d> {
    fn schema(&mut self, schema: &'d Value) -> Value {
        let Some(keywords) = schema.as_object() else {
            return schema.clone();
        };
        let beside = self.keywords(keywords);
        match keywords.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let target = self.target(reference);
                let both = || json!({"allOf": [target, beside]});
                merged(&target, &beside).unwrap_or_else(both)
            }
            None => Value::Object(beside),
        }
    }

    /// What a reference leads to.
    fn target(&mut self, reference: &'d str) -> Value {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        let cut = |why: String| json!({"type": "object", "description": why});
        let Some(target) = self.document.target(reference) else {
            return cut(format!("{name}, which the document does not have."));
        };
        if self.open.contains(&reference) {
            return cut(format!("Another {name}, as the one that holds it."));
        }
        if self.open.len() >= self.depth || self.room == 0 {
            return cut(format!("{name}, left out for the size of this schema."));
        }
        self.open.push(reference);
        let inlined = self.schema(target);
        self.open.pop();
        inlined
    }

    /// All keywords but `$ref`.
    fn keywords(&mut self, keywords: &'d Map<String, Value>) -> Map<String, Value> {
        let mut out = Map::new();
        let mut only = None;
        for (keyword, value) in keywords {
            let text = value.as_str().map_or(8, str::len);
            self.room = self.room.saturating_sub(keyword.len() + text);
            match (keyword.as_str(), value) {
                ("$ref", _) => {}
                (keyword, _) if keyword.starts_with("x-") || DROPPED.contains(&keyword) => {}
                ("type", Value::Array(types)) => put_types(types, &mut out),
                ("type", Value::String(ty)) if ty == "null" => nullable(&mut out),
                ("const", Value::Null) => nullable(&mut out),
                ("nullable", Value::Bool(false)) => {}
                ("discriminator", Value::Object(tag)) => {
                    let name = tag.get("propertyName");
                    out.extend(name.map(|name| (keyword.clone(), json!({"propertyName": name}))));
                }
                (
                    "properties" | "patternProperties" | "dependentSchemas",
                    Value::Object(schemas),
                ) => {
                    let schemas = schemas.iter();
                    let schemas = schemas.map(|(name, schema)| (name.clone(), self.schema(schema)));
                    out.insert(keyword.clone(), Value::Object(schemas.collect()));
                }
                ("anyOf" | "oneOf", Value::Array(members)) => {
                    let schemas = self.without_null(members, &mut out);
                    if let [schema] = &schemas[..] {
                        only = Some((keyword, schema.clone()));
                    }
                    if !schemas.is_empty() {
                        out.insert(keyword.clone(), Value::Array(schemas));
                    }
                }
                ("allOf" | "prefixItems" | "items", Value::Array(members)) => {
                    let schemas = members.iter().map(|member| self.schema(member));
                    out.insert(keyword.clone(), schemas.collect());
                }
                (
                    "items"
                    | "additionalProperties"
                    | "not"
                    | "contains"
                    | "propertyNames"
                    | "if"
                    | "then"
                    | "else"
                    | "unevaluatedItems"
                    | "unevaluatedProperties",
                    schema,
                ) => {
                    out.insert(keyword.clone(), self.schema(schema));
                }
                (_, value) => {
                    out.insert(keyword.clone(), value.clone());
                }
            }
        }
        // A union of one is that one, where nothing beside it contradicts.
        if let Some((keyword, schema)) = only {
            let union = out.shift_remove(keyword);
            match merged(&schema, &out) {
                Some(Value::Object(merged)) => return merged,
                _ => out.extend(union.map(|union| (keyword.clone(), union))),
            }
        }
        out
    }

    /// The members of a union that are not null.
    fn without_null(&mut self, members: &'d [Value], union: &mut Map<String, Value>) -> Vec<Value> {
        let is_null = |member: &&Value| {
            let member = self.document.resolve(member);
            let only_null = |value: &Value| *value == json!("null") || *value == json!(["null"]);
            member.get("type").is_some_and(only_null)
                || member.get("const").is_some_and(Value::is_null)
        };
        let (nulls, others): (Vec<_>, Vec<_>) = members.iter().partition(is_null);
        if !nulls.is_empty() {
            nullable(union);
        }
        others
            .into_iter()
            .map(|member| self.schema(member))
            .collect()
    }
}

fn nullable(schema: &mut Map<String, Value>) {
    schema.insert("nullable".to_owned(), Value::Bool(true));
}

fn put_types(types: &[Value], schema: &mut Map<String, Value>) {
    let others: Vec<_> = types.iter().filter(|ty| *ty != "null").cloned().collect();
    let is_nullable = others.len() < types.len();
    match &others[..] {
        [] => {}
        [only] => _ = schema.insert("type".to_owned(), only.clone()),
        _ => _ = schema.insert("type".to_owned(), Value::Array(others)),
    }
    if is_nullable {
        nullable(schema);
    }
}

/// A schema with the keywords that are beside the reference to it. These win where
/// they only describe. None where both ask for something of the same value.
fn merged(target: &Value, beside: &Map<String, Value>) -> Option<Value> {
    let Some(schema) = target.as_object() else {
        return beside.is_empty().then(|| target.clone());
    };
    let clashes = |(keyword, value): (&String, &Value)| {
        let is_annotation = ANNOTATIONS.contains(&keyword.as_str());
        !is_annotation && schema.get(keyword).is_some_and(|found| found != value)
    };
    let loses_null = beside.contains_key("type") && !beside.contains_key("nullable");
    if beside.iter().any(clashes) || (loses_null && schema.contains_key("nullable")) {
        return None;
    }
    let keywords = schema.iter().chain(beside);
    let keywords = keywords.map(|(keyword, value)| (keyword.clone(), value.clone()));
    Some(Value::Object(keywords.collect()))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn of(schema: &Value, components: &Value) -> Value {
        let document = json!({
            "paths": {"/a": {"post": {
                "requestBody": {"$ref": "#/components/requestBodies/A"},
                "responses": {"202": {"content": {"application/json": {"schema": true}}}},
            }}},
            "components": {
                "requestBodies": {"A": {"content": {"application/json": {"schema": schema}}}},
                "schemas": components,
            },
        });
        let response = response(&document, "/a", "POST");
        assert_eq!(response.as_deref(), Some("true"));
        serde_json::from_str(&request(&document, "/a", "post").unwrap()).unwrap()
    }

    #[test]
    fn references_are_inlined_with_what_is_beside_them() {
        let components = json!({"A": {
            "type": "string", "description": "An A.", "minLength": 1, "x-schema-name": "A",
        }});
        let reference = "#/components/schemas/A";
        let schema = json!({"properties": {
            "$ref": {"$ref": reference, "description": "Mine.", "default": "a"},
            "x-a": {"$ref": reference, "minLength": 2},
            "gone": {"$ref": "#/components/schemas/B"},
        }});
        let expected = json!({"properties": {
            "$ref": {"type": "string", "description": "Mine.", "minLength": 1, "default": "a"},
            "x-a": {"allOf": [
                {"type": "string", "description": "An A.", "minLength": 1}, {"minLength": 2}
            ]},
            "gone": {"type": "object", "description": "B, which the document does not have."},
        }});
        assert_eq!(of(&schema, &components), expected);
    }

    #[test]
    fn null_is_a_keyword_in_every_form() {
        for (given, expected) in [
            (
                json!({"type": ["string", "null"]}),
                json!({"type": "string", "nullable": true}),
            ),
            (
                json!({"type": ["string", "integer", "null"]}),
                json!({"type": ["string", "integer"], "nullable": true}),
            ),
            (
                json!({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}], "title": "B"}),
                json!({"type": "string", "title": "B", "nullable": true}),
            ),
            (
                json!({"anyOf": [{"type": "string"}, {"const": null}], "type": "integer"}),
                json!({"anyOf": [{"type": "string"}], "nullable": true, "type": "integer"}),
            ),
            (
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": ["null"]}]}),
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
            ),
            (json!({"type": "null"}), json!({"nullable": true})),
            (json!({"const": null}), json!({"nullable": true})),
            (json!({"const": "a"}), json!({"const": "a"})),
            (
                json!({"$ref": "#/components/schemas/N", "type": "string"}),
                json!({"allOf": [{"type": "string", "nullable": true}, {"type": "string"}]}),
            ),
        ] {
            let components = json!({
                "A": {"type": "string", "title": "A"},
                "N": {"type": ["string", "null"]},
            });
            assert_eq!(of(&given, &components), expected, "{given}");
        }
    }

    #[test]
    fn cycle_ends_at_its_second_object() {
        let components = json!({"Tree": {"type": "object", "properties": {
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        }}});
        let found = of(&json!({"$ref": "#/components/schemas/Tree"}), &components);
        let child = &found["properties"]["children"]["items"];
        assert_eq!(
            *child,
            json!({"type": "object", "description": "Another Tree, as the one that holds it."})
        );
    }

    #[test]
    fn references_that_double_are_cut_at_the_size() {
        let mut components = Map::new();
        for level in 0..64 {
            let next = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
            let both = json!({"properties": {"a": next, "b": next}});
            components.insert(format!("L{level}"), both);
        }
        let found = of(
            &json!({"$ref": "#/components/schemas/L0"}),
            &Value::Object(components),
        );
        let line = found.to_string();
        assert!(line.len() <= MAX_BYTES && line.contains("left out for the size"));
    }

    #[test]
    fn every_schema_of_our_documents_is_complete_in_itself() {
        fn check(value: &Value, at: &str) {
            match value {
                Value::Object(object) => object.iter().for_each(|(key, value)| {
                    assert!(key != "$ref" && !key.starts_with("x-"), "{key} in {at}");
                    check(value, at);
                }),
                Value::Array(items) => items.iter().for_each(|item| check(item, at)),
                _ => {}
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
        for version in ["v2", "v3"] {
            let text = fs::read_to_string(root.join(version).join("corrected.json")).unwrap();
            let document: Value = serde_json::from_str(&text).unwrap();
            for (path, item) in document["paths"].as_object().unwrap() {
                for (method, operation) in item.as_object().unwrap() {
                    let at = format!("{method} {path}");
                    let response = response(&document, path, method);
                    assert_eq!(
                        operation.get("responses").is_some(),
                        response.is_some(),
                        "{at}"
                    );
                    let request = request(&document, path, method);
                    for line in request.iter().chain(&response) {
                        assert!(
                            !line.contains('\n') && !line.contains("left out for"),
                            "{at}"
                        );
                        check(&serde_json::from_str(line).unwrap(), &at);
                    }
                }
            }
        }
    }
}
