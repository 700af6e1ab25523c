//! Mocked response of a response object: its example, or one synthesised from
//! its schema.

use serde_json::Value;

use super::resolve::Document;
use super::synth::synthesise;
use crate::envelope::Generation;
use crate::response::MockResponse;

/// A response and the source of its body.
pub(crate) struct Documented {
    pub(crate) response: MockResponse,
    /// The example of the document, if it is JSON.
    pub(crate) example: Option<Value>,
}

/// The mocked response for a response object of the document. A body without an
/// example is synthesised and marked as a success if there is a `generation`;
/// without one, a response without an example is `None`.
pub(crate) fn mock_response(
    document: &Document,
    status: u16,
    response: &Value,
    generation: Option<Generation>,
) -> Option<Documented> {
    let mut documented = match media_type(document, response) {
        None => Documented {
            response: MockResponse::empty(status),
            example: None,
        },
        Some((name, media)) => with_body(document, status, name, media, generation)?,
    };
    for (name, value) in headers(document, response) {
        if !name.eq_ignore_ascii_case("content-type") {
            documented.response.set(name, &value);
        }
    }
    Some(documented)
}

/// Whether a media type is JSON: `application/json`, `text/json`, `a/b+json`.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
}

fn with_body(
    document: &Document,
    status: u16,
    name: &str,
    media: &Value,
    generation: Option<Generation>,
) -> Option<Documented> {
    let schema = media.get("schema").unwrap_or(&Value::Null);
    let example = example(document, media);
    if !is_json(name) {
        let text = match example {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        return Some(Documented {
            response: MockResponse::empty(status).with_body(name, text),
            example: None,
        });
    }
    if let Some(value) = example.map(parsed).filter(|value| !is_placeholder(value)) {
        return Some(Documented {
            response: MockResponse::json(status, &value).with_type(name),
            example: Some(value),
        });
    }
    let mut value = synthesise(document, schema);
    if value.is_null() && example.is_some() {
        value = Value::Object(serde_json::Map::new());
    }
    generation?.mark_success(&mut value);
    Some(Documented {
        response: MockResponse::json(status, &value).with_type(name),
        example: None,
    })
}

/// The JSON media type if there is one, else the first.
fn media_type<'a>(document: &'a Document, response: &'a Value) -> Option<(&'a str, &'a Value)> {
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
fn example<'a>(document: &'a Document, media: &'a Value) -> Option<&'a Value> {
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
fn headers<'a>(document: &'a Document, response: &'a Value) -> Vec<(&'a str, String)> {
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

    fn body(response: &Value) -> Value {
        let document = Document::new(json!({"shared": {"value": {"from": "components"}}}));
        let documented = mock_response(&document, 200, response, Some(Generation::V2)).unwrap();
        serde_json::from_slice(&documented.response.body).unwrap()
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
    }

    #[test]
    fn failure_is_not_synthesised() {
        let document = Document::new(json!({}));
        let undocumented = json_content(&json!({"schema": {"type": "object"}}));
        assert!(mock_response(&document, 404, &undocumented, None).is_none());
        let documented = json_content(&json!({"example": {"code": 1}}));
        assert!(mock_response(&document, 404, &documented, None).is_some());
    }

    #[test]
    fn other_media_types_and_headers() {
        let document = Document::new(json!({}));
        let response = json!({
            "headers": {
                "Sunset": {"schema": {"type": "string", "example": "Sat, 31 Oct 2026 00:00:00 GMT"}},
                "X-Left": {"example": 5},
                "X-None": {"schema": {"type": "string"}},
            },
            "content": {"text/plain": {"example": "hello"}},
        });
        let documented = mock_response(&document, 200, &response, Some(Generation::V3)).unwrap();
        let headers = &documented.response.headers;
        assert_eq!(documented.response.body, "hello");
        assert_eq!(headers["content-type"], "text/plain");
        assert_eq!(headers["sunset"], "Sat, 31 Oct 2026 00:00:00 GMT");
        assert_eq!(headers["x-left"], "5");
        assert!(!headers.contains_key("x-none"));
    }

    #[test]
    fn json_media_types() {
        assert!(is_json("application/json; charset=utf-8"));
        assert!(is_json("application/problem+JSON"));
        assert!(!is_json("text/html"));
    }
}
