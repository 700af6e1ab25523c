//! What files and slots of uploads have in common: the object store that holds
//! them, by its paths and its refusals.

use crate::response::MockResponse;

/// Where the paths of files begin.
pub(crate) const FILES: &str = "/files/";

/// Where the paths of slots begin.
pub(crate) const SLOTS: &str = "/uploads/";

/// A refusal as an object store words it.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> MockResponse {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    MockResponse::empty(status).with_body("application/xml", body)
}
