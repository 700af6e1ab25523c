//! A response as it is sent.

use crate::reply_body::Source;
use crate::response::MockResponse;

/// Head and body: the body is bytes, or made from a file.
pub(crate) struct Outgoing {
    pub(crate) head: MockResponse,
    pub(crate) body: Source,
}

impl From<MockResponse> for Outgoing {
    fn from(mut head: MockResponse) -> Self {
        let body = Source::Bytes(std::mem::take(&mut head.body));
        Self { head, body }
    }
}
