//! Schemas that contradict the generator: unions of one schema or none, what a
//! value must not be, objects and arrays that do not say their type.

use serde_json::{Value, json};

use super::{enums, rule};
use crate::{Pointer, Report, Subject, schema};

/// Takes out what says only how a value must not look.
pub(super) fn negations(schema: &mut Value, at: &Pointer, report: &mut Report) {
    if *schema == Value::Bool(false) {
        let mut tokens = at.as_str().rsplit('/');
        let (last, holder) = (tokens.next(), tokens.next());
        let left_open = matches!(
            last,
            Some("additionalProperties" | "unevaluatedProperties" | "unevaluatedItems")
        );
        if holder == Some("properties") || !left_open {
            *schema = json!({});
            let note = "what must not be there may be anything";
            report.lost(Subject::Constraint, rule("negation"), at, note);
        }
    }
    if let Value::Object(schema) = schema
        && schema::has_any(schema, &["not"])
    {
        schema.shift_remove("not");
        report.lost(Subject::Constraint, rule("negation"), at, "`not`");
    }
}

/// Says the type of schemas that speak of what only strings, objects or arrays
/// have.
pub(super) fn implied_types(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(schema) = schema else {
        return;
    };
    if schema::has_any(schema, &["type", "$ref", "oneOf", "anyOf", "allOf"]) {
        return;
    }
    if let Some(values) = enums::values(schema) {
        let mut present = values.iter().filter(|value| !value.is_null()).peekable();
        if present.peek().is_some() && present.all(Value::is_string) {
            let has_null = values.contains(&Value::Null);
            schema.insert("type".into(), schema::type_keyword("string", has_null));
        }
        return;
    }
    let additional = schema.get("additionalProperties");
    let is_map = additional.is_some_and(Value::is_object);
    let kind = match (
        schema.contains_key("properties"),
        schema.contains_key("items"),
    ) {
        (true, _) => "object",
        (false, true) => "array",
        (false, false) if is_map => "object",
        _ => return,
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
        let mut distinct = Vec::new();
        for arm in arms.drain(..) {
            if !distinct.contains(&arm) {
                distinct.push(arm);
            }
        }
        *arms = distinct;
        let note = match arms.len() {
            0 => format!("`{key}` of nothing taken out"),
            1 if key != "allOf" => format!("`{key}` of one schema put in place"),
            _ => continue,
        };
        let arm = arms.pop();
        object.shift_remove(key);
        match arm {
            Some(Value::Object(arm))
                if !arm
                    .keys()
                    .any(|key| key == "$ref" || object.contains_key(key)) =>
            {
                object.extend(arm);
            }
            Some(arm) => schema::add_member(object, arm),
            None => {}
        }
        report.changed(rule("small-union"), at, note);
    }
    // A reference wrapped once and alone is the reference.
    if let Some([member]) = object
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        && object.len() == 1
        && schema::ref_name(member).is_some()
    {
        *schema = member.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::{super::after, *};

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
