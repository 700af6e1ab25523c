//! Responses are read tolerantly: what a server leaves out, nulls or adds must
//! not fail a call that the caller could have used.

use serde_json::{Map, Value, json};

use super::{enums, reach, strip};
use crate::{Pointer, Report, Subject, schema, walk};

/// The mark on a string enum that keeps values it does not know.
pub(crate) const OPEN: &str = "x-open-enum";

/// The mark on the property that identifies what an object is about.
const ID: &str = "x-id";

/// The mark on the property that says how far a job is. It is no option: absent
/// and null are read as a state that is not known.
pub(crate) const STATE: &str = "x-state";

/// The mark on a schema that a response can hold.
pub(crate) const RESPONSE: &str = "x-response";

/// Calls `visit` for every schema that [`mark_responses`] found.
fn response_schemas(
    document: &mut Value,
    visit: &mut dyn FnMut(&mut Map<String, Value>, &Pointer),
) {
    let wanted = |_: &str, schema: &Value| schema.get(RESPONSE).is_some();
    walk::within_components(document, &wanted, visit);
}

/// Marks the schemas that a response can hold, and no others.
pub(super) fn mark_responses(document: &mut Value, _: &mut Report) {
    let reached = reach::reach(document).responses;
    for (name, schema) in walk::component_schemas(document) {
        if let Value::Object(schema) = schema {
            schema.shift_remove(RESPONSE);
            if reached.contains(name) {
                schema.insert(RESPONSE.into(), json!(true));
            }
        }
    }
}

/// Keeps entries beside the properties of an object that requests hold, where
/// the document says that there may be more: `true` keeps none in generated code,
/// any schema does. Responses are read without them.
pub(super) fn open_objects(document: &mut Value, report: &mut Report) {
    const KEY: &str = "additionalProperties";
    let sent = reach::reach(document).requests;
    for is_sent in [true, false] {
        let wanted = |name: &str, _: &Value| sent.contains(name) == is_sent;
        walk::within_components(document, &wanted, &mut |schema, at| {
            let declares = schema.get("properties").and_then(Value::as_object);
            if declares.is_none_or(Map::is_empty) || schema.get(KEY) != Some(&json!(true)) {
                return;
            }
            let at = at.join(KEY);
            if is_sent {
                schema.insert(KEY.into(), json!({}));
                report.changed(&at, "more may be sent");
            } else {
                schema.shift_remove(KEY);
                let note = "a response is read without what is not declared";
                report.lost(Subject::Annotation, &at, note);
            }
        });
    }
}

/// Reads a fixed value in a response as any value of its type, and says in the
/// description which one is due. Marks other enums as open.
pub(super) fn enums(document: &mut Value, report: &mut Report) {
    response_schemas(document, &mut |schema, at| {
        let values = enums::values(schema).unwrap_or_default();
        let ([value], Some(kind)) = (values, values.first().and_then(schema::kind_of)) else {
            if values.iter().any(Value::is_string) {
                schema.insert(OPEN.into(), json!(true));
                report.changed(at, "keeps values it does not know");
            }
            return;
        };
        let value = value.clone();
        schema.retain(|key, _| !matches!(key.as_str(), "const" | "enum"));
        schema.entry("type").or_insert(json!(kind));
        let shown = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        strip::tell(schema, &format!("Always `{shown}`, as documented."));
        schema::declare(schema, "const", value);
        report.changed(at, "any value of its type is read in a response");
    });
}

