//! Path arguments: percent-encoded, and the finished request is compared with
//! the operation's path template, so that no argument can change which endpoint
//! is called.

use std::fmt::Write as _;

/// Encodes a value as one path segment: only letters, digits, `-`, `.`, `_`
/// and `~` stay as they are.
pub fn encode_path(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Whether a path is one of the template's. A value `.` or `..` has taken
/// segments away by now, since URLs are normalised, so the numbers differ; an
/// empty value leaves an empty segment.
pub(super) fn matches_template(path: &str, template: &str) -> bool {
    let mut actual = path.split('/');
    let mut expected = template.split('/');
    loop {
        match (actual.next(), expected.next()) {
            (None, None) => return true,
            (Some(actual), Some(expected)) if matches_segment(actual, expected) => {}
            _ => return false,
        }
    }
}

/// Whether a segment is one of the template: the same literal, or at least one
/// character for each `{name}` between the literals around it.
fn matches_segment(actual: &str, expected: &str) -> bool {
    let (Some(open), Some(close)) = (expected.find('{'), expected.rfind('}')) else {
        // Literals of templates may hold characters that URLs encode.
        return actual == expected || encoded(expected) == actual;
    };
    if close < open {
        return actual == expected || encoded(expected) == actual;
    }
    actual
        .strip_prefix(&*encoded(&expected[..open]))
        .and_then(|rest| rest.strip_suffix(&*encoded(&expected[close + 1..])))
        .is_some_and(|value| value.len() >= expected[open..].matches('{').count())
}

/// A literal of a template as a URL has it.
fn encoded(literal: &str) -> String {
    reqwest::Url::parse("http://x")
        .map(|mut url| {
            url.set_path(literal);
            url.path().trim_start_matches('/').to_owned()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path of a URL made as generated code makes it.
    fn path(id: &str) -> String {
        let url = format!(
            "http://x/videos/{}/frames/{}",
            encode_path(id),
            encode_path("1")
        );
        reqwest::Url::parse(&url)
            .map(|url| url.path().to_owned())
            .unwrap_or_default()
    }

    #[test]
    fn no_argument_changes_the_endpoint() {
        let template = "/videos/{id}/frames/{n}";
        for id in [
            "a",
            "a/b",
            "a\\b",
            "..\\..\\x",
            "%2e%2e",
            "a?b#c",
            "...",
            "\u{fc} \n",
            "{id}",
        ] {
            assert!(matches_template(&path(id), template), "{id}: {}", path(id));
        }
        for id in ["", ".", ".."] {
            assert!(!matches_template(&path(id), template), "{id}: {}", path(id));
        }
    }

    #[test]
    fn literals_around_a_value_are_compared() {
        assert!(matches_template("/a.json", "/{id}.json"));
        assert!(!matches_template("/.json", "/{id}.json"));
        assert!(!matches_template("/a.xml", "/{id}.json"));
        assert!(matches_template("/a/", "/{id}/"));
        assert!(!matches_template("/", "/{id}/"));
        assert!(matches_template("/a-b", "/{from}-{to}"));
        assert!(matches_template("/a:cancel", "/{id}:cancel"));
        assert!(matches_template("/a%20b", "/a b"));
        assert!(matches_template("/", "/"));
        assert!(!matches_template("/b", "/a"));
    }
}
