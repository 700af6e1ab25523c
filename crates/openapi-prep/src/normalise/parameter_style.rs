//! How parameters are sent: each becomes one that generated code has a type
//! for and sends as the document says.
//!
//! The generator knows single values, and lists in a query as repeated keys. A
//! value that is joined into one string keeps `style` and `explode: false`, and
//! one sent as JSON its `content`: `lower` gives these a type.

use serde_json::{Map, Value, json};

use super::{
    parameter_object,
    parameter_shape::{Context, Shape},
    strip::tell,
};
use crate::{Report, Subject, schema, walk};

/// Makes every parameter one that generated code can send, or several.
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
                let Value::Object(parameter) = parameter else {
                    continue;
                };
                let at = &at.join(index);
                let mut context = Context {
                    schemas,
                    at,
                    report,
                };
                parameters.extend(sent_for(parameter, &mut context));
                left.resize(parameters.len(), index);
            }
            report.renumbered(&at, &left);
            if parameters.is_empty() {
                operation.shift_remove("parameters");
            }
        });
    });
}

/// What is sent for a parameter: itself, mostly.
fn sent_for(mut object: Map<String, Value>, context: &mut Context<'_>) -> Vec<Value> {
    if !object.contains_key("schema") {
        content(&mut object, context);
        return vec![Value::Object(object)];
    }
    let (schema, whole) = context.sent(&object["schema"]);
    let shape = Shape::of(&whole, context.schemas);
    object.insert("schema".into(), schema);
    let is_query = object.get("in").is_some_and(|location| location == "query");
    let default = if is_query { "form" } else { "simple" };
    let style = object.shift_remove("style");
    let style = style.as_ref().and_then(Value::as_str).unwrap_or(default);
    let explode = object.shift_remove("explode");
    let explode = explode.map_or(style == "form", |explode| explode == true);
    if object.shift_remove("allowReserved") == Some(Value::Bool(true)) {
        let note = "reserved characters are percent-encoded; servers decode them";
        context.lost(Subject::Annotation, note);
    }
    let separator = match style {
        "form" if is_query => Some("commas"),
        "simple" if !is_query => Some("commas"),
        "spaceDelimited" if is_query => Some("spaces"),
        "pipeDelimited" if is_query => Some("`|`"),
        _ => None,
    };
    let is_deep = style == "deepObject" && is_query;
    match (shape, separator) {
        (Shape::Scalar, _) if is_query || style == "simple" => {}
        (Shape::List, Some(_)) if is_query && explode => {}
        (Shape::Flat | Shape::Object, _)
            if is_deep || (separator.is_some() && is_query && explode) =>
        {
            return parameter_object::parameters(&object, &whole, is_deep, context);
        }
        // Each item of a list in a header or path is joined, exploded or not.
        (Shape::List | Shape::Flat, Some(separator)) if !explode || shape == Shape::List => {
            context.changed(format!("sent as one value, joined by {separator}"));
            let note = format!("Sent as one value, joined by {separator}.");
            tell(&mut object, &note);
            object.insert("style".into(), json!(style));
            object.insert("explode".into(), json!(false));
        }
        _ => {
            context.lost(Subject::Type, "taken as a string, written by the caller");
            if let Some(about) = object["schema"].get("description").cloned() {
                object.entry("description").or_insert(about);
            }
            object.insert("schema".into(), json!({"type": "string"}));
        }
    }
    vec![Value::Object(object)]
}

