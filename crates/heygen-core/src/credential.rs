//! The credential of a client, an API key or a bearer token: checked once, kept
//! secret, sent as one sensitive header.

use std::fmt;

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{Error, build};
use crate::redact::Redactor;

/// The header that carries the API key.
pub(crate) const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

const HINT: &str = "copy the key again from the HeyGen settings page, without anything around it";
const TOKEN_HINT: &str = "get the token again, and pass it without anything around it";

/// An API key or token, checked to be a valid header value.
pub(crate) struct Credential {
    name: HeaderName,
    value: HeaderValue,
    redactor: Redactor,
}

impl Credential {
    /// Checks an API key. The error names the fault, without the key.
    pub(crate) fn api_key(secret: SecretString) -> Result<Self, Error> {
        if secret.expose_secret().is_empty() {
            return Err(missing());
        }
        Self::new(API_KEY_HEADER, "", secret, ["API key", "[API key]"], HINT)
    }

    /// Checks an OAuth access token, which is sent as `Authorization: Bearer`.
    pub(crate) fn bearer_token(secret: SecretString) -> Result<Self, Error> {
        let names = ["bearer token", "[bearer token]"];
        Self::new(AUTHORIZATION, "Bearer ", secret, names, TOKEN_HINT)
    }

    fn new(
        name: HeaderName,
        scheme: &str,
        secret: SecretString,
        [what, label]: [&'static str; 2],
        hint: &'static str,
    ) -> Result<Self, Error> {
        let text = secret.expose_secret();
        check(what, text, hint)?;
        let mut value = HeaderValue::from_str(&format!("{scheme}{text}"))
            .map_err(|_| build::credential(format!("the {what} cannot be sent"), hint))?;
        value.set_sensitive(true);
        let redactor = Redactor::new(secret, label);
        Ok(Self {
            name,
            value,
            redactor,
        })
    }

    /// Name and value of the header, the value marked sensitive.
    pub(crate) fn header(&self) -> (HeaderName, HeaderValue) {
        (self.name.clone(), self.value.clone())
    }

    /// Redacts the secret in text that is printed or stored.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: [redacted]", self.name)
    }
}

/// The error for an API key that is not set.
pub(crate) fn missing() -> Error {
    build::credential(
        "the API key is not set",
        "set the environment variable HEYGEN_API_KEY, or pass the key when building the client",
    )
}

fn check(what: &str, text: &str, hint: &'static str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(build::credential(format!("the {what} is empty"), hint));
    }
    let Some(index) = text
        .bytes()
        .position(|byte| !byte.is_ascii_graphic() || b"\"\\".contains(&byte))
    else {
        return Ok(());
    };
    let character = match text.as_bytes()[index] {
        b'\n' | b'\r' => "a line break",
        b' ' => "a space",
        b'\t' => "a tab",
        b'"' | b'\\' => "a quotation mark or backslash",
        byte if byte.is_ascii() => "a control character",
        _ => "a character outside ASCII",
    };
    let position = if index == 0 {
        "at its start"
    } else if text[index..].trim_end().is_empty() {
        "at its end"
    } else {
        "in its middle"
    };
    Err(build::credential(
        format!("the {what} has {character} {position}, so it cannot be sent as a header"),
        hint,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(result: Result<Credential, Error>) -> String {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config);
        assert!(error.is_unauthorized());
        error.to_string()
    }

    #[test]
    fn malformed_credential_error_omits_the_secret() {
        for (secret, what) in [
            ("sk_secret\n", "a line break at its end"),
            ("\rsk_secret", "a line break at its start"),
            ("sk_ secret", "a space in its middle"),
            ("sk_secret\u{e9}", "a character outside ASCII"),
            ("sk_secret\u{0}", "a control character"),
            ("\tsk_secret", "a tab at its start"),
            ("sk\"secret", "a quotation mark or backslash in its middle"),
        ] {
            for build in [Credential::api_key, Credential::bearer_token] {
                let text = refusal(build(secret.to_owned().into()));
                assert!(text.contains(what), "{secret:?}: {text}");
                assert!(!text.contains("secret"), "{text}");
            }
        }
        assert!(refusal(Credential::api_key(String::new().into())).contains("not set"));
        assert!(refusal(Credential::bearer_token(String::new().into())).contains("empty"));
    }

    #[test]
    fn header_value_and_debug_redact_the_secret() {
        for build in [Credential::api_key, Credential::bearer_token] {
            let credential = build("sk_secret".to_owned().into()).unwrap();
            let (name, value) = credential.header();
            assert!(format!("{value:?}").contains("Sensitive"));
            let debug = format!("{credential:?}");
            assert!(
                debug.contains(name.as_str()) && !debug.contains("secret"),
                "{debug}"
            );
            assert!(
                !credential
                    .redactor()
                    .redact("a sk_secret")
                    .contains("secret")
            );
        }
    }
}
