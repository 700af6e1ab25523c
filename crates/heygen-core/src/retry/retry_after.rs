//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

/// The wait that the server asks for, in seconds or until a date. A date in
/// the past is zero; a value that is neither is ignored.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Option<Duration> {
        retry_after(&HeaderMap::from_iter([(
            header::RETRY_AFTER,
            value.parse().unwrap(),
        )]))
    }

    #[test]
    fn reads_seconds_and_dates() {
        assert_eq!(parse("0"), Some(Duration::ZERO));
        assert_eq!(parse(" 2 "), Some(Duration::from_secs(2)));
        assert_eq!(
            parse("99999999999999999999999"),
            Some(Duration::from_secs(u64::MAX))
        );
        assert_eq!(parse("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let ahead = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
        let wait = parse(&ahead).unwrap();
        assert!((98..=100).contains(&wait.as_secs()), "{wait:?}");
        for ignored in ["", "-1", "1.5", "soon", "2s", "+3"] {
            assert_eq!(parse(ignored), None, "{ignored}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
