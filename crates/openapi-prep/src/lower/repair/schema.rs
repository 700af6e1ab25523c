//! Schemas that no version allows: mended, or widened and told.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::rule;
use crate::{Pointer, Report, Subject};

/// Names twice in `required`, values twice in `enum`, and either of them empty.
pub(in crate::lower) fn repeated(schema: &mut Value, at: &Pointer, report: &mut Report) {
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
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(same(value).to_string()));
        let changed = before != values.len();
        if values.is_empty() {
            object.shift_remove(key);
            if key == "enum" {
                report.lost(
                    Subject::Type,
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

/// A value as all that are equal to it: `1` for `1.0`.
fn same(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            #[expect(clippy::cast_possible_truncation, reason = "held against what it was")]
            let whole = number.as_f64().map(|float| (float, float as i64));
            match whole {
                #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "as above")]
                Some((float, whole)) if number.is_f64() && whole as f64 == float => json!(whole),
                _ => value.clone(),
            }
        }
        Value::Array(items) => items.iter().map(same).collect(),
        Value::Object(object) => object.iter().map(|(k, v)| (k.clone(), same(v))).collect(),
        other => other.clone(),
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
            Subject::Type,
            rule("type"),
            at,
            "no type of JSON Schema; any value is taken",
        );
    }
}

/// Unions of nothing.
pub(in crate::lower) fn empty_unions(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["oneOf", "anyOf", "allOf"] {
        if object.get(key).is_some_and(|arms| *arms == json!([])) {
            object.shift_remove(key);
            if key == "allOf" {
                report.changed(rule("empty-union"), at, "`allOf` of nothing taken out");
            } else {
                let note = format!("`{key}` of nothing; any value is taken");
                report.lost(Subject::Type, rule("empty-union"), at, note);
            }
        }
    }
}

/// A discriminator's mapping whose targets are reference objects.
pub(in crate::lower) fn mapping(schema: &mut Value, at: &Pointer, report: &mut Report) {
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
                "no object; taken out",
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
            "names no property; taken out",
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
                    "names no schema; taken out",
                );
            }
            target.is_string()
        });
    } else if discriminator.shift_remove("mapping").is_some() {
        report.lost(
            Subject::Variant,
            rule("discriminator"),
            &at.joins(["discriminator", "mapping"]),
            "maps nothing; taken out",
        );
    }
    if changed {
        report.changed(rule("discriminator-mapping"), at, "targets written as text");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lowered;

    #[test]
    fn lists_say_things_once() {
        for (before, after) in [
            (json!({"required": ["a", "a"]}), json!({"required": ["a"]})),
            (json!({"required": []}), json!({})),
            (json!({"required": true}), json!({})),
            (json!({"enum": []}), json!({})),
            (json!({"enum": [1, 1.0, "1"]}), json!({"enum": [1, "1"]})),
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
}
