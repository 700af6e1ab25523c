//! Path arguments: percent-encoded, so that no character of them is URL syntax.
//! The finished request is matched with the operation's path template before it
//! is sent, so that no argument can change which endpoint is called.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::error::{Error, build};
use crate::operation::{ANY_PATH, Operation};
use crate::origin::{BaseUrl, MAX_URL};

/// Everything but the unreserved characters of RFC 3986. A comma too: to a server
/// that reads lists in paths, an id with one would be two.
const PATH_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes a value as one path segment: only letters, digits, `-`, `.`, `_`
/// and `~` stay as they are.
pub fn encode_path(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, PATH_SEGMENT).into()
}

/// Checks a value that is to become a path segment.
///
/// # Errors
/// `InvalidInput` naming `param` if the value is empty, `.`, `..`, or contains
/// a control character: such a value cannot be sent as one segment. Everything
/// else can.
pub fn check_path_argument(param: &str, value: &str) -> Result<(), Error> {
    let fault = if value.is_empty() {
        "is empty"
    } else if value == "." || value == ".." {
        "is a dot segment, which would name another endpoint"
    } else if has_control(value) {
        "contains a control character such as a line break"
    } else {
        return Ok(());
    };
    Err(build::input(format!("the argument {param} {fault}"))
        .with_param(param)
        .with_hint("pass the id as the API returned it, with nothing around it"))
}

/// Compares a finished request with its operation: the method, the origin and
/// the path template.
pub(crate) fn check_request(
    operation: &Operation,
    request: &reqwest::Request,
    base: &BaseUrl,
) -> Result<(), Error> {
    let url = request.url();
    let Operation { method, path, .. } = operation;
    let sent = url.path().strip_prefix(base.path_prefix());
    let matches = request.method().as_str() == *method
        && sent.is_some_and(|sent| *path == ANY_PATH || matches_template(sent, path));
    let (message, hint) = if !base.same_origin(url) {
        let message = "the request is not for the origin of the base URL".to_owned();
        (message, "build requests with the base URL of the client")
    } else if url.as_str().len() > MAX_URL {
        let message = format!("the address of the request is longer than {MAX_URL} bytes");
        (message, "shorten the arguments of the call")
    } else if !matches {
        let message =
            format!("an argument would turn the call into another one than {method} {path}");
        (
            message,
            "pass ids as the API returned them, with nothing around them",
        )
    } else {
        return Ok(());
    };
    Err(build::input(message).with_hint(hint))
}

// By bytes: it is done for every call.
fn matches_template(path: &str, template: &str) -> bool {
    let mut actual = path.as_bytes().split(|byte| *byte == b'/');
    let mut expected = template.as_bytes().split(|byte| *byte == b'/');
    loop {
        match (actual.next(), expected.next()) {
            (None, None) => return true,
            (Some(actual), Some(expected)) if matches_segment(actual, expected) => {}
            _ => return false,
        }
    }
}

/// Whether a segment matches one of the template: its literal, or a value for
/// its `{name}` between the literals around it.
fn matches_segment(actual: &[u8], expected: &[u8]) -> bool {
    let open = expected.iter().position(|byte| *byte == b'{');
    let close = expected.iter().rposition(|byte| *byte == b'}');
    let (Some(open), Some(close)) = (open, close.filter(|close| Some(*close) > open)) else {
        return actual == expected;
    };
    let value = actual
        .strip_prefix(&expected[..open])
        .and_then(|rest| rest.strip_suffix(&expected[close + 1..]));
    value.is_some_and(|value| {
        let value = percent_decode(value).decode_utf8_lossy();
        !matches!(&*value, "" | "." | "..") && !has_control(&value)
    })
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| !matches!(byte, b' '..=b'~')) && text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    static DETAILS: Operation = Operation::new(
        "retrieve-avatar-details",
        "GET",
        "/v2/avatar/{avatar_id}/details",
    );

    fn sent(base: &str, id: &str) -> Result<String, Error> {
        let base = BaseUrl::parse(base, false).unwrap();
        let url = format!("{}/v2/avatar/{id}/details", base.as_str());
        let request = reqwest::Request::new(http::Method::GET, url.parse().unwrap());
        check_request(&DETAILS, &request, &base)?;
        Ok(request.url().path().to_owned())
    }

    #[test]
    fn encoded_ids_match_the_template() {
        for id in [
            "Abigail_standing_office_front",
            "a/b",
            "a\\b",
            "%2e%2e",
            "..%2f",
            "\u{fc}\u{1f600}",
            "a?b#c",
            "a;b=c",
            "1,2",
            " ",
            "...",
        ] {
            check_path_argument("avatar_id", id).unwrap();
            for base in ["https://api.heygen.com", "https://gate.example/heygen/"] {
                let path = sent(base, &encode_path(id)).unwrap();
                let segment = path.rsplit('/').nth(1).unwrap();
                assert_eq!(
                    percent_decode(segment.as_bytes()).decode_utf8().unwrap(),
                    id
                );
            }
        }
    }

    #[test]
    fn unencoded_ids_are_refused() {
        for id in [
            "",
            ".",
            "..",
            "%2e%2E",
            "a/b",
            "..\\..\\x",
            "../../v1/x",
            "a?b",
            "a#b",
            "%0d%0a",
            "%00",
            "a/../..",
        ] {
            let error = sent("https://api.heygen.com", id).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{id}");
        }
    }

    #[test]
    fn dot_segments_and_control_characters_are_refused() {
        for id in ["", ".", "..", "a\nb", "a\u{0}", "\u{7f}", "\u{85}"] {
            let error = check_path_argument("avatar_id", id).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{id:?}");
            assert_eq!(error.param(), Some("avatar_id"));
        }
    }

    #[test]
    fn other_method_host_or_length_is_refused() {
        let base = BaseUrl::parse("https://api.heygen.com", false).unwrap();
        let refused = |method: http::Method, url: String| {
            check_request(
                &DETAILS,
                &reqwest::Request::new(method, url.parse().unwrap()),
                &base,
            )
            .is_err()
        };
        let good = "https://api.heygen.com/v2/avatar/a/details";
        assert!(!refused(http::Method::GET, good.to_owned()));
        assert!(refused(http::Method::POST, good.to_owned()));
        assert!(refused(
            http::Method::GET,
            good.replace("heygen.com", "heygen.com.evil")
        ));
        assert!(refused(
            http::Method::GET,
            good.replace("/a/", &format!("/{}/", "a".repeat(MAX_URL)))
        ));
    }

    #[test]
    fn literals_around_a_value_are_compared() {
        assert!(matches_template("a.json", "{id}.json"));
        assert!(!matches_template(".json", "{id}.json"));
        assert!(!matches_template("a.xml", "{id}.json"));
        assert!(matches_template("video.list", "video.list"));
        assert!(!matches_template("video.lists", "video.list"));
        assert!(matches_template("}{", "}{"));
        assert!(!matches_template("x", "}{"));
        assert!(!matches_template("x", "{id"));
    }
}
