//! What generated code calls to send a request. The traits have the names and
//! the shape that the generator's output expects of its own runtime.

use progenitor_client::{ClientInfo, OperationInfo};
use reqwest::{Request, RequestBuilder};
use serde::Serialize;
use serde_json::Value;

use super::{
    error::{Error, NotSent},
    response::RawResponse,
};

/// Carries each request of the generated client to its [`Settings`](super::Settings).
#[allow(
    async_fn_in_trait,
    reason = "only generated code calls it, on the client itself"
)]
pub trait ClientHooks<Inner>: ClientInfo<Inner> {
    /// Makes a request ready to be sent.
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>>;

    /// Sends a request.
    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<RawResponse, NotSent>;

    /// Called with what came of it.
    #[allow(clippy::unused_async, reason = "generated code awaits it")]
    async fn post<E>(
        &self,
        _result: &Result<RawResponse, NotSent>,
        _info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        Ok(())
    }
}

/// Bodies of forms.
pub trait RequestBuilderExt<E>: Sized {
    /// Sets the body to a form of these fields.
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<RequestBuilder, Error<E>>;
}

impl<E> RequestBuilderExt<E> for RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error<E>> {
        let fields = serde_json::to_value(body).ok().and_then(form_fields);
        let fields = fields.ok_or_else(|| Error::argument("the body has no fields of a form"))?;
        progenitor_client::RequestBuilderExt::<()>::form_urlencoded(self, &fields)
            .map_err(|_| Error::argument("the body cannot be written as a form"))
    }
}

/// The fields of an object; none of null.
fn form_fields(body: Value) -> Option<Vec<(String, String)>> {
    let mut fields = Vec::new();
    match body {
        Value::Null => {}
        Value::Object(entries) => {
            for (name, value) in entries {
                add_fields(name, value, &mut fields);
            }
        }
        _ => return None,
    }
    Some(fields)
}

/// Adds the fields of a value: nothing for null, a field for each item of a
/// list, `name[property]` for the properties of an object.
fn add_fields(name: String, value: Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::String(text) => fields.push((name, text)),
        Value::Bool(_) | Value::Number(_) => fields.push((name, value.to_string())),
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                let name = match item {
                    Value::Object(_) => format!("{name}[{index}]"),
                    _ => name.clone(),
                };
                add_fields(name, item, fields);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                add_fields(format!("{name}[{key}]"), value, fields);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_are_fields_of_a_form() {
        let body =
            json!({"a": "x y", "b": [1, 2], "c": null, "d": {"e": true, "f": ["g", {"h": 3}]}});
        let fields = form_fields(body).unwrap();
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            fields,
            ["a=x y", "b=1", "b=2", "d[e]=true", "d[f]=g", "d[f][1][h]=3"]
        );
        assert_eq!(form_fields(Value::Null), Some(Vec::new()));
        assert_eq!(form_fields(json!([1])), None);
    }
}
