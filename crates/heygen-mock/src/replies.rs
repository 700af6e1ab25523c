//! Responses by idempotency key: a request with a key that was sent before gets
//! the first response again.

use std::collections::{HashMap, VecDeque};

use crate::request_log::RecordedRequest;
use crate::response::MockResponse;

/// The header of the key.
const HEADER: &str = "idempotency-key";

/// The keys that are kept; beyond them the oldest is dropped.
const CAPACITY: usize = 16_384;

/// Operation and key.
type Key = (&'static str, String);

/// The first responses, by operation and key.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    replies: HashMap<Key, MockResponse>,
    order: VecDeque<Key>,
}

impl Replies {
    /// The first response to the operation with the request's key.
    pub(crate) fn get(
        &self,
        operation: &'static str,
        request: &RecordedRequest,
    ) -> Option<MockResponse> {
        let key = request.header(HEADER)?;
        self.replies.get(&(operation, key.to_owned())).cloned()
    }

    /// Keeps a response, if the request has a key.
    pub(crate) fn keep(
        &mut self,
        operation: &'static str,
        request: &RecordedRequest,
        response: &MockResponse,
    ) {
        let Some(key) = request.header(HEADER) else {
            return;
        };
        let key = (operation, key.to_owned());
        self.order.push_back(key.clone());
        self.replies.insert(key, response.clone());
        if self.order.len() > CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.replies.remove(&oldest);
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
