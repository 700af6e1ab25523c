//! Two schemas that a value must both meet, said as one.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::super::{enums, strip};
use crate::schema;

/// Asked for the schema of a property for which two are given that cannot be
/// said as one here: the schemas and the property's name. None gives up.
pub(super) type Clash<'a> = dyn FnMut(&Value, &Value, &str) -> Option<Value> + 'a;

/// The keywords that say by other schemas what a value is.
pub(super) const OTHERS: [&str; 4] = ["$ref", "allOf", "oneOf", "anyOf"];

/// The schema that says what both say, where neither refers to others. Of what
/// is for readers only, the first is kept.
pub(super) fn unify(
    a: &Map<String, Value>,
    b: &Map<String, Value>,
    clash: &mut Clash<'_>,
) -> Option<Map<String, Value>> {
    let mut both = a.clone();
    for (key, theirs) in b {
        let Some(ours) = a.get(key) else {
            both.insert(key.clone(), theirs.clone());
            continue;
        };
        let value = match (key.as_str(), ours, theirs) {
            ("type", ..) => common_type(a, b)?,
            ("properties" | "patternProperties", Value::Object(ours), Value::Object(theirs)) => {
                let mut all = ours.clone();
                for (name, theirs) in theirs {
                    let property = match ours.get(name) {
                        None => theirs.clone(),
                        Some(ours) => one_of_two(ours, theirs, name, clash)?,
                    };
                    all.insert(name.clone(), property);
                }
                Value::Object(all)
            }
            ("required", Value::Array(ours), Value::Array(theirs)) => {
                let others = theirs.iter().filter(|name| !ours.contains(name));
                ours.iter().chain(others).cloned().collect()
            }
            ("items", ..) | ("additionalProperties", Value::Object(_), Value::Object(_)) => {
                one_of_two(ours, theirs, key, clash)?
            }
            // Closed for its own part only: the whole holds more.
            ("additionalProperties", Value::Bool(a), Value::Bool(b)) if !(*a && *b) => {
                both.shift_remove(key);
                continue;
            }
            ("additionalProperties", Value::Bool(_), _) => theirs.clone(),
            (schema::DECLARED, ..) => {
                schema::annotate(&mut both, key, theirs);
                continue;
            }
            _ => continue,
        };
        both.insert(key.clone(), value);
    }
    if let (Some(ours), Some(theirs)) = (enums::values(a), enums::values(b)) {
        let common = ours.iter().filter(|value| theirs.contains(value));
        let mut common = common.peekable();
        common.peek()?;
        both.shift_remove("const");
        both.insert("enum".into(), common.cloned().collect());
    }
    Some(both)
}

/// Whether a schema says nothing of a value.
pub(super) fn is_silent(schema: &Value) -> bool {
    match schema {
        Value::Bool(all) => *all,
        Value::Object(object) => object.keys().all(|key| tells_only(key)),
        _ => true,
    }
}

/// Whether a keyword is for readers and other tools only.
pub(super) fn tells_only(key: &str) -> bool {
    schema::PROSE.contains(&key)
        || matches!(key, "default" | "externalDocs" | "xml" | "$comment")
        || key.starts_with("x-")
}

/// Adds what one schema is for readers to another, and what its properties are: a
/// description to the description, all else where there is none. Gives the
/// keywords that are there with another value.
pub(super) fn annotate(schema: &mut Map<String, Value>, by: &Map<String, Value>) -> Vec<String> {
    let mut others = Vec::new();
    for (key, theirs) in by.iter().filter(|(key, _)| tells_only(key)) {
        match (schema.get(key), theirs) {
            (Some(Value::String(ours)), Value::String(theirs))
                if key == "description" && !ours.contains(theirs) =>
            {
                strip::tell(schema, theirs);
            }
            (Some(ours), _)
                if !matches!(key.as_str(), "description" | schema::DECLARED) && ours != theirs =>
            {
                others.push(key.clone());
            }
            _ => schema::annotate(schema, key, theirs),
        }
    }
    let theirs = by.get("properties").and_then(Value::as_object);
    if let Some(Value::Object(ours)) = schema.get_mut("properties") {
        for (name, theirs) in theirs.into_iter().flatten() {
            if let (Some(Value::Object(ours)), Value::Object(theirs)) = (ours.get_mut(name), theirs)
            {
                others.extend(annotate(ours, theirs));
            }
        }
    }
    others
}

