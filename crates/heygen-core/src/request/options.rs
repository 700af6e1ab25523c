//! Options of one call, which override the client's settings.

use std::fmt;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::idempotency;
use crate::credential::API_KEY_HEADER;
use crate::error::{Error, build};
use crate::text::OneLine;

/// Headers that a caller cannot set, beside the credential's: message framing
/// and hop-by-hop headers.
const RESERVED: &str = "connection content-length expect host keep-alive proxy-authorization \
                        proxy-connection te trailer transfer-encoding upgrade";

/// Options of one call. Unset options have the client's value. An option that
/// cannot be used makes the call fail with `InvalidInput` before it is sent.
#[derive(Default)]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_retries: Option<u32>,
    headers: HeaderMap,
    /// The first option that cannot be used.
    invalid: Option<Error>,
}

impl CallOptions {
    /// No options set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Timeout of the whole call, retries and waits included. Above zero.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.check_timeout("timeout", timeout);
        self.timeout = Some(timeout);
        self
    }

    /// Timeout of each attempt, within that of the call. Above zero.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.check_timeout("attempt timeout", timeout);
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How often the call may be retried.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Sets a header, which replaces one that the client would send. The
    /// headers of the credential and of the message's framing cannot be set.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match check_header(name.as_ref(), value.as_ref()) {
            Ok((name, value)) => {
                self.headers.insert(name, value);
            }
            Err(error) => self.refuse(error),
        }
        self
    }

    /// The idempotency key of the call: 1 to 255 ASCII letters, digits, `_`,
    /// `-`, `:` and `.`.
    #[must_use]
    pub fn idempotency_key(self, key: impl AsRef<str>) -> Self {
        self.header(idempotency::HEADER, key)
    }

    fn refuse(&mut self, error: Error) {
        self.invalid.get_or_insert(error);
    }

    /// Keeps an earlier option that cannot be used.
    pub(crate) fn refuse_if(&mut self, earlier: Option<Error>) {
        self.invalid = earlier.or(self.invalid.take());
    }

    /// The first option that cannot be used.
    pub(crate) fn take_invalid(&mut self) -> Option<Error> {
        self.invalid.take()
    }

    /// The same options for another call.
    pub(crate) fn copy(&self) -> Self {
        Self {
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            max_retries: self.max_retries,
            headers: self.headers.clone(),
            invalid: None,
        }
    }

    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
    }

    fn check_timeout(&mut self, name: &str, timeout: Duration) {
        if timeout.is_zero() {
            let error = build::input(format!("the {name} is zero")).with_param(name);
            self.refuse(error.with_hint("set a duration above zero"));
        }
    }
}

fn check_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let refuse = |why: &str| {
        build::input(format!("the header {} {why}", OneLine(name, 100))).with_param(name)
    };
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|error| refuse("has a name that cannot be sent").with_source(error))?;
    let is_credential = [API_KEY_HEADER, AUTHORIZATION].contains(&parsed);
    if is_credential || RESERVED.split_whitespace().any(|name| parsed == name) {
        return Err(refuse("cannot be set for a call").with_hint("the client sets it by itself"));
    }
    if parsed == idempotency::HEADER {
        return Ok((parsed, idempotency::check(value)?));
    }
    let value = HeaderValue::from_str(value)
        .map_err(|error| refuse("has a value that cannot be sent").with_source(error))?;
    Ok((parsed, value))
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values of headers may be secrets of the caller; names are not.
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("max_retries", &self.max_retries)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_headers_are_refused() {
        for (name, value) in [
            ("X-Api-Key", "sk_other"),
            ("Authorization", "Bearer sk_other"),
            ("Host", "evil.example"),
            ("content-length", "0"),
            ("a b", "x"),
            ("", "x"),
            ("x-a", "line\r\nx-api-key: b"),
        ] {
            let mut options = CallOptions::new().header(name, value);
            let error = options.take_invalid().unwrap();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{name}");
            assert_eq!(error.param(), Some(name));
            assert!(!error.to_string().contains("sk_other"));
        }
        let mut options = CallOptions::new()
            .header("X-Trace", "hush")
            .header("x-trace", "hush2");
        assert!(options.take_invalid().is_none());
        let mut headers = HeaderMap::new();
        options.apply(&mut headers);
        assert_eq!(headers.len(), 1);
        assert_eq!(headers["x-trace"], "hush2");
        let debug = format!("{options:?}");
        assert!(
            debug.contains("x-trace") && !debug.contains("hush"),
            "{debug}"
        );
    }

    #[test]
    fn zero_timeouts_are_refused() {
        for mut options in [
            CallOptions::new().timeout(Duration::ZERO),
            CallOptions::new().attempt_timeout(Duration::ZERO),
        ] {
            let error = options.take_invalid().unwrap();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput);
            assert!(error.to_string().contains("zero"), "{error}");
        }
    }
}