/// A parameter with a document inside.
fn content(object: &mut Map<String, Value>, context: &mut Context<'_>) {
    let declared = object.shift_remove("content").unwrap_or_default();
    if let Some(media) = declared.get("application/json") {
        let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
        let schema = schema::without_null(schema).0;
        let media = json!({"application/json": {"schema": schema}});
        object.insert("content".into(), media);
        context.changed("sent as one value, as JSON");
        tell(object, "Sent as JSON.");
        return;
    }
    if !declared.is_null() {
        let note = "a document that is not JSON is taken as a string";
        context.lost(Subject::Type, note);
    }
    object.insert("schema".into(), json!({"type": "string"}));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(parameters: &Value) -> (Value, Report) {
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": parameters}}},
            "components": {"schemas": {
                "Filter": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "object"}}, "required": ["a"]},
                "Id": {"type": "string"},
            }},
        });
        let mut report = Report::new();
        expressible(&mut document, &mut report);
        (document["paths"]["/a"]["get"]["parameters"].take(), report)
    }

    /// The schemas of parameters, and how many losses are reported.
    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn one(parameter: Value) -> (Value, usize) {
        let (mut parameters, report) = after(&json!([parameter]));
        (parameters[0].take(), report.losses().count())
    }

    #[test]
    fn lists_and_flat_objects_are_joined_as_their_style_says() {
        let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/Id"}});
        let flat = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
        for (place, style, explode, schema, joined) in [
            ("query", None, Some(false), &list, Some("form")),
            ("query", Some("form"), Some(false), &flat, Some("form")),
            (
                "query",
                Some("pipeDelimited"),
                None,
                &list,
                Some("pipeDelimited"),
            ),
            (
                "query",
                Some("spaceDelimited"),
                None,
                &list,
                Some("spaceDelimited"),
            ),
            ("query", Some("pipeDelimited"), Some(true), &list, None),
            ("query", None, None, &list, None),
            ("header", None, None, &list, Some("simple")),
            ("path", Some("simple"), Some(true), &list, Some("simple")),
            ("path", None, None, &flat, Some("simple")),
        ] {
            let mut parameter = json!({"name": "p", "in": place, "schema": schema});
            if let Some(style) = style {
                parameter["style"] = json!(style);
            }
            if let Some(explode) = explode {
                parameter["explode"] = json!(explode);
            }
            let (sent, losses) = one(parameter.clone());
            assert_eq!((&sent["schema"], losses), (schema, 0), "{parameter}");
            let kept = joined.map(|style| (json!(style), json!(false)));
            let found = sent
                .get("style")
                .map(|s| (s.clone(), sent["explode"].clone()));
            assert_eq!(found, kept, "{parameter}");
        }
    }

    #[test]
    fn what_no_type_is_for_is_a_string() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let objects = json!({"type": "array", "items": {"type": "object"}, "description": "d"});
        for parameter in [
            json!({"name": "p", "in": "path", "style": "label", "schema": {"type": "integer"}}),
            json!({"name": "p", "in": "path", "style": "matrix", "schema": list}),
            json!({"name": "p", "in": "query", "style": "deepObject", "schema": list}),
            json!({"name": "p", "in": "query", "schema": objects}),
            json!({"name": "p", "in": "header", "explode": true, "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}),
            json!({"name": "p", "in": "query", "content": {"text/csv": {}}}),
        ] {
            let (sent, losses) = one(parameter.clone());
            assert_eq!(
                (&sent["schema"], losses),
                (&json!({"type": "string"}), 1),
                "{parameter}"
            );
        }
    }

    #[test]
    fn json_in_a_parameter_keeps_its_type() {
        let content = json!({"application/json": {"schema": {"type": "array", "items": {}}}});
        let (sent, losses) = one(json!({"name": "q", "in": "query", "content": content}));
        assert_eq!((&sent["content"], losses), (&content, 0));
    }

    #[test]
    fn one_or_a_list_is_a_list() {
        let list = |schema: &Value| schema["type"] == "array" && schema.get("anyOf").is_none();
        for (schema, wanted) in [
            (
                json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"}]}),
                true,
            ),
            (
                json!({"oneOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Id"}}, {"type": "string", "description": "d"}]}),
                true,
            ),
            (
                json!({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "string"}}]}),
                false,
            ),
            (json!({"type": ["string", "integer"]}), false),
        ] {
            let (sent, losses) = one(json!({"name": "p", "in": "query", "schema": schema}));
            assert_eq!(
                (list(&sent["schema"]), losses == 0),
                (wanted, wanted),
                "{schema}"
            );
        }
    }

    #[test]
    fn reserved_characters_that_are_encoded_are_reported() {
        let (sent, losses) = one(
            json!({"name": "p", "in": "query", "allowReserved": true, "schema": {"type": "string"}}),
        );
        assert_eq!(losses, 1);
        assert!(sent.get("allowReserved").is_none());
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
