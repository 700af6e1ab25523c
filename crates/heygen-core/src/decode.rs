//! Decoding of a successful body into a model, and the error of one that does
//! not match it: which field, and why.

use std::any::TypeId;
use std::borrow::Cow;

use bytes::Bytes;
use http::header;
use serde::de::DeserializeOwned;

use crate::de::position;
use crate::envelope::Envelope;
use crate::error::Error;
use crate::error::parse::{is_html, strip_bom};
use crate::response::{RawResponse, Response};
use crate::text::{OneLine, replace_invalid};

/// Longer messages of the JSON parser are truncated, in characters.
const MAX_REASON: usize = 300;

/// An escape that a string cannot have.
const REFUSED: &str = r"\udc00";

/// How a body becomes the data of a response.
pub(crate) type Decode<T> = fn(RawResponse) -> Result<Response<T>, Error>;

/// How a body that does not fit its model is repaired, if it can be.
pub(crate) type Repair = fn(&RawResponse) -> Option<Bytes>;

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

/// Returns the response itself, for whoever decodes it later.
#[expect(clippy::unnecessary_wraps, reason = "one of several ways to decode")]
pub(crate) fn raw(raw: RawResponse) -> Result<Response<RawResponse>, Error> {
    let data = raw.clone();
    Ok(raw.with_data(data, None))
}

fn model<T: DeserializeOwned>(raw: &RawResponse, body: &[u8]) -> Result<T, Error> {
    parse(raw, body, |text| serde_json::from_str(text))
}

/// Parses a body by a function that reads all of the text.
pub(crate) fn parse<T>(
    raw: &RawResponse,
    body: &[u8],
    read: impl FnOnce(&str) -> serde_json::Result<T>,
) -> Result<T, Error> {
    let text = text(body);
    let (message, field) = match read(&text) {
        Ok(model) => return Ok(model),
        Err(error) => explain(raw, &text, &error),
    };
    // Before the body is parsed once more.
    drop(text);
    Err(raw
        .bare_error()
        .unwrap_or_else(|| raw.decode_error(message, field)))
}

/// The JSON of a body as text. One UTF-8 check of the whole body is faster than
/// one of each string.
///
/// Strings that the model skips may be invalid. Bytes that are not UTF-8 become
/// half a surrogate pair, escaped, which the parser refuses in a string that is
/// read and skips in others. A second type of deserialiser, for bytes, would
/// compile every model twice.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    replace_invalid(strip_bom(body), REFUSED)
}

/// Message and field of a body that does not match the model.
#[cold]
fn explain(raw: &RawResponse, text: &str, error: &serde_json::Error) -> (String, Option<String>) {
    let encoding = raw.success.headers.get(header::CONTENT_ENCODING);
    let what = if strip_bom(&raw.success.body).trim_ascii().is_empty() {
        "is empty where JSON was expected".to_owned()
    } else if error.is_data() {
        let (field, reason) = position::locate(text.as_bytes(), error);
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
    } else if is_html(text) {
        "is an HTML page where JSON was expected".to_owned()
    } else if error.to_string().starts_with("recursion limit") {
        "is nested too deeply".to_owned()
    } else if std::str::from_utf8(&raw.success.body).is_err() {
        "is not valid UTF-8".to_owned()
    } else {
        format!("is not valid JSON: {error}")
    };
    (format!("the response {what}"), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_refused_only_in_strings_that_are_read() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Model {
            id: String,
        }
        let read = |body: &[u8]| serde_json::from_str::<Model>(&text(body)).ok();
        let good = Some(Model { id: "é".into() });
        for body in [
            &b"{\"id\":\"\xc3\xa9\",\"x\":\"\xe9\"}"[..],
            b"{\"x\":\"\xff\xfe\xfdabc\xff\",\"id\":\"\xc3\xa9\"}",
            b"\xef\xbb\xbf{\"x\":[\"\xc3\"],\"id\":\"\xc3\xa9\"}",
        ] {
            assert_eq!(read(body), good, "{}", text(body));
        }
        for body in [
            &b"{\"id\":\"\xe9\"}"[..],
            b"{\"id\":\"\xe9\xe9a\"}",
            b"{\"\xe9\":1,\"id\":\"\xc3\xa9\"}",
            b"{\"id\":\"\xc3\xa9\"}\xff",
            b"\xff{\"id\":\"\xc3\xa9\"}",
            b"\xff\xfe{\0\"\0",
            b"\xff",
        ] {
            assert_eq!(read(body), None, "{}", text(body));
        }
    }
}
