//! The checked-in OpenAPI document: its main operation, and the example that
//! names the avatar of all tests.

use std::sync::LazyLock;

use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../openapi/v2/corrected.json");

/// The operation that most tests call.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template, as in the document.
    pub path_template: String,
    /// The path parameter.
    pub path_parameter: String,
    /// The example of its success response.
    pub example: Value,
    /// The id of the avatar in the example.
    pub avatar_id: String,
}

static OPERATION: LazyLock<Operation> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let path_template = "/v2/avatar/{avatar_id}/details";
    let operation = &document["paths"][path_template]["get"];
    let content = &operation["responses"]["200"]["content"]["application/json"];
    let named = content["examples"].as_object().into_iter().flatten();
    let example = content.get("example");
    let example = example.or_else(|| named.map(|(_, named)| &named["value"]).next());
    let example = example.unwrap();
    Operation {
        id: operation["operationId"].as_str().unwrap().to_owned(),
        method: "GET".to_owned(),
        path_template: path_template.to_owned(),
        path_parameter: "avatar_id".to_owned(),
        avatar_id: example["data"]["id"].as_str().unwrap().to_owned(),
        example: example.clone(),
    }
});

/// The operation that most tests call: the details of an avatar.
pub fn operation() -> &'static Operation {
    &OPERATION
}

/// The id of the avatar in the document's example.
pub fn avatar_id() -> &'static str {
    &operation().avatar_id
}

/// The path of the details of an avatar. The id is inserted as it is.
pub fn avatar_path(id: &str) -> String {
    let operation = operation();
    let parameter = format!("{{{}}}", operation.path_parameter);
    operation.path_template.replace(&parameter, id)
}

/// The least response body about the avatar of this id.
pub fn avatar_body(id: &str) -> String {
    json!({"data": {"id": id}, "error": null}).to_string()
}

/// A response body about the example avatar, of this many bytes: most of them
/// are white space.
pub fn padded_avatar_body(size: usize) -> Vec<u8> {
    let mut body = avatar_body(avatar_id()).into_bytes();
    body.resize(size, b' ');
    body
}
