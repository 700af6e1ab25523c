//! How parameters are sent: each becomes one that generated code has a type
//! for and sends as the document says.
//!
//! The generator knows single values, and lists in a query as repeated keys. A
//! value that is joined into one string keeps `style` and `explode: false`, and
//! one sent as JSON its `content`: `lower` gives these a type.

use serde_json::{Map, Value, json};

use super::{
    parameter_object::QueryObject,
    parameter_shape::{Shape, one_or_list, resolved},
    rule, strip,
};
use crate::{Pointer, Report, Subject, schema, walk};

/// Makes every parameter one that generated code can send, or leaves it out.
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
                let mut one = Parameter {
                    schemas,
                    at: &at,
                    report,
                };
                parameters.extend(one.expressible(parameter));
                left.resize(parameters.len(), index);
            }
            report.renumbered(&at, &left);
            if parameters.is_empty() {
                operation.shift_remove("parameters");
            }
        });
    });
}

/// One parameter, which the methods here change.
struct Parameter<'a> {
    schemas: &'a Map<String, Value>,
    at: &'a Pointer,
    report: &'a mut Report,
}

impl Parameter<'_> {
    /// What stands for a parameter: itself, mostly.
    fn expressible(&mut self, mut parameter: Value) -> Vec<Value> {
        let Value::Object(object) = &mut parameter else {
            self.lost(Subject::Parameter, "parameter", "not an object; left out");
            return Vec::new();
        };
        let name = object.get("name").and_then(Value::as_str);
        if name.is_none_or(str::is_empty) {
            self.lost(Subject::Parameter, "parameter", "has no name; left out");
            return Vec::new();
        }
        if !object.contains_key("schema") && self.content(object) {
            return vec![parameter];
        }
        // What is null is not sent at all.
        let (schema, null) = schema::without_null(object["schema"].clone());
        if null {
            object.insert("schema".into(), schema);
        }
        let mut whole = resolved(&object["schema"], self.schemas);
        if let Some(list) = one_or_list(&whole, self.schemas) {
            let note = "one value or a list of them; a list of one is sent as one value is";
            self.report.changed(rule("one-or-list"), self.at, note);
            object.insert("schema".into(), list.clone());
            whole = list;
        }
        let place = object["in"].as_str().unwrap_or_default().to_owned();
        let query = place == "query";
        let default = if query { "form" } else { "simple" };
        let style = object.shift_remove("style");
        let style = style.as_ref().and_then(Value::as_str).unwrap_or(default);
        let explode = object.shift_remove("explode");
        let explode = explode.map_or(style == "form", |explode| explode == true);
        if object.shift_remove("allowReserved") == Some(Value::Bool(true)) {
            let note = "reserved characters are percent-encoded; servers decode them";
            self.lost(Subject::Annotation, "allow-reserved", note);
        }
        let delimited = matches!(style, "form" | "spaceDelimited" | "pipeDelimited");
        match Shape::of(&whole, self.schemas) {
            Shape::Scalar if query || style == "simple" => {}
            Shape::List if query && delimited && explode => {}
            Shape::Flat | Shape::Object
                if query && (style == "deepObject" || (delimited && explode)) =>
            {
                let object = QueryObject {
                    parameter: object,
                    whole: &whole,
                    is_deep: style == "deepObject",
                    schemas: self.schemas,
                    at: self.at,
                };
                return object.parameters(self.report);
            }
            shape @ (Shape::List | Shape::Flat)
                if (query && delimited && !explode)
                    || (style == "simple" && (shape == Shape::List || !explode)) =>
            {
                let separator = match style {
                    "pipeDelimited" => "`|`",
                    "spaceDelimited" => "spaces",
                    _ => "commas",
                };
                let note = format!("sent as one value, joined by {separator}");
                self.report.changed(rule("parameter-style"), self.at, note);
                object.insert("style".into(), json!(style));
                object.insert("explode".into(), json!(false));
                strip::tell(
                    object,
                    &format!("Sent as one value, joined by {separator}."),
                );
            }
            _ => self.as_text(object),
        }
        vec![parameter]
    }

    fn lost(&mut self, subject: Subject, name: &'static str, note: &str) {
        self.report.lost(subject, rule(name), self.at, note);
    }

    /// A parameter with a document inside. Whether it stays as it is.
    fn content(&mut self, object: &mut Map<String, Value>) -> bool {
        let content = object.get_mut("content").and_then(Value::as_object_mut);
        let json = content.and_then(|content| {
            content.retain(|media, _| media == "application/json");
            content.get_mut("application/json")?.as_object_mut()
        });
        if let Some(media) = json {
            let schema = media.get("schema").cloned().unwrap_or(json!({}));
            media.insert("schema".into(), schema::without_null(schema).0);
            let note = "sent as one value, as JSON";
            self.report.changed(rule("parameter-style"), self.at, note);
            strip::tell(object, "Sent as JSON.");
            return true;
        }
        if object.shift_remove("content").is_some() {
            let note = "a document that is not JSON is taken as a string";
            self.lost(Subject::Type, "parameter-content", note);
        }
        object.insert("schema".into(), json!({"type": "string"}));
        false
    }

    /// Takes the value as a string, in the form the caller has to write it.
    fn as_text(&mut self, object: &mut Map<String, Value>) {
        let about = object["schema"].get("description").cloned();
        object.insert("schema".into(), json!({"type": "string"}));
        if let Some(about) = about {
            object.entry("description").or_insert(about);
        }
        let note = "taken as a string, written by the caller";
        self.lost(Subject::Type, "parameter-form", note);
    }
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
                json!({"type": ["string", "array", "null"], "items": {"type": "string"}}),
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
