//! Answers are read tolerantly: what a server leaves out, nulls or adds must
//! not fail a call that the caller could have used.

use serde_json::{Map, Value, json};

use super::{reach, rule, strip};
use crate::{Pointer, Report, Subject, schema, walk};

/// The mark on a string enum that keeps values it does not know.
pub(crate) const OPEN: &str = "x-open-enum";

/// The mark on the property that identifies what an object is about.
const ID: &str = "x-id";

/// The mark on a schema that an answer can hold.
pub(crate) const RESPONSE: &str = "x-response";

/// Calls `visit` for every schema that [`mark_answers`] found.
fn response_schemas(document: &mut Value, visit: &mut dyn FnMut(&mut Value, &Pointer)) {
    let at = Pointer::root().joins(["components", "schemas"]);
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas
            .iter_mut()
            .filter(|(_, schema)| schema.get(RESPONSE).is_some())
        {
            walk::schema_tree(schema, &at.join(name), visit);
        }
    }
}

/// Marks the schemas that an answer can hold, and no others.
pub(super) fn mark_answers(document: &mut Value) {
    let reached = reach::reach(document).responses;
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas.iter_mut() {
            let Value::Object(schema) = schema else {
                continue;
            };
            if reached.contains(name) {
                schema.insert(RESPONSE.into(), json!(true));
            } else {
                schema.shift_remove(RESPONSE);
            }
        }
    }
}

/// Keeps entries beside the properties of an object that requests hold, where
/// the document says that there may be more: `true` keeps none in generated code,
/// any schema does. Responses are read without them.
pub(super) fn open_objects(document: &mut Value, report: &mut Report) {
    let sent = reach::reach(document).requests;
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    for (name, schema) in schemas {
        let is_sent = sent.contains(name);
        walk::schema_tree(schema, &at.join(name), &mut |schema, at| {
            let Value::Object(schema) = schema else {
                return;
            };
            let declares = schema.get("properties").and_then(Value::as_object);
            if declares.is_none_or(Map::is_empty)
                || schema.get("additionalProperties") != Some(&Value::Bool(true))
            {
                return;
            }
            let at = at.join("additionalProperties");
            if is_sent {
                schema.insert("additionalProperties".into(), json!({}));
                report.changed(rule("open-object"), &at, "more may be sent");
            } else {
                schema.shift_remove("additionalProperties");
                let note = "a response is read without what is not declared";
                report.lost(Subject::Annotation, rule("open-object"), &at, note);
            }
        });
    }
}

/// Reads a fixed value in an answer as any value of its type, and says in the
/// description which one is due.
pub(super) fn constants(document: &mut Value, report: &mut Report) {
    response_schemas(document, &mut |schema, at| {
        let Value::Object(schema) = schema else {
            return;
        };
        let value = match (
            schema.get("const"),
            schema.get("enum").and_then(Value::as_array),
        ) {
            (Some(value), _) => value.clone(),
            (None, Some(values)) if values.len() == 1 => values[0].clone(),
            _ => return,
        };
        if value.is_null() {
            return;
        }
        schema.shift_remove("const");
        schema.shift_remove("enum");
        if !schema.contains_key("type")
            && let Some(kind) = type_of(&value)
        {
            schema.insert("type".into(), json!(kind));
        }
        strip::tell(
            schema,
            &format!(
                "Always `{}`, as documented.",
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            ),
        );
        schema::declare(schema, "const", value);
        report.changed(
            rule("constant"),
            at,
            "any value of its type is read in an answer",
        );
    });
}

fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Null => return None,
    })
}

/// Lets every property of an answer be absent or null, but for the id that
/// tells which thing the answer is about.
pub(super) fn absence_and_null(document: &mut Value, report: &mut Report) {
    response_schemas(document, &mut |schema, at| {
        let Value::Object(schema) = schema else {
            return;
        };
        let id = identifying(schema);
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            for (name, property) in properties.iter_mut() {
                if Some(name) == id.as_ref() {
                    let (plain, _) = schema::without_null(property.take());
                    *property = plain;
                } else {
                    schema::make_nullable(property);
                }
            }
        }
        if let Some(id) = &id
            && !requires(schema, id)
        {
            schema.insert("required".into(), json!([id]));
        }
        let Some(Value::Array(required)) = schema.get_mut("required") else {
            return;
        };
        let before = required.len();
        required.retain(|name| name.as_str() == id.as_deref());
        if required.len() != before {
            report.changed(
                rule("absent-or-null"),
                at,
                "what an answer leaves out is read as none",
            );
        }
        if required.is_empty() {
            schema.shift_remove("required");
        }
    });
}

