//! The form of a request, which makes its body anew for each attempt.

use reqwest::header::HeaderValue;

use crate::multipart::{Form, PartSummary};

/// What makes the bodies of a request of several parts.
pub(crate) trait FormSource: Send + Sync {
    /// Whether there are no parts.
    fn is_empty(&self) -> bool;

    /// Name of the first part that cannot be sent, and why.
    fn check(&self) -> Result<(), (&str, String)>;

    /// The header of a request with this body.
    fn content_type(&self, media_type: Option<&str>) -> HeaderValue;

    /// The length of a body, if it is known.
    fn length(&self) -> Option<u64>;

    /// Whether there can be a second body.
    fn is_replayable(&self) -> bool;

    /// The body of an attempt.
    fn body(&self) -> reqwest::Body;

    /// What the parts are, for a preview.
    fn parts(&self) -> Vec<PartSummary>;
}

impl FormSource for Form {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn check(&self) -> Result<(), (&str, String)> {
        self.check()
    }

    fn content_type(&self, media_type: Option<&str>) -> HeaderValue {
        self.content_type(media_type)
    }

    fn length(&self) -> Option<u64> {
        self.length()
    }

    fn is_replayable(&self) -> bool {
        true
    }

    fn body(&self) -> reqwest::Body {
        self.body()
    }

    fn parts(&self) -> Vec<PartSummary> {
        self.summary()
    }
}
