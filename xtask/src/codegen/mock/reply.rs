//! Mocked response of a response object: its example, or one synthesised from
//! its schema.

use serde_json::Value;

use super::resolve::{Resolver, is_json};
use super::synth::synthesise;

/// A response of the mock.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// The media type; empty if there is no body.
    pub(super) media_type: String,
    pub(super) body: String,
    /// Headers that have an example value.
    pub(super) headers: Vec<(String, String)>,
    /// The example of the document, if it is JSON.
    pub(super) example: Option<Value>,
}

impl Reply {
    /// A response without a body.
    pub(super) fn empty(status: u16) -> Self {
        Self::new(status, "", String::new(), None)
    }

    fn new(status: u16, media_type: &str, body: String, example: Option<Value>) -> Self {
        Self {
            status,
            media_type: media_type.to_owned(),
            body,
            headers: Vec::new(),
            example,
        }
    }
}

/// The mocked response for a response object of the document. A body without an
/// example is synthesised and marked as a success of `path`'s envelope if there
/// is a path; without one, a response without an example is `None`.
pub(super) fn reply<'d>(
    document: Resolver<'d>,
    status: u16,
    response: &'d Value,
    path: Option<&str>,
) -> Option<Reply> {
    let mut reply = match media_type(document, response) {
        None => Reply::empty(status),
        Some((name, media)) => with_body(document, status, name, media, path)?,
    };
    reply.headers = headers(document, response)
        .into_iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Some(reply)
}

fn with_body<'d>(
    document: Resolver<'d>,
    status: u16,
    name: &str,
    media: &'d Value,
    path: Option<&str>,
) -> Option<Reply> {
    let schema = media.get("schema").unwrap_or(&Value::Null);
    let example = example(document, media);
    if !is_json(name) {
        let text = match example {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        return Some(Reply::new(status, name, text, None));
    }
    if let Some(value) = example.map(parsed).filter(|value| !is_placeholder(value)) {
        return Some(Reply::new(status, name, value.to_string(), Some(value)));
    }
    let mut value = synthesise(document, schema);
    if value.is_null() && example.is_some() {
        value = Value::Object(serde_json::Map::new());
    }
    mark_success(path?, &mut value);
    Some(Reply::new(status, name, value.to_string(), None))
}

/// Marks a response that was synthesised from a schema as a success: the schema
/// alone would fill in its error fields, too.
fn mark_success(path: &str, response: &mut Value) {
    let Some(fields) = response.as_object_mut() else {
        return;
    };
    if path.starts_with("/v1/") {
        if let Some(code) = fields.get_mut("code").filter(|code| code.is_number()) {
            *code = Value::from(100);
        }
    } else if path.starts_with("/v2/")
        && let Some(error) = fields.get_mut("error")
    {
        *error = Value::Null;
    }
}

/// The JSON media type if there is one, else the first.
fn media_type<'a>(document: Resolver<'a>, response: &'a Value) -> Option<(&'a str, &'a Value)> {
    let content = response.get("content")?.as_object()?;
    let (name, media) = content
        .iter()
        .find(|(name, _)| is_json(name))
        .or_else(|| content.iter().next())?;
    let name = if name.contains('*') {
        "application/json"
    } else {
        name
    };
    Some((name, document.resolve(media)))
}

/// `example`, else the value of the first of `examples`, else the example of
/// the schema.
fn example<'a>(document: Resolver<'a>, media: &'a Value) -> Option<&'a Value> {
    if let Some(example) = media.get("example") {
        return Some(example);
    }
    let named = media
        .get("examples")
        .and_then(Value::as_object)
        .and_then(|all| {
            all.values()
                .find_map(|example| document.resolve(example).get("value"))
        });
    named.or_else(|| {
        let schema = document.get(media, "schema")?;
        let listed = || schema.get("examples")?.as_array()?.first();
        schema.get("example").or_else(listed)
    })
}

/// Parses an example that is a string of JSON.
fn parsed(example: &Value) -> Value {
    example
        .as_str()
        .and_then(|text| serde_json::from_str::<Value>(text).ok())
        .filter(|value| value.is_object() || value.is_array())
        .unwrap_or_else(|| example.clone())
}

