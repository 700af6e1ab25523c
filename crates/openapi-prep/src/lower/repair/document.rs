//! Paths, operations and names that no version allows.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::{places, rule};
use crate::{Pointer, Report, references, walk};

/// Parameters that an operation declares twice.
pub(crate) fn repeated_parameters(document: &mut Value, report: &mut Report) {
    let key = |parameter: &Value| json!([parameter.get("name"), parameter.get("in")]);
    let shared: HashMap<String, Value> = document
        .pointer("/components/parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, parameter)| (format!("#/components/parameters/{name}"), key(parameter)))
        .collect();
    places::parameter_lists(document, &mut |parameters, at| {
        let mut seen: Vec<Value> = Vec::new();
        let mut index = 0;
        let mut left = Vec::new();
        parameters.retain(|parameter| {
            let at = at.join(index);
            index += 1;
            let key = match parameter.get("$ref").and_then(Value::as_str) {
                Some(target) => shared.get(target).cloned().unwrap_or(json!(target)),
                None => key(parameter),
            };
            let new = !seen.contains(&key);
            if !new {
                report.changed(
                    rule("repeated-parameter"),
                    &at,
                    format!("{key} declared twice"),
                );
            }
            seen.push(key);
            left.extend(new.then_some(index - 1));
            new
        });
        report.renumbered(at, &left);
    });
}

/// Parts of the path that are shared by several operations and not required.
pub(in crate::lower) fn shared_path_parameters(document: &mut Value, report: &mut Report) {
    let mut require = |parameter: &mut Value, at: &Pointer| {
        if let Value::Object(parameter) = parameter
            && parameter.get("in").is_some_and(|place| place == "path")
            && parameter.get("required") != Some(&Value::Bool(true))
        {
            parameter.insert("required".into(), json!(true));
            report.changed(
                rule("path-parameter"),
                at,
                "a part of the path is always required",
            );
        }
    };
    let root = Pointer::root();
    if let Some(parameters) = document.pointer_mut("/components/parameters") {
        walk::each_entry(
            parameters,
            &root.joins(["components", "parameters"]),
            &mut require,
        );
    }
    if let Some(paths) = document.get_mut("paths") {
        walk::each_entry(paths, &root.join("paths"), &mut |item, at| {
            if let Some(parameters) = item.get_mut("parameters") {
                walk::each_item(parameters, &at.join("parameters"), &mut require);
            }
        });
    }
}

/// Where path items stand.
const HELD: [&str; 3] = ["/components/pathItems/", "/paths/", "/webhooks/"];

/// Path items by reference, put in place: 3.0 has no shared ones.
pub(in crate::lower) fn path_items(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().join("paths");
    let refers = |item: &Value| item.get("$ref").is_some();
    let original = match document["paths"].as_object() {
        Some(paths) if paths.values().any(refers) => document.clone(),
        _ => Value::Null,
    };
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        for (path, item) in paths.iter_mut() {
            let at = at.join(path);
            for _ in 0..16 {
                let Some(target) = item.get("$ref").and_then(Value::as_str) else {
                    break;
                };
                let target = target.to_owned();
                let found = target
                    .strip_prefix('#')
                    .and_then(references::decoded)
                    .filter(|pointer| HELD.iter().any(|place| pointer.starts_with(place)))
                    .and_then(|pointer| original.pointer(&pointer));
                if let Some(found) = found {
                    let own = std::mem::replace(item, found.clone());
                    if let (Value::Object(item), Value::Object(own)) = (&mut *item, own) {
                        item.extend(own.into_iter().filter(|(key, _)| key != "$ref"));
                    }
                    report.changed(rule("path-item"), &at, "put in place of the reference");
                    let from = target.strip_prefix('#').and_then(references::decoded);
                    report.moved(&at, &Pointer::parse(&from.unwrap_or_default()));
                } else {
                    report.lost(
                        rule("path-item"),
                        &at,
                        format!("{target} leads nowhere; left out"),
                    );
                    *item = Value::Object(Map::new());
                }
            }
        }
        // A path has to start with a slash.
        paths.retain(|path, _| {
            let keep = path.starts_with('/') || path.starts_with("x-");
            if !keep {
                report.lost(
                    rule("path"),
                    &at.join(path),
                    "does not start with a slash; left out",
                );
            }
            keep
        });
    }
}

/// Every operation's own id.
pub(in crate::lower) fn operations(document: &mut Value, report: &mut Report) {
    let mut seen = HashSet::new();
    places::operations(document, &mut |operation, at| {
        let id = operation.get("operationId").and_then(Value::as_str);
        if id.is_some_and(|id| !seen.insert(id.to_owned())) {
            operation.shift_remove("operationId");
            report.changed(
                rule("operation-id"),
                at,
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
        assert_eq!(report.losses().count(), 3, "{report:#?}");
    }
}
