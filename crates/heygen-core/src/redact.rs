//! Redaction of secrets in text that is printed or stored.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Shorter secrets are not redacted: they would match words.
const MIN_LENGTH: usize = 4;

/// Replaces every occurrence of one secret by a label, also where its
/// characters are percent-encoded, as in an address.
pub(crate) struct Redactor {
    secret: SecretString,
    label: &'static str,
}

impl Redactor {
    pub(crate) fn new(secret: SecretString, label: &'static str) -> Self {
        Self { secret, label }
    }

    /// Redactors of the values in a query, which may be a signature.
    pub(crate) fn of_query(url: &Url) -> Vec<Self> {
        let values = url.query_pairs().map(|(_, value)| value.into_owned());
        values
            .map(|value| Self::new(value.into(), "[redacted]"))
            .collect()
    }

    /// The text with every occurrence of the secret replaced by its label.
    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let secret = self.secret.expose_secret().as_bytes();
        if secret.len() < MIN_LENGTH {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = find(&text.as_bytes()[at..], secret) {
            let (start, end) = (at + found.0, at + found.1);
            out.push_str(&text[copied..start]);
            out.push_str(self.label);
            (copied, at) = (end, end);
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[copied..]);
        Cow::Owned(out)
    }

    /// Redacts in place.
    pub(crate) fn redact_in(&self, text: &mut String) {
        if let Cow::Owned(redacted) = self.redact(text) {
            *text = redacted;
        }
    }

    /// Redacts the values of headers, which errors and traces contain.
    pub(crate) fn redact_headers(&self, headers: &mut HeaderMap) {
        let shortest = self.secret.expose_secret().len();
        for value in headers.values_mut() {
            // Most values are too short to contain the secret.
            if value.len() < shortest {
                continue;
            }
            let text = String::from_utf8_lossy(value.as_bytes());
            if let Cow::Owned(redacted) = self.redact(&text)
                && let Ok(redacted) = HeaderValue::from_str(&redacted)
            {
                *value = redacted;
            }
        }
    }

    /// Whether the secret occurs in a text, encoded or not. Short
    /// secrets are never found: they would be found everywhere.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let secret = self.secret.expose_secret().as_bytes();
        secret.len() >= MIN_LENGTH && find(text.as_bytes(), secret).is_some()
    }
}

/// The text without the queries of the links in it, which may be signatures.
pub(crate) fn strip_queries(text: &str) -> Cow<'_, str> {
    let is_end = |letter: char| letter.is_whitespace() || "\"'<>`\\".contains(letter);
    let mut out = String::new();
    let mut rest = text;
    while let Some(scheme) = rest.find("://") {
        let link = scheme + 3;
        let end = rest[link..]
            .find(is_end)
            .map_or(rest.len(), |end| link + end);
        let Some(query) = rest[link..end].find(['?', '#']) else {
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        };
        out.push_str(&rest[..=link + query]);
        out.push_str("[redacted]");
        rest = &rest[end..];
    }
    if out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The first occurrence of the secret, each of its bytes as it is or
/// percent-encoded or escaped as in JSON.
fn find(text: &[u8], secret: &[u8]) -> Option<(usize, usize)> {
    let first = *secret.first()?;
    let mut at = 0;
    while let Some(found) = memchr::memchr3(first, b'%', b'\\', &text[at..]) {
        let start = at + found;
        if let Some(length) = match_at(&text[start..], secret) {
            return Some((start, start + length));
        }
        at = start + 1;
    }
    None
}

/// Length of the secret at the beginning of the text, in bytes.
fn match_at(text: &[u8], secret: &[u8]) -> Option<usize> {
    let mut at = 0;
    for expected in secret {
        match text.get(at..)? {
            [byte, ..] if byte == expected => at += 1,
            [b'\\', b'u', b'0', b'0', high, low, ..]
                if hex(*high)? * 16 + hex(*low)? == *expected =>
            {
                at += 6;
            }
            [b'\\', byte, ..] if byte == expected => at += 2,
            [b'%', high, low, ..] if hex(*high)? * 16 + hex(*low)? == *expected => at += 3,
            _ => return None,
        }
    }
    Some(at)
}

fn hex(digit: u8) -> Option<u8> {
    let digit = char::from(digit).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secret: &str) -> Redactor {
        Redactor::new(secret.to_owned().into(), "[API key]")
    }

    #[test]
    fn redacts_plain_and_percent_encoded() {
        let redactor = redactor("sk/se+cret==");
        for (text, redacted) in [
            ("bad key sk/se+cret==!", "bad key [API key]!"),
            ("?k=sk%2Fse%2Bcret%3D%3D&b=1", "?k=[API key]&b=1"),
            ("?k=sk%2fse+cret=%3d", "?k=[API key]"),
            ("%73k/se+cret==sk/se+cret==", "[API key][API key]"),
            ("sk/se+cret=", "sk/se+cret="),
            ("100 %, sk", "100 %, sk"),
            ("", ""),
        ] {
            assert_eq!(redactor.redact(text), redacted);
            assert_eq!(redactor.is_in(text), text != redacted);
        }
    }

    #[test]
    fn short_secret_is_not_redacted() {
        assert_eq!(redactor("a").redact("a banana"), "a banana");
        assert!(!redactor("a").is_in("a banana"));
    }

    #[test]
    fn queries_of_links_are_removed() {
        for (text, stripped) in [
            ("no link? a=b", "no link? a=b"),
            ("see https://a.example/x.", "see https://a.example/x."),
            (
                "from url https://a.example/x.mp4?Sig=hush&b=1 (https://b.example?k=hush)",
                "from url https://a.example/x.mp4?[redacted] (https://b.example?[redacted]",
            ),
            ("'s3://a?hush' 'b'", "'s3://a?[redacted]' 'b'"),
            (
                "{\"u\":\"http://a/#hush\"}",
                "{\"u\":\"http://a/#[redacted]\"}",
            ),
            ("http://a", "http://a"),
        ] {
            assert_eq!(strip_queries(text), stripped);
        }
    }

    #[test]
    fn redacts_header_values() {
        let mut headers = HeaderMap::new();
        headers.insert("location", HeaderValue::from_static("/x?k=sk%3D%3D"));
        redactor("sk==").redact_headers(&mut headers);
        assert_eq!(headers["location"], "/x?k=[API key]");
    }
}
