//! `--dry-run`: prints the request instead of sending it, without the key.

use heygen::raw::heygen_core::{Preview, PreviewBody};
use heygen::{Bytes, Request};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::error::CliError;
use crate::output;

/// Prints a request.
pub(crate) fn print(request: Request<Bytes>, human: bool) -> Result<(), CliError> {
    output::body(line(&request.preview()?).as_bytes(), human)
}

fn line(preview: &Preview) -> String {
    let headers: Map<String, Value> = preview
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into())
        })
        .collect();
    let method = Value::from(&*preview.method);
    let url = Value::from(&*preview.url);
    let headers = Value::from(headers);
    let body = body(&preview.body);
    format!(r#"{{"method":{method},"url":{url},"headers":{headers},"body":{body}}}"#)
}

/// A body of JSON as it would be sent, a form by its parts.
fn body(body: &PreviewBody) -> String {
    match body {
        PreviewBody::Bytes(bytes) => match serde_json::from_slice::<&RawValue>(bytes) {
            Ok(json) => json.get().to_owned(),
            Err(_) => Value::from(String::from_utf8_lossy(bytes)).to_string(),
        },
        PreviewBody::Form(parts) => {
            let parts = parts.iter().map(|part| {
                json!({
                    "name": part.name,
                    "filename": part.file_name,
                    "content_type": part.content_type,
                    "size": part.size,
                })
            });
            Value::Array(parts.collect()).to_string()
        }
        _ => "null".to_owned(),
    }
}
