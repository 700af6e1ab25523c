//! What an object lacks, or has twice.

use serde_json::{Map, Value, json};

use super::super::rule;
use crate::{Pointer, Report, Subject};

type Object = Map<String, Value>;

/// Inserts a value under a required key that is missing.
fn require(object: &mut Object, key: &str, value: Value, at: &Pointer, report: &mut Report) {
    if !object.contains_key(key) {
        object.insert(key.into(), value);
        let note = format!("missing `{key}` added, empty");
        report.changed(rule("required-parts"), at, note);
    }
}

pub(super) fn document(root: &mut Object, at: &Pointer, report: &mut Report) {
    require(
        root,
        "info",
        json!({"title": "", "version": ""}),
        at,
        report,
    );
    require(root, "paths", json!({}), at, report);
    let Some(Value::Object(paths)) = root.get_mut("paths") else {
        return;
    };
    paths.retain(|path, _| {
        let kept = path.starts_with('/') || path.starts_with("x-");
        if !kept {
            let at = at.join("paths").join(path);
            report.lost(
                Subject::Operation,
                rule("path"),
                &at,
                "does not start with a slash; removed",
            );
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
            report.changed(
                rule("status"),
                &at.join(&status),
                format!("written {upper}"),
            );
            report.moved(&at.join(&upper), &at.join(&status));
            responses.insert(upper, response);
        } else {
            let note = "not a status; removed";
            report.lost(Subject::Response, rule("status"), &at.join(&status), note);
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
        let note = "`content` beside a schema; removed";
        report.lost(
            Subject::Annotation,
            rule("parameter"),
            &at.join("content"),
            note,
        );
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
    let Some(Value::Array(list)) = object.get("examples") else {
        return;
    };
    let first = list
        .first()
        .filter(|_| !object.contains_key("example"))
        .cloned();
    let dropped = list.len() - usize::from(first.is_some());
    object.shift_remove("examples");
    let at = at.join("examples");
    if let Some(first) = first {
        object.insert("example".into(), first);
        report.changed(
            rule("examples"),
            &at,
            "an array, as in schemas; the first is kept",
        );
    }
    if dropped > 0 {
        let note = format!("an array, as in schemas; {dropped} dropped");
        report.lost(Subject::Annotation, rule("examples"), &at, note);
    }
}
