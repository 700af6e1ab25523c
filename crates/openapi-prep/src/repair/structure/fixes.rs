//! What an object lacks, or has twice.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject, schema, walk};

type Object = Map<String, Value>;

/// Inserts a value under a required key that is missing.
fn require(object: &mut Object, key: &str, value: Value, at: &Pointer, report: &mut Report) {
    if !object.contains_key(key) {
        object.insert(key.into(), value);
        report.changed(at, format!("missing `{key}` added, empty"));
    }
}

/// Completes a document, and reads one of 3.0 as one of 3.1, which all later rules
/// expect.
pub(super) fn document(root: &mut Object, at: &Pointer, report: &mut Report) {
    let version = root.get("openapi").and_then(Value::as_str);
    if version.is_some_and(|version| version.starts_with("3.0")) {
        root.insert("openapi".into(), json!("3.1.0"));
        report.changed(&at.join("openapi"), "read as 3.1");
    }
    let info = json!({"title": "", "version": ""});
    require(root, "info", info, at, report);
    require(root, "paths", json!({}), at, report);
    let Some(Value::Object(paths)) = root.get_mut("paths") else {
        return;
    };
    paths.retain(|path, _| {
        let kept = path.starts_with('/') || path.starts_with("x-");
        if !kept {
            let note = "does not start with a slash; removed";
            report.lost(Subject::Operation, &at.joins(["paths", path]), note);
        }
        kept
    });
}

pub(super) fn info(info: &mut Object, at: &Pointer, report: &mut Report) {
    require(info, "title", json!(""), at, report);
    require(info, "version", json!(""), at, report);
}

pub(super) fn response(response: &mut Object, at: &Pointer, report: &mut Report) {
    require(response, "description", json!(""), at, report);
}

pub(super) fn flow(flow: &mut Object, at: &Pointer, report: &mut Report) {
    require(flow, "scopes", json!({}), at, report);
}

/// A response has a status, a class of them, or `default`.
pub(super) fn operation(operation: &mut Object, at: &Pointer, report: &mut Report) {
    let Some(Value::Object(responses)) = operation.get_mut("responses") else {
        return;
    };
    let at = at.join("responses");
    for (status, response) in std::mem::take(responses) {
        let upper = status.to_uppercase();
        if status == "default" || status.starts_with("x-") || is_status(&status) {
            responses.insert(status, response);
        } else if is_status(&upper) && !responses.contains_key(&upper) {
            report.changed(&at.join(&status), format!("written {upper}"));
            report.moved(&at.join(&upper), &at.join(&status));
            responses.insert(upper, response);
        } else {
            let note = "not a status; removed";
            report.lost(Subject::Response, &at.join(&status), note);
        }
    }
}

fn is_status(status: &str) -> bool {
    let bytes = status.as_bytes();
    bytes.len() == 3
        && (b'1'..=b'5').contains(&bytes[0])
        && (status.ends_with("XX") || bytes.iter().all(u8::is_ascii_digit))
}

/// A parameter has a schema or content; the schema is kept.
pub(super) fn parameter(parameter: &mut Object, at: &Pointer, report: &mut Report) {
    examples(parameter, at, report);
    if parameter.contains_key("schema") && parameter.shift_remove("content").is_some() {
        let (at, note) = (at.join("content"), "`content` beside a schema; removed");
        report.lost(Subject::Annotation, &at, note);
    }
}

pub(super) fn header(header: &mut Object, at: &Pointer, report: &mut Report) {
    parameter(header, at, report);
    if !header.contains_key("content") {
        require(header, "schema", json!({}), at, report);
    }
}

/// Outside of schemas `examples` have names; an array has the form that schemas
/// take.
pub(super) fn examples(object: &mut Object, at: &Pointer, report: &mut Report) {
    if object.get("examples").is_some_and(Value::is_array) {
        schema::keep_one_example(object, at, report);
    }
}

/// Reads `nullable` (3.0) as the type null, and removes what is there twice or
/// holds nothing: `required`, `enum` and unions.
pub(super) fn schema(schema: &mut Object, at: &Pointer, report: &mut Report) {
    if let Some(nullable) = schema.shift_remove("nullable") {
        if nullable == true {
            let mut whole = Value::Object(std::mem::take(schema));
            schema::make_nullable(&mut whole);
            if let Value::Object(whole) = whole {
                *schema = whole;
            }
        }
        report.changed(at, "`nullable` (3.0) read as type null");
    }
    if schema.get("required").is_some_and(Value::is_boolean) {
        schema.shift_remove("required");
        let note = "`required` beside a type, as parameters have it; removed";
        report.changed(at, note);
    }
    for key in ["required", "enum", "type"] {
        let Some(Value::Array(values)) = walk::member(schema, key) else {
            continue;
        };
        let (before, mut seen) = (values.len(), HashSet::new());
        values.retain(|value| seen.insert(value.to_string()));
        if values.len() < before {
            report.changed(at, format!("repeated entries of `{key}` removed"));
        }
    }
    for key in ["required", "allOf", "enum", "oneOf", "anyOf"] {
        if walk::member(schema, key).is_none_or(|values| *values != json!([])) {
            continue;
        }
        schema.shift_remove(key);
        let lost = (!matches!(key, "required" | "allOf")).then_some(Subject::Type);
        report.noted(lost, at, format!("empty `{key}` removed"));
    }
}
