//! Checks whether a response is the file, or a page with an error, which some
//! servers send with status 200.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

/// Media types that say nothing.
const GENERIC: [&str; 4] = [
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-download",
];

/// The media type of a response without its parameters, in lower case. Empty
/// where there is none.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or_default().split(';').next();
    essence.unwrap_or_default().trim().to_ascii_lowercase()
}

/// Why a response cannot be a file of this class, such as `video`.
pub(super) fn refusal(
    status: StatusCode,
    headers: &HeaderMap,
    class: Option<&str>,
) -> Option<String> {
    if status != StatusCode::OK {
        return Some(format!(
            "the server sent no whole file: its status is {status}"
        ));
    }
    let media_type = media_type(headers);
    if is_page(&media_type) {
        return Some("the server sent a page in place of the file".to_owned());
    }
    let class = class?;
    let (sent, subtype) = media_type.split_once('/').unwrap_or_default();
    // Subtitles are `application/x-subrip`, and vendors have types of their own.
    let may_be = GENERIC.contains(&media_type.as_str())
        || sent == class
        || (sent == "application" && !is_message(subtype));
    (!may_be)
        .then(|| format!("the server sent {media_type} in place of the file, which is {class}"))
}

/// Whether a body whose type says nothing begins as a page does.
pub(super) fn begins_page(headers: &HeaderMap, start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let begins = |with: &str| {
        let found = start.get(..with.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(with.as_bytes()))
    };
    GENERIC.contains(&media_type(headers).as_str()) && (begins("<!doctype html") || begins("<html"))
}

fn is_page(media_type: &str) -> bool {
    matches!(media_type, "text/html" | "application/xhtml+xml")
}

/// Whether a type of `application/` is one of error messages.
fn is_message(subtype: &str) -> bool {
    matches!(subtype, "json" | "problem+json" | "xml")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_file_of_the_class_is_accepted() {
        for (sent, class, accepted) in [
            ("video/mp4", Some("video"), true),
            ("VIDEO/MP4; codecs=avc1", Some("video"), true),
            ("binary/octet-stream", Some("video"), true),
            ("application/mp4", Some("video"), true),
            ("text/html; charset=utf-8", Some("video"), false),
            ("text/html", Some("text"), false),
            ("text/html", None, false),
            ("text/plain", Some("video"), false),
            ("image/png", Some("video"), false),
            ("application/json", Some("video"), false),
            ("application/xml", Some("image"), false),
            ("application/json", None, true),
            ("application/x-subrip", Some("text"), true),
            ("", Some("video"), true),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(sent))]);
            let refused = refusal(StatusCode::OK, &headers, class);
            assert_eq!(refused.is_none(), accepted, "{sent} {refused:?}");
        }
        assert!(refusal(StatusCode::OK, &HeaderMap::new(), Some("video")).is_none());
        assert!(refusal(StatusCode::NO_CONTENT, &HeaderMap::new(), None).is_some());
    }

    #[test]
    fn page_without_a_type_is_found_by_its_beginning() {
        let none = HeaderMap::new();
        assert!(begins_page(&none, b"\n <!DOCTYPE HTML><title>x"));
        assert!(begins_page(&none, b"\xef\xbb\xbf<html lang=en>"));
        assert!(!begins_page(&none, b"\0\0\0 ftypisom"));
        assert!(!begins_page(&none, b"<htm"));
        let text = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))]);
        assert!(!begins_page(&text, b"<html>"));
    }
}
