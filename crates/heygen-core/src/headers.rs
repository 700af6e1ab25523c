//! Response headers with metadata of the request.

use http::HeaderMap;

/// Headers that carry the server's id of the request, best first.
const REQUEST_ID: [&str; 3] = ["x-request-id", "request-id", "x-amzn-requestid"];

/// The server's id of the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_ID.iter().find_map(|name| {
        let id = headers.get(*name)?.to_str().ok()?;
        (!id.is_empty()).then_some(id)
    })
}
