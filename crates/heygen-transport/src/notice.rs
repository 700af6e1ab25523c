//! What the server says about the end of an operation's life: two headers on
//! every answer, and a `warning` in the body of the second generation. The
//! words are the vendor's and are treated as data.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName};
use serde_json::Value;

use crate::key::ApiKey;
use crate::operation::Operation;
use crate::text::OneLine;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// A deprecation notice that came with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// The vendor's words, from the `warning` of the body.
    pub message: Option<String>,
    /// The header `Deprecation` as it came: `true`, or a date.
    pub deprecation: Option<String>,
    /// The day the operation ends: the header `Sunset`, else the date in the
    /// body, as it came.
    pub sunset: Option<String>,
    /// The operation to use instead, for example `GET /v3/users/me`.
    pub successor: Option<String>,
    /// The vendor's page about the change.
    pub docs_url: Option<String>,
}

impl Notice {
    /// Reads the notice of an answer, if it has one. The key is blotted out of
    /// the body, as it has been of the headers, should the server echo it.
    pub(crate) fn read(headers: &HeaderMap, warning: Option<&Value>, key: &ApiKey) -> Option<Self> {
        let header = |name: HeaderName| {
            let value = headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let clean = |text: &str| key.redact(text).into_owned();
        let text = |names: &[&str]| {
            let warning = warning?;
            names
                .iter()
                .find_map(|name| warning.get(*name)?.as_str())
                .map(clean)
        };
        let notice = Self {
            message: warning
                .and_then(Value::as_str)
                .map(clean)
                .or_else(|| text(&["message"])),
            deprecation: header(DEPRECATION),
            sunset: header(SUNSET).or_else(|| text(&["sunset_date"])),
            successor: text(&["v3_endpoint"]),
            docs_url: text(&["docs_url"]),
        };
        (notice != Self::default()).then_some(notice)
    }
}

impl fmt::Display for Notice {
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

/// Which operations have been told about: one trace for each is enough.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<BTreeSet<&'static str>>);

impl Told {
    /// Traces a notice unless the operation has been told about before.
    pub(crate) fn once(&self, operation: &'static Operation, notice: &Notice) {
        if !tracing::enabled!(tracing::Level::WARN) {
            return;
        }
        let first = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(operation.id);
        if first {
            tracing::warn!(
                operation = operation.id,
                sunset = notice.sunset.as_deref(),
                successor = notice.successor.as_deref(),
                "{notice}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(headers: &HeaderMap, warning: Option<&Value>) -> Option<Notice> {
        let key = ApiKey::new("sk_secret".to_owned().into()).unwrap();
        Notice::read(headers, warning, &key)
    }

    #[test]
    fn reads_headers_and_body() {
        let none = HeaderMap::new();
        assert_eq!(read(&none, None), None);
        assert_eq!(read(&none, Some(&json!(7))), None);
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
        let notice = read(&headers, Some(&warning)).unwrap();
        assert_eq!(notice.deprecation.as_deref(), Some("true"));
        assert_eq!(
            notice.sunset.as_deref(),
            Some("Sat, 31 Oct 2026 00:00:00 GMT")
        );
        assert_eq!(notice.docs_url.as_deref(), Some("https://example.com"));
        assert_eq!(
            notice.to_string(),
            "HeyGen calls this operation deprecated, it ends on Sat, 31 Oct 2026 00:00:00 GMT, \
             use GET /v3/users/me instead: old and going"
        );
        let in_body = read(&none, Some(&warning)).unwrap();
        assert_eq!(in_body.sunset.as_deref(), Some("2026-10-31"));
        let words = read(&none, Some(&json!("going away"))).unwrap();
        assert_eq!(words.message.as_deref(), Some("going away"));
    }

    #[test]
    fn an_echo_of_the_key_is_blotted_out() {
        let warning = json!({"message": "a sk_secret", "v3_endpoint": "sk_secret"});
        let notice = read(&HeaderMap::new(), Some(&warning)).unwrap();
        assert_eq!(notice.message.as_deref(), Some("a [API key]"));
        assert!(!format!("{notice:?} {notice}").contains("secret"));
    }
}