/// Lets every property of a response be absent or null, but for the id that
/// tells which thing the response is about, and the state of a job.
pub(super) fn absence_and_null(document: &mut Value, report: &mut Report) {
    response_schemas(document, &mut |schema, at| {
        let id = identifying(schema);
        let mut kept: Vec<String> = id.into_iter().collect();
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            for (name, property) in properties.iter_mut() {
                if property.get(STATE) == Some(&json!(true)) && !kept.contains(name) {
                    kept.push(name.clone());
                }
                if kept.contains(name) {
                    *property = schema::without_null(property.take()).0;
                } else {
                    schema::make_nullable(property);
                }
            }
        }
        let less = schema::retain_required(schema, |name| kept.iter().any(|kept| kept == name));
        if !kept.is_empty() {
            schema.insert("required".into(), json!(kept));
        }
        if less {
            report.changed(at, "what a response leaves out is read as none");
        }
    });
}

/// The property that identifies the thing an object is: the one that is marked
/// with `x-id: true`, as an overlay may do, else `id` where it is required.
/// Other names do not tell: `avatar_id` may be the id of an avatar or of a
/// video's avatar.
fn identifying(schema: &Map<String, Value>) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    let is_marked = |property: &Value| property.get(ID) == Some(&json!(true));
    let marked = properties.iter().find(|(_, property)| is_marked(property));
    if let Some((name, _)) = marked {
        return Some(name.clone());
    }
    let plain = |id: &&Value| schema::requires(schema, "id") && !schema::takes_null(id);
    properties.get("id").filter(plain).map(|_| "id".to_owned())
}

/// Whether reading this schema tolerantly would drop something required.
pub(super) fn loosens(schema: &Value) -> bool {
    let Value::Object(schema) = schema else {
        return false;
    };
    let id = identifying(schema);
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|name| name.as_str() != id.as_deref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn in_response(rule: fn(&mut Value, &mut Report), schema: Value) -> Value {
        let mut document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}}}}}},
            "components": {"schemas": {"S": schema, "Other": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}}},
        });
        let before = document["components"]["schemas"]["Other"].clone();
        mark_responses(&mut document, &mut Report::new());
        rule(&mut document, &mut Report::new());
        assert_eq!(
            document["components"]["schemas"]["Other"], before,
            "not in a response"
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
            in_response(absence_and_null, schema),
            json!({"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "name": {"type": ["string", "null"]},
                "tags": {"type": ["array", "null"], "items": {"type": "string"}}}})
        );
        let schema = json!({"type": "object", "required": ["a"]});
        assert_eq!(
            in_response(absence_and_null, schema),
            json!({"type": "object"}),
            "required, but not declared"
        );
        let ids = json!({"a_id": {"type": "string"}, "b_id": {"type": ["string", "null"]}});
        let mut schema = json!({"type": "object", "required": ["a_id", "b_id"], "properties": ids});
        assert!(
            in_response(absence_and_null, schema.clone())
                .get("required")
                .is_none(),
            "which of them is it?"
        );
        schema["properties"]["b_id"]["x-id"] = json!(true);
        let read = in_response(absence_and_null, schema.clone());
        assert_eq!(read["required"], json!(["b_id"]));
        assert_eq!(read["properties"]["b_id"]["type"], json!("string"));
        schema["required"] = json!(["a_id"]);
        assert_eq!(in_response(absence_and_null, schema), read);
    }

    #[test]
    fn state_is_required_and_never_null() {
        let schema = json!({"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string"},
            "status": {"type": ["string", "null"], "x-state": true},
            "title": {"type": "string"}}});
        assert_eq!(
            in_response(absence_and_null, schema),
            json!({"type": "object", "required": ["id", "status"], "properties": {
                "id": {"type": "string"},
                "status": {"type": "string", "x-state": true},
                "title": {"type": ["string", "null"]}}})
        );
    }

    #[test]
    fn fixed_values_and_lists_of_values_are_not_held_against_the_server() {
        assert_eq!(
            in_response(enums, json!({"const": "list"})),
            json!({"type": "string", "description": "Always `list`, as documented.",
                "x-declared": {"const": "list"}})
        );
        assert_eq!(
            in_response(enums, json!({"type": "string", "enum": ["a", "b"]})),
            json!({"type": "string", "enum": ["a", "b"], "x-open-enum": true})
        );
    }
}
