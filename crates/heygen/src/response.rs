//! A model together with the answer it came in.

use std::fmt;
use std::ops::Deref;

use heygen_api_gen::hooks::ResponseValue;

use crate::Notice;

/// What [`Request::with_response`](crate::Request::with_response) gives: the
/// model, and the answer it came in. Reads like the model itself.
pub struct Response<T>(pub(crate) ResponseValue<T>);

impl<T> Response<T> {
    /// The model alone.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }

    /// The HTTP status: 200 or another of success.
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &http::HeaderMap {
        self.0.headers()
    }

    /// The body of the answer as it came, envelope and all.
    pub fn body(&self) -> &[u8] {
        self.0.body()
    }

    /// The id under which the server knows the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// How often the request was sent: 1 unless it was tried again.
    pub fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    /// What the server says about the end of this operation, if it does.
    pub fn notice(&self) -> Option<&Notice> {
        self.0.notice()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &**self)
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("attempts", &self.attempts())
            .field("notice", &self.notice())
            .finish_non_exhaustive()
    }
}