/// The property that identifies the thing an object is: the one that is marked
/// with `x-id: true`, as an overlay may do, else `id` where it is required.
/// Other names do not tell: `avatar_id` may be the id of an avatar or of a
/// video's avatar.
fn identifying(schema: &Map<String, Value>) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    let marked = properties
        .iter()
        .find(|(_, property)| property.get(ID) == Some(&Value::Bool(true)));
    if let Some((name, _)) = marked {
        return Some(name.clone());
    }
    let plain = |id: &&Value| requires(schema, "id") && !schema::takes_null(id);
    properties.get("id").filter(plain).map(|_| "id".to_owned())
}

fn requires(schema: &Map<String, Value>, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|r| r == name))
}

/// Whether reading this schema tolerantly would drop something required.
pub(super) fn loosens(schema: &Value) -> bool {
    let Value::Object(object) = schema else {
        return false;
    };
    let id = identifying(object);
    object
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|required| required.iter().any(|name| name.as_str() != id.as_deref()))
}

/// Marks the string enums of answers as open, and reads other lists of values
/// as any value of their type.
pub(super) fn open_enums(document: &mut Value, report: &mut Report) {
    response_schemas(document, &mut |schema, at| {
        let Value::Object(schema) = schema else {
            return;
        };
        let Some(Value::Array(values)) = schema.get("enum") else {
            return;
        };
        if values.iter().all(|v| v.is_string() || v.is_null()) {
            schema.insert(OPEN.into(), json!(true));
            report.changed(rule("open-enum"), at, "keeps values it does not know");
        } else {
            let known: Vec<_> = values.iter().map(ToString::to_string).collect();
            strip::tell(schema, &format!("Known values: `{}`.", known.join("`, `")));
            if let Some(values) = schema.shift_remove("enum") {
                schema::declare(schema, "enum", values);
            }
            report.changed(
                rule("open-enum"),
                at,
                "any value of its type is read in an answer",
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn in_answer(rule: fn(&mut Value, &mut Report), schema: Value) -> Value {
        let mut document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}}}}}},
            "components": {"schemas": {"S": schema, "Other": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}}},
        });
        let before = document["components"]["schemas"]["Other"].clone();
        mark_answers(&mut document);
        rule(&mut document, &mut Report::new());
        assert_eq!(
            document["components"]["schemas"]["Other"], before,
            "not in an answer"
        );
        let mut schema = document["components"]["schemas"]["S"].take();
        let mark = schema.as_object_mut().unwrap().shift_remove(RESPONSE);
        assert_eq!(mark, Some(json!(true)));
        schema
    }

    #[test]
    fn all_but_the_id_may_be_missing_or_null() {
        let schema = json!({"type": "object", "required": ["id", "name"], "properties": {
            "id": {"type": "string"}, "name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}}});
        assert_eq!(
            in_answer(absence_and_null, schema),
            json!({"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "name": {"type": ["string", "null"]},
                "tags": {"type": ["array", "null"], "items": {"type": "string"}}}})
        );
        let schema = json!({"type": "object", "required": ["a"]});
        assert_eq!(
            in_answer(absence_and_null, schema),
            json!({"type": "object"}),
            "required, but not declared"
        );
        let ids = json!({"a_id": {"type": "string"}, "b_id": {"type": ["string", "null"]}});
        let mut schema = json!({"type": "object", "required": ["a_id", "b_id"], "properties": ids});
        assert!(
            in_answer(absence_and_null, schema.clone())
                .get("required")
                .is_none(),
            "which of them is it?"
        );
        schema["properties"]["b_id"]["x-id"] = json!(true);
        let read = in_answer(absence_and_null, schema.clone());
        assert_eq!(read["required"], json!(["b_id"]));
        assert_eq!(read["properties"]["b_id"]["type"], json!("string"));
        schema["required"] = json!(["a_id"]);
        assert_eq!(in_answer(absence_and_null, schema), read);
    }

    #[test]
    fn fixed_values_and_lists_of_values_are_not_held_against_the_server() {
        assert_eq!(
            in_answer(constants, json!({"const": "list"})),
            json!({"type": "string", "description": "Always `list`, as documented.",
                "x-declared": {"const": "list"}})
        );
        assert_eq!(
            in_answer(open_enums, json!({"type": "integer", "enum": [1, 2]})),
            json!({"type": "integer", "description": "Known values: `1`, `2`.",
                "x-declared": {"enum": [1, 2]}})
        );
        assert_eq!(
            in_answer(open_enums, json!({"type": "string", "enum": ["a", "b"]})),
            json!({"type": "string", "enum": ["a", "b"], "x-open-enum": true})
        );
    }
}
