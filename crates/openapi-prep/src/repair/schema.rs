//! Schemas that no version of JSON Schema allows: mended, or widened.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, Subject};

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
                report.changed(
                    rule("required-flag"),
                    at,
                    "`required` beside a type, as parameters have it; removed",
                );
            }
            continue;
        };
        let before = values.len();
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.to_string()));
        let changed = before != values.len();
        if values.is_empty() {
            object.shift_remove(key);
            if key == "enum" {
                report.lost(
                    Subject::Type,
                    rule("empty-enum"),
                    at,
                    "an enum without values; any value is accepted",
                );
            } else {
                report.changed(rule("required"), at, "empty; removed");
            }
        } else if changed {
            report.changed(
                rule("repeated"),
                at,
                format!("repeated entries of `{key}` removed"),
            );
        }
    }
}

/// The names a type can have.
const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// A `type` that is not one: an object, or a word of another language.
pub(super) fn types(schema: &mut Value, at: &Pointer, report: &mut Report) {
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
            Subject::Type,
            rule("type"),
            at,
            "not a type of JSON Schema; any value is accepted",
        );
    }
}

/// Unions without schemas.
pub(super) fn empty_unions(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["oneOf", "anyOf", "allOf"] {
        if object.get(key).is_some_and(|arms| *arms == json!([])) {
            object.shift_remove(key);
            if key == "allOf" {
                report.changed(rule("empty-union"), at, "empty `allOf` removed");
            } else {
                let note = format!("empty `{key}`; any value is accepted");
                report.lost(Subject::Type, rule("empty-union"), at, note);
            }
        }
    }
}

/// Discriminators that are not objects or name no property, and mappings whose
/// targets are reference objects.
pub(super) fn discriminators(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Some(Value::Object(discriminator)) = schema.get_mut("discriminator") else {
        if schema.get("discriminator").is_some()
            && let Value::Object(object) = schema
            && !object.get("discriminator").is_some_and(Value::is_object)
        {
            object.shift_remove("discriminator");
            report.lost(
                Subject::Variant,
                rule("discriminator"),
                at,
                "not an object; removed",
            );
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
        report.lost(
            Subject::Variant,
            rule("discriminator"),
            at,
            "without `propertyName`; removed",
        );
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
        mapping.retain(|word, target| {
            if !target.is_string() {
                report.lost(
                    Subject::Variant,
                    rule("discriminator"),
                    &at.joins(["discriminator", "mapping", word]),
                    "not the name of a schema; removed",
                );
            }
            target.is_string()
        });
    } else if discriminator.shift_remove("mapping").is_some() {
        report.lost(
            Subject::Variant,
            rule("discriminator"),
            &at.joins(["discriminator", "mapping"]),
            "not an object; removed",
        );
    }
    if changed {
        report.changed(
            rule("discriminator-mapping"),
            at,
            "targets written as strings",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::repaired;

    #[test]
    fn lists_say_things_once() {
        for (before, after) in [
            (json!({"required": ["a", "a"]}), json!({"required": ["a"]})),
            (json!({"required": []}), json!({})),
            (json!({"required": true}), json!({})),
            (json!({"enum": []}), json!({})),
            (json!({"enum": [1, 1, "1"]}), json!({"enum": [1, "1"]})),
            (
                json!({"enum": ["a", "b", "a"]}),
                json!({"enum": ["a", "b"]}),
            ),
        ] {
            assert_eq!(repaired(repeated, before).0, after);
        }
    }

    #[test]
    fn mappings_are_text() {
        let (schema, _) = repaired(
            discriminators,
            json!({"oneOf": [], "discriminator": {"propertyName": "t", "mapping": {"a": {"$ref": "#/components/schemas/A"}}}}),
        );
        assert_eq!(
            schema["discriminator"]["mapping"]["a"],
            "#/components/schemas/A"
        );
        let (schema, report) = repaired(discriminators, json!({"discriminator": "t"}));
        assert_eq!(schema, json!({}));
        assert_eq!(report.losses().count(), 1);
    }
}
