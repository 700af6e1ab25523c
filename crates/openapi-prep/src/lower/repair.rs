//! What real 3.1 documents hold although no version allows it, and a 3.0
//! validator would refuse.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, schema, walk};

/// Names twice in `required`, values twice in `enum`, and either of them empty.
pub(super) fn repeated(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["required", "enum"] {
        let Some(Value::Array(values)) = object.get_mut(key) else {
            // 3.0's own mistake: `required: true` on a property.
            if key == "required" && object.get(key).is_some_and(Value::is_boolean) {
                object.shift_remove(key);
                report.changed(rule("required-flag"), at, "a property is no parameter");
            }
            continue;
        };
        let before = values.len();
        let mut seen: Vec<Value> = Vec::new();
        values.retain(|value| {
            let new = !seen.contains(value);
            if new {
                seen.push(value.clone());
            }
            new
        });
        let changed = before != values.len();
        if values.is_empty() {
            object.shift_remove(key);
            if key == "enum" {
                report.lost(
                    rule("empty-enum"),
                    at,
                    "an enum of no values; any value is taken",
                );
            } else {
                report.changed(rule("required"), at, "an empty list taken out");
            }
        } else if changed {
            report.changed(
                rule("repeated"),
                at,
                format!("`{key}` named something twice"),
            );
        }
    }
}

/// The names a type can have.
const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// Types that are none: an object where a word is due, or a word of another
/// language.
pub(crate) fn types(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let is_type = |value: &Value| value.as_str().is_some_and(|word| TYPES.contains(&word));
    let good = match object.get("type") {
        None => true,
        Some(Value::Array(types)) => types.iter().all(is_type) && !types.is_empty(),
        Some(one) => is_type(one),
    };
    if !good {
        object.shift_remove("type");
        report.lost(
            rule("type"),
            at,
            "no type of JSON Schema; any value is taken",
        );
    }
}

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

/// Unions of nothing.
pub(super) fn empty_unions(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["oneOf", "anyOf", "allOf"] {
        if object.get(key).is_some_and(|arms| *arms == json!([])) {
            object.shift_remove(key);
            report.lost(
                rule("empty-union"),
                at,
                format!("`{key}` of nothing; any value is taken"),
            );
        }
    }
}

/// Parts of the path that are shared by several operations and not required.
pub(super) fn shared_path_parameters(document: &mut Value, report: &mut Report) {
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

/// Defaults that the schema refuses: written as text, mended; else taken out.
pub(super) fn defaults(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Some(default) = schema.get("default").cloned() else {
        return;
    };
    if accepts(schema, &default) {
        return;
    }
    let mended = default
        .as_str()
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let Value::Object(object) = schema else {
        return;
    };
    object.shift_remove("default");
    if let Some(value) = mended.filter(|value| {
        let schema = Value::Object(object.clone());
        accepts(&schema, value)
    }) {
        object.insert("default".into(), value);
        report.changed(
            rule("default"),
            at,
            "written as text; now a value of its type",
        );
    } else if default.is_null() {
        report.changed(rule("default"), at, "a default of null taken out");
    } else {
        report.lost(
            rule("default"),
            at,
            format!("the schema refuses its default {default}"),
        );
    }
}

/// Whether a schema takes a value, as far as it says so itself. What refers to
/// other schemas is not sure to, and no default is worth the doubt.
fn accepts(schema: &Value, value: &Value) -> bool {
    if ["$ref", "allOf", "anyOf", "oneOf", "not"]
        .iter()
        .any(|key| schema.get(key).is_some())
    {
        return false;
    }
    if value.is_null() {
        return schema.get("nullable") == Some(&json!(true));
    }
    let kind = match schema.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let number = value.as_f64();
    let below = number.zip(bound("minimum")).is_some_and(|(n, min)| n < min);
    let above = number.zip(bound("maximum")).is_some_and(|(n, max)| n > max);
    let length = value.as_str().map(|text| text.chars().count());
    let limit = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let short = length
        .zip(limit("minLength"))
        .is_some_and(|(n, min)| n < min);
    let long = length
        .zip(limit("maxLength"))
        .is_some_and(|(n, max)| n > max);
    // A pattern or a format could refuse it; what is inside of lists and
    // objects is the business of other schemas.
    let sure =
        value.is_string() && (schema.get("pattern").is_some() || schema.get("format").is_some());
    let deep = value.as_array().is_some_and(|a| !a.is_empty())
        || value.as_object().is_some_and(|o| !o.is_empty());
    let listed = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(value));
    kind && listed && !below && !above && !short && !long && !sure && !deep
}

