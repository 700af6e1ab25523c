//! Redirects, followed here because the HTTP library would send the credential
//! to any location: of calls only GET and HEAD on the same origin, of files to
//! any address as safe as the base URL.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::Url;

use crate::operation::Operation;
use crate::origin::{BaseUrl, MAX_URL};
use crate::text::OneLine;

/// At most this many redirects are followed in one attempt.
const MAX_REDIRECTS: u32 = 5;

/// Decision whether a response is a redirect to follow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Redirect {
    /// The response is not a redirect.
    None,
    /// Send the request to this address.
    Follow(Url),
    /// The redirect is refused, for this reason.
    Refuse(&'static str),
}

/// Decides on the response to a request of an operation, received from `from`
/// after `followed` redirects.
pub(crate) fn decide(
    base: &BaseUrl,
    operation: &Operation,
    from: &Url,
    (status, headers): (StatusCode, &HeaderMap),
    followed: u32,
) -> Redirect {
    if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
        return Redirect::None;
    }
    let Some(location) = location(headers) else {
        return Redirect::None;
    };
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Redirect::Refuse("which is not followed for this status");
    }
    let Ok(mut target) = from.join(&location) else {
        return Redirect::Refuse("which is not an address");
    };
    // A request for a file carries no credential.
    let is_weaker = from.scheme() == "https" && target.scheme() != "https";
    let refused = match operation.is_file() {
        true if is_weaker || !base.allows_file(&target) => {
            Some("which is not https, or has a user name")
        }
        false if operation.is_write() => Some("which is not followed for this method"),
        false if !base.same_origin(&target) => {
            Some("which is another origin and is not sent the API key")
        }
        _ => None,
    };
    if let Some(why) = refused {
        return Redirect::Refuse(why);
    }
    if target.as_str().len() > MAX_URL {
        return Redirect::Refuse("which is longer than an address can be");
    }
    if followed >= MAX_REDIRECTS {
        return Redirect::Refuse("and has already redirected 5 times");
    }
    target.set_fragment(None);
    Redirect::Follow(target)
}

/// The message of a redirect that was refused.
pub(crate) fn refusal(headers: &HeaderMap, why: &str) -> String {
    let location = location(headers).unwrap_or_default();
    format!(
        "the server redirects to '{}', {why}",
        OneLine(without_query(&location), 300)
    )
}

/// Removes the query of the address in `Location`, which may be a signature.
pub(crate) fn redact_location(headers: &mut HeaderMap) {
    if let Some(location) = location(headers)
        && let Ok(value) = HeaderValue::from_str(without_query(&location))
    {
        headers.insert(header::LOCATION, value);
    }
}

fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

fn location(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(header::LOCATION)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    static GET: Operation = Operation::new("get", "GET", "/x");
    static POST: Operation = Operation::new("create", "POST", "/x");
    static FILE: Operation = Operation::file("download", "GET");

    fn decide_on(
        base: &BaseUrl,
        operation: &str,
        from: &Url,
        response: (StatusCode, &HeaderMap),
        followed: u32,
    ) -> Redirect {
        let operation = match operation {
            "file" => &FILE,
            "GET" => &GET,
            _ => &POST,
        };
        super::decide(base, operation, from, response, followed)
    }

    fn decide(method: &str, location: &str, followed: u32) -> Redirect {
        let base = BaseUrl::parse("https://api.heygen.com", false).unwrap();
        let from = Url::parse("https://api.heygen.com/v2/a").unwrap();
        let headers = HeaderMap::from_iter([(header::LOCATION, location.parse().unwrap())]);
        decide_on(
            &base,
            method,
            &from,
            (StatusCode::FOUND, &headers),
            followed,
        )
    }

    #[test]
    fn same_origin_is_followed() {
        for (location, to) in [
            ("/v2/b", "https://api.heygen.com/v2/b"),
            ("b#x", "https://api.heygen.com/v2/b"),
            ("https://API.heygen.com:443/c", "https://api.heygen.com/c"),
            ("//api.heygen.com/d", "https://api.heygen.com/d"),
        ] {
            let to = Url::parse(to).unwrap();
            assert_eq!(
                decide("GET", location, 4),
                Redirect::Follow(to),
                "{location}"
            );
        }
    }

    /// Even if the client may use plain http, a file at an `https` address is
    /// never fetched over it.
    #[test]
    fn file_is_never_redirected_from_https_to_http() {
        let base = BaseUrl::parse("http://127.0.0.1:9", false).unwrap();
        let decide = |from: &str, location: &str| {
            let from = Url::parse(from).unwrap();
            let headers = HeaderMap::from_iter([(header::LOCATION, location.parse().unwrap())]);
            decide_on(&base, "file", &from, (StatusCode::FOUND, &headers), 0)
        };
        let plain = "http://127.0.0.1:8/b";
        let to = Redirect::Follow(Url::parse(plain).unwrap());
        assert_eq!(decide("http://127.0.0.1:9/a", plain), to);
        assert!(matches!(
            decide("https://files.example/a", plain),
            Redirect::Refuse(_)
        ));
    }

    #[test]
    fn other_targets_methods_and_counts_are_refused() {
        let refused = |method: &str, location: &str, followed| {
            let next = decide(method, location, followed);
            assert!(matches!(next, Redirect::Refuse(_)), "{location}: {next:?}");
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
    fn other_statuses_are_not_redirects() {
        let base = BaseUrl::parse("https://api.heygen.com", false).unwrap();
        let from = Url::parse("https://api.heygen.com/").unwrap();
        let headers = HeaderMap::from_iter([(header::LOCATION, "/x".parse().unwrap())]);
        for status in [200, 201, 304, 404] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                decide_on(&base, "GET", &from, (status, &headers), 0),
                Redirect::None
            );
        }
        for status in [300, 305, 306, 399] {
            let status = StatusCode::from_u16(status).unwrap();
            let next = decide_on(&base, "GET", &from, (status, &headers), 0);
            assert!(matches!(next, Redirect::Refuse(_)), "{status}: {next:?}");
        }
        let none = HeaderMap::new();
        assert_eq!(
            decide_on(&base, "GET", &from, (StatusCode::FOUND, &none), 0),
            Redirect::None
        );
    }

    #[test]
    fn query_of_a_location_is_redacted() {
        let mut headers = HeaderMap::new();
        let address = "https://files.example/a?Signature=hush#b";
        headers.insert(header::LOCATION, HeaderValue::from_static(address));
        let message = refusal(&headers, "which is not https");
        assert!(
            message.contains("files.example/a'") && !message.contains("hush"),
            "{message}"
        );
        redact_location(&mut headers);
        assert_eq!(headers[header::LOCATION], "https://files.example/a");
    }
}
