//! Paths, operations and names that no version allows.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::{places, rule};
use crate::{Pointer, Report, Subject, references, walk};

/// Parameters that an operation declares twice.
pub(crate) fn repeated_parameters(document: &mut Value, report: &mut Report) {
    let key = |parameter: &Value| json!([parameter.get("name"), parameter.get("in")]);
    let shared: HashMap<String, Value> = document
        .pointer("/components/parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, parameter)| (format!("#/components/parameters/{name}"), parameter.clone()))
        .collect();
    places::parameter_lists(document, &mut |parameters, at| {
        let mut seen: Vec<(Value, Value)> = Vec::new();
        let mut index = 0;
        let mut left = Vec::new();
        parameters.retain(|parameter| {
            let at = at.join(index);
            index += 1;
            let target = parameter.get("$ref").and_then(Value::as_str);
            let whole = target.and_then(|t| shared.get(t)).unwrap_or(parameter);
            let key = match target {
                Some(target) if !shared.contains_key(target) => json!(target),
                _ => key(whole),
            };
            let first = seen.iter().find(|(other, _)| *other == key);
            let new = first.is_none();
            if let Some((_, first)) = first {
                let note = format!("{key} declared twice");
                if first == whole {
                    report.changed(rule("repeated-parameter"), &at, note);
                } else {
                    report.lost(Subject::Parameter, rule("repeated-parameter"), &at, note);
                }
            } else {
                seen.push((key, whole.clone()));
            }
            left.extend(new.then_some(index - 1));
            new
        });
        report.renumbered(at, &left);
    });
}

/// Where path items stand.
const HELD: [&str; 3] = ["/components/pathItems/", "/paths/", "/webhooks/"];

/// How many references may lead on to another before it is a circle.
const HOPS: usize = 16;

/// How many callbacks of callbacks are followed: an item may hold itself.
const CALLBACKS: usize = 3;

/// Path items by reference, put in place: 3.0 has no shared ones.
pub(in crate::lower) fn path_items(document: &mut Value, report: &mut Report) {
    let mut refers = false;
    places::path_items(document, &mut |item, _| {
        refers |= item.get("$ref").is_some();
    });
    if refers {
        let original = held(document);
        places::path_items(document, &mut |item, at| {
            put_in_place(item, at, &original, report);
        });
    }
    let at = Pointer::root().join("paths");
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        // A path has to start with a slash.
        paths.retain(|path, _| {
            let keep = path.starts_with('/') || path.starts_with("x-");
            if !keep {
                report.lost(
                    Subject::Operation,
                    rule("path"),
                    &at.join(path),
                    "does not start with a slash; left out",
                );
            }
            keep
        });
    }
}

/// What a path item may refer to, as it came.
fn held(document: &Value) -> Value {
    let items = document.pointer("/components/pathItems");
    let mut held = json!({"components": {"pathItems": items}});
    for section in ["paths", "webhooks"] {
        if let Some(items) = document.get(section) {
            held[section] = items.clone();
        }
    }
    held
}

fn put_in_place(item: &mut Value, at: &Pointer, original: &Value, report: &mut Report) {
    let deep = at.as_str().matches("/callbacks/").count() > CALLBACKS;
    for hop in 0.. {
        let Some(target) = item.get("$ref").and_then(Value::as_str) else {
            return;
        };
        let target = target.to_owned();
        let pointer = target
            .strip_prefix('#')
            .and_then(references::decoded)
            .filter(|pointer| HELD.iter().any(|place| pointer.starts_with(place)))
            .filter(|_| hop < HOPS && !deep);
        let found = pointer.and_then(|pointer| Some((original.pointer(&pointer)?, pointer)));
        if let Some((found, pointer)) = found {
            let own = std::mem::replace(item, found.clone());
            if let (Value::Object(item), Value::Object(own)) = (&mut *item, own) {
                item.extend(own.into_iter().filter(|(key, _)| key != "$ref"));
            }
            report.changed(rule("path-item"), at, "put in place of the reference");
            report.moved(at, &Pointer::parse(&pointer));
        } else {
            let note = format!("{target} leads nowhere, or in a circle; left out");
            report.lost(Subject::Operation, rule("path-item"), at, note);
            *item = Value::Object(Map::new());
        }
    }
}

/// Every operation's own id.
pub(in crate::lower) fn operations(document: &mut Value, report: &mut Report) {
    let mut seen = HashSet::new();
    places::operations(document, &mut |operation, at| {
        let id = operation.get("operationId").and_then(Value::as_str);
        if id.is_some_and(|id| !seen.insert(id.to_owned())) {
            operation.shift_remove("operationId");
            report.lost(
                Subject::Annotation,
                rule("operation-id"),
                &at.join("operationId"),
                "another operation has it; taken out",
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_made_valid() {
        let document = json!({
            "openapi": "3.1.0",
            "paths": {
                "/a": {"$ref": "#/components/pathItems/A", "summary": "own"},
                "b": {},
                "/d": {"$ref": "#/components/schemas/A<B>"},
                "/c": {"post": {"operationId": "a", "responses": {"200": {}}}},
            },
            "components": {
                "pathItems": {"A": {"get": {"operationId": "a", "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A<B>"}}}}}}}},
                "schemas": {"A<B>": {"type": "string"}},
            },
        });
        let (document, report) = crate::lower::lower(document).unwrap();
        assert_eq!(document["paths"]["/a"]["get"]["operationId"], "a");
        assert_eq!(document["paths"]["/a"]["summary"], "own");
        assert!(document["paths"].get("b").is_none());
        assert_eq!(
            document["paths"]["/c"]["post"],
            json!({"responses": {"200": {"description": ""}}})
        );
        assert_eq!(
            document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
                ["$ref"],
            "#/components/schemas/A_B_"
        );
        assert_eq!(document["paths"]["/d"], json!({}));
        assert_eq!(report.losses().count(), 4, "{report:#?}");
    }
}
