//! Parameters of a form that the generator has no type or no code for.

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, count, schema, walk};

/// Makes every parameter one that the generator can send, or leaves it out.
pub(super) fn expressible(document: &mut Value, report: &mut Report) {
    walk::beside_schemas(document, |document, schemas| {
        walk::operations(document, &mut |_, _, operation, at| {
            let at = at.join("parameters");
            let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
                return;
            };
            let old = std::mem::take(parameters);
            let mut left = Vec::new();
            for (index, parameter) in old.into_iter().enumerate() {
                let at = at.join(index);
                parameters.extend(one(parameter, schemas, &at, report));
                left.resize(parameters.len(), index);
            }
            report.renumbered(&at, &left);
            if parameters.is_empty() {
                operation.shift_remove("parameters");
            }
        });
    });
}

/// What stands for one parameter: itself, mostly.
fn one(
    mut parameter: Value,
    schemas: &Map<String, Value>,
    at: &Pointer,
    report: &mut Report,
) -> Vec<Value> {
    let Value::Object(object) = &mut parameter else {
        report.lost(
            Subject::Parameter,
            rule("parameter"),
            at,
            "no parameter; left out",
        );
        return Vec::new();
    };
    let name = object.get("name").and_then(Value::as_str);
    if name.is_none_or(str::is_empty) {
        report.lost(
            Subject::Parameter,
            rule("parameter"),
            at,
            "has no name; left out",
        );
        return Vec::new();
    }
    if !object.contains_key("schema") {
        let content = object.shift_remove("content").is_some();
        object.insert("schema".into(), json!({"type": "string"}));
        if content {
            report.lost(
                Subject::Type,
                rule("parameter-content"),
                at,
                "a document within a parameter is taken as text",
            );
        }
    }
    // What is null is not sent at all.
    let (schema, null) = schema::without_null(object["schema"].clone());
    if null {
        object.insert("schema".into(), schema);
    }
    let whole = resolved(&object["schema"], schemas);
    let query = object.get("in").and_then(Value::as_str) == Some("query");
    let style = object.shift_remove("style");
    let style = style.as_ref().and_then(Value::as_str).unwrap_or("form");
    let explode = object.shift_remove("explode") != Some(Value::Bool(false));
    object.shift_remove("allowReserved");
    if is_object(&whole) {
        let deep = style == "deepObject";
        return if query {
            spread(object, &whole, schemas, deep, at, report)
        } else {
            as_text(object, at, report);
            vec![parameter]
        };
    }
    let list = schema::has_type(&whole, "array");
    let plain_list = query && explode && {
        let items = whole.get("items").map(|items| resolved(items, schemas));
        items.is_none_or(|items| is_scalar(&items))
    };
    let plain_style = !query || style == "form";
    if (list && !(plain_list && plain_style)) || !(list || is_scalar(&whole)) {
        as_text(object, at, report);
    }
    vec![parameter]
}

/// A schema with references followed and null left out.
fn resolved(value: &Value, schemas: &Map<String, Value>) -> Value {
    let mut value = schema::without_null(value.clone()).0;
    for _ in 0..16 {
        let Some(target) = schema::ref_name(&value).and_then(|name| schemas.get(name)) else {
            break;
        };
        value = schema::without_null(target.clone()).0;
    }
    value
}

fn is_object(schema: &Value) -> bool {
    schema::has_type(schema, "object") || schema.get("properties").is_some()
}

/// Whether the schema is of one type that is written as a word.
fn is_scalar(schema: &Value) -> bool {
    let union = ["oneOf", "anyOf", "allOf", "not"]
        .iter()
        .any(|key| schema.get(key).is_some());
    let one = ["string", "integer", "number", "boolean"]
        .iter()
        .any(|kind| schema.get("type").is_some_and(|t| t == kind));
    let words = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.iter().all(Value::is_string));
    !union && (one || (words && schema.get("type").is_none()))
}

/// Takes the value as text, in the form the caller has to write it.
fn as_text(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let about = object["schema"].get("description").cloned();
    object.insert("schema".into(), json!({"type": "string"}));
    if let Some(about) = about {
        object.entry("description").or_insert(about);
    }
    report.lost(
        Subject::Type,
        rule("parameter-form"),
        at,
        "taken as text, written by the caller",
    );
}

/// An object among the query parameters, as one parameter for each property:
/// `name[property]` for deep objects, `property` for others.
fn spread(
    object: &Map<String, Value>,
    whole: &Value,
    schemas: &Map<String, Value>,
    deep: bool,
    at: &Pointer,
    report: &mut Report,
) -> Vec<Value> {
    let name = object["name"].as_str().unwrap_or_default();
    let required = object.get("required") == Some(&Value::Bool(true));
    let needed = |property: &str| {
        required
            && whole
                .get("required")
                .and_then(Value::as_array)
                .is_some_and(|names| names.iter().any(|n| n == property))
    };
    let mut out = Vec::new();
    let properties = whole.get("properties").and_then(Value::as_object);
    for (property, schema) in properties.into_iter().flatten() {
        let inner = resolved(schema, schemas);
        let schema = if is_scalar(&inner) {
            schema.clone()
        } else {
            json!({"type": "string"})
        };
        let name = if deep {
            format!("{name}[{property}]")
        } else {
            property.clone()
        };
        out.push(
            json!({"name": name, "in": "query", "required": needed(property), "schema": schema}),
        );
    }
    report.lost(
        if out.is_empty() {
            Subject::Parameter
        } else {
            Subject::Type
        },
        rule("parameter-object"),
        at,
        format!(
            "{name:?} is sent as {}, one for each property",
            count(out.len(), "parameter")
        ),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(parameters: &Value) -> (Value, Report) {
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": parameters}}},
            "components": {"schemas": {"Filter": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "object"}}, "required": ["a"]}}},
        });
        let mut report = Report::new();
        expressible(&mut document, &mut report);
        (document["paths"]["/a"]["get"]["parameters"].take(), report)
    }

    #[test]
    fn objects_are_sent_property_by_property() {
        let (parameters, report) = after(&json!([
            {"name": "f", "in": "query", "style": "deepObject", "required": true, "schema": {"$ref": "#/components/schemas/Filter"}},
            {"name": "g", "in": "query", "schema": {"type": ["object", "null"], "properties": {"x": {"type": "integer"}}}},
        ]));
        assert_eq!(
            parameters,
            json!([
                {"name": "f[a]", "in": "query", "required": true, "schema": {"type": "string"}},
                {"name": "f[b]", "in": "query", "required": false, "schema": {"type": "string"}},
                {"name": "x", "in": "query", "required": false, "schema": {"type": "integer"}},
            ])
        );
        assert_eq!(report.losses().count(), 2);
    }

    #[test]
    fn lists_in_one_value_and_documents_are_text() {
        let (parameters, report) = after(&json!([
            {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "string"}, "description": "ids"}},
            {"name": "q", "in": "query", "content": {"application/json": {"schema": {}}}},
            {"name": "ok", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
        ]));
        assert_eq!(
            parameters,
            json!([
                {"name": "ids", "in": "query", "schema": {"type": "string"}, "description": "ids"},
                {"name": "q", "in": "query", "schema": {"type": "string"}},
                {"name": "ok", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
            ])
        );
        assert_eq!(report.losses().count(), 2);
    }

    #[test]
    fn null_is_not_sent() {
        let (parameters, report) = after(&json!([
            {"name": "X-Token", "in": "header", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        ]));
        assert_eq!(
            parameters,
            json!([{"name": "X-Token", "in": "header", "schema": {"type": "string"}}])
        );
        assert_eq!(report.losses().count(), 0);
    }
}
