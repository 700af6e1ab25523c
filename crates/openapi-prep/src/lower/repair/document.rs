//! Paths, operations and names that no version allows.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::rule;
use crate::{Pointer, Report, schema, walk};

/// Parameters that an operation declares twice.
pub(crate) fn repeated_parameters(document: &mut Value, report: &mut Report) {
    walk::operations(document, &mut |_, _, operation, at| {
        let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
            return;
        };
        let at = at.join("parameters");
        let mut seen: Vec<Value> = Vec::new();
        parameters.retain(|parameter| {
            let key = match parameter.get("$ref") {
                Some(target) => target.clone(),
                None => json!([parameter.get("name"), parameter.get("in")]),
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
            new
        });
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

/// Path items by reference, put in place: 3.0 has no shared ones.
pub(in crate::lower) fn path_items(document: &mut Value, report: &mut Report) {
    let original = document.clone();
    let at = Pointer::root().join("paths");
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        for (path, item) in paths.iter_mut() {
            let at = at.join(path);
            for _ in 0..16 {
                let Some(target) = item.get("$ref").and_then(Value::as_str) else {
                    break;
                };
                let found = target
                    .strip_prefix('#')
                    .and_then(|pointer| original.pointer(pointer));
                if let Some(found) = found {
                    let own = std::mem::replace(item, found.clone());
                    if let (Value::Object(item), Value::Object(own)) = (&mut *item, own) {
                        item.extend(own.into_iter().filter(|(key, _)| key != "$ref"));
                    }
                    report.changed(rule("path-item"), &at, "put in place of the reference");
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

/// What an answer must say of itself, and every operation its own id.
pub(in crate::lower) fn operations(document: &mut Value, report: &mut Report) {
    let mut seen = HashSet::new();
    walk::operations(document, &mut |_, _, operation, at| {
        let id = operation.get("operationId").and_then(Value::as_str);
        if id.is_some_and(|id| !seen.insert(id.to_owned())) {
            operation.shift_remove("operationId");
            report.changed(
                rule("operation-id"),
                at,
                "another operation has it; taken out",
            );
        }
        if let Some(responses) = operation.get_mut("responses") {
            walk::each_entry(responses, &at.join("responses"), &mut |response, at| {
                if let Value::Object(response) = response
                    && !response.contains_key("$ref")
                    && !response.get("description").is_some_and(Value::is_string)
                {
                    response.insert("description".into(), json!(""));
                    report.changed(rule("description"), at, "an empty description added");
                }
            });
        }
    });
}

/// Schemas whose names 3.0 does not allow.
pub(in crate::lower) fn component_names(document: &mut Value, report: &mut Report) {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let mut taken: HashSet<String> = schemas.keys().cloned().collect();
    let mut renamed = HashMap::new();
    let old = std::mem::take(schemas);
    for (name, schema) in old {
        let mut new: String = name
            .chars()
            .map(|c| if allowed(c) { c } else { '_' })
            .collect();
        if new != name {
            while !taken.insert(new.clone()) {
                new.push('_');
            }
            report.changed(rule("schema-name"), &at.join(&name), format!("named {new}"));
            renamed.insert(name, new.clone());
        }
        schemas.insert(new, schema);
    }
    if renamed.is_empty() {
        return;
    }
    walk::schemas(document, &mut |value, _| {
        let target = schema::ref_name(value).map(|name| name.replace("~1", "/").replace("~0", "~"));
        let target = target.map(|name| percent(&name));
        if let Some(new) = target.and_then(|name| renamed.get(&name)) {
            value["$ref"] = schema::reference(new)["$ref"].clone();
        }
    });
}

/// A name in a reference, with its percent signs decoded.
fn percent(name: &str) -> String {
    crate::references::decoded(&format!("/{name}"))
        .map_or_else(|| name.to_owned(), |decoded| decoded[1..].to_owned())
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
        assert_eq!(report.losses().count(), 2, "{report:#?}");
    }
}
