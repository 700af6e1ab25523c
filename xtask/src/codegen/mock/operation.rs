//! One operation of a document: its method and path, the constraints on
//! requests, and its responses.

use serde_json::Value;

use super::deprecation::Deprecation;
use super::known::{KnownIds, known_ids};
use super::page::Page;
use super::parameter::{Parameter, parameters};
use super::reply::{Reply, reply};
use super::resolve::Resolver;
use super::security::{Security, security};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation the server can respond to.
#[derive(Debug)]
pub(super) struct Operation<'d> {
    /// The `operationId`, or nothing.
    pub(super) id: &'d str,
    /// In capitals.
    pub(super) method: String,
    pub(super) path: &'d str,
    pub(super) parameters: Vec<Parameter<'d>>,
    pub(super) body: Option<Body<'d>>,
    pub(super) security: Security,
    pub(super) success: Reply,
    /// The schema of the success response, if it is JSON.
    pub(super) schema: Option<&'d Value>,
    /// The documented failures that have an example.
    pub(super) failures: Vec<Reply>,
    pub(super) known: Vec<KnownIds>,
    /// Where a list has its cursor.
    pub(super) page: Option<Page>,
    pub(super) deprecation: Deprecation,
}

/// Constraints on the request body of an operation.
#[derive(Debug)]
pub(super) struct Body<'d> {
    pub(super) required: bool,
    /// The media types it may have, in lower case.
    pub(super) media_types: Vec<String>,
    /// The schema, when one of the media types is JSON.
    pub(super) schema: Option<&'d Value>,
}

impl Operation<'_> {
    /// The JSON pointer to the data in the response, and the data.
    pub(super) fn data(&self) -> Option<(&'static str, &Value)> {
        let example = self.success.example.as_ref()?;
        Some(match example.get("data") {
            Some(data) => ("/data", data),
            None => ("", example),
        })
    }
}

/// All operations of a document, or the reason why it is refused.
pub(super) fn operations(document: Resolver<'_>) -> Result<Vec<Operation<'_>>, String> {
    let paths = document.root().get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        if !path.starts_with('/') {
            return Err(format!("the path {path:?} does not start with a slash"));
        }
        let item = document.resolve(item);
        for name in METHODS {
            if let Some(operation) = item.get(name) {
                let read = read(document, name, path, item, operation);
                found.push(read.map_err(|reason| format!("{name} {path}: {reason}"))?);
            }
        }
    }
    Ok(found)
}

fn read<'d>(
    document: Resolver<'d>,
    method: &str,
    path: &'d str,
    item: &'d Value,
    operation: &'d Value,
) -> Result<Operation<'d>, String> {
    let method = method.to_ascii_uppercase();
    let (success, schema) = success(document, path, operation);
    let parameters = parameters(document, item, operation);
    Ok(Operation {
        id: operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default(),
        body: body(document, operation),
        security: security(document, operation),
        page: Page::read(operation, &parameters),
        known: known_ids(&method, path, &parameters, success.example.as_ref()),
        parameters,
        failures: failures(document, operation),
        success,
        schema,
        method,
        path,
        deprecation: Deprecation::read(operation)?,
    })
}

/// The mocked response of the first success response, and its schema.
fn success<'d>(
    document: Resolver<'d>,
    path: &str,
    operation: &'d Value,
) -> (Reply, Option<&'d Value>) {
    let Some((status, response)) = document.success(operation) else {
        return (Reply::empty(200), None);
    };
    let schema = document
        .json_schema(response)
        .map(|schema| document.resolve(schema));
    let reply = reply(document, status, response, Some(path));
    (reply.unwrap_or_else(|| Reply::empty(status)), schema)
}

fn failures(document: Resolver<'_>, operation: &Value) -> Vec<Reply> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let mut found: Vec<Reply> = responses
        .into_iter()
        .flatten()
        .filter_map(|(key, response)| {
            let status = key
                .parse()
                .ok()
                .filter(|status| (300..600).contains(status))?;
            let reply = reply(document, status, document.resolve(response), None)?;
            (!reply.body.is_empty()).then_some(reply)
        })
        .collect();
    found.sort_by_key(|reply| reply.status);
    found
}

fn body<'d>(document: Resolver<'d>, operation: &'d Value) -> Option<Body<'d>> {
    let request = document.get(operation, "requestBody")?;
    let content = request.get("content")?.as_object()?;
    Some(Body {
        required: request
            .get("required")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        media_types: content
            .keys()
            .map(|name| name.to_ascii_lowercase())
            .collect(),
        schema: document.json_schema(request),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn invalid_document_is_refused() {
        let error_of = |root: Value| operations(Resolver::new(&root)).unwrap_err();
        assert!(error_of(json!({"paths": {"a": {}}})).contains("slash"));
        let undated = json!({"paths": {"/a": {"get": {"x-sunset": "soon"}}}});
        assert!(error_of(undated).contains("get /a: x-sunset"));
    }

    #[test]
    fn lowest_success_status_is_the_response() {
        let root = json!({"paths": {
            "/a": {"post": {"responses": {
                "202": {"content": {"application/json": {"example": 2}}},
                "201": {"content": {"application/json": {"example": 1}}},
                "400": {"content": {"application/json": {"example": {"no": true}}}},
                "500": {"description": "nothing to show"},
            }}},
            "/b": {"delete": {"responses": {"2XX": {"description": "gone"}}}},
            "/c": {"get": {}},
        }});
        let all = operations(Resolver::new(&root)).unwrap();
        let responses: Vec<_> = all
            .iter()
            .map(|o| (o.success.status, &*o.success.body))
            .collect();
        assert_eq!(responses, [(201, "1"), (200, ""), (200, "")]);
        let failures: Vec<_> = all[0].failures.iter().map(|reply| reply.status).collect();
        assert_eq!(failures, [400]);
    }
}
