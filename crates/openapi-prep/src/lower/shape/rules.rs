//! What the keys of one object ask of each other.

use serde_json::{Map, Value, json};

use super::super::rule;
use crate::{Pointer, Report, Subject};

type Object = Map<String, Value>;

/// A document has an `info`; no two tags have one name.
pub(super) fn root(root: &mut Object, at: &Pointer, report: &mut Report) {
    if !root.contains_key("info") {
        root.insert("info".into(), json!({"title": "", "version": ""}));
        report.changed(rule("required-parts"), at, "an empty `info` added");
    }
    if let Some(Value::Array(tags)) = root.get_mut("tags") {
        let mut seen = Vec::new();
        let mut index = 0;
        tags.retain(|tag| {
            let at = at.join("tags").join(index);
            index += 1;
            let new = !seen.contains(&tag["name"]);
            if new {
                seen.push(tag["name"].clone());
            } else {
                report.lost(
                    Subject::Annotation,
                    rule("tag"),
                    &at,
                    "another tag has the name; taken out",
                );
            }
            new
        });
    }
}

/// `info` has a title and a version.
pub(super) fn info(info: &mut Object, at: &Pointer, report: &mut Report) {
    for key in ["title", "version"] {
        if !info.contains_key(key) {
            info.insert(key.into(), json!(""));
            report.changed(
                rule("required-parts"),
                at,
                format!("an empty `{key}` added"),
            );
        }
    }
}

/// Answers stand under a status, a class of them, or `default`.
pub(super) fn operation(operation: &mut Object, at: &Pointer, report: &mut Report) {
    let Some(Value::Object(responses)) = operation.get_mut("responses") else {
        return;
    };
    let at = at.join("responses");
    let old = std::mem::take(responses);
    for (status, response) in old {
        let upper = status.to_uppercase();
        if status == "default" || status.starts_with("x-") || is_status(&status) {
            responses.insert(status, response);
        } else if is_status(&upper) && !responses.contains_key(&upper) {
            report.changed(
                rule("status"),
                &at.join(&status),
                format!("written {upper}"),
            );
            responses.insert(upper, response);
        } else {
            report.lost(
                Subject::Response,
                rule("status"),
                &at.join(&status),
                "no status; taken out",
            );
        }
    }
}

fn is_status(status: &str) -> bool {
    let bytes = status.as_bytes();
    bytes.len() == 3
        && (b'1'..=b'5').contains(&bytes[0])
        && (status.ends_with("XX") || bytes.iter().all(u8::is_ascii_digit))
}

/// A parameter or header has a schema or one content, and a style of its place.
pub(super) fn parameter(parameter: &mut Object, at: &Pointer, report: &mut Report) {
    examples(parameter, at, report);
    if let Some(Value::Object(content)) = parameter.get_mut("content") {
        let mut first = true;
        content.retain(|kind, _| {
            if !first {
                let at = at.join("content").join(kind);
                report.lost(
                    Subject::Type,
                    rule("parameter"),
                    &at,
                    "one content is allowed; taken out",
                );
            }
            std::mem::take(&mut first)
        });
    }
    let several = parameter.contains_key("schema");
    if parameter
        .get("content")
        .is_some_and(|c| several || *c == json!({}))
    {
        parameter.shift_remove("content");
        report.lost(
            Subject::Annotation,
            rule("parameter"),
            &at.join("content"),
            "the schema says it; taken out",
        );
    }
    if parameter.contains_key("content") {
        for key in ["style", "explode", "allowReserved", "example", "examples"] {
            if parameter.shift_remove(key).is_some() {
                report.lost(
                    Subject::Constraint,
                    rule("parameter"),
                    &at.join(key),
                    "nothing beside content; taken out",
                );
            }
        }
    } else if !several {
        parameter.insert("schema".into(), json!({}));
        report.changed(rule("parameter"), at, "a schema that takes any value added");
    }
    let styles: &[&str] = match parameter.get("in").and_then(Value::as_str) {
        Some("path") => &["matrix", "label", "simple"],
        Some("query") => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        Some("cookie") => &["form"],
        _ => &["simple"],
    };
    let style = parameter.get("style").and_then(Value::as_str);
    if style.is_some_and(|style| !styles.contains(&style)) {
        parameter.shift_remove("style");
        report.lost(
            Subject::Constraint,
            rule("parameter"),
            &at.join("style"),
            "no style of this place; taken out",
        );
    }
}

/// `example` and `examples` shut each other out, and the latter have names.
pub(super) fn examples(object: &mut Object, at: &Pointer, report: &mut Report) {
    let Some(examples) = object.get("examples") else {
        return;
    };
    let first = examples.as_array().map(|list| list.first().cloned());
    let at = at.join("examples");
    if object.contains_key("example") {
        object.shift_remove("examples");
        report.lost(
            Subject::Annotation,
            rule("examples"),
            &at,
            "taken out beside an example",
        );
    } else if let Some(first) = first {
        object.shift_remove("examples");
        if let Some(first) = first {
            object.insert("example".into(), first);
        }
        report.changed(
            rule("examples"),
            &at,
            "a list as in schemas; the first is kept",
        );
    }
}

/// An answer is described.
pub(super) fn response(response: &mut Object, at: &Pointer, report: &mut Report) {
    if !response.contains_key("description") {
        response.insert("description".into(), json!(""));
        report.changed(rule("description"), at, "an empty description added");
    }
}

/// A body has content.
pub(super) fn body(body: &mut Object, at: &Pointer, report: &mut Report) {
    if !body.contains_key("content") {
        body.insert("content".into(), json!({}));
        report.changed(rule("required-parts"), at, "empty `content` added");
    }
}

/// A link names its operation in one way.
pub(super) fn link(link: &mut Object, at: &Pointer, report: &mut Report) {
    if link.contains_key("operationId") && link.shift_remove("operationRef").is_some() {
        report.lost(
            Subject::Annotation,
            rule("link"),
            &at.join("operationRef"),
            "the id says it; taken out",
        );
    }
}

/// Only bearer tokens have a format.
pub(super) fn http(scheme: &mut Object, at: &Pointer, report: &mut Report) {
    let bearer = scheme
        .get("scheme")
        .and_then(Value::as_str)
        .is_some_and(|word| word.eq_ignore_ascii_case("bearer"));
    if !bearer && scheme.shift_remove("bearerFormat").is_some() {
        report.lost(
            Subject::Security,
            rule("security-scheme"),
            &at.join("bearerFormat"),
            "no bearer; taken out",
        );
    }
}

/// A flow has scopes.
pub(super) fn flow(flow: &mut Object, at: &Pointer, report: &mut Report) {
    if !flow.contains_key("scopes") {
        flow.insert("scopes".into(), json!({}));
        report.changed(rule("required-parts"), at, "empty `scopes` added");
    }
}
