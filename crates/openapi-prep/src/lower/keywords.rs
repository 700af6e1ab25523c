//! Keywords of JSON Schema 2020-12 that 3.0 has under another name, in
//! another form, or not at all.

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject, count, media, schema, walk};

/// Writes `true` and `false` as objects. 3.0 knows a boolean as `additionalProperties`, and
/// there only; what maps names to schemas may hold that name too.
pub(super) fn boolean_schemas(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| {
        let Value::Bool(any) = *schema else { return };
        let known = at.as_str().ends_with("/additionalProperties")
            && !matches!(at.holder(), Some("properties" | "schemas"));
        if !known {
            *schema = if any { json!({}) } else { json!({"not": {}}) };
            report.changed(at, "written as an object");
        }
    });
}

/// `const` as an `enum` of one value.
pub(super) fn constant(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    if let Some(value) = schema.shift_remove("const") {
        if let Some(listed) = schema.insert("enum".into(), json!([value])) {
            schema::add_member(schema, json!({"enum": listed}));
        }
        report.changed(at, "an enum of one value");
    }
}

pub(super) const CONTENT: [&str; 3] = ["contentEncoding", "contentMediaType", "contentSchema"];

/// What a string holds: bytes, or text that stands for bytes.
pub(super) fn content(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let (encoding, media) = (text(CONTENT[0]), text(CONTENT[1]));
    let format = match (encoding, media) {
        (Some("base64" | "base64url"), _) => Some("byte"),
        (None, Some(media)) if media::is_binary(media) => Some("binary"),
        _ => None,
    };
    let format = format.filter(|format| text("format").is_none_or(|said| said == *format));
    let said = [
        format.is_some(),
        format.is_some() && media.is_some_and(|media| implies(at, media)),
        false,
    ];
    for (key, said) in CONTENT.into_iter().zip(said) {
        if object.shift_remove(key).is_some() && !said {
            let note = format!("`{key}`: 3.0 has no such keyword");
            report.lost(Subject::Constraint, &at.join(key), note);
        }
    }
    if let Some(format) = format {
        // The keywords speak of texts and refuse nothing else. A body is text.
        if at.as_str().ends_with("/schema") {
            object.entry("type").or_insert(json!("string"));
        }
        object.insert("format".into(), json!(format));
        report.changed(at, format!("format {format}"));
    }
}

/// Whether the place of a schema says which media type its bytes are of.
fn implies(at: &Pointer, media: &str) -> bool {
    let body = walk::content(at);
    media == "application/octet-stream" || body.is_some_and(|body| body == media)
}

/// Keywords that 3.0 has nothing for.
const INEXPRESSIBLE: [&str; 16] = [
    "propertyNames",
    "patternProperties",
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

/// Removes what 3.0 has no keyword for: what was constrained is not any more.
pub(super) fn inexpressible(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let known = |key: &&String| INEXPRESSIBLE.contains(&key.as_str());
    let keys: Vec<String> = object.keys().filter(known).cloned().collect();
    for key in keys {
        let value = object.shift_remove(&key);
        let mut patterns = String::new();
        if let ("patternProperties", Some(Value::Object(all))) = (key.as_str(), value) {
            patterns = format!(": {}", count(all.len(), "pattern"));
            // What the patterns let in must still be let in.
            if let Some(more) = object.get_mut("additionalProperties") {
                *more = json!(true);
            }
        }
        let (at, note) = (at.join(&key), format!("`{key}` dropped{patterns}"));
        report.lost(Subject::Constraint, &at, note);
    }
}

/// Keywords beside a reference, which 3.0 ignores.
pub(super) fn reference_siblings(
    object: &mut Map<String, Value>,
    at: &Pointer,
    report: &mut Report,
) {
    if object.len() < 2 || !object.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    let target = json!({"$ref": object.shift_remove("$ref")});
    schema::add_member(object, target);
    report.changed(at, "written as allOf");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::tests::check;

    /// Before, after, and how many losses are told.
    #[test]
    fn forms_that_changed() {
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
            schema::keep_one_example,
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
    fn bodies_say_which_media_type_their_bytes_are_of() {
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
