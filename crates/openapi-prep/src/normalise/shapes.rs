//! Schemas that contradict the generator: enums whose values have no names in
//! Rust, unions of nothing, what a value must not be, circles of references.

use serde_json::{Map, Value, json};

use super::{rule, scalars, strip};
use crate::{Pointer, Report, Subject, schema};

/// Takes out what says only how a value must not look.
pub(super) fn negations(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let mut tokens = at.as_str().rsplit('/');
    let (last, holder) = (tokens.next(), tokens.next());
    let left_open = matches!(
        last,
        Some("additionalProperties" | "unevaluatedProperties" | "unevaluatedItems")
    );
    let of_property = holder == Some("properties");
    if *schema == Value::Bool(false) && (of_property || !left_open) {
        *schema = json!({});
        let note = if of_property {
            "a property that must not be there"
        } else {
            "what must not be there may be anything"
        };
        report.lost(Subject::Constraint, rule("negation"), at, note);
    }
    let Value::Object(schema) = schema else {
        return;
    };
    if schema
        .get("not")
        .is_some_and(|not| not.is_object() || not.is_boolean())
    {
        schema.shift_remove("not");
        report.lost(Subject::Constraint, rule("negation"), at, "`not`");
    }
}

/// Says the type of schemas that speak of what only objects or lists have.
pub(super) fn implied_types(schema: &mut Value, at: &Pointer, report: &mut Report) {
    const OTHERS: [&str; 8] = [
        "type", "$ref", "oneOf", "anyOf", "allOf", "enum", "const", "not",
    ];
    let Value::Object(schema) = schema else {
        return;
    };
    if OTHERS[..4].iter().all(|key| !schema.contains_key(*key)) {
        let listed = schema.get("enum").and_then(Value::as_array);
        let fixed: Vec<&Value> = match listed {
            Some(values) => values.iter().collect(),
            None => schema.get("const").into_iter().collect(),
        };
        if fixed.iter().any(|v| v.is_string()) && fixed.iter().all(|v| v.is_string() || v.is_null())
        {
            let null = fixed.iter().any(|v| v.is_null());
            let kind = if null {
                json!(["string", "null"])
            } else {
                json!("string")
            };
            schema.insert("type".into(), kind);
            return;
        }
    }
    if OTHERS.iter().any(|key| schema.contains_key(*key)) {
        return;
    }
    let kind = if schema.contains_key("properties") {
        "object"
    } else if schema.contains_key("items") {
        "array"
    } else if schema
        .get("additionalProperties")
        .is_some_and(Value::is_object)
    {
        "object"
    } else {
        return;
    };
    schema.insert("type".into(), json!(kind));
    report.changed(rule("implied-type"), at, format!("read as {kind}"));
}

/// Puts unions of one schema in place of the union, and takes out unions of
/// none.
pub(super) fn small_unions(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["oneOf", "anyOf", "allOf"] {
        let Some(Value::Array(arms)) = object.get_mut(key) else {
            continue;
        };
        // The same schema twice says nothing new, null least of all.
        let mut seen: Vec<Value> = Vec::new();
        arms.retain(|arm| {
            let new = !seen.contains(arm);
            seen.push(arm.clone());
            new
        });
        match arms.len() {
            0 => {
                object.shift_remove(key);
                report.changed(
                    rule("small-union"),
                    at,
                    format!("`{key}` of nothing taken out"),
                );
            }
            1 if key != "allOf" => {
                let arm = arms.remove(0);
                object.shift_remove(key);
                let clash = arm.as_object().is_none_or(|arm| {
                    arm.contains_key("$ref") || arm.keys().any(|k| object.contains_key(k))
                });
                if let (false, Value::Object(arm)) = (clash, &arm) {
                    object.extend(arm.clone());
                } else {
                    match object.get_mut("allOf") {
                        Some(Value::Array(members)) => members.push(arm),
                        _ => {
                            object.insert("allOf".into(), json!([arm]));
                        }
                    }
                }
                report.changed(
                    rule("small-union"),
                    at,
                    format!("`{key}` of one schema put in place"),
                );
            }
            _ => {}
        }
    }
    // A reference wrapped once and alone is the reference.
    if let Some([member]) = object
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        && object.len() == 1
        && schema::ref_name(member).is_some()
    {
        let member = member.clone();
        *schema = member;
    }
}

