//! Ranges of files: what identifies a file's content, so that its rest can be
//! requested, and what a server responds of it.

use std::time::Duration;

use http::header::{CONTENT_RANGE, DATE, ETAG, HeaderName, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

/// What identifies the content of a file: a strong `ETag`, or `Last-Modified`
/// where it cannot have changed within the same second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Validator(String);

impl Validator {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: HeaderName| headers.get(name)?.to_str().ok();
        if let Some(tag) = text(ETAG) {
            let is_strong = tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"');
            return is_strong.then(|| Self(tag.to_owned()));
        }
        let modified = text(LAST_MODIFIED)?;
        let at = httpdate::parse_http_date(modified).ok()?;
        let sent = httpdate::parse_http_date(text(DATE)?).ok()?;
        (at + Duration::from_secs(1) <= sent).then(|| Self(modified.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a response has another validator of the same kind.
    fn contradicts(&self, headers: &HeaderMap) -> bool {
        let name = if self.0.starts_with('"') {
            ETAG
        } else {
            LAST_MODIFIED
        };
        let value = headers.get(name);
        value.is_some_and(|value| value.as_bytes() != self.0.as_bytes())
    }
}

/// The content that bytes were received of, from which a transfer can be
/// resumed. It is stored beside a file that is not complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    /// Identifies the file on its server; see `Source::resource`.
    resource: String,
    validator: Validator,
    /// Length of the whole file in bytes.
    pub(super) length: u64,
}

impl Content {
    /// The content of a complete response, if its rest can be requested.
    pub(super) fn of(resource: String, headers: &HeaderMap, length: Option<u64>) -> Option<Self> {
        Some(Self {
            resource,
            validator: Validator::of(headers)?,
            length: length?,
        })
    }

    /// The validator, if this is content of the file.
    pub(super) fn validator_of(&self, resource: &str) -> Option<&Validator> {
        (self.resource == resource).then_some(&self.validator)
    }

    /// Whether a response continues this content at a position.
    pub(super) fn continues(
        &self,
        position: u64,
        headers: &HeaderMap,
        length: Option<u64>,
    ) -> bool {
        let expected = self.length.checked_sub(position);
        ContentRange::of(headers).is_some_and(|range| {
            range.start == position && range.total == Some(self.length) && range.end < self.length
                // Also where the response was decompressed, and so has no length.
                && length == Some(range.end + 1 - range.start)
                && length <= expected
        }) && !self.validator.contradicts(headers)
    }

    /// Whether a refusal of a range says that this content ends at a position.
    pub(super) fn ends_at(&self, position: u64, status: Option<u16>, headers: &HeaderMap) -> bool {
        status == Some(StatusCode::RANGE_NOT_SATISFIABLE.as_u16())
            && position == self.length
            && !self.validator.contradicts(headers)
            && headers
                .get(CONTENT_RANGE)
                .is_some_and(|range| range.as_bytes() == format!("bytes */{position}").as_bytes())
    }
}

/// The header `Content-Range` of a part.
#[derive(Debug, PartialEq, Eq)]
struct ContentRange {
    start: u64,
    /// The last byte, included.
    end: u64,
    total: Option<u64>,
}

impl ContentRange {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
        let (range, total) = text.trim().strip_prefix("bytes ")?.trim().split_once('/')?;
        let (start, end) = range.split_once('-')?;
        let range = Self {
            start: start.parse().ok()?,
            end: end.parse().ok()?,
            total: total.parse().ok(),
        };
        (range.start <= range.end).then_some(range)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect()
    }

    fn content(pairs: &[(HeaderName, &'static str)]) -> Option<Content> {
        Content::of("a".to_owned(), &headers(pairs), Some(100))
    }

    #[test]
    fn weak_validators_are_not_used() {
        const DAY: &str = "Sat, 28 Nov 2026 10:00:00 GMT";
        const LATER: &str = "Sat, 28 Nov 2026 10:00:01 GMT";
        for (pairs, validator) in [
            (&[(ETAG, "\"a\"")][..], Some("\"a\"")),
            (
                &[(ETAG, "W/\"a\""), (LAST_MODIFIED, DAY), (DATE, LATER)],
                None,
            ),
            (&[(ETAG, "a")], None),
            (&[(ETAG, "\"\"")], None),
            (&[(LAST_MODIFIED, DAY), (DATE, LATER)], Some(DAY)),
            (&[(LAST_MODIFIED, DAY), (DATE, DAY)], None),
            (&[(LAST_MODIFIED, DAY)], None),
            (&[], None),
        ] {
            let found = Validator::of(&headers(pairs));
            assert_eq!(
                found.as_ref().map(Validator::as_str),
                validator,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn only_the_rest_of_the_same_content_continues() {
        let content = content(&[(ETAG, "\"a\"")]).unwrap();
        for (pairs, length, continues) in [
            (&[(CONTENT_RANGE, "bytes 40-99/100")][..], Some(60), true),
            (
                &[(CONTENT_RANGE, "bytes 40-59/100"), (ETAG, "\"a\"")],
                Some(20),
                true,
            ),
            (
                &[(CONTENT_RANGE, "bytes 40-99/100"), (ETAG, "\"b\"")],
                Some(60),
                false,
            ),
            (&[(CONTENT_RANGE, "bytes 40-99/100")], None, false),
            (&[(CONTENT_RANGE, "bytes 40-99/100")], Some(61), false),
            (&[(CONTENT_RANGE, "bytes 39-99/100")], Some(61), false),
            (&[(CONTENT_RANGE, "bytes 40-99/101")], Some(60), false),
            (&[(CONTENT_RANGE, "bytes 40-100/100")], Some(61), false),
            (&[(CONTENT_RANGE, "bytes 40-99/*")], Some(60), false),
            (&[(CONTENT_RANGE, "bytes 99-40/100")], Some(60), false),
            (&[], Some(60), false),
        ] {
            let found = content.continues(40, &headers(pairs), length);
            assert_eq!(found, continues, "{pairs:?}");
        }
    }

    #[test]
    fn unsatisfiable_range_at_the_end_is_complete() {
        let content = content(&[(ETAG, "\"a\"")]).unwrap();
        for (position, pairs, ends) in [
            (100, &[(CONTENT_RANGE, "bytes */100")][..], true),
            (100, &[(CONTENT_RANGE, "bytes */101")], false),
            (
                100,
                &[(CONTENT_RANGE, "bytes */100"), (ETAG, "\"b\"")],
                false,
            ),
            (100, &[], false),
            (40, &[(CONTENT_RANGE, "bytes */40")], false),
        ] {
            assert_eq!(content.ends_at(position, Some(416), &headers(pairs)), ends);
        }
        let end = headers(&[(CONTENT_RANGE, "bytes */100")]);
        assert!(!content.ends_at(100, Some(404), &end));
    }
}
