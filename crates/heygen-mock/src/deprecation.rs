//! Headers of a deprecated operation: `Deprecation`, `Sunset` (RFC 8594) and
//! `Link` with the relation `successor-version` (RFC 5829).

use std::fmt::Write as _;

use crate::response::MockResponse;
use crate::route::PathValues;
use crate::table::Deprecation;

/// Adds the headers to a response, except those that it already has. Parameters
/// of the successor are filled in from the request's path.
pub(crate) fn add_headers(
    deprecation: &Deprecation,
    path: &PathValues,
    response: &mut MockResponse,
) {
    if deprecation.deprecated {
        // As the API sends it; RFC 9745 would have a date.
        response.set_default("deprecation", "true");
    }
    if !deprecation.sunset.is_empty() {
        response.set_default("sunset", deprecation.sunset);
    }
    if !deprecation.successor.is_empty() {
        let successor = expand(deprecation.successor, path);
        response.set_default("link", &format!("<{successor}>; rel=\"successor-version\""));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(deprecation: &Deprecation, path: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut response = MockResponse::empty(200);
        let path = path
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        add_headers(deprecation, &path, &mut response);
        let headers = response.headers.iter();
        headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect()
    }

    const CURRENT: Deprecation = Deprecation {
        deprecated: false,
        sunset: "",
        successor: "",
    };

    #[test]
    fn each_declaration_has_its_header() {
        assert_eq!(headers(&CURRENT, &[]), []);
        let deprecation = Deprecation {
            deprecated: true,
            sunset: "Sat, 31 Oct 2026 00:00:00 GMT",
            successor: "/v3/looks/{look_id}",
        };
        assert_eq!(
            headers(&deprecation, &[("avatar_id", "a/b")]),
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
        let deprecation = Deprecation {
            deprecated: true,
            ..CURRENT
        };
        add_headers(&deprecation, &Vec::new(), &mut response);
        assert_eq!(response.headers["deprecation"], "@1793404800");
    }

    #[test]
    fn successor_is_a_uri_reference() {
        let two = [("group_id", "g"), ("item_id", "i")];
        for (successor, path, expected) in [
            ("/v3/x", &[][..], "</v3/x>"),
            ("https://h.test/x?y=1", &[], "<https://h.test/x?y=1>"),
            ("/v3/{item_id}", &two[..], "</v3/i>"),
            ("/v3/{a}/x/{b}", &two[..], "</v3/g/x/i>"),
            ("/v3/{other}", &two[..], "</v3/%7Bother%7D>"),
            ("/v3/{open", &two[..], "</v3/%7Bopen>"),
        ] {
            let deprecation = Deprecation {
                successor,
                ..CURRENT
            };
            let link = &headers(&deprecation, path)[0].1;
            assert_eq!(*link, format!("{expected}; rel=\"successor-version\""));
        }
    }
}
