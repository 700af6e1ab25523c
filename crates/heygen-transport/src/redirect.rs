//! Redirects, by hand: the HTTP library would carry the key along to wherever
//! it is told to go. Only a GET or HEAD on the same origin is followed.

use std::borrow::Cow;

use http::{HeaderMap, StatusCode, header};
use url::Url;

use crate::origin::BaseUrl;
use crate::text::OneLine;

/// At most this many redirects are followed in one attempt.
const MOST: u32 = 5;

/// What to do with an answer, as far as redirects are concerned.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is no redirect: read it.
    Read,
    /// Ask again there.
    Follow(Url),
    /// It is an error, for the reason given.
    Refuse(&'static str),
}

/// Decides about an answer that came from `from` after `followed` redirects.
pub(crate) fn next(
    base: &BaseUrl,
    method: &str,
    from: &Url,
    status: StatusCode,
    headers: &HeaderMap,
    followed: u32,
) -> Next {
    // 304 has nothing to do with redirects.
    if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
        return Next::Read;
    }
    let Some(location) = location(headers) else {
        return Next::Read;
    };
    let refuse = Next::Refuse;
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return refuse("which is not followed for this status");
    }
    if method != "GET" && method != "HEAD" {
        return refuse("which is not followed for this method");
    }
    let Ok(mut target) = from.join(&location) else {
        return refuse("which is no address");
    };
    if !base.same_origin(&target) {
        return refuse("which is another origin and is not sent the API key");
    }
    if followed >= MOST {
        return refuse("and has already redirected 5 times");
    }
    target.set_fragment(None);
    Next::Follow(target)
}

/// Decides about an answer to a request for a file, which carries no key and
/// may be anywhere that is as safe as the base URL.
pub(crate) fn file(
    base: &BaseUrl,
    from: &Url,
    status: StatusCode,
    headers: &HeaderMap,
    followed: u32,
) -> Next {
    let Some(location) = location(headers) else {
        return Next::Read;
    };
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Next::Read;
    }
    match from.join(&location) {
        Ok(_) if followed >= MOST => Next::Refuse("and has already redirected 5 times"),
        Ok(target) if !base.allows_file(&target) => Next::Refuse("which is not https"),
        Ok(target) if from.scheme() == "https" && target.scheme() != "https" => {
            Next::Refuse("which is not https")
        }
        Ok(target) => Next::Follow(target),
        Err(_) => Next::Refuse("which is no address"),
    }
}

/// What is said of a redirect that was refused for the reason given.
pub(crate) fn told(headers: &HeaderMap, why: &str) -> String {
    let location = location(headers).unwrap_or_default();
    format!(
        "the server redirects to '{}', {why}",
        OneLine(&location, 300)
    )
}

fn location(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let location = headers.get(header::LOCATION)?;
    Some(String::from_utf8_lossy(location.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(method: &str, location: &str, followed: u32) -> Next {
        let base = BaseUrl::parse("https://api.heygen.com", false).unwrap();
        let from = Url::parse("https://api.heygen.com/v2/a").unwrap();
        let headers = HeaderMap::from_iter([(header::LOCATION, location.parse().unwrap())]);
        next(&base, method, &from, StatusCode::FOUND, &headers, followed)
    }

    #[test]
    fn follows_on_the_same_origin() {
        for (location, to) in [
            ("/v2/b", "https://api.heygen.com/v2/b"),
            ("b#x", "https://api.heygen.com/v2/b"),
            ("https://API.heygen.com:443/c", "https://api.heygen.com/c"),
            ("//api.heygen.com/d", "https://api.heygen.com/d"),
        ] {
            let to = Url::parse(to).unwrap();
            assert_eq!(decide("GET", location, 4), Next::Follow(to), "{location}");
        }
    }

    /// Even where the client may use plain http, a file that was asked for
    /// safely is not fetched in clear.
    #[test]
    fn a_file_is_never_led_from_https_to_http() {
        let base = BaseUrl::parse("http://127.0.0.1:9", false).unwrap();
        let decide = |from: &str, location: &str| {
            let from = Url::parse(from).unwrap();
            let headers = HeaderMap::from_iter([(header::LOCATION, location.parse().unwrap())]);
            file(&base, &from, StatusCode::FOUND, &headers, 0)
        };
        let plain = "http://127.0.0.1:8/b";
        let to = Next::Follow(Url::parse(plain).unwrap());
        assert_eq!(decide("http://127.0.0.1:9/a", plain), to);
        assert!(matches!(
            decide("https://files.example/a", plain),
            Next::Refuse(_)
        ));
    }

    #[test]
    fn refuses_everything_else() {
        let refused = |method: &str, location: &str, followed| {
            let next = decide(method, location, followed);
            assert!(matches!(next, Next::Refuse(_)), "{location}: {next:?}");
        };
        for location in [
            "http://api.heygen.com/",
            "https://api.heygen.com:444/",
            "//evil.example/",
            "https://api.heygen.com.evil.example/",
            "https://user@api.heygen.com/",
            "\\\\evil.example\\x",
            "https://",
        ] {
            refused("GET", location, 0);
        }
        refused("GET", "/v2/b", 5);
        refused("POST", "/v2/b", 0);
        refused("DELETE", "/v2/b", 0);
    }

    #[test]
    fn other_statuses_are_read() {
        let base = BaseUrl::parse("https://api.heygen.com", false).unwrap();
        let from = Url::parse("https://api.heygen.com/").unwrap();
        let headers = HeaderMap::from_iter([(header::LOCATION, "/x".parse().unwrap())]);
        for status in [200, 201, 304, 404] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(next(&base, "GET", &from, status, &headers, 0), Next::Read);
        }
        for status in [300, 305, 306, 399] {
            let status = StatusCode::from_u16(status).unwrap();
            let next = next(&base, "GET", &from, status, &headers, 0);
            assert!(matches!(next, Next::Refuse(_)), "{status}: {next:?}");
        }
        let none = HeaderMap::new();
        assert_eq!(
            next(&base, "GET", &from, StatusCode::FOUND, &none, 0),
            Next::Read
        );
    }
}
