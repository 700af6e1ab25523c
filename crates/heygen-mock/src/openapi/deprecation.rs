//! Deprecation of an operation: the headers `Deprecation`, `Sunset` (RFC 8594)
//! and `Link` with the relation `successor-version` (RFC 5829).
//!
//! Their sources are `deprecated: true`, `x-sunset` (an RFC 3339 date or
//! date-time) and `x-successor` (an address, a path, or `GET` and a path).

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

use crate::response::MockResponse;
use crate::route::PathValues;

/// Deprecation and retirement of an operation, as its document declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deprecation {
    deprecated: bool,
    /// An HTTP-date.
    sunset: Option<String>,
    /// A URI reference that may have parameters in braces.
    successor: Option<String>,
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
            sunset: sunset.transpose()?,
            successor: successor.transpose()?.map(str::to_owned),
        })
    }

    /// Adds the headers to a response, except those that it already has.
    /// Parameters of the successor are filled in from the request's path.
    pub(crate) fn add_headers(&self, path: &PathValues, response: &mut MockResponse) {
        if self.deprecated {
            // As the API sends it; RFC 9745 would have a date.
            response.set_default("deprecation", "true");
        }
        if let Some(sunset) = &self.sunset {
            response.set_default("sunset", sunset);
        }
        if let Some(successor) = &self.successor {
            let link = format!("<{}>; rel=\"successor-version\"", expand(successor, path));
            response.set_default("link", &link);
        }
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

/// Replaces each parameter in braces by the request's value of that name, or,
/// where both paths have as many parameters, by the value at its position. A
/// parameter without a value keeps its braces, percent-encoded.
fn expand(template: &str, path: &PathValues) -> String {
    let mut expanded = String::new();
    let mut rest = template;
    let same_count = template.matches('{').count() == path.len();
    let mut index = 0;
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        encode(&mut expanded, before, false);
        let value = path
            .iter()
            .find(|(own, _)| own == name)
            .or_else(|| path.get(index).filter(|_| same_count));
        match value {
            Some((_, value)) => encode(&mut expanded, value, true),
            None => encode(&mut expanded, &format!("{{{name}}}"), true),
        }
        index += 1;
        rest = after;
    }
    encode(&mut expanded, rest, false);
    expanded
}

/// Percent-encodes characters that are invalid in a URI reference; in a segment
/// also the delimiters of segments, queries and encodings.
fn encode(encoded: &mut String, text: &str, segment: bool) {
    for byte in text.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || (!segment && b":/?#[]@!$&'()*+,;=%".contains(&byte)) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
}

/// The HTTP-date of an RFC 3339 date (its midnight in UTC) or date-time.
fn http_date(text: &str) -> Option<String> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let seconds = days_since_1970(date)? * 86_400 + time.map_or(Some(0), seconds_of_day)?;
    let since = Duration::from_secs(u64::try_from(seconds).ok()?);
    Some(httpdate::fmt_http_date(UNIX_EPOCH + since))
}

/// Days from 1970-01-01 to a date as `2026-10-31`; years 1970 to 9998, so that
/// any offset stays in the range of an HTTP-date.
fn days_since_1970(date: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = |month: i64| match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let valid = (1970..=9998).contains(&year)
        && (1..=12).contains(&month)
        && (1..=length(month)).contains(&day);
    let years: i64 = (1970..year).map(|year| 365 + i64::from(leap(year))).sum();
    let months: i64 = (1..month).map(length).sum();
    valid.then_some(years + months + day - 1)
}

