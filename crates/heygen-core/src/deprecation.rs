//! Deprecation of operations: declared in the document, in two headers of
//! retired generations, and in the `warning` of a v2 body. The vendor's message
//! is treated as untrusted data.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName};
use serde_json::Value;

use crate::operation::Operation;
use crate::redact::Redactor;
use crate::text::OneLine;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// The deprecation of an operation, by its document and by the response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecation {
    /// The vendor's message, from the `warning` of the body.
    pub message: Option<String>,
    /// The value of the header `Deprecation`: `true`, or a date.
    pub deprecation: Option<String>,
    /// The day the operation ends: the header `Sunset`, else the date in the
    /// body, else the document's (`YYYY-MM-DD`).
    pub sunset: Option<String>,
    /// The operation to use instead, for example `GET /v3/users/me`.
    pub successor: Option<String>,
    /// The vendor's page about the change.
    pub docs_url: Option<String>,
}

impl Deprecation {
    /// The deprecation of an operation, if its document or its response
    /// declares one. The body is redacted, as its headers have been.
    pub(crate) fn of_response(
        operation: &Operation,
        headers: &HeaderMap,
        warning: Option<&Value>,
        redactor: &Redactor,
    ) -> Option<Self> {
        let header = |name: HeaderName| {
            let value = headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let redacted = |text: &Value| Some(redactor.redact(text.as_str()?).into_owned());
        let field = |name: &str| redacted(warning?.get(name)?);
        let sent = Self {
            message: warning.and_then(redacted).or_else(|| field("message")),
            deprecation: header(DEPRECATION),
            sunset: header(SUNSET).or_else(|| field("sunset_date")),
            successor: field("v3_endpoint"),
            docs_url: field("docs_url"),
        };
        // A warning may be about something else.
        let is_sent = [&sent.deprecation, &sent.sunset, &sent.successor];
        if !operation.deprecated && is_sent.iter().all(|fact| fact.is_none()) {
            return None;
        }
        Some(Self {
            sunset: sent.sunset.or(operation.sunset.map(str::to_owned)),
            successor: sent.successor.or(operation.successor.map(str::to_owned)),
            ..sent
        })
    }
}

impl fmt::Display for Deprecation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeyGen calls this operation deprecated")?;
        if let Some(sunset) = &self.sunset {
            write!(f, ", it ends on {}", OneLine(sunset, 60))?;
        }
        if let Some(successor) = &self.successor {
            write!(f, ", use {} instead", OneLine(successor, 100))?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {}", OneLine(message, 300))?;
        }
        Ok(())
    }
}

/// Operations whose deprecation was logged: once for each.
#[derive(Debug, Default)]
pub(crate) struct DeprecationLog(Mutex<BTreeSet<&'static str>>);

impl DeprecationLog {
    /// Emits a warning, unless one was emitted for the operation before.
    pub(crate) fn warn_once(&self, operation: &'static Operation, deprecation: &Deprecation) {
        if !tracing::enabled!(tracing::Level::WARN) {
            return;
        }
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.insert(operation.id) {
            tracing::warn!(
                operation = operation.id,
                sunset = deprecation.sunset.as_deref(),
                successor = deprecation.successor.as_deref(),
                "{deprecation}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static CURRENT: Operation = Operation::new("get", "GET", "/x");

    fn read(
        operation: &Operation,
        headers: &HeaderMap,
        warning: Option<&Value>,
    ) -> Option<Deprecation> {
        let redactor = Redactor::new("sk_secret".to_owned().into(), "[API key]");
        Deprecation::of_response(operation, headers, warning, &redactor)
    }

    #[test]
    fn headers_and_body_are_read() {
        let none = HeaderMap::new();
        assert_eq!(read(&CURRENT, &none, None), None);
        assert_eq!(read(&CURRENT, &none, Some(&json!(7))), None);
        let headers = HeaderMap::from_iter([
            ("deprecation".parse().unwrap(), "true".parse().unwrap()),
            (
                "sunset".parse().unwrap(),
                "Sat, 31 Oct 2026 00:00:00 GMT".parse().unwrap(),
            ),
        ]);
        let warning = json!({
            "message": "old\nand going",
            "v3_endpoint": "GET /v3/users/me",
            "docs_url": "https://example.com",
            "sunset_date": "2026-10-31",
        });
        let deprecation = read(&CURRENT, &headers, Some(&warning)).unwrap();
        assert_eq!(deprecation.deprecation.as_deref(), Some("true"));
        assert_eq!(
            deprecation.sunset.as_deref(),
            Some("Sat, 31 Oct 2026 00:00:00 GMT")
        );
        assert_eq!(deprecation.docs_url.as_deref(), Some("https://example.com"));
        assert_eq!(
            deprecation.to_string(),
            "HeyGen calls this operation deprecated, it ends on Sat, 31 Oct 2026 00:00:00 GMT, \
             use GET /v3/users/me instead: old and going"
        );
        let in_body = read(&CURRENT, &none, Some(&warning)).unwrap();
        assert_eq!(in_body.sunset.as_deref(), Some("2026-10-31"));
        assert_eq!(read(&CURRENT, &none, Some(&json!("audio was cut"))), None);
        let deprecated = CURRENT.deprecated();
        let deprecation = read(&deprecated, &none, Some(&json!("going away"))).unwrap();
        assert_eq!(deprecation.message.as_deref(), Some("going away"));
    }

    #[test]
    fn document_alone_suffices_and_the_response_wins() {
        let retired = CURRENT
            .deprecated()
            .sunset("2026-10-31")
            .successor("GET /v3/y");
        let deprecation = read(&retired, &HeaderMap::new(), None).unwrap();
        assert_eq!(deprecation.sunset.as_deref(), Some("2026-10-31"));
        assert_eq!(deprecation.successor.as_deref(), Some("GET /v3/y"));
        let warning = json!({"v3_endpoint": "GET /v3/z", "sunset_date": "2027-01-01"});
        let deprecation = read(&retired, &HeaderMap::new(), Some(&warning)).unwrap();
        assert_eq!(deprecation.sunset.as_deref(), Some("2027-01-01"));
        assert_eq!(deprecation.successor.as_deref(), Some("GET /v3/z"));
    }

    #[test]
    fn echo_of_the_key_is_redacted() {
        let warning = json!({"message": "a sk_secret", "v3_endpoint": "sk_secret"});
        let deprecation = read(&CURRENT, &HeaderMap::new(), Some(&warning)).unwrap();
        assert_eq!(deprecation.message.as_deref(), Some("a [API key]"));
        assert!(!format!("{deprecation:?} {deprecation}").contains("secret"));
    }
}