/// Reads an enum as its type where its values are not strings, and takes out
/// what stands in it twice. Integers are any integer with a mark.
pub(super) fn unnameable_enums(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(schema) = schema else {
        return;
    };
    if let Some(fixed) = schema
        .get("const")
        .filter(|v| !v.is_string() && !v.is_null())
    {
        let values = json!([fixed]);
        schema.shift_remove("const");
        schema.insert("enum".into(), values);
    }
    of_another_type(schema, at, report);
    let varnames = schema.get(VARNAMES).and_then(Value::as_array).cloned();
    let Some(Value::Array(values)) = schema.get_mut("enum") else {
        return;
    };
    let named: Vec<(Value, Value)> = values
        .iter()
        .cloned()
        .zip(varnames.unwrap_or_default())
        .collect();
    let mut distinct: Vec<Value> = Vec::new();
    for value in values.iter() {
        if !distinct.contains(value) {
            distinct.push(value.clone());
        }
    }
    if values.len() > distinct.len() {
        report.changed(rule("enum"), at, "values that stand twice");
    }
    values.clone_from(&distinct);
    if distinct.is_empty() {
        schema.shift_remove("enum");
        let note = "an enum of no values; any value is taken";
        report.lost(Subject::Type, rule("enum"), at, note);
        return;
    }
    let texts: Vec<&str> = distinct.iter().filter_map(Value::as_str).collect();
    let null = distinct.iter().filter(|v| v.is_null()).count();
    let kinds = schema::kinds(schema);
    let of_other_type = |value: &Value| !kinds.is_empty() && !is_of(value, &kinds);
    if texts.is_empty() && null == distinct.len() {
        if kinds.iter().any(|kind| *kind != "null") {
            schema.shift_remove("enum");
            let note = "null and a type that is not; the type is taken";
            report.lost(Subject::Constraint, rule("enum"), at, note);
        }
        return;
    }
    if distinct.iter().filter(|v| !v.is_null()).all(of_other_type) {
        schema.retain(|key, _| {
            !matches!(
                key.as_str(),
                "enum" | "type" | "properties" | "items" | "required"
            )
        });
        let note = "values of another type than is given; any value is taken";
        report.lost(Subject::EnumValue, rule("enum"), at, note);
        return;
    }
    if texts.len() + null == distinct.len() {
        return;
    }
    let known: Vec<String> = distinct
        .iter()
        .filter(|v| !v.is_null())
        .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
        .collect();
    let numbers: Vec<Value> = distinct.iter().filter(|v| v.is_i64()).cloned().collect();
    let of_integers = numbers.len() > 1
        && numbers.len() + null == distinct.len()
        && kinds.iter().all(|kind| matches!(*kind, "integer" | "null"));
    let note = "values of several types or none that is text; any value of the type is taken";
    schema.shift_remove("enum");
    schema::declare(schema, "enum", Value::Array(distinct.clone()));
    strip::tell(
        schema,
        &format!("Known values: `{}`.", known.join("`, `").replace('\n', " ")),
    );
    let mut of = distinct
        .iter()
        .filter(|v| !v.is_null())
        .map(scalars::kind_of);
    let first = of.next().flatten();
    if let Some(kind) = first.filter(|_| of.all(|kind| kind == first))
        && !schema.contains_key("type")
    {
        let kind = if null > 0 {
            json!([kind, "null"])
        } else {
            json!(kind)
        };
        schema.insert("type".into(), kind);
    }
    if of_integers {
        let name = |value: &Value| {
            let name = named.iter().find(|(of, _)| of == value);
            name.map_or(Value::Null, |(_, name)| name.clone())
        };
        if !named.is_empty() {
            schema.insert(VARNAMES.into(), numbers.iter().map(name).collect());
        }
        schema.insert(KNOWN_VALUES.into(), Value::Array(numbers));
        let note = "any integer is taken; these values are a mark";
        report.changed(rule("enum"), at, note);
        return;
    }
    report.lost(Subject::EnumValue, rule("enum"), at, note);
}

