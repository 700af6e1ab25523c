//! What a caller may say about one call, as opposed to the whole client.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, fail};
use crate::{idempotency, key};

/// Headers that are the client's own business: the key, and what frames the
/// message on the wire.
const RESERVED: &[&str] = &[
    key::HEADER,
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Options of one call. What is not set is as the client has it.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// The time for the whole call, retries and waits included.
    pub timeout: Option<Duration>,
    /// How often the call may be tried again.
    pub max_retries: Option<u32>,
    headers: HeaderMap,
}

impl CallOptions {
    /// Adds a header, in the place of one that the call would have by itself.
    ///
    /// # Errors
    /// `InvalidInput` naming the header if it cannot be sent, or is the
    /// client's own to set.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let refuse = |why: &str| {
            fail::input(format!(
                "the header {} {why}",
                crate::text::OneLine(name, 100)
            ))
            .with_param(name)
        };
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .map_err(|error| refuse("has a name that cannot be sent").with_source(error))?;
        if RESERVED.contains(&parsed.as_str()) {
            return Err(
                refuse("cannot be set for a call").with_hint("the client sets it by itself")
            );
        }
        if parsed == idempotency::HEADER {
            return self.set_idempotency_key(value);
        }
        let value = HeaderValue::from_str(value)
            .map_err(|error| refuse("has a value that cannot be sent").with_source(error))?;
        self.headers.insert(parsed, value);
        Ok(())
    }

    /// The key by which the server knows this call again, instead of one that
    /// the client makes. Only operations that document it read it.
    ///
    /// # Errors
    /// `InvalidInput` if it is empty, longer than 255 characters, or has others
    /// than ASCII letters, digits, `_`, `-`, `:` and `.`.
    pub fn set_idempotency_key(&mut self, key: &str) -> Result<(), Error> {
        self.headers
            .insert(idempotency::HEADER, idempotency::check(key)?);
        Ok(())
    }

    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secrets of the caller; names are not.
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("max_retries", &self.max_retries)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_cannot_be_sent() {
        let mut options = CallOptions::default();
        for (name, value) in [
            ("X-Api-Key", "sk_other"),
            ("Host", "evil.example"),
            ("content-length", "0"),
            ("a b", "x"),
            ("", "x"),
            ("x-a", "line\r\nx-api-key: b"),
        ] {
            let error = options.set_header(name, value).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{name}");
            assert_eq!(error.param(), Some(name));
            assert!(!error.to_string().contains("sk_other"));
        }
        options.set_header("X-Trace", "hush").unwrap();
        options.set_header("x-trace", "hush2").unwrap();
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
}