/// The same where the schema's own is kept.
pub(super) fn annotated(mut schema: Value, by: &Value) -> Value {
    if let (Value::Object(schema), Value::Object(by)) = (&mut schema, by) {
        for (key, value) in by.iter().filter(|(key, _)| tells_only(key)) {
            schema::annotate(schema, key, value);
        }
    }
    schema
}

fn common_type(a: &Map<String, Value>, b: &Map<String, Value>) -> Option<Value> {
    let (ours, theirs) = (schema::kinds(a), schema::kinds(b));
    let accept = |kinds: &[&str], kind: &str| {
        kinds.contains(&kind) || (kind == "integer" && kinds.contains(&"number"))
    };
    let mut common: Vec<&str> = [&ours[..], &theirs].concat();
    common.retain(|kind| accept(&ours, kind) && accept(&theirs, kind));
    let mut seen = HashSet::new();
    common.retain(|kind| seen.insert(*kind));
    match common.as_slice() {
        [] => None,
        [one] => Some(json!(one)),
        several => Some(json!(several)),
    }
}

/// The schema of a location for which two are given.
fn one_of_two(a: &Value, b: &Value, name: &str, clash: &mut Clash<'_>) -> Option<Value> {
    if schema::shape(a) == schema::shape(b) || is_silent(b) {
        return Some(annotated(a.clone(), b));
    }
    if is_silent(a) {
        return Some(annotated(b.clone(), a));
    }
    let refers = |schema: &Value| OTHERS.iter().any(|key| schema.get(key).is_some());
    if !refers(a) && !refers(b) {
        let (plain_a, null_a) = schema::without_null(a.clone());
        let (plain_b, null_b) = schema::without_null(b.clone());
        if let (Value::Object(x), Value::Object(y)) = (&plain_a, &plain_b)
            && let Some(both) = unify(x, y, clash)
        {
            let mut both = Value::Object(both);
            if null_a && null_b {
                schema::make_nullable(&mut both);
            }
            return Some(both);
        }
    }
    clash(a, b, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn both(a: Value, b: Value) -> Option<Value> {
        let (a, b) = (a.as_object().unwrap(), b.as_object().unwrap());
        unify(a, b, &mut |_, _, _| None).map(Value::Object)
    }

    #[test]
    fn objects_have_the_properties_of_both() {
        assert_eq!(
            both(
                json!({"type": "object", "description": "first", "required": ["a"], "properties": {
                    "a": {"type": "string"}, "kind": {"type": "string", "enum": ["x", "y"]}}}),
                json!({"type": "object", "description": "second", "required": ["a", "b"], "additionalProperties": false, "properties": {
                    "b": {"type": "integer"}, "kind": {"const": "x"}}}),
            ),
            Some(
                json!({"type": "object", "description": "first", "required": ["a", "b"], "additionalProperties": false, "properties": {
                    "a": {"type": "string"}, "kind": {"type": "string", "enum": ["x"]}, "b": {"type": "integer"}}})
            )
        );
    }

    #[test]
    fn what_both_take_is_taken() {
        for (a, b, result) in [
            (
                json!({"type": "number"}),
                json!({"type": "integer"}),
                Some(json!({"type": "integer"})),
            ),
            (
                json!({"type": ["string", "null"]}),
                json!({"type": "string"}),
                Some(json!({"type": "string"})),
            ),
            (json!({"type": "string"}), json!({"type": "boolean"}), None),
            (json!({"const": 1}), json!({"const": 2}), None),
            (json!({"enum": ["a"]}), json!({"enum": ["b"]}), None),
            (
                json!({"enum": ["a", "b"]}),
                json!({"const": "b"}),
                Some(json!({"enum": ["b"]})),
            ),
        ] {
            assert_eq!(both(a, b), result);
        }
    }

    #[test]
    fn a_clash_is_asked_for() {
        let a = json!({"properties": {"p": {"type": "string"}, "q": {"type": "string"}}});
        let b = json!({"properties": {"p": {"type": "integer"}, "q": {"description": "d"}}});
        let mut asked = Vec::new();
        let both = unify(
            a.as_object().unwrap(),
            b.as_object().unwrap(),
            &mut |_, _, name| {
                asked.push(name.to_owned());
                Some(json!({}))
            },
        );
        assert_eq!(asked, ["p"]);
        assert_eq!(
            Value::Object(both.unwrap()),
            json!({"properties": {"p": {}, "q": {"type": "string", "description": "d"}}})
        );
    }
}
