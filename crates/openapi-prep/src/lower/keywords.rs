//! Keywords of JSON Schema 2020-12 that 3.0 has under another name, in
//! another form, or not at all.

use serde_json::{Map, Value, json};

use super::{nullable, rule};
use crate::{Pointer, Report, Subject, count, schema, walk};

/// `true` and `false` as schemas.
pub(super) fn boolean_schema(schema: &mut Value, at: &Pointer, report: &mut Report) {
    // 3.0 knows a boolean here, and here only. What maps names to schemas may
    // hold the name too.
    let mut tokens = at.as_str().rsplit('/');
    let named = |parent| matches!(parent, Some("properties" | "schemas"));
    if tokens.next() == Some("additionalProperties") && !named(tokens.next()) {
        return;
    }
    if let Value::Bool(any) = *schema {
        *schema = if any { json!({}) } else { json!({"not": {}}) };
        report.changed(rule("boolean-schema"), at, "said as an object");
    }
}

/// What names a schema or speaks of it, and constrains nothing.
pub(super) fn identity(schema: &mut Value, at: &Pointer, report: &mut Report) {
    const KEYS: [&str; 7] = [
        "$schema",
        "$id",
        "$anchor",
        "$comment",
        "$dynamicAnchor",
        "$vocabulary",
        "$recursiveAnchor",
    ];
    let Value::Object(object) = schema else {
        return;
    };
    for key in KEYS {
        if object.shift_remove(key).is_some() {
            report.changed(rule("identity"), at, format!("`{key}` taken out"));
        }
    }
}

/// `const` as an `enum` of one value.
pub(super) fn constant(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let Some(value) = object.shift_remove("const") else {
        return;
    };
    if let Some(listed) = object.insert("enum".into(), json!([value])) {
        nullable::also(object, json!({"enum": listed}));
    }
    report.changed(rule("const"), at, "said as an enum of one value");
}

/// A list of examples as one example.
pub(super) fn examples(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let mut all = match object.get("examples") {
        Some(Value::Array(examples)) => examples.clone(),
        Some(Value::Object(examples)) => examples
            .values()
            .map(|example| example.get("value").unwrap_or(example).clone())
            .collect(),
        // One that should have been a list of one.
        Some(example) => vec![example.clone()],
        None => return,
    };
    object.shift_remove("examples");
    let at = at.join("examples");
    if all.is_empty() {
        report.changed(rule("examples"), &at, "none are given");
        return;
    }
    let kept = match object.get("example") {
        Some(example) => example.clone(),
        None => all.remove(0),
    };
    all.retain(|example| *example != kept);
    object.insert("example".into(), kept);
    if all.is_empty() {
        report.changed(rule("examples"), &at, "said as the one example");
    } else {
        let note = format!("one is kept, {} taken out", all.len());
        report.lost(Subject::Annotation, rule("examples"), &at, note);
    }
}

/// What a string holds: bytes, or text that stands for bytes.
pub(super) fn content(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let encoding = object.shift_remove("contentEncoding");
    let media = object.shift_remove("contentMediaType");
    if object.shift_remove("contentSchema").is_some() {
        let note = "what the text decodes to";
        report.lost(
            Subject::Constraint,
            rule("content"),
            &at.join("contentSchema"),
            note,
        );
    }
    let media = media.as_ref().and_then(Value::as_str);
    let encoding = encoding.as_ref().and_then(Value::as_str);
    let format = match (encoding, media) {
        (Some("base64" | "base64url"), _) => Some("byte"),
        (None, Some(media)) if is_binary(media) => Some("binary"),
        _ => None,
    }
    .filter(|format| {
        object
            .get("format")
            .is_none_or(|said| said.as_str() == Some(format))
    });
    if let Some(format) = format {
        // The keywords speak of texts and refuse nothing else. A body is text.
        if at.as_str().ends_with("/schema") {
            object.entry("type").or_insert(json!("string"));
        }
        object.insert("format".into(), json!(format));
        report.changed(rule("content"), at, format!("said as format {format}"));
    }
    if let Some(encoding) = encoding
        && format.is_none()
    {
        let note = format!("that the text is written in {encoding}");
        report.lost(
            Subject::Constraint,
            rule("content"),
            &at.join("contentEncoding"),
            note,
        );
    }
    if let Some(media) = media
        && !(format.is_some() && implies(at, media))
    {
        let note = format!("that the text is {media}");
        report.lost(
            Subject::Constraint,
            rule("content"),
            &at.join("contentMediaType"),
            note,
        );
    }
}

/// Whether a media type is one of bytes, as far as its name tells.
fn is_binary(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let (kind, of) = essence.split_once('/').unwrap_or_default();
    let text = [
        "json",
        "xml",
        "yaml",
        "csv",
        "html",
        "graphql",
        "javascript",
        "text",
    ];
    match kind {
        "image" | "audio" | "video" | "font" => of != "svg+xml",
        // A wildcard or a form may be text as well.
        "application" if of == "*" || of == "x-www-form-urlencoded" => false,
        "application" => !text.iter().any(|word| of.contains(word)),
        _ => false,
    }
}

/// Whether the place of a schema says which media type its bytes are of.
fn implies(at: &Pointer, media: &str) -> bool {
    let body = walk::content(at);
    media == "application/octet-stream" || body.is_some_and(|body| body == media)
}

