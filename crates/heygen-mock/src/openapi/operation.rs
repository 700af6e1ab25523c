//! One operation of a document: its method and path, the constraints on
//! requests, and its responses.

use std::collections::BTreeMap;

use hyper::Method;
use serde_json::Value;

use super::deprecation::Deprecation;
use super::example::{is_json, mock_response};
use super::known::{KnownIds, known_ids};
use super::page::Page;
use super::parameter::{Parameter, parameters};
use super::resolve::Document;
use super::security::{Security, security};
use crate::envelope::Generation;
use crate::response::MockResponse;
use crate::route::Template;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation the server can respond to.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// The `operationId`.
    pub(crate) id: Option<String>,
    pub(crate) method: Method,
    /// The path template.
    pub(crate) path: String,
    pub(crate) template: Template,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) security: Security,
    pub(crate) success: MockResponse,
    /// The example in the success response.
    pub(crate) example: Option<Value>,
    /// The documented failures that have an example, by status.
    pub(crate) failures: BTreeMap<u16, MockResponse>,
    pub(crate) known: Vec<KnownIds>,
    /// Where a list has its cursor.
    pub(crate) page: Option<Page>,
    pub(crate) deprecation: Deprecation,
    pub(crate) document: Document,
}

/// Constraints on the request body of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    /// The media types it may have, in lower case.
    pub(crate) media_types: Vec<String>,
    /// The schema, when one of the media types is JSON.
    pub(crate) schema: Option<Value>,
}

/// All operations of a document, or the reason why it is refused.
pub(crate) fn operations(document: &Document) -> Result<Vec<Operation>, String> {
    let root = document.root();
    if root.get("openapi").and_then(Value::as_str).is_none() {
        return Err("it has no \"openapi\" version; use an OpenAPI 3 document".to_owned());
    }
    let paths = root.get("paths").and_then(Value::as_object);
    let paths = paths.ok_or("it has no \"paths\" object, so there is nothing to respond to")?;
    let mut found = Vec::new();
    for (path, item) in paths {
        if !path.starts_with('/') {
            return Err(format!("the path {path:?} does not start with a slash"));
        }
        let item = document.resolve(item);
        for name in METHODS {
            if let Some(operation) = item.get(name) {
                let method = Method::from_bytes(name.to_ascii_uppercase().as_bytes())
                    .map_err(|error| error.to_string())?;
                let read = read(document, method, path, item, operation);
                found.push(read.map_err(|reason| format!("{name} {path}: {reason}"))?);
            }
        }
    }
    Ok(found)
}

fn read(
    document: &Document,
    method: Method,
    path: &str,
    item: &Value,
    operation: &Value,
) -> Result<Operation, String> {
    let template = Template::parse(path);
    let (success, example) = success(document, path, operation);
    let parameters = parameters(document, item, operation);
    Ok(Operation {
        id: operation
            .get("operationId")
            .and_then(Value::as_str)
            .map(str::to_owned),
        body: body(document, operation),
        security: security(document, operation),
        page: Page::read(operation),
        known: known_ids(&method, &template, &parameters, example.as_ref()),
        parameters,
        example,
        failures: failures(document, operation),
        success,
        method,
        path: path.to_owned(),
        template,
        deprecation: Deprecation::read(operation)?,
        document: document.clone(),
    })
}

/// The mocked response of the first success response, and its example.
fn success(document: &Document, path: &str, operation: &Value) -> (MockResponse, Option<Value>) {
    let found = operation
        .get("responses")
        .and_then(Value::as_object)
        .and_then(|all| {
            let numbered = all.iter().filter_map(|(key, response)| {
                let status = key
                    .parse()
                    .ok()
                    .filter(|status| (200..300).contains(status));
                Some((status?, response))
            });
            let ranged = || Some((200, all.get("2XX").or_else(|| all.get("default"))?));
            numbered.min_by_key(|(status, _)| *status).or_else(ranged)
        });
    let Some((status, response)) = found else {
        return (MockResponse::empty(200), None);
    };
    let generation = Some(Generation::of(path));
    mock_response(document, status, document.resolve(response), generation).map_or_else(
        || (MockResponse::empty(status), None),
        |documented| (documented.response, documented.example),
    )
}

fn failures(document: &Document, operation: &Value) -> BTreeMap<u16, MockResponse> {
    let responses = operation.get("responses").and_then(Value::as_object);
    responses
        .into_iter()
        .flatten()
        .filter_map(|(key, response)| {
            let status = key
                .parse()
                .ok()
                .filter(|status| (300..600).contains(status))?;
            let documented = mock_response(document, status, document.resolve(response), None)?;
            (!documented.response.body.is_empty()).then_some((status, documented.response))
        })
        .collect()
}

fn body(document: &Document, operation: &Value) -> Option<Body> {
    let request = document.get(operation, "requestBody")?;
    let content = request.get("content")?.as_object()?;
    let schema = content
        .iter()
        .find(|(name, _)| is_json(name))
        .map(|(_, media)| media.get("schema").cloned().unwrap_or(Value::Null));
    Some(Body {
        required: request
            .get("required")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        media_types: content
            .keys()
            .map(|name| name.to_ascii_lowercase())
            .collect(),
        schema,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn invalid_document_is_refused() {
        let error_of = |root: Value| operations(&Document::new(root)).unwrap_err();
        assert!(error_of(json!([])).contains("openapi"));
        assert!(error_of(json!({"swagger": "2.0", "paths": {}})).contains("openapi"));
        assert!(error_of(json!({"openapi": "3.1.0"})).contains("paths"));
        assert!(error_of(json!({"openapi": "3.1.0", "paths": {"a": {}}})).contains("slash"));
    }

    #[test]
    fn lowest_success_status_is_the_response() {
        let document = Document::new(json!({"openapi": "3.1.0", "paths": {
            "/a": {"post": {"responses": {
                "202": {"content": {"application/json": {"example": 2}}},
                "201": {"content": {"application/json": {"example": 1}}},
                "400": {"content": {"application/json": {"example": {"no": true}}}},
                "500": {"description": "nothing to show"},
            }}},
            "/b": {"delete": {"responses": {"2XX": {"description": "gone"}}}},
            "/c": {"get": {}},
        }}));
        let all = operations(&document).unwrap();
        let responses: Vec<_> = all
            .iter()
            .map(|o| (o.success.status, &o.success.body[..]))
            .collect();
        assert_eq!(responses, [(201, &b"1"[..]), (200, b""), (200, b"")]);
        assert_eq!(all[0].failures.keys().copied().collect::<Vec<_>>(), [400]);
    }
}
