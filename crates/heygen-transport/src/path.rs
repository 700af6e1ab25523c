//! An argument can never change which endpoint is called. Twice over: path
//! segments are encoded so that nothing in them is syntax, and the finished
//! request is compared with the operation's own template before it leaves.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::error::{Error, fail};
use crate::operation::Operation;
use crate::origin::BaseUrl;

/// Everything but the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The HTTP library takes no longer address, in bytes.
const LONGEST_URL: usize = 60_000;

/// Encodes a value as one path segment: only letters, digits, `-`, `.`, `_`
/// and `~` stay as they are.
pub fn encode_segment(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, SEGMENT).into()
}

/// Checks a value that is to become a path segment.
///
/// # Errors
/// `InvalidInput` naming `param` if the value is empty, `.`, `..`, or holds a
/// control character: such a value cannot be sent as one segment. Everything
/// else can.
pub fn check_segment(param: &str, value: &str) -> Result<(), Error> {
    let fault = if value.is_empty() {
        "is empty"
    } else if value == "." || value == ".." {
        "is a dot segment, which would name another endpoint"
    } else if has_control(value) {
        "holds a control character such as a line break"
    } else {
        return Ok(());
    };
    Err(fail::input(format!("the argument {param} {fault}"))
        .with_param(param)
        .with_hint("pass the id as the API gave it, with nothing around it"))
}

/// Holds a finished request against its operation: the method, the origin and
/// the exact shape of the path.
pub(crate) fn guard(
    operation: &'static Operation,
    request: &reqwest::Request,
    base: &BaseUrl,
) -> Result<(), Error> {
    let url = request.url();
    if !base.same_origin(url) {
        return Err(
            fail::input("the request is not for the origin of the base URL")
                .with_hint("build requests with the base URL of the client"),
        );
    }
    if url.as_str().len() > LONGEST_URL {
        return Err(fail::input(format!(
            "the address of the request is longer than {LONGEST_URL} bytes"
        ))
        .with_hint("shorten the arguments of the call"));
    }
    let path = url.path().strip_prefix(base.stem());
    let fits = request.method().as_str() == operation.method
        && path.is_some_and(|path| has_shape(path, operation.path));
    if fits {
        return Ok(());
    }
    Err(fail::input(format!(
        "an argument would turn the call into another one than {} {}",
        operation.method, operation.path
    ))
    .with_hint("pass ids as the API gave them, with nothing around them"))
}

// By bytes, as what is looked for is ASCII: this is done for every call.
fn has_shape(path: &str, template: &str) -> bool {
    let mut actual = path.as_bytes().split(|byte| *byte == b'/');
    let mut expected = template.as_bytes().split(|byte| *byte == b'/');
    loop {
        match (actual.next(), expected.next()) {
            (None, None) => return true,
            (Some(actual), Some(expected)) if segment_fits(actual, expected) => {}
            _ => return false,
        }
    }
}

/// Whether a segment is the literal of the template, or a value in the place
/// of its `{name}`, with the literals around it.
fn segment_fits(actual: &[u8], expected: &[u8]) -> bool {
    let Some(open) = expected.iter().position(|byte| *byte == b'{') else {
        return actual == expected;
    };
    let Some(close) = expected.iter().rposition(|byte| *byte == b'}') else {
        return actual == expected;
    };
    if close < open {
        return actual == expected;
    }
    let value = actual
        .strip_prefix(&expected[..open])
        .and_then(|rest| rest.strip_suffix(&expected[close + 1..]));
    value.is_some_and(|value| {
        // As most ids are: nothing to decode.
        let graphic = |byte: &u8| matches!(byte, b'!'..=b'~') && *byte != b'%';
        if value.iter().all(graphic) {
            return !matches!(value, b"" | b"." | b"..");
        }
        let value = percent_decode(value).decode_utf8_lossy();
        !matches!(&*value, "" | "." | "..") && !has_control(&value)
    })
}

fn has_control(text: &str) -> bool {
    // Most texts are plain ASCII, in which they are quickly told.
    !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    static DETAILS: Operation = Operation {
        id: "retrieve-avatar-details",
        name: "retrieve_avatar_details",
        method: "GET",
        path: "/v2/avatar/{avatar_id}/details",
        idempotent: true,
        idempotency_key: false,
        pagination: None,
        deprecated: false,
        sunset: None,
    };

    fn sent(base: &str, id: &str) -> Result<String, Error> {
        let base = BaseUrl::parse(base, false).unwrap();
        let url = format!("{}/v2/avatar/{id}/details", base.as_str());
        let request = reqwest::Request::new(http::Method::GET, url.parse().unwrap());
        guard(&DETAILS, &request, &base)?;
        Ok(request.url().path().to_owned())
    }

    #[test]
    fn encoded_ids_keep_the_shape() {
        for id in [
            "Abigail_standing_office_front",
            "a/b",
            "a\\b",
            "%2e%2e",
            "..%2f",
            "\u{fc}\u{1f600}",
            "a?b#c",
            "a;b=c",
            " ",
            "...",
        ] {
            check_segment("avatar_id", id).unwrap();
            for base in ["https://api.heygen.com", "https://gate.example/heygen/"] {
                let path = sent(base, &encode_segment(id)).unwrap();
                let segment = path.rsplit('/').nth(1).unwrap();
                assert_eq!(
                    percent_decode(segment.as_bytes()).decode_utf8().unwrap(),
                    id
                );
            }
        }
    }

    #[test]
    fn unencoded_ids_do_not_pass() {
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
    fn refuses_what_is_no_segment() {
        for id in ["", ".", "..", "a\nb", "a\u{0}", "\u{7f}", "\u{85}"] {
            let error = check_segment("avatar_id", id).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{id:?}");
            assert_eq!(error.param(), Some("avatar_id"));
        }
    }

    #[test]
    fn another_method_host_or_length_does_not_pass() {
        let base = BaseUrl::parse("https://api.heygen.com", false).unwrap();
        let refused = |method: http::Method, url: String| {
            guard(
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
            good.replace("/a/", &format!("/{}/", "a".repeat(LONGEST_URL)))
        ));
    }

    #[test]
    fn literals_around_a_value() {
        assert!(has_shape("a.json", "{id}.json"));
        assert!(!has_shape(".json", "{id}.json"));
        assert!(!has_shape("a.xml", "{id}.json"));
        assert!(has_shape("video.list", "video.list"));
        assert!(!has_shape("video.lists", "video.list"));
        assert!(has_shape("}{", "}{"));
        assert!(!has_shape("x", "}{"));
        assert!(!has_shape("x", "{id"));
    }
}
