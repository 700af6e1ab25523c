//! Response headers with metadata of the request.

use http::HeaderMap;

/// Headers that carry the server's id of the request, best first.
const REQUEST_ID: [&str; 3] = ["x-request-id", "request-id", "x-amzn-requestid"];

/// The server's id of the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_ID.iter().find_map(|name| {
        headers
            .get(*name)?
            .to_str()
            .ok()
            .filter(|id| !id.is_empty())
    })
}
