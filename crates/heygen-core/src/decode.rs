//! Decoding of a successful body into a model, and the error of one that does
//! not match it: which field, and why.

use std::any::TypeId;

use bytes::Bytes;
use http::header;
use serde::de::DeserializeOwned;

use crate::de::position;
use crate::envelope::Envelope;
use crate::error::Error;
use crate::error::parse::{is_html, strip_bom};
use crate::response::{RawResponse, Response};
use crate::text::OneLine;

/// Longer messages of the JSON parser are truncated, in characters.
const MAX_REASON: usize = 300;

/// How a body becomes the data of a response.
pub(crate) type Decode<T> = fn(RawResponse) -> Result<Response<T>, Error>;

/// Decodes JSON. For `()` the body does not matter.
pub(crate) fn json<T: DeserializeOwned + 'static>(raw: RawResponse) -> Result<Response<T>, Error> {
    let body = &raw.success.body;
    let has_none = body.is_empty()
        && (matches!(raw.success.status.as_u16(), 204 | 205)
            || raw.context.operation.method == "HEAD");
    let body: &[u8] = if has_none || TypeId::of::<T>() == TypeId::of::<()>() {
        b"null"
    } else {
        body
    };
    let data = model(&raw, body)?;
    Ok(raw.with_data(data, None))
}

/// Decodes an envelope and returns its data.
pub(crate) fn data<E: DeserializeOwned + Envelope>(
    raw: RawResponse,
) -> Result<Response<E::Data>, Error> {
    let envelope: E = model(&raw, &raw.success.body)?;
    let cursor = envelope.cursor();
    match envelope.into_data() {
        Some(data) => Ok(raw.with_data(data, cursor)),
        None => Err(raw.bare_error().unwrap_or_else(|| {
            let message = "the response has no data, or null data";
            raw.decode_error(message, Some("data".to_owned()))
        })),
    }
}

/// Returns the body without decoding it.
#[expect(clippy::unnecessary_wraps, reason = "one of several ways to decode")]
pub(crate) fn bytes(raw: RawResponse) -> Result<Response<Bytes>, Error> {
    let body = raw.success.body.clone();
    Ok(raw.with_data(body, None))
}

fn model<T: DeserializeOwned>(raw: &RawResponse, body: &[u8]) -> Result<T, Error> {
    let json = strip_bom(body);
    // One UTF-8 check of the whole body is faster than one of each string.
    // Strings that the model skips may be invalid, so such bodies are parsed as
    // bytes.
    let model = match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    };
    model.map_err(|error| {
        raw.bare_error().unwrap_or_else(|| {
            let (message, field) = explain(raw, json, &error);
            raw.decode_error(message, field)
        })
    })
}

/// Message and field of a body that does not match the model.
#[cold]
fn explain(raw: &RawResponse, json: &[u8], error: &serde_json::Error) -> (String, Option<String>) {
    let encoding = raw.success.headers.get(header::CONTENT_ENCODING);
    let start = String::from_utf8_lossy(&json[..json.len().min(64)]);
    let what = if json.trim_ascii().is_empty() {
        "is empty where JSON was expected".to_owned()
    } else if error.is_data() {
        let (field, reason) = position::locate(json, error);
        let at = field
            .as_deref()
            .map_or_else(String::new, |field| format!(" at {field}"));
        // Before truncation, so that no part of a secret remains.
        let reason = raw.client.0.credential.redactor().redact(&reason);
        let reason = OneLine(&reason, MAX_REASON);
        return (
            format!("the response does not fit the model{at}: {reason}"),
            field,
        );
    } else if let Some(encoding) = encoding {
        let encoding = String::from_utf8_lossy(encoding.as_bytes());
        let encoding = OneLine(&encoding, 40);
        format!("has the content encoding '{encoding}', which was not asked for")
    } else if is_html(&start) {
        "is an HTML page where JSON was expected".to_owned()
    } else if error.to_string().starts_with("recursion limit") {
        "is nested too deeply".to_owned()
    } else {
        format!("is not valid JSON: {error}")
    };
    (format!("the response {what}"), None)
}
