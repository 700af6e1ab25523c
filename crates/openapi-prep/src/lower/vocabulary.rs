//! Keys that OpenAPI 3.0 does not know: its objects allow no others.

use serde_json::{Map, Value};

use super::rule;
use crate::{Pointer, Report, walk};

const SCHEMA: [&str; 38] = [
    "$ref",
    "title",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "type",
    "not",
    "allOf",
    "oneOf",
    "anyOf",
    "items",
    "properties",
    "additionalProperties",
    "description",
    "format",
    "default",
    "nullable",
    "discriminator",
    "readOnly",
    "writeOnly",
    "example",
    "externalDocs",
    "deprecated",
    "xml",
    "examples",
    "const",
];
const OPERATION: [&str; 12] = [
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];
const PARAMETER: [&str; 14] = [
    "$ref",
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "example",
    "examples",
    "content",
];
const BODY: [&str; 4] = ["$ref", "description", "content", "required"];
const RESPONSE: [&str; 5] = ["$ref", "description", "headers", "content", "links"];
const MEDIA: [&str; 4] = ["schema", "example", "examples", "encoding"];
const ROOT: [&str; 8] = [
    "openapi",
    "info",
    "servers",
    "paths",
    "components",
    "security",
    "tags",
    "externalDocs",
];
const INFO: [&str; 6] = [
    "title",
    "description",
    "termsOfService",
    "contact",
    "license",
    "version",
];
const COMPONENTS: [&str; 9] = [
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
];

/// Takes keys out of a schema that 3.0 does not know.
pub(super) fn schema(schema: &mut Value, at: &Pointer, report: &mut Report) {
    keep(schema, &SCHEMA, at, report);
}

/// Takes keys out of all other objects.
pub(super) fn document(document: &mut Value, report: &mut Report) {
    let root = Pointer::root();
    keep(document, &ROOT, &root, report);
    if let Some(info) = document.get_mut("info") {
        keep(info, &INFO, &root.join("info"), report);
    }
    if let Some(components) = document.get_mut("components") {
        let at = root.join("components");
        keep(components, &COMPONENTS, &at, report);
        for (kind, known) in [
            ("parameters", &PARAMETER[..]),
            ("headers", &PARAMETER[..]),
            ("requestBodies", &BODY[..]),
            ("responses", &RESPONSE[..]),
        ] {
            if let Some(entries) = components.get_mut(kind) {
                walk::each_entry(entries, &at.join(kind), &mut |entry, at| {
                    carrier(entry, known, at, report);
                });
            }
        }
    }
    let at = root.join("paths");
    if let Some(paths) = document.get_mut("paths") {
        walk::each_entry(paths, &at, &mut |item, at| {
            if let Some(parameters) = item.get_mut("parameters") {
                walk::each_item(parameters, &at.join("parameters"), &mut |p, at| {
                    carrier(p, &PARAMETER, at, report);
                });
            }
        });
    }
    walk::operations(document, &mut |_, _, operation, at| {
        known_only(operation, &OPERATION, at, report);
        if let Some(parameters) = operation.get_mut("parameters") {
            walk::each_item(parameters, &at.join("parameters"), &mut |p, at| {
                carrier(p, &PARAMETER, at, report);
            });
        }
        if let Some(body) = operation.get_mut("requestBody") {
            carrier(body, &BODY, &at.join("requestBody"), report);
        }
        if let Some(responses) = operation.get_mut("responses") {
            walk::each_entry(responses, &at.join("responses"), &mut |r, at| {
                carrier(r, &RESPONSE, at, report);
            });
        }
    });
}

fn carrier(value: &mut Value, known: &[&str], at: &Pointer, report: &mut Report) {
    // Beside a reference everything is ignored.
    if value.get("$ref").is_some_and(Value::is_string) {
        keep(value, &["$ref"], at, report);
        return;
    }
    keep(value, known, at, report);
    if let Some(content) = value.get_mut("content") {
        walk::each_entry(content, &at.join("content"), &mut |media, at| {
            keep(media, &MEDIA, at, report);
            one_example(media);
        });
    }
    one_example(value);
    if let Some(headers) = value.get_mut("headers") {
        walk::each_entry(headers, &at.join("headers"), &mut |header, at| {
            carrier(header, &PARAMETER, at, report);
            if let Value::Object(header) = header {
                header.shift_remove("name");
                header.shift_remove("in");
            }
        });
    }
}

/// `example` and `examples` shut each other out.
fn one_example(value: &mut Value) {
    if let Value::Object(object) = value
        && object
            .get("examples")
            .is_some_and(|e| !e.is_object() || object.contains_key("example"))
    {
        object.shift_remove("examples");
    }
}

fn keep(value: &mut Value, known: &[&str], at: &Pointer, report: &mut Report) {
    if let Value::Object(object) = value {
        known_only(object, known, at, report);
    }
}

fn known_only(object: &mut Map<String, Value>, known: &[&str], at: &Pointer, report: &mut Report) {
    object.retain(|key, _| {
        let keep = known.contains(&key.as_str()) || key.starts_with("x-");
        if !keep {
            report.lost(rule("unknown-key"), at, format!("`{key}`"));
        }
        keep
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_known_keys_stay() {
        let mut value = json!({
            "openapi": "3.0.3", "extra": 1, "x-own": 2,
            "paths": {"/a": {"get": {
                "operationId": "a", "query": {},
                "parameters": [{"$ref": "#/components/parameters/P", "description": "beside"}],
                "responses": {"200": {"description": "d", "summary": "s", "content": {"a/b": {"example": 1, "examples": {}, "odd": 1}}}},
            }}},
        });
        let mut report = Report::new();
        document(&mut value, &mut report);
        assert_eq!(
            value,
            json!({
                "openapi": "3.0.3", "x-own": 2,
                "paths": {"/a": {"get": {
                    "operationId": "a",
                    "parameters": [{"$ref": "#/components/parameters/P"}],
                    "responses": {"200": {"description": "d", "content": {"a/b": {"example": 1}}}},
                }}},
            })
        );
        assert_eq!(report.losses().count(), 5);
    }
}
