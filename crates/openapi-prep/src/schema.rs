//! Small questions about one schema, asked by many rules.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

/// The prefix of a reference to a named schema.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The name of the schema a reference points to, if it is a plain one.
pub(crate) fn ref_name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// What a schema refers to in the end: itself, where that is no reference, and
/// the last reference, where that leads to nothing or back.
pub(crate) fn resolved<'a>(schema: &'a Value, schemas: &'a Map<String, Value>) -> &'a Value {
    let mut seen = HashSet::new();
    let mut found = schema;
    while let Some(name) = ref_name(found)
        && seen.insert(name)
        && let Some(next) = schemas.get(name)
    {
        found = next;
    }
    found
}

/// Whether an object has one of these keys. Objects have few keys: these are
/// compared, as to look each of many up takes longer.
pub(crate) fn has_any(object: &Map<String, Value>, keys: &[&str]) -> bool {
    object.keys().any(|key| keys.contains(&key.as_str()))
}

/// A reference to a named schema.
pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// Whether `{"type": "null"}` and nothing else.
pub(crate) fn is_null(schema: &Value) -> bool {
    schema
        .get("type")
        .is_some_and(|t| t == "null" || *t == json!(["null"]))
        || schema.get("const").is_some_and(Value::is_null)
        || schema.get("enum").is_some_and(|e| *e == json!([null]))
}

/// Whether the schema's `type` is, or lists, this type.
pub(crate) fn has_type(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(many)) => many.iter().any(|t| t == name),
        _ => false,
    }
}

/// The types that the schema's `type` is or lists.
pub(crate) fn kinds(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether the schema, as it stands, takes `null`.
pub(crate) fn takes_null(schema: &Value) -> bool {
    if schema.get("nullable") == Some(&Value::Bool(true)) || is_null(schema) {
        return true;
    }
    if has_type(schema, "null") {
        return schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|values| values.contains(&Value::Null));
    }
    ["anyOf", "oneOf"].iter().any(|key| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .is_some_and(|arms| arms.iter().any(takes_null))
    })
}

/// Makes the schema take `null` as well, in the words of OpenAPI 3.1.
pub(crate) fn make_nullable(schema: &mut Value) {
    if takes_null(schema) {
        return;
    }
    let Value::Object(object) = schema else {
        return;
    };
    if object.contains_key("$ref") || object.contains_key("allOf") {
        let inner = std::mem::take(object);
        let (prose, inner) = split_prose(inner);
        *object = prose;
        object.insert("anyOf".into(), json!([inner, {"type": "null"}]));
        return;
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(Value::Array(arms)) = object.get_mut(key) {
            arms.push(json!({"type": "null"}));
            return;
        }
    }
    match object.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(one) => *one = json!([one.take(), "null"]),
        None => return,
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
}

/// Takes `null` out of a schema: what it says of a value that is there.
/// Gives the schema without null, and whether it took null.
pub(crate) fn without_null(mut schema: Value) -> (Value, bool) {
    let mut nullable = false;
    if let Value::Object(object) = &mut schema {
        if let Some(Value::Array(types)) = object.get_mut("type") {
            let before = types.len();
            types.retain(|t| t != "null");
            nullable |= types.len() != before;
            if types.len() == 1 {
                let one = types.remove(0);
                object.insert("type".into(), one);
            }
        }
        for key in ["anyOf", "oneOf"] {
            let Some(Value::Array(arms)) = object.get_mut(key) else {
                continue;
            };
            let before = arms.len();
            arms.retain(|arm| !is_null(arm));
            nullable |= arms.len() != before;
            if arms.len() == 1 && before == 2 {
                let arm = arms.remove(0);
                object.remove(key);
                beside(object, arm);
            }
        }
        if object.remove("nullable") == Some(Value::Bool(true)) {
            nullable = true;
        }
        if let Some(Value::Array(values)) = object.get_mut("enum")
            && values.iter().any(|v| !v.is_null())
        {
            let before = values.len();
            values.retain(|v| !v.is_null());
            // A type that leaves null out takes none, whatever is listed.
            nullable |= values.len() != before && !object.contains_key("type");
        }
    }
    (schema, nullable)
}

