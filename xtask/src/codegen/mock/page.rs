//! Pages of lists, by the mark `x-page` of an operation.

use serde_json::Value;

use super::parameter::Parameter;

/// The items of a page where the document has no default for `limit`.
const LIMIT: u64 = 20;

/// Where a list has its cursor and its items.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The query parameter.
    pub(super) token: String,
    /// JSON pointers into the response.
    pub(super) items: String,
    pub(super) next_token: String,
    pub(super) has_more: String,
    /// The items of a page that sets no `limit`.
    pub(super) limit: u64,
}

impl Page {
    pub(super) fn read(operation: &Value, parameters: &[Parameter<'_>]) -> Option<Self> {
        let mark = operation.get("x-page").filter(|mark| *mark != false)?;
        let field = |key: &str, default: &str| {
            let value = mark.get(key).and_then(Value::as_str);
            value.unwrap_or(default).to_owned()
        };
        let mut limits = parameters.iter().filter(|found| found.name == "limit");
        let limit = limits.find_map(|found| found.schema.get("default")?.as_u64());
        Some(Self {
            token: field("token", "token"),
            items: field("items", "/data"),
            next_token: field("next_token", "/next_token"),
            has_more: field("has_more", "/has_more"),
            limit: limit.unwrap_or(LIMIT),
        })
    }
}
