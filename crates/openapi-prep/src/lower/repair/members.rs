//! What `allOf` holds, said so that validators can follow it. They look through
//! its members for what `required` names, and some never come back from schemas
//! that hold themselves.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::super::{null, rule};
use crate::{Pointer, Report, graph, schema, walk};

/// Names in `required` beside `allOf` that no member describes. Asked for by a
/// member of their own they mean the same, and validators that look for their
/// descriptions are content.
pub(in crate::lower) fn required_beside_members(document: &mut Value, report: &mut Report) {
    let mut open: Vec<(Pointer, Vec<String>)> = Vec::new();
    let none = Value::Null;
    let mut roots = Vec::new();
    walk::roots(document, &mut |schema, at| {
        if schema.get("allOf").is_some() && schema.get("required").is_some() {
            roots.push(at.clone());
        }
    });
    for at in roots {
        let schema = document.pointer(at.as_str()).unwrap_or(&none);
        let known = described(document, schema);
        let required = schema["required"].as_array().into_iter().flatten();
        let extra: Vec<String> = required
            .filter_map(Value::as_str)
            .filter(|name| !known.contains(*name))
            .map(str::to_owned)
            .collect();
        if !extra.is_empty() {
            open.push((at, extra));
        }
    }
    for (at, extra) in open {
        let Some(Value::Object(schema)) = document.pointer_mut(at.as_str()) else {
            continue;
        };
        if let Some(Value::Array(names)) = schema.get_mut("required") {
            names.retain(|name| !extra.iter().any(|other| name == other));
            if names.is_empty() {
                schema.shift_remove("required");
            }
        }
        null::also(schema, json!({"required": extra}));
        report.changed(
            rule("required"),
            &at,
            "what nothing describes is asked for in allOf",
        );
    }
}

/// The properties that a schema and those it is made of describe.
fn described<'a>(document: &'a Value, schema: &'a Value) -> HashSet<&'a str> {
    let schemas = document.pointer("/components/schemas");
    let mut known = HashSet::new();
    let mut seen = HashSet::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        if let Some(name) = schema::ref_name(schema) {
            if seen.insert(name) {
                open.extend(schemas.and_then(|schemas| schemas.get(name)));
            }
            continue;
        }
        if let Some(Value::Object(properties)) = schema.get("properties") {
            known.extend(properties.keys().map(String::as_str));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let members = schema.get(key).and_then(Value::as_array);
            open.extend(members.into_iter().flatten());
        }
    }
    known
}

/// Members of `allOf` that hold themselves as items, said as the one schema of
/// an `anyOf` or `oneOf`, which means the same.
pub(in crate::lower) fn recursive_members(document: &mut Value, report: &mut Report) {
    let endless = endless(document);
    if endless.is_empty() {
        return;
    }
    walk::schemas(document, &mut |value, at| {
        let Value::Object(object) = value else {
            return;
        };
        for key in ["anyOf", "oneOf"] {
            if object.contains_key(key) {
                continue;
            }
            let Some(Value::Array(members)) = object.get_mut("allOf") else {
                return;
            };
            let leads = |member: &Value| {
                let mut names = Vec::new();
                leads_to(member, &mut names);
                names.iter().any(|name| endless.contains(*name))
            };
            let Some(index) = members.iter().position(leads) else {
                return;
            };
            let member = members.remove(index);
            if members.is_empty() {
                object.shift_remove("allOf");
            }
            object.insert(key.into(), json!([member]));
            report.changed(rule("recursive-member"), at, format!("said by {key}"));
        }
    });
}

/// The named schemas that lead to one which holds itself, as a member of a
/// union or as items.
fn endless(document: &Value) -> HashSet<String> {
    let none = serde_json::Map::new();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    let mut next: graph::Graph<'_> = HashMap::new();
    for (name, schema) in schemas {
        leads_to(schema, next.entry(name).or_default());
    }
    graph::endless(&next)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// The named schemas that a schema is made of or holds as items.
fn leads_to<'a>(schema: &'a Value, names: &mut Vec<&'a str>) {
    names.extend(schema::ref_name(schema));
    for key in ["allOf", "anyOf", "oneOf"] {
        for member in schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            leads_to(member, names);
        }
    }
    for key in ["items", "not"] {
        if let Some(inner) = schema.get(key) {
            leads_to(inner, names);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;

    #[test]
    fn members_that_hold_themselves_are_said_in_another_way() {
        let (document, _) = lower(json!({
            "openapi": "3.1.0", "components": {"schemas": {
                "Any": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/components/schemas/Any"}}]},
                "Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}},
                "A": {"$ref": "#/components/schemas/Any", "description": "d"},
                "B": {"$ref": "#/components/schemas/Node", "description": "d"},
            }},
        }))
        .unwrap();
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["A"],
            json!({"description": "d", "anyOf": [{"$ref": "#/components/schemas/Any"}]})
        );
        assert_eq!(
            schemas["B"],
            json!({"description": "d", "allOf": [{"$ref": "#/components/schemas/Node"}]})
        );
    }

    #[test]
    fn what_no_member_describes_is_asked_for_by_one() {
        let (document, _) = lower(json!({
            "openapi": "3.1.0", "components": {"schemas": {
                "A": {"properties": {"a": {}}},
                "B": {"$ref": "#/components/schemas/A", "required": ["a", "gone"]},
            }},
        }))
        .unwrap();
        assert_eq!(
            document["components"]["schemas"]["B"],
            json!({
                "required": ["a"],
                "allOf": [{"$ref": "#/components/schemas/A"}, {"required": ["gone"]}],
            })
        );
    }
}