/// `{}` is the placeholder of documentation pages for a missing example.
fn is_placeholder(example: &Value) -> bool {
    example.as_object().is_some_and(serde_json::Map::is_empty)
}

/// The headers of a response that have an example value.
fn headers<'a>(document: Resolver<'a>, response: &'a Value) -> Vec<(&'a str, String)> {
    let Some(all) = response.get("headers").and_then(Value::as_object) else {
        return Vec::new();
    };
    let value = |header: &'a Value| -> Option<String> {
        let header = document.resolve(header);
        let schema = document.get(header, "schema");
        let value = example(document, header)
            .or_else(|| schema?.get("const"))
            .or_else(|| schema?.get("default"))?;
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        }
    };
    all.iter()
        .filter_map(|(name, header)| Some((name.as_str(), value(header)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body_of(path: &str, response: &Value) -> Value {
        let root = json!({"shared": {"value": {"from": "components"}}});
        let reply = reply(Resolver::new(&root), 200, response, Some(path)).unwrap();
        serde_json::from_str(&reply.body).unwrap()
    }

    fn body(response: &Value) -> Value {
        body_of("/v2/a", response)
    }

    fn json_content(media: &Value) -> Value {
        json!({"content": {"application/json": media}})
    }

    #[test]
    fn examples_are_found_in_every_location() {
        let cases = [
            (json!({"example": {"a": 1}}), json!({"a": 1})),
            (
                json!({"examples": {"Result": {"value": {"a": 2}}}}),
                json!({"a": 2}),
            ),
            (
                json!({"examples": {"R": {"$ref": "#/shared"}}}),
                json!({"from": "components"}),
            ),
            (json!({"schema": {"examples": [{"a": 3}]}}), json!({"a": 3})),
            (json!({"example": "{\"a\": 4}"}), json!({"a": 4})),
            (json!({"example": "plain"}), json!("plain")),
        ];
        for (media, expected) in cases {
            assert_eq!(body(&json_content(&media)), expected, "{media}");
        }
    }

    #[test]
    fn empty_example_is_replaced_by_the_schema() {
        let schema = json!({"properties": {"error": {"type": "string"}, "n": {"type": "integer"}}});
        let media = json!({"example": "{}", "schema": schema});
        assert_eq!(body(&json_content(&media)), json!({"error": null, "n": 0}));
        assert_eq!(body(&json_content(&json!({"example": "{}"}))), json!({}));
        let schema = json!({"properties": {"code": {"type": "integer"}}});
        let media = json_content(&json!({"schema": schema}));
        assert_eq!(body_of("/v1/a", &media), json!({"code": 100}));
    }

    #[test]
    fn failure_is_not_synthesised() {
        let root = json!({});
        let undocumented = json_content(&json!({"schema": {"type": "object"}}));
        assert!(reply(Resolver::new(&root), 404, &undocumented, None).is_none());
        let documented = json_content(&json!({"example": {"code": 1}}));
        assert!(reply(Resolver::new(&root), 404, &documented, None).is_some());
    }

    #[test]
    fn other_media_types_and_headers() {
        let response = json!({
            "headers": {
                "Sunset": {"schema": {"type": "string", "example": "Sat, 31 Oct 2026 00:00:00 GMT"}},
                "X-Left": {"example": 5},
                "X-None": {"schema": {"type": "string"}},
            },
            "content": {"text/plain": {"example": "hello"}},
        });
        let root = json!({});
        let reply = reply(Resolver::new(&root), 200, &response, Some("/v3/a")).unwrap();
        assert_eq!((&*reply.body, &*reply.media_type), ("hello", "text/plain"));
        let headers = [("Sunset", "Sat, 31 Oct 2026 00:00:00 GMT"), ("X-Left", "5")];
        assert_eq!(
            reply.headers,
            headers.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn json_media_types() {
        assert!(is_json("application/json; charset=utf-8"));
        assert!(is_json("application/problem+JSON"));
        assert!(!is_json("text/html"));
    }
}