/// Adds what a schema says to another that holds at the same time: as a member
/// where both have a keyword.
fn beside(object: &mut Map<String, Value>, arm: Value) {
    let Value::Object(arm) = arm else { return };
    let both = |(key, value): (&String, &Value)| {
        !PROSE.contains(&key.as_str()) && object.get(key).is_some_and(|own| own != value)
    };
    // Nothing stands beside a reference that generators would read.
    let own = [
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
    ];
    let is_refined = arm.contains_key("$ref") && has_any(object, &own);
    if !is_refined && !arm.iter().any(both) {
        for (key, value) in arm {
            object.entry(key).or_insert(value);
        }
    } else if let Some(Value::Array(members)) = object.get_mut("allOf") {
        members.push(Value::Object(arm));
    } else {
        object.insert("allOf".into(), json!([arm]));
    }
}

/// Whether there may be null in a schema for [`without_null`] to take out:
/// asked before it is given a copy.
pub(crate) fn may_take_null(schema: &Value) -> bool {
    let Value::Object(object) = schema else {
        return false;
    };
    object
        .iter()
        .any(|(key, value)| match (key.as_str(), value) {
            ("nullable", value) => *value == Value::Bool(true),
            ("type", Value::Array(types)) => types.iter().any(|t| t == "null"),
            ("enum", Value::Array(values)) => values.iter().any(Value::is_null),
            ("anyOf" | "oneOf", Value::Array(arms)) => arms.iter().any(is_null),
            _ => false,
        })
}

/// Keywords that tell a reader something and constrain nothing.
pub(crate) const PROSE: [&str; 7] = [
    "title",
    "description",
    "deprecated",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
];

/// Parts the keywords a reader sees from those that constrain.
pub(crate) fn split_prose(schema: Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    schema
        .into_iter()
        .partition(|(key, _)| PROSE.contains(&key.as_str()))
}

/// The same schema, said without prose: equal for equal shapes.
pub(crate) fn shape(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let mut keys: Vec<_> = object.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            keys.into_iter()
                .filter(|(key, value)| {
                    let told = PROSE.contains(&key.as_str()) || *key == "default";
                    !told || value.is_object()
                })
                .map(|(key, value)| (key.clone(), shape(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(shape).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_until_they_lead_back() {
        let schemas = json!({"A": reference("B"), "B": {"type": "string"}, "C": reference("D"), "D": reference("C")});
        let schemas = schemas.as_object().unwrap();
        assert_eq!(resolved(&reference("A"), schemas), &schemas["B"]);
        assert_eq!(ref_name(resolved(&reference("C"), schemas)), Some("C"));
        assert_eq!(resolved(&reference("None"), schemas), &reference("None"));
    }

    #[test]
    fn null_is_not_overlooked() {
        for schema in [
            json!({"type": ["string", "null"]}),
            json!({"type": "string", "nullable": true}),
            json!({"enum": ["a", null]}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"oneOf": [{"type": "string"}, {"const": null}]}),
            json!({"oneOf": [{"type": "string"}, {"enum": [null]}]}),
        ] {
            assert!(without_null(schema.clone()).1, "{schema}");
            assert!(may_take_null(&schema), "{schema}");
        }
        assert!(!may_take_null(
            &json!({"type": "string", "nullable": false})
        ));
    }

    #[test]
    fn null_goes_in_and_comes_out_again() {
        for schema in [
            json!({"type": "string"}),
            json!({"$ref": "#/components/schemas/A"}),
            json!({"type": "string", "enum": ["a"]}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        ] {
            let mut nullable = schema.clone();
            make_nullable(&mut nullable);
            assert!(takes_null(&nullable), "{nullable}");
            assert_eq!(without_null(nullable), (schema, true));
        }
    }

    #[test]
    fn what_is_beside_a_nullable_union_is_kept() {
        let own = json!({"a": {"type": "string"}});
        let arm = json!({"type": "object", "properties": {"b": {"type": "string"}}});
        let union = json!({"type": "object", "properties": own, "anyOf": [arm, {"type": "null"}]});
        let whole = json!({"type": "object", "properties": own, "allOf": [arm]});
        assert_eq!(without_null(union), (whole, true));
        let union = json!({"properties": own, "anyOf": [reference("A"), {"type": "null"}]});
        let whole = json!({"properties": own, "allOf": [reference("A")]});
        assert_eq!(without_null(union), (whole, true));
    }

    #[test]
    fn an_enum_without_null_does_not_take_it() {
        assert!(!takes_null(
            &json!({"type": ["string", "null"], "enum": ["a"]})
        ));
    }
}
