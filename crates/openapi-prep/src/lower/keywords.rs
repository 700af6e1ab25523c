//! Keywords of JSON Schema 2020-12 that 3.0 has under another name, in
//! another form, or not at all.

use serde_json::{Map, Value, json};

use super::{bytes, null, rule};
use crate::{Pointer, Report, Subject, count, schema};

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
        null::also(object, json!({"enum": listed}));
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
        (None, Some(media)) if bytes::is_binary(media) => Some("binary"),
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
        && !(format.is_some() && bytes::says(at, media))
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

/// Lists whose items differ by position.
pub(crate) fn tuple(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let list = object.get("items").is_some_and(Value::is_array);
    let old = list.then(|| object.shift_remove("items")).flatten();
    // Who writes both means one of them.
    let lists = [object.shift_remove("prefixItems"), old];
    let lists: Vec<Value> = lists.into_iter().flatten().collect();
    if !lists.iter().any(Value::is_array) {
        return;
    }
    let mut arms: Vec<Value> = lists
        .into_iter()
        .filter_map(|list| list.as_array().cloned())
        .flatten()
        .collect();
    let rest = object.shift_remove(if list { "additionalItems" } else { "items" });
    let items = match rest {
        // No more items than these.
        Some(Value::Bool(false)) => Some(()),
        Some(rest @ Value::Object(_)) if rest != json!({}) && rest != json!({"not": {}}) => {
            arms.push(rest);
            Some(())
        }
        Some(rest) if rest == json!({"not": {}}) => Some(()),
        _ => object
            .get("maxItems")
            .and_then(Value::as_u64)
            .is_some_and(|most| most <= arms.len() as u64)
            .then_some(()),
    };
    // Items of one shape need no union.
    let mut shapes = Vec::new();
    arms.retain(|arm| {
        let shape = schema::shape(arm);
        let new = !shapes.contains(&shape);
        shapes.push(shape);
        new
    });
    let items = match items {
        Some(()) if arms.len() == 1 => arms.remove(0),
        Some(()) if !arms.is_empty() => json!({"anyOf": arms}),
        _ => json!({}),
    };
    let subject = if items == json!({}) {
        Subject::Type
    } else {
        Subject::Constraint
    };
    object.insert("items".into(), items);
    let note = "tuple positions dropped: 3.0 has no prefixItems";
    report.lost(subject, rule("tuple"), at, note);
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
    fn bytes() {
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
            tuple,
            &[
                (
                    json!({"prefixItems": [{"type": "string"}]}),
                    json!({"items": {}}),
                    1,
                ),
                (
                    json!({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"not": {}}}),
                    json!({"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}),
                    1,
                ),
                (
                    json!({"prefixItems": [{"type": "number", "title": "x"}, {"type": "number"}], "maxItems": 2}),
                    json!({"maxItems": 2, "items": {"type": "number", "title": "x"}}),
                    1,
                ),
                (
                    json!({"prefixItems": [{"type": "number"}, {"type": "number"}], "maxItems": 3}),
                    json!({"maxItems": 3, "items": {}}),
                    1,
                ),
            ],
        );
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
