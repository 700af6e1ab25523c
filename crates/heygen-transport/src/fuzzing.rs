//! What fuzz targets have to reach past the public API. Built for `cargo fuzz`
//! alone, which sets `cfg(fuzzing)`.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use reqwest::Request;

use crate::error::{Error, fail, read};
use crate::key::ApiKey;
use crate::operation::Operation;
use crate::origin::BaseUrl;
use crate::path;
use crate::retry::Repeat;

static DETAILS: Operation = Operation {
    id: "retrieve-avatar-details",
    name: "retrieve_avatar_details",
    method: "GET",
    path: "/v2/avatar/{avatar_id}/details",
    idempotent: true,
    idempotency_key: false,
    pagination: None,
    deprecated: true,
    sunset: Some("2026-10-31"),
};

/// The errors that are made of a body: that of a status, and that of an
/// envelope under success if the body is one.
///
/// # Panics
/// If the status or the key is none.
pub fn errors(status: u16, body: &[u8], key: &str) -> Vec<Error> {
    let status = StatusCode::from_u16(status).expect("a status");
    let key = ApiKey::new(key.to_owned().into()).expect("a key");
    let body = Bytes::copy_from_slice(body);
    let _ = read::has_failure_code(&body);
    let said = [
        Some(read::body(status, &body, &key)),
        read::filled_envelope(status, &body, &key),
    ];
    said.into_iter()
        .flatten()
        .map(|said| {
            let error = fail::api(status, HeaderMap::new(), &body, said);
            error.at(&DETAILS, Repeat::Idempotent)
        })
        .collect()
}

/// The path of the request for the details of an avatar, with this in the
/// place of its id, as generated code would put it there.
///
/// # Errors
/// That of the guard, if it does not let the request go.
///
/// # Panics
/// Never.
pub fn details_path(segment: &str) -> Result<String, Error> {
    let base = BaseUrl::parse("https://api.heygen.com", false).expect("it is the API's own");
    let url = base.with_path(&format!("/v2/avatar/{segment}/details"));
    let request = Request::new(Method::GET, url);
    path::guard(&DETAILS, &request, &base)?;
    Ok(request.url()[url::Position::BeforePath..].to_owned())
}
