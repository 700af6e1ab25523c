//! The API key: checked once, kept secret, sent as one sensitive header.
//! Nothing here prints it, and what a server echoes of it is blotted out
//! before it can reach a message.

use std::borrow::Cow;
use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{Error, fail};

/// The header that carries the key.
pub(crate) const HEADER: &str = "x-api-key";
/// The same, read already.
pub(crate) const NAME: HeaderName = HeaderName::from_static(HEADER);

/// Shorter keys are not blotted out of messages: they would blot out words.
const SHORTEST_REDACTED: usize = 4;

/// An API key that is known to fit into a header.
pub(crate) struct ApiKey {
    secret: SecretString,
    header: HeaderValue,
}

impl ApiKey {
    /// Checks the key. The error names what is wrong with it, never the key.
    pub(crate) fn new(secret: SecretString) -> Result<Self, Error> {
        let text = secret.expose_secret();
        if text.is_empty() {
            return Err(missing());
        }
        if let Some(index) = text.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(malformed(text, index));
        }
        let mut header = HeaderValue::from_str(text).map_err(|_| malformed(text, 0))?;
        header.set_sensitive(true);
        Ok(Self { secret, header })
    }

    /// The value of the header, marked sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The text with every occurrence of the key blotted out.
    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let key = self.secret.expose_secret();
        if key.len() >= SHORTEST_REDACTED && text.contains(key) {
            Cow::Owned(text.replace(key, "[API key]"))
        } else {
            Cow::Borrowed(text)
        }
    }

    /// Whether the key is in a text that is to leave for elsewhere.
    pub(crate) fn is_in_text(&self, text: &str) -> bool {
        text.contains(self.secret.expose_secret())
    }

    /// Whether the key is in a header.
    pub(crate) fn is_in(&self, value: &HeaderValue) -> bool {
        self.is_in_text(&String::from_utf8_lossy(value.as_bytes()))
    }

    /// Blots the key out of a text, if it is there.
    pub(crate) fn redact_in(&self, text: &mut String) {
        if let Cow::Owned(redacted) = self.redact(text) {
            *text = redacted;
        }
    }

    /// Blots the key out of the headers of an answer, from which errors,
    /// notices and traces are made.
    pub(crate) fn redact_headers(&self, headers: &mut HeaderMap) {
        let shortest = self.secret.expose_secret().len();
        for value in headers.values_mut() {
            // Most are too short to hold it.
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
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

/// The error for a key that was not given.
pub(crate) fn missing() -> Error {
    fail::key(
        "no API key was given",
        "set the environment variable HEYGEN_API_KEY, or pass the key when building the client",
    )
}

fn malformed(text: &str, index: usize) -> Error {
    let what = match text.as_bytes()[index] {
        b'\n' | b'\r' => "a line break",
        b' ' => "a space",
        b'\t' => "a tab",
        byte if byte.is_ascii() => "a control character",
        _ => "a character outside ASCII",
    };
    let place = if index == 0 {
        "at its start"
    } else if text[index..].trim_end().is_empty() {
        "at its end"
    } else {
        "in its middle"
    };
    fail::key(
        format!("the API key holds {what} {place}, so it cannot be sent as a header"),
        "copy the key again from the HeyGen settings page, without anything around it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(key: &str) -> String {
        let error = ApiKey::new(key.to_owned().into()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config);
        assert!(error.is_unauthorized());
        error.to_string()
    }

    #[test]
    fn says_what_is_wrong_without_the_key() {
        for (key, what) in [
            ("sk_secret\n", "a line break at its end"),
            ("\rsk_secret", "a line break at its start"),
            ("sk_ secret", "a space in its middle"),
            ("sk_secret\u{e9}", "a character outside ASCII"),
            ("sk_secret\u{0}", "a control character"),
            ("\tsk_secret", "a tab at its start"),
        ] {
            let text = refuse(key);
            assert!(text.contains(what), "{key:?}: {text}");
            assert!(!text.contains("secret"), "{text}");
        }
        assert!(refuse("").contains("no API key"));
    }

    #[test]
    fn is_blotted_out() {
        let key = ApiKey::new("sk_secret".to_owned().into()).unwrap();
        assert_eq!(key.redact("bad key sk_secret!"), "bad key [API key]!");
        assert_eq!(key.redact("bad key"), "bad key");
        assert!(!format!("{key:?}").contains("secret"));
        assert!(format!("{:?}", key.header()).contains("Sensitive"));
    }

    #[test]
    fn short_keys_leave_words_alone() {
        let key = ApiKey::new("a".to_owned().into()).unwrap();
        assert_eq!(key.redact("a banana"), "a banana");
    }
}