/// The mark on an integer with the values that are documented.
pub(super) const KNOWN_VALUES: &str = "x-known-values";

/// What the values of an enum are called, in the order of the values.
pub(super) const VARNAMES: &str = "x-enum-varnames";

/// Whether a value is of one of these types.
fn is_of(value: &Value, kinds: &[&str]) -> bool {
    let number = |kind: &str| matches!(kind, "integer" | "number");
    scalars::kind_of(value).is_some_and(|kind| {
        let numbers = number(kind) && kinds.iter().any(|kind| number(kind));
        numbers || kinds.contains(&kind)
    })
}

/// Takes out a fixed value of another type than is given: it is no value.
fn of_another_type(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let kinds = schema::kinds(schema);
    let other = match schema.get("const") {
        Some(Value::Null) => kinds.iter().any(|kind| *kind != "null"),
        Some(Value::String(_)) => !kinds.is_empty() && !kinds.contains(&"string"),
        _ => false,
    };
    if other {
        schema.shift_remove("const");
        report.lost(
            Subject::EnumValue,
            rule("enum"),
            at,
            "a fixed value of another type than is given; the type is taken",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn after(rule: super::super::OfSchema, schemas: Value) -> (Value, usize) {
        let mut document = json!({"components": {"schemas": schemas}});
        let mut report = Report::new();
        super::super::of_schemas(&mut document, &[rule], &mut report);
        (
            document["components"]["schemas"].take(),
            report.losses().count(),
        )
    }

    #[test]
    fn enums_without_names_are_texts() {
        let (schemas, losses) = after(
            unnameable_enums,
            json!({
                "Fine": {"type": "string", "enum": ["16:9", "9:16", "a", "a"]},
                "Mixed": {"enum": [1, "two"]},
                "Empty": {"enum": []},
            }),
        );
        assert_eq!(
            schemas,
            json!({
                "Fine": {"type": "string", "enum": ["16:9", "9:16", "a"]},
                "Mixed": {"description": "Known values: `1`, `two`.",
                    "x-declared": {"enum": [1, "two"]}},
                "Empty": {},
            })
        );
        assert_eq!(losses, 2);
    }

    #[test]
    fn what_must_not_be_may_be() {
        let (schemas, losses) = after(
            negations,
            json!({"A": {"not": {"type": "string"}, "properties": {"no": false, "not": {"type": "string"}}}}),
        );
        assert_eq!(
            schemas,
            json!({"A": {"properties": {"no": {}, "not": {"type": "string"}}}})
        );
        assert_eq!(losses, 2);
    }

    #[test]
    fn unions_of_one_and_of_none() {
        let (schemas, _) = after(
            small_unions,
            json!({
                "None": {"oneOf": []},
                "One": {"oneOf": [{"type": "string"}], "description": "d"},
                "Reference": {"anyOf": [{"$ref": "#/components/schemas/One"}]},
                "Twice": {"anyOf": [{"type": "null"}, {"type": "null"}, {"type": "string"}]},
            }),
        );
        assert_eq!(
            schemas,
            json!({
                "None": {},
                "One": {"description": "d", "type": "string"},
                "Reference": {"$ref": "#/components/schemas/One"},
                "Twice": {"anyOf": [{"type": "null"}, {"type": "string"}]},
            })
        );
    }
}