/// A discriminator's mapping whose targets are reference objects.
pub(super) fn mapping(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Some(Value::Object(discriminator)) = schema.get_mut("discriminator") else {
        if schema.get("discriminator").is_some()
            && let Value::Object(object) = schema
            && !object.get("discriminator").is_some_and(Value::is_object)
        {
            object.shift_remove("discriminator");
            report.lost(rule("discriminator"), at, "no object; taken out");
        }
        return;
    };
    if !discriminator
        .get("propertyName")
        .is_some_and(Value::is_string)
    {
        if let Value::Object(object) = schema {
            object.shift_remove("discriminator");
        }
        report.lost(rule("discriminator"), at, "names no property; taken out");
        return;
    }
    let mut changed = false;
    if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
        for target in mapping.values_mut() {
            if let Some(reference) = target.get("$ref").filter(|r| r.is_string()) {
                *target = reference.clone();
                changed = true;
            }
        }
        mapping.retain(|_, target| target.is_string());
    }
    if changed {
        report.changed(rule("discriminator-mapping"), at, "targets written as text");
    }
}

/// Path items by reference, put in place: 3.0 has no shared ones.
pub(super) fn path_items(document: &mut Value, report: &mut Report) {
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
pub(super) fn operations(document: &mut Value, report: &mut Report) {
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
pub(super) fn component_names(document: &mut Value, report: &mut Report) {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let mut taken: HashSet<String> = schemas.keys().cloned().collect();
    let mut renamed = std::collections::HashMap::new();
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
    use crate::lower::lowered;

    #[test]
    fn defaults_are_mended_or_taken_out() {
        for (before, after, losses) in [
            (
                json!({"type": "integer", "default": "3"}),
                json!({"type": "integer", "default": 3}),
                0,
            ),
            (
                json!({"type": "boolean", "default": "false"}),
                json!({"type": "boolean", "default": false}),
                0,
            ),
            (
                json!({"type": "string", "default": "3"}),
                json!({"type": "string", "default": "3"}),
                0,
            ),
            (
                json!({"type": "string", "default": null}),
                json!({"type": "string"}),
                0,
            ),
            (
                json!({"type": "string", "enum": ["a"], "default": "b"}),
                json!({"type": "string", "enum": ["a"]}),
                1,
            ),
            (
                json!({"type": "integer", "minimum": 1, "default": 0}),
                json!({"type": "integer", "minimum": 1}),
                1,
            ),
            (
                json!({"type": "array", "default": []}),
                json!({"type": "array", "default": []}),
                0,
            ),
        ] {
            let (schema, report) = lowered(defaults, before);
            assert_eq!(schema, after);
            assert_eq!(report.losses().count(), losses, "{schema}");
        }
    }

    #[test]
    fn lists_say_things_once() {
        for (before, after) in [
            (json!({"required": ["a", "a"]}), json!({"required": ["a"]})),
            (json!({"required": []}), json!({})),
            (json!({"required": true}), json!({})),
            (json!({"enum": []}), json!({})),
            (
                json!({"enum": ["a", "b", "a"]}),
                json!({"enum": ["a", "b"]}),
            ),
        ] {
            assert_eq!(lowered(repeated, before).0, after);
        }
    }

    #[test]
    fn mappings_are_text() {
        let (schema, _) = lowered(
            mapping,
            json!({"oneOf": [], "discriminator": {"propertyName": "t", "mapping": {"a": {"$ref": "#/components/schemas/A"}}}}),
        );
        assert_eq!(
            schema["discriminator"]["mapping"]["a"],
            "#/components/schemas/A"
        );
        let (schema, report) = lowered(mapping, json!({"discriminator": "t"}));
        assert_eq!(schema, json!({}));
        assert_eq!(report.losses().count(), 1);
    }

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
