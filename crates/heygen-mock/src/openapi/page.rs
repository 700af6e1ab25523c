//! Pages of lists. The example is the first page; a request with a cursor gets the
//! same items as the last one, so that who follows the cursors comes to an end.

use serde_json::Value;

/// Where a list has its cursor, by the mark `x-page` of its operation.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The query parameter.
    token: String,
    /// JSON pointers into the response.
    next_token: String,
    has_more: String,
}

impl Page {
    pub(crate) fn read(operation: &Value) -> Option<Self> {
        let mark = operation.get("x-page").filter(|mark| *mark != false)?;
        let said = |key: &str, default: &str| {
            let said = mark.get(key).and_then(Value::as_str);
            said.unwrap_or(default).to_owned()
        };
        Some(Self {
            token: said("token", "token"),
            next_token: said("next_token", "/next_token"),
            has_more: said("has_more", "/has_more"),
        })
    }

    /// Whether a query asks for a page after the first.
    pub(crate) fn is_later(&self, query: &[(String, String)]) -> bool {
        let mut tokens = query.iter().filter(|(name, _)| *name == self.token);
        tokens.any(|(_, token)| !token.is_empty())
    }

    /// Makes a page the last one.
    pub(crate) fn end(&self, body: &mut Value) {
        for (pointer, end) in [
            (&self.next_token, Value::Null),
            (&self.has_more, Value::Bool(false)),
        ] {
            if let Some(field) = body.pointer_mut(pointer) {
                *field = end;
            }
        }
    }
}
