//! Fault injection: how the server fails the next requests of a test.

use std::time::Duration;

use bytes::Bytes;

use crate::envelope::Generation;
use crate::response::MockResponse;

/// An injected fault. Parts can be combined: a status after a delay, with a
/// truncated body.
///
/// A fault without a status keeps the response and changes its delivery only.
///
/// ```
/// use std::time::Duration;
/// use heygen_mock::Fault;
///
/// let busy = Fault::status(503).retry_after(2).delay_by(Duration::from_millis(50));
/// let truncated = Fault::cut_after(10);
/// # let _ = (busy, truncated);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Bytes>,
    pub(crate) reason: Option<(String, String)>,
    pub(crate) delay: Duration,
    pub(crate) bytes_per_second: Option<u64>,
    pub(crate) delivery: Delivery,
}

/// How much of the response is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// All of it.
    #[default]
    Whole,
    /// The head and this many bytes of the body, then the connection closes.
    CutAfter(usize),
    /// The head and this many bytes of the body, then no more, on a connection
    /// that stays open.
    StallAfter(usize),
    /// Nothing: the connection closes instead.
    Close,
}

impl Fault {
    /// Responds with this status. The body is the document's example for the
    /// status, else the vendor's error envelope, unless [`body`](Self::body)
    /// sets one. A number outside 200 to 999 is sent as 500.
    pub fn status(status: u16) -> Self {
        Self::default().with_status(status)
    }

    /// Sends the head and `bytes` bytes of the body, then closes the
    /// connection. The `content-length` is that of the whole body; at least one
    /// byte of it is always missing.
    pub fn cut_after(bytes: usize) -> Self {
        Self::default().cut_body_after(bytes)
    }

    /// Sends the head and `bytes` bytes of the body, then stalls on an open
    /// connection, until the client closes it or the server stops.
    pub fn stall_after(bytes: usize) -> Self {
        Self::default().stall_body_after(bytes)
    }

    /// Responds as usual, after this delay.
    pub fn delay(delay: Duration) -> Self {
        Self::default().delay_by(delay)
    }

    /// Closes the connection once the request was read, without a response.
    pub fn close() -> Self {
        Self::default().close_connection()
    }

    /// Adds a `Retry-After` header in whole seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header("retry-after", seconds.to_string())
    }

    /// Adds a header; one of the same name that the response already has is
    /// replaced. An invalid name or value is skipped.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends this body. Its type stays `application/json` unless a header
    /// `content-type` is added.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the vendor's error with this code and message.
    #[must_use]
    pub fn reason(mut self, code: impl Into<String>, message: impl Into<String>) -> Self {
        self.reason = Some((code.into(), message.into()));
        self
    }

    /// Sends the body at this speed; in real time, whatever the mock's clock says.
    #[must_use]
    pub fn slow(mut self, bytes_per_second: u64) -> Self {
        self.bytes_per_second = Some(bytes_per_second);
        self
    }

    /// Waits this long before the response, in addition to the rest of the
    /// fault.
    #[must_use]
    pub fn delay_by(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Responds with this status, as [`status`](Self::status) does.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Truncates the response as [`cut_after`](Self::cut_after) does.
    #[must_use]
    pub fn cut_body_after(self, bytes: usize) -> Self {
        self.deliver(Delivery::CutAfter(bytes))
    }

    /// Stalls the response as [`stall_after`](Self::stall_after) does.
    #[must_use]
    pub fn stall_body_after(self, bytes: usize) -> Self {
        self.deliver(Delivery::StallAfter(bytes))
    }

    /// Closes the connection as [`close`](Self::close) does.
    #[must_use]
    pub fn close_connection(self) -> Self {
        self.deliver(Delivery::Close)
    }

    fn deliver(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }
}

impl Fault {
    /// Adds the body and the headers of the fault to the response of a path.
    pub(crate) fn apply(&self, path: &str, mut response: MockResponse) -> MockResponse {
        if let Some((code, message)) = &self.reason {
            let failure = Generation::of(path).failure_with(response.status, code, message, None);
            response = response.with_body("application/json", failure.body);
        }
        if let Some(body) = &self.body {
            response = response.with_body("application/json", body.clone());
        }
        for (name, value) in &self.headers {
            response.set(name, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_fault_are_combined() {
        let fault = Fault::status(503)
            .retry_after(7)
            .cut_body_after(3)
            .delay_by(Duration::from_secs(1));
        assert_eq!(fault.status, Some(503));
        assert_eq!(fault.headers, [("retry-after".into(), "7".into())]);
        assert_eq!(fault.delivery, Delivery::CutAfter(3));
        assert_eq!(fault.delay, Duration::from_secs(1));
    }
}