/// Keywords that 3.0 has nothing for.
const INEXPRESSIBLE: [&str; 15] = [
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
    "dependencies",
    "contains",
    "minContains",
    "maxContains",
    "additionalItems",
    "$dynamicRef",
    "$recursiveRef",
];

/// What 3.0 has no keyword for is asked no more.
pub(super) fn inexpressible(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    if schema::has_any(object, &INEXPRESSIBLE) {
        for key in INEXPRESSIBLE {
            if object.shift_remove(key).is_some() {
                report.lost(
                    Subject::Constraint,
                    rule("inexpressible"),
                    &at.join(key),
                    format!("`{key}`"),
                );
            }
        }
    }
    if let Some(patterns) = object.shift_remove("patternProperties") {
        // What the patterns let in must still be let in.
        if object
            .get("additionalProperties")
            .is_some_and(|more| *more != json!(true))
        {
            object.insert("additionalProperties".into(), json!(true));
        }
        let patterns = patterns.as_object().map_or(0, Map::len);
        report.lost(
            Subject::Constraint,
            rule("inexpressible"),
            &at.join("patternProperties"),
            format!(
                "`patternProperties` dropped: {}",
                count(patterns, "pattern")
            ),
        );
    }
    if object.get("required").is_some_and(|r| *r == json!([])) {
        object.shift_remove("required");
    }
}

/// Keywords beside a reference, which 3.0 ignores.
pub(super) fn reference_siblings(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    if object.len() < 2 || !object.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    if let Some(target) = object.shift_remove("$ref") {
        let target = json!({"$ref": target});
        match object.get_mut("allOf") {
            Some(Value::Array(members)) => members.insert(0, target),
            _ => {
                object.insert("allOf".into(), json!([target]));
            }
        }
        report.changed(rule("reference-siblings"), at, "said by allOf");
    }
}

/// Arrays must say what they hold.
pub(super) fn items_of_arrays(schema: &mut Value, at: &Pointer, report: &mut Report) {
    if schema::has_type(schema, "array") && schema.get("items").is_none() {
        schema["items"] = json!({});
        report.changed(rule("items"), at, "items of any kind");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::check;

    /// Before, after, and how many losses are told.
    #[test]
    fn forms_that_changed() {
        check(
            boolean_schema,
            &[
                (json!(true), json!({}), 0),
                (json!(false), json!({"not": {}}), 0),
            ],
        );
        check(
            identity,
            &[(
                json!({"$id": "x", "$comment": "c", "type": "string"}),
                json!({"type": "string"}),
                0,
            )],
        );
        check(
            constant,
            &[
                (json!({"const": "a"}), json!({"enum": ["a"]}), 0),
                (json!({"const": null}), json!({"enum": [null]}), 0),
                (
                    json!({"const": "a", "enum": ["b"]}),
                    json!({"enum": ["a"], "allOf": [{"enum": ["b"]}]}),
                    0,
                ),
            ],
        );
        check(
            examples,
            &[
                (json!({"examples": ["a", "b"]}), json!({"example": "a"}), 1),
                (
                    json!({"examples": ["a"], "example": "c"}),
                    json!({"example": "c"}),
                    1,
                ),
                (
                    json!({"properties": {"examples": {}}}),
                    json!({"properties": {"examples": {}}}),
                    0,
                ),
            ],
        );
    }

    #[test]
    fn bytes_are_told_from_text() {
        for media in [
            "application/octet-stream",
            "image/png",
            "application/pdf",
            "Audio/MPEG; q=1",
        ] {
            assert!(is_binary(media), "{media}");
        }
        for media in [
            "text/plain",
            "application/problem+json",
            "application/*",
            "*/*",
            "image/svg+xml",
            "multipart/form-data",
            "application/xml",
            "bytes",
        ] {
            assert!(!is_binary(media), "{media}");
        }
        let at = Pointer::root().joins(["content", "image/png", "schema"]);
        assert!(implies(&at, "image/png") && !implies(&at, "image/gif"));
    }

    #[test]
    fn contents_of_strings_become_formats() {
        check(
            content,
            &[
                (
                    json!({"contentEncoding": "base64"}),
                    json!({"format": "byte"}),
                    0,
                ),
                (
                    json!({"type": "string", "contentMediaType": "image/png"}),
                    json!({"type": "string", "format": "binary"}),
                    1,
                ),
                (
                    json!({"contentMediaType": "application/json", "contentSchema": {}}),
                    json!({}),
                    2,
                ),
            ],
        );
    }

    #[test]
    fn lists() {
        check(
            items_of_arrays,
            &[(
                json!({"type": "array"}),
                json!({"type": "array", "items": {}}),
                0,
            )],
        );
    }

    #[test]
    fn what_cannot_be_said_is_widened_and_told() {
        check(
            inexpressible,
            &[
                (
                    json!({"if": {}, "then": {}, "type": "object"}),
                    json!({"type": "object"}),
                    2,
                ),
                (
                    json!({"patternProperties": {"^x": {}}, "additionalProperties": false}),
                    json!({"additionalProperties": true}),
                    1,
                ),
            ],
        );
        check(
            reference_siblings,
            &[
                (
                    json!({"$ref": "#/a", "description": "d"}),
                    json!({"description": "d", "allOf": [{"$ref": "#/a"}]}),
                    0,
                ),
                (json!({"$ref": "#/a"}), json!({"$ref": "#/a"}), 0),
            ],
        );
    }
}
