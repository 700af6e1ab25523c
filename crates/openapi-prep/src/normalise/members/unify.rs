//! Two schemas that a value must both meet, said as one.

use serde_json::{Map, Value, json};

use crate::schema;

/// Asked for the schema of a property for which two are given that cannot be
/// said as one here: the schemas and the property's name. None gives up.
pub(super) type Clash<'a> = dyn FnMut(&Value, &Value, &str) -> Option<Value> + 'a;

/// The schema that says what both say, where neither refers to others. What
/// only narrows further (bounds, formats) is taken from the first that has it.
pub(super) fn unify(
    a: &Map<String, Value>,
    b: &Map<String, Value>,
    clash: &mut Clash<'_>,
) -> Option<Map<String, Value>> {
    let mut both = a.clone();
    for (key, theirs) in b {
        let Some(ours) = both.get(key).cloned() else {
            both.insert(key.clone(), theirs.clone());
            continue;
        };
        let value = match key.as_str() {
            "type" => common_type(&ours, theirs)?,
            "properties" | "patternProperties" => properties(&ours, theirs, clash)?,
            "required" => all_of_lists(&ours, theirs),
            "enum" => common_values(&ours, theirs)?,
            "const" if ours != *theirs => return None,
            "items" => schemas(&ours, theirs, key, clash)?,
            "additionalProperties" => match (&ours, theirs) {
                // Closed for its own part only: the whole holds more.
                (Value::Bool(false), other) | (other, Value::Bool(false)) => match other {
                    Value::Bool(_) => {
                        both.shift_remove(key);
                        continue;
                    }
                    other => other.clone(),
                },
                (Value::Bool(true), other) | (other, Value::Bool(true)) => other.clone(),
                _ => schemas(&ours, theirs, key, clash)?,
            },
            schema::DECLARED => {
                schema::annotate(&mut both, key, theirs);
                continue;
            }
            _ => ours,
        };
        both.insert(key.clone(), value);
    }
    // One fixed value among those listed.
    if let (Some(value), Some(Value::Array(values))) = (both.get("const"), both.get("enum")) {
        if !values.contains(value) {
            return None;
        }
        both.shift_remove("enum");
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

fn common_type(a: &Value, b: &Value) -> Option<Value> {
    let list = |value: &Value| match value {
        Value::Array(many) => many.clone(),
        one => vec![one.clone()],
    };
    let (ours, theirs) = (list(a), list(b));
    let mut common: Vec<Value> = Vec::new();
    for kind in &ours {
        let narrower = match kind.as_str() {
            _ if theirs.contains(kind) => Some(kind.clone()),
            Some("number") if theirs.contains(&json!("integer")) => Some(json!("integer")),
            Some("integer") if theirs.contains(&json!("number")) => Some(kind.clone()),
            _ => None,
        };
        common.extend(narrower.filter(|kind| !common.contains(kind)));
    }
    match common.len() {
        0 => None,
        1 => Some(common.remove(0)),
        _ => Some(Value::Array(common)),
    }
}

fn common_values(a: &Value, b: &Value) -> Option<Value> {
    let (Value::Array(a), Value::Array(b)) = (a, b) else {
        return Some(a.clone());
    };
    let common: Vec<Value> = a.iter().filter(|v| b.contains(v)).cloned().collect();
    (!common.is_empty()).then_some(Value::Array(common))
}

fn all_of_lists(a: &Value, b: &Value) -> Value {
    let (Value::Array(a), Value::Array(b)) = (a, b) else {
        return if a.is_array() { a.clone() } else { b.clone() };
    };
    let mut all = a.clone();
    all.extend(b.iter().filter(|name| !a.contains(name)).cloned());
    Value::Array(all)
}

fn properties(a: &Value, b: &Value, clash: &mut Clash<'_>) -> Option<Value> {
    let (Value::Object(a), Value::Object(b)) = (a, b) else {
        return Some(if a.is_object() { a.clone() } else { b.clone() });
    };
    let mut all = a.clone();
    for (name, theirs) in b {
        let property = match all.get(name) {
            None => theirs.clone(),
            Some(ours) => schemas(&ours.clone(), theirs, name, clash)?,
        };
        all.insert(name.clone(), property);
    }
    Some(Value::Object(all))
}

/// The schema of a place for which two are given.
fn schemas(a: &Value, b: &Value, name: &str, clash: &mut Clash<'_>) -> Option<Value> {
    let told = |mut schema: Value, by: &Value| {
        if let (Value::Object(schema), Value::Object(by)) = (&mut schema, by) {
            for (key, value) in by.iter().filter(|(key, _)| tells_only(key)) {
                schema::annotate(schema, key, value);
            }
        }
        schema
    };
    if schema::shape(a) == schema::shape(b) || is_silent(b) {
        return Some(told(a.clone(), b));
    }
    if is_silent(a) {
        return Some(told(b.clone(), a));
    }
    let refers = |schema: &Value| {
        ["$ref", "allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(key).is_some())
    };
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
                    "a": {"type": "string"}, "kind": {"type": "string", "const": "x"}, "b": {"type": "integer"}}})
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
                Some(json!({"const": "b"})),
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
