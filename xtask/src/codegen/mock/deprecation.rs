//! Deprecation of an operation, from `deprecated: true`, `x-sunset` (an RFC 3339
//! date or date-time) and `x-successor` (an address, a path, or `GET` and a path).

use jiff::Timestamp;
use serde_json::Value;

/// Deprecation and retirement of an operation, as its document declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Deprecation {
    pub(super) deprecated: bool,
    /// An HTTP-date, or nothing.
    pub(super) sunset: String,
    /// A URI reference that may have parameters in braces, or nothing.
    pub(super) successor: String,
}

impl Deprecation {
    /// Parses the declaration; the error names the invalid extension.
    pub(super) fn read(operation: &Value) -> Result<Self, String> {
        let sunset = operation.get("x-sunset").map(|value| {
            value
                .as_str()
                .and_then(http_date)
                .ok_or_else(|| format!("x-sunset is {value}; use a date such as 2026-10-31"))
        });
        let successor = operation.get("x-successor").map(|value| {
            value
                .as_str()
                .and_then(uri_reference)
                .ok_or_else(|| format!("x-successor is {value}; use an address or a path"))
        });
        Ok(Self {
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            sunset: sunset.transpose()?.unwrap_or_default(),
            successor: successor.transpose()?.unwrap_or_default().to_owned(),
        })
    }
}

/// The path or address, without the method that may precede it.
fn uri_reference(text: &str) -> Option<&str> {
    let is_method = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase());
    let reference = match text.split_once(' ') {
        Some((method, rest)) if is_method(method) => rest.trim(),
        _ => text,
    };
    let absolute = ["https://", "http://"]
        .iter()
        .any(|scheme| reference.starts_with(scheme));
    ((absolute || reference.starts_with('/')) && !reference.contains(' ')).then_some(reference)
}

/// The HTTP-date of an RFC 3339 date (its midnight in UTC) or date-time.
fn http_date(text: &str) -> Option<String> {
    let is_date = text.len() == "2026-10-31".len();
    let midnight = is_date.then(|| format!("{text}T00:00:00Z"));
    let time: Timestamp = midnight.as_deref().unwrap_or(text).parse().ok()?;
    Some(time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn declaration_is_read() {
        let operation = json!({
            "deprecated": true,
            "x-sunset": "2026-10-31",
            "x-successor": "GET /v3/looks/{look_id}",
        });
        let read = Deprecation::read(&operation).unwrap();
        assert!(read.deprecated);
        assert_eq!(read.sunset, "Sat, 31 Oct 2026 00:00:00 GMT");
        assert_eq!(read.successor, "/v3/looks/{look_id}");
        assert_eq!(
            Deprecation::read(&json!({"deprecated": false})),
            Ok(Deprecation::default())
        );
        for wrong in [
            json!({"x-sunset": "soon"}),
            json!({"x-successor": "/v3/>; rel=x"}),
        ] {
            assert!(Deprecation::read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates_and_times_become_http_dates() {
        for (text, date) in [
            ("1970-01-01", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("2024-02-29", "Thu, 29 Feb 2024 00:00:00 GMT"),
            ("2026-10-31T12:30:05Z", "Sat, 31 Oct 2026 12:30:05 GMT"),
            (
                "2026-10-31t01:00:00.25+02:00",
                "Fri, 30 Oct 2026 23:00:00 GMT",
            ),
        ] {
            assert_eq!(http_date(text).as_deref(), Some(date), "{text}");
        }
        for text in ["", "soon", "2026-10", "2026-02-29", "2026-10-31T12:30:00"] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
