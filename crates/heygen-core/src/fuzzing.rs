//! Entry points of fuzz targets below the public API. Built for `cargo fuzz`
//! alone, which sets `cfg(fuzzing)`.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use reqwest::Request;

use crate::envelope;
use crate::error::{Error, build, parse};
use crate::operation::{CallContext, Operation};
use crate::origin::BaseUrl;
use crate::redact::Redactor;
use crate::request::path::check_request;

static DETAILS: Operation = Operation::new(
    "retrieve-avatar-details",
    "GET",
    "/v2/avatar/{avatar_id}/details",
)
.deprecated()
.sunset("2026-10-31");

/// The errors of a body: that of an error status, and that of an envelope under
/// a successful one if the body has an error in it.
///
/// # Panics
/// If the status is not a status.
pub fn errors(status: u16, body: &[u8], key: &str) -> Vec<Error> {
    let status = StatusCode::from_u16(status).expect("a status");
    let redactor = Redactor::new(key.to_owned().into(), "[API key]");
    let body = Bytes::copy_from_slice(body);
    let context = Arc::new(CallContext::unsent(&DETAILS));
    let mut parsed = vec![parse::error_body(status, &body, &redactor)];
    if envelope::reports_failure(&body) {
        parsed.push(envelope::parse_failure(status, &body, &redactor));
    }
    let _ = envelope::warning(&body);
    parsed
        .into_iter()
        .map(|parsed| build::api(status, HeaderMap::new(), &body, parsed).with_call(&context, 1))
        .collect()
}

/// The address of the request for the details of an avatar, with this string
/// inserted for its id, as generated code would insert it.
///
/// # Errors
/// That of the check, if the request is refused.
///
/// # Panics
/// Never.
pub fn details_path(segment: &str) -> Result<String, Error> {
    let base = BaseUrl::parse("https://api.heygen.com", false).expect("the API's own address");
    let url = base.with_path(&format!("/v2/avatar/{segment}/details"));
    let request = Request::new(Method::GET, url);
    check_request(&DETAILS, &request, &base)?;
    Ok(request.url()[url::Position::BeforePath..].to_owned())
}
