//! What an object declares for a property: its fixed values.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::schema;

/// How deep references, members and unions in unions are followed.
pub(super) const DEPTH: usize = 16;

/// The variants of a union that are not null.
pub(in super::super) fn arms(union: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["oneOf", "anyOf"].into_iter();
    lists
        .filter_map(|key| union.get(key)?.as_array())
        .flatten()
        .filter(|arm| !schema::is_null(arm))
}

/// A schema and those it extends: members of `allOf`, theirs, and so on.
pub(super) fn extended<'a>(schema: &'a Value, schemas: &'a Map<String, Value>) -> Vec<&'a Value> {
    let mut all = vec![schema];
    let mut next = 0;
    while let Some(schema) = all.get(next).copied() {
        next += 1;
        let members = schema.get("allOf").and_then(Value::as_array);
        for member in members.into_iter().flatten() {
            let target = schema::ref_name(member).and_then(|name| schemas.get(name));
            let member = target.unwrap_or(member);
            if !all.iter().any(|other| std::ptr::eq(*other, member)) {
                all.push(member);
            }
        }
    }
    all
}

/// The properties that an object must hold, those of its members included.
pub(super) fn required<'a>(schema: &'a Value, schemas: &'a Map<String, Value>) -> Vec<&'a str> {
    let all = extended(schema, schemas).into_iter();
    all.filter_map(|schema| schema.get("required")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The schemas that an object, and those it extends, declare for a property.
pub(super) fn declarations<'a>(
    object: &'a Value,
    property: &str,
    schemas: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a Value> {
    let all = extended(object, schemas).into_iter();
    all.filter_map(move |schema| schema.get("properties")?.get(property))
}

/// The fixed values of a property of an object: the fewest that it or a schema
/// it extends declares. None if the property is not a string.
pub(super) fn declared_values(
    object: &Value,
    property: &str,
    schemas: &Map<String, Value>,
) -> Option<Vec<String>> {
    let all = declarations(object, property, schemas);
    let all: Option<Vec<_>> = all.map(|schema| fixed_values(schema, schemas, 0)).collect();
    let listed = all?.into_iter().filter(|values| !values.is_empty());
    Some(listed.min_by_key(Vec::len).unwrap_or_default())
}

/// The strings that a schema accepts, where all are listed; empty where they
/// are not. None if it accepts no strings.
fn fixed_values(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Option<Vec<String>> {
    if depth > DEPTH {
        return Some(Vec::new());
    }
    let fixed = schema.get("const").map(std::slice::from_ref);
    let listed = schema.get("enum").and_then(Value::as_array);
    if let Some(values) = fixed.or(listed.map(Vec::as_slice)) {
        let mut seen = HashSet::new();
        let values = values
            .iter()
            .filter(|value| !value.is_null() && seen.insert(*value));
        return values
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
    }
    if let Some(target) = schema::ref_name(schema).and_then(|name| schemas.get(name)) {
        return fixed_values(target, schemas, depth + 1);
    }
    let members = schema.get("allOf").and_then(Value::as_array);
    for member in members.into_iter().flatten() {
        let values = fixed_values(member, schemas, depth + 1)?;
        if !values.is_empty() {
            return Some(values);
        }
    }
    let mut inner = arms(schema);
    if let (Some(only), None) = (inner.next(), inner.next()) {
        return fixed_values(only, schemas, depth + 1);
    }
    let kinds = schema.as_object().map(schema::kinds).unwrap_or_default();
    let is_other = |kind: &&str| !matches!(*kind, "string" | "null");
    (kinds.contains(&"string") || !kinds.iter().any(is_other)).then(Vec::new)
}
