//! Empty maps written as empty arrays, by tools whose language does not tell the
//! two apart.

use serde_json::{Map, Value};

use super::rule;
use crate::{Pointer, Report};

/// Keys under which a list can never stand.
const MAPS: [&str; 24] = [
    "paths",
    "components",
    "schemas",
    "responses",
    "requestBodies",
    "securitySchemes",
    "pathItems",
    "headers",
    "links",
    "callbacks",
    "content",
    "schema",
    "encoding",
    "properties",
    "patternProperties",
    "additionalProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "discriminator",
    "mapping",
    "variables",
    "flows",
    "scopes",
];

/// Those of them whose entries have names of the writer's own choice.
const NAMED: [&str; 15] = [
    "paths",
    "schemas",
    "responses",
    "requestBodies",
    "securitySchemes",
    "pathItems",
    "headers",
    "links",
    "callbacks",
    "content",
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
];

/// Keys that hold data, in which a list is a list.
const DATA: [&str; 7] = [
    "example", "examples", "default", "enum", "const", "value", "security",
];

/// Reads an empty list where a map is due as an empty map.
pub(super) fn read_as_maps(document: &mut Value, report: &mut Report) {
    visit(document, &mut Pointer::root(), false, report);
}

fn visit(value: &mut Value, at: &mut Pointer, names: bool, report: &mut Report) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object.iter_mut() {
                if !names && (DATA.contains(&key.as_str()) || key.starts_with("x-")) {
                    continue;
                }
                if !inner.is_object() && !inner.is_array() {
                    continue;
                }
                let map = names || MAPS.contains(&key.as_str());
                at.within(key, |at| {
                    if map && inner.as_array().is_some_and(Vec::is_empty) {
                        *inner = Value::Object(Map::new());
                        report.changed(rule("empty-map"), at, "empty array read as an empty map");
                        return;
                    }
                    let names = !names && NAMED.contains(&key.as_str());
                    visit(inner, at, names, report);
                });
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                at.within(index, |at| visit(item, at, false, report));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn empty_arrays_are_read_as_maps_where_maps_are_due() {
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": [], "tags": [], "responses": {"200": {"content": {"application/json": []}, "headers": []}}}}},
            "components": {"schemas": {
                "properties": {"properties": [], "example": [], "enum": []},
                "A": {"properties": {"example": [], "headers": {"items": {}, "required": []}}},
            }},
        });
        let mut report = Report::new();
        read_as_maps(&mut document, &mut report);
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"get": {"parameters": [], "tags": [], "responses": {"200": {"content": {"application/json": {}}, "headers": {}}}}}},
                "components": {"schemas": {
                    "properties": {"properties": {}, "example": [], "enum": []},
                    "A": {"properties": {"example": {}, "headers": {"items": {}, "required": []}}},
                }},
            })
        );
        assert_eq!(report.entries().len(), 4);
    }
}