/// Seconds since midnight in UTC of a time as `12:30:00Z` or
/// `12:30:00.5+02:00`; a fraction is dropped.
fn seconds_of_day(time: &str) -> Option<i64> {
    let (time_of_day, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(time_of_day) => (time_of_day, 0),
        None => {
            let (time_of_day, zone) = time.split_at(time.rfind(['+', '-'])?);
            let [hours, minutes] = numbers(&zone[1..], ':', [2, 2])?;
            let seconds = (hours * 60 + minutes) * 60;
            let valid = hours < 24 && minutes < 60;
            let ahead = zone.starts_with('+');
            (
                time_of_day,
                valid.then_some(if ahead { seconds } else { -seconds })?,
            )
        }
    };
    let time_of_day = match time_of_day.split_once('.') {
        Some((time_of_day, fraction)) => {
            let digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
            digits.then_some(time_of_day)?
        }
        None => time_of_day,
    };
    let [hours, minutes, seconds] = numbers(time_of_day, ':', [2, 2, 2])?;
    // A second of 60 is a leap second.
    (hours < 24 && minutes < 60 && seconds <= 60)
        .then_some((hours * 60 + minutes) * 60 + seconds - offset)
}

/// Decimal numbers of these widths between separators.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts
            .next()
            .filter(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn headers(operation: &Value, path: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut response = MockResponse::empty(200);
        let path = path
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let deprecation = Deprecation::read(operation).unwrap();
        deprecation.add_headers(&path, &mut response);
        let headers = response.headers.iter();
        headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect()
    }

    #[test]
    fn each_declaration_has_its_header() {
        assert_eq!(headers(&json!({"deprecated": false}), &[]), []);
        let operation = json!({
            "deprecated": true,
            "x-sunset": "2026-10-31",
            "x-successor": "/v3/looks/{look_id}",
        });
        assert_eq!(
            headers(&operation, &[("avatar_id", "a/b")]),
            [
                ("deprecation", "true"),
                ("sunset", "Sat, 31 Oct 2026 00:00:00 GMT"),
                ("link", "</v3/looks/a%2Fb>; rel=\"successor-version\""),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn documented_headers_are_kept() {
        let mut response = MockResponse::empty(200);
        response.set("deprecation", "@1793404800");
        let deprecation = Deprecation::read(&json!({"deprecated": true})).unwrap();
        deprecation.add_headers(&Vec::new(), &mut response);
        assert_eq!(response.headers["deprecation"], "@1793404800");
    }

    #[test]
    fn successor_is_a_uri_reference() {
        let link = |successor: &str, path: &[(&str, &str)]| {
            headers(&json!({"x-successor": successor}), path)[0]
                .1
                .clone()
        };
        let two = [("group_id", "g"), ("item_id", "i")];
        for (successor, path, expected) in [
            ("GET /v3/x", &[][..], "</v3/x>"),
            ("https://h.test/x?y=1", &[], "<https://h.test/x?y=1>"),
            ("/v3/{item_id}", &two[..], "</v3/i>"),
            ("/v3/{a}/x/{b}", &two[..], "</v3/g/x/i>"),
            ("/v3/{other}", &two[..], "</v3/%7Bother%7D>"),
            ("/v3/{open", &two[..], "</v3/%7Bopen>"),
            ("/v3/>; rel=x", &[], ""),
        ] {
            if expected.is_empty() {
                assert!(Deprecation::read(&json!({"x-successor": successor})).is_err());
            } else {
                assert_eq!(
                    link(successor, path),
                    format!("{expected}; rel=\"successor-version\"")
                );
            }
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
            ("2026-12-31T23:30:00-00:45", "Fri, 01 Jan 2027 00:15:00 GMT"),
        ] {
            assert_eq!(http_date(text).as_deref(), Some(date), "{text}");
        }
        for text in [
            "",
            "soon",
            "2026-10",
            "2026-1-31",
            "2026-02-29",
            "2026-13-01",
            "2026-10-00",
            "1969-12-31",
            "9999-12-31",
            "+026-10-31",
            "2026-10-31T",
            "2026-10-31T12:30Z",
            "2026-10-31T12:30:00",
            "2026-10-31T24:00:00Z",
            "2026-10-31T12:30:00.Z",
            "2026-10-31T12:30:00+24:00",
            "1970-01-01T00:00:00+01:00",
            "2026-10-31-01",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
