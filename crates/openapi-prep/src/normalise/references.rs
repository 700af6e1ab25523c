//! References to shared parameters, bodies, responses and path items, put
//! where they are used, so that later rules meet each of them in one form.

use serde_json::{Map, Value};

use super::rule;
use crate::{Pointer, Report, Subject, walk};

/// How many references may lead on to another before we call it a circle.
const HOPS: usize = 16;

/// Puts shared parameters, request bodies, responses, headers and path items
/// in place of the references to them. Schemas stay shared.
pub(super) fn inline_components(document: &mut Value, report: &mut Report) {
    let components: Map<String, Value> = document
        .get("components")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(kind, _)| *kind != "schemas")
        .map(|(kind, shared)| (kind.clone(), shared.clone()))
        .collect();
    let components = Value::Object(components);
    let at = Pointer::root().join("paths");
    if let Some(paths) = document.get_mut("paths") {
        walk::each_entry(paths, &at, &mut |item, at| {
            inline(item, &components, at, report);
            if let Some(parameters) = item.get_mut("parameters") {
                walk::each_item(parameters, &at.join("parameters"), &mut |p, at| {
                    inline(p, &components, at, report);
                });
            }
            for method in walk::METHODS {
                if let Some(Value::Object(operation)) = item.get_mut(method) {
                    inline_operation(operation, &components, &at.join(method), report);
                }
            }
            merge_item_parameters(item, at, report);
        });
    }
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.retain(|key, _| {
            matches!(
                key.as_str(),
                "schemas" | "securitySchemes" | "examples" | "links"
            )
        });
    }
}

fn inline_operation(
    operation: &mut Map<String, Value>,
    components: &Value,
    at: &Pointer,
    report: &mut Report,
) {
    if let Some(parameters) = operation.get_mut("parameters") {
        walk::each_item(parameters, &at.join("parameters"), &mut |p, at| {
            inline(p, components, at, report);
        });
    }
    if let Some(body) = operation.get_mut("requestBody") {
        inline(body, components, &at.join("requestBody"), report);
    }
    if let Some(responses) = operation.get_mut("responses") {
        walk::each_entry(responses, &at.join("responses"), &mut |r, at| {
            inline(r, components, at, report);
            if let Some(headers) = r.get_mut("headers") {
                walk::each_entry(headers, &at.join("headers"), &mut |header, at| {
                    inline(header, components, at, report);
                });
            }
        });
    }
}

/// Follows a reference into the components, if there is one here.
fn inline(value: &mut Value, components: &Value, at: &Pointer, report: &mut Report) {
    for _ in 0..HOPS {
        let Some(target) = value.get("$ref").and_then(Value::as_str) else {
            return;
        };
        let found = target
            .strip_prefix("#/components")
            .and_then(|pointer| components.pointer(pointer));
        let Some(found) = found else {
            report.lost(
                Subject::at(at),
                rule("shared-components"),
                at,
                format!("the reference {target} leads nowhere; what it stood for is left out"),
            );
            *value = Value::Object(Map::new());
            return;
        };
        let from = target.trim_start_matches('#').to_owned();
        *value = found.clone();
        report.changed(
            rule("shared-components"),
            at,
            format!("#{from} put in place"),
        );
        report.moved(at, &Pointer::parse(&from));
    }
    report.lost(
        Subject::at(at),
        rule("shared-components"),
        at,
        "references that lead in a circle; what they stood for is left out",
    );
    *value = Value::Object(Map::new());
}

/// Gives each operation the parameters its path item declares for all, unless
/// the operation declares one of that name and place itself.
fn merge_item_parameters(item: &mut Value, at: &Pointer, report: &mut Report) {
    let Some(Value::Array(shared)) = item
        .as_object_mut()
        .and_then(|item| item.remove("parameters"))
    else {
        return;
    };
    let same = |a: &Value, b: &Value| a.get("name") == b.get("name") && a.get("in") == b.get("in");
    for method in walk::METHODS {
        let Some(Value::Object(operation)) = item.get_mut(method) else {
            continue;
        };
        let own = operation
            .entry("parameters")
            .or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(own) = own else { continue };
        let here = at.join(method).join("parameters");
        let own_count = own.len();
        let mut places: Vec<Pointer> = (0..own.len()).map(|index| here.join(index)).collect();
        for (index, parameter) in shared.iter().enumerate() {
            if !own.iter().any(|p| same(p, parameter)) {
                let place = index.min(own.len());
                own.insert(place, parameter.clone());
                places.insert(place, at.join("parameters").join(index));
            }
        }
        if places.len() > own_count {
            report.changed(
                rule("shared-parameters"),
                &at.join("parameters"),
                format!("declared by {method} itself"),
            );
        }
        let moved = places.into_iter().enumerate();
        let moved: Vec<_> = moved.map(|(to, from)| (here.join(to), from)).collect();
        report.all_moved(&moved);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shared_parts_stand_where_they_are_used() {
        let mut document = json!({
            "paths": {"/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "get": {"responses": {"200": {"$ref": "#/components/responses/Ok"}}},
                "delete": {"parameters": [{"name": "id", "in": "path", "description": "own"}],
                           "responses": {"404": {"$ref": "#/components/responses/Gone"}}},
            }},
            "components": {
                "parameters": {"Id": {"name": "id", "in": "path"}},
                "responses": {"Ok": {"description": "fine", "headers": {"X-Left": {"$ref": "#/components/headers/Left"}}}},
                "headers": {"Left": {"schema": {"type": "integer"}}},
                "schemas": {"S": {}},
            },
        });
        let mut report = Report::new();
        inline_components(&mut document, &mut report);
        assert_eq!(
            document,
            json!({
                "paths": {"/a/{id}": {
                    "get": {"parameters": [{"name": "id", "in": "path"}],
                            "responses": {"200": {"description": "fine", "headers": {"X-Left": {"schema": {"type": "integer"}}}}}},
                    "delete": {"parameters": [{"name": "id", "in": "path", "description": "own"}],
                               "responses": {"404": {}}},
                }},
                "components": {"schemas": {"S": {}}},
            })
        );
        assert_eq!(report.losses().count(), 1);
    }
}
