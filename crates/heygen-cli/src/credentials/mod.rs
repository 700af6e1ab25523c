//! The credential of a session: which one is used, and where it is from.

mod file;

use std::path::{Path, PathBuf};

use heygen::SecretString;
use jiff::Timestamp;

pub(crate) use file::{CredentialsFile, display_name, user_of};

use crate::error::{CliError, Exit};
use crate::settings::Environment;

/// The key here is used before any other.
pub(crate) const API_KEY: &str = "HEYGEN_API_KEY";

/// A credential, by the header that carries it.
pub(crate) enum Credential {
    ApiKey(SecretString),
    /// An OAuth access token.
    Bearer(SecretString),
}

/// Where the credential of a session is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// An API key in `HEYGEN_API_KEY`.
    Env,
    /// The API key in this file, or the OAuth token there.
    File { path: PathBuf, oauth: bool },
    /// What was entered at `auth login`, and is not stored.
    Entered,
    /// The built-in mock, which takes any key.
    Mock,
}

impl Source {
    /// What to do where the API refuses the credential.
    pub(crate) fn refused(&self) -> Option<String> {
        Some(match self {
            Self::Env => "the key is from the environment variable HEYGEN_API_KEY: \
                 set it to a valid key, or unset it to use the stored one"
                .to_owned(),
            Self::File { path, oauth } => {
                let what = if *oauth { "token" } else { "key" };
                let path = path.display();
                format!("the {what} is from {path}: store another by `heygen auth login`")
            }
            Self::Entered | Self::Mock => return None,
        })
    }
}

/// The credential to use: the key of the environment, else that of the file, else its
/// OAuth token.
pub(crate) fn find(
    environment: &Environment,
    now: Timestamp,
) -> Result<(Credential, Source), CliError> {
    if let Some(key) = environment.get(API_KEY) {
        // What is not UTF-8 is refused as any other character that cannot be sent.
        let key = key.to_string_lossy().into_owned();
        return Ok((Credential::ApiKey(key.into()), Source::Env));
    }
    let path = environment.file("credentials").map_err(|_| missing())?;
    let refuse = |why: &str| unusable(&path, why);
    let file = CredentialsFile::read(&path).map_err(|why| refuse(&why))?;
    let file = file.ok_or_else(missing)?;
    let token = file.oauth.as_ref().filter(|token| token.is_present());
    let (credential, oauth) = match (file.api_key(), token) {
        (Some(key), _) => (Credential::ApiKey(key), false),
        (None, None) => return Err(refuse("holds neither an API key nor an OAuth token")),
        (None, Some(token)) => {
            let access = token.access_token(now).ok_or_else(|| refuse(EXPIRED))?;
            (Credential::Bearer(access), true)
        }
    };
    Ok((credential, Source::File { path, oauth }))
}

const EXPIRED: &str = "holds an OAuth token that has expired, and this program does not refresh \
    tokens: log in again with the program that stored it, or use an API key";

fn missing() -> CliError {
    CliError::new(Exit::Key, "auth_error", "there is no API key").with_hint(
        "set the environment variable HEYGEN_API_KEY to your key, or store it by \
         `heygen auth login`; --mock asks the built-in mock, which needs none",
    )
}

fn unusable(path: &Path, why: &str) -> CliError {
    let message = format!("the credentials file {} {why}", path.display());
    CliError::new(Exit::Key, "auth_error", message)
        .with_hint("set HEYGEN_API_KEY, or run `heygen auth login`, where a malformed file has to be deleted first")
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    /// What is found at 12:00 with this credentials file and key of the environment,
    /// written as kind, secret and source.
    fn found(contents: Option<&[u8]>, key: &str) -> Result<(String, Source), CliError> {
        let home = tempfile::tempdir().unwrap();
        if let Some(contents) = contents {
            std::fs::write(home.path().join("credentials"), contents).unwrap();
        }
        let folder = home.path().to_str().unwrap();
        let variables = [("HEYGEN_CONFIG_DIR", folder), (API_KEY, key)];
        let now = "2026-11-29T12:00:00Z".parse().unwrap();
        let (credential, source) = find(&Environment::of(&variables), now)?;
        let (name, secret) = match &credential {
            Credential::ApiKey(key) => ("key", key),
            Credential::Bearer(token) => ("bearer", token),
        };
        Ok((format!("{name} {}", secret.expose_secret()), source))
    }

    fn refused(contents: &[u8]) -> String {
        let error = found(Some(contents), "").unwrap_err();
        assert_eq!(
            (error.exit, error.body.code.as_str()),
            (Exit::Key, "auth_error")
        );
        let hint = error.body.hint.as_ref().unwrap();
        assert!(hint.contains("HEYGEN_API_KEY") && hint.contains("heygen auth login"));
        let printed = format!("{error:?}");
        assert!(!printed.contains("sk_hush"), "{printed}");
        assert!(error.body.message.contains("credentials"), "{printed}");
        error.body.message
    }

    #[test]
    fn environment_then_key_then_token() {
        let both = br#"{"api_key": " sk_file\n", "oauth": {"access_token": "tok"}}"#;
        let (secret, source) = found(Some(both), "sk_env").unwrap();
        assert_eq!((secret.as_str(), source), ("key sk_env", Source::Env));
        let (secret, source) = found(Some(both), "").unwrap();
        assert_eq!(secret, "key sk_file");
        assert!(matches!(source, Source::File { oauth: false, .. }));
        // A broken file does not matter where it is not needed.
        assert_eq!(found(Some(b"{"), "sk_env").unwrap().0, "key sk_env");
    }

    #[test]
    fn token_is_used_until_a_minute_before_its_end() {
        let file = |end: &str| {
            format!(r#"{{"api_key": "", "oauth": {{"access_token": "tok", "expires_at": {end}}}}}"#)
        };
        for live in [
            "\"2026-11-29T12:01:01Z\"",
            "\"2026-11-29T14:01:01+02:00\"",
            "null",
            "\"\"",
        ] {
            let (secret, source) = found(Some(file(live).as_bytes()), "").unwrap();
            assert_eq!(secret, "bearer tok", "{live}");
            assert!(matches!(source, Source::File { oauth: true, .. }));
        }
        for over in [
            "\"2026-11-29T12:01:00Z\"",
            "\"2020-01-01T00:00:00.123456789-08:00\"",
        ] {
            assert!(refused(file(over).as_bytes()).contains("expired"), "{over}");
        }
        assert!(refused(file("\"soon\"").as_bytes()).contains("expired"));
        let refresh_only = br#"{"oauth": {"refresh_token": "r"}}"#;
        assert!(refused(refresh_only).contains("expired"));
    }

    #[test]
    fn old_files_hold_one_line() {
        for text in ["sk_old", "  sk_old\r\n", "\u{feff}sk_old\n"] {
            assert_eq!(found(Some(text.as_bytes()), "").unwrap().0, "key sk_old");
        }
    }

    #[test]
    fn unusable_file_is_named_and_its_contents_are_not() {
        for (contents, why) in [
            ("", "is empty"),
            (" \n\t", "is empty"),
            ("sk_hush\nsk_hush2", "one key"),
            ("{\"api_key\": \"sk_hush\"", "valid JSON"),
            ("{\"api_key\": \"sk_hush\"} x", "valid JSON"),
            ("[\"sk_hush\"]", "valid JSON"),
            ("{\"api_key\": {\"sk_hush\": 1}}", "valid JSON"),
            ("{\"oauth\": \"sk_hush\"}", "valid JSON"),
            ("{\"oauth\": {\"access_token\": 1}}", "valid JSON"),
            ("{\"user\": \"sk_hush\"}", "valid JSON"),
            ("{}", "neither"),
            (
                "{\"api_key\": null, \"oauth\": {}, \"user\": {}}",
                "neither",
            ),
        ] {
            let message = refused(contents.as_bytes());
            assert!(message.contains(why), "{contents}: {message}");
        }
        assert!(refused(b"sk_hush\xff").contains("cannot be read"));
    }

    #[test]
    fn without_any_credential_the_hint_names_all_ways() {
        let error = found(None, "").unwrap_err();
        assert_eq!(error.exit, Exit::Key);
        let hint = error.body.hint.unwrap();
        for way in ["HEYGEN_API_KEY", "heygen auth login", "--mock"] {
            assert!(hint.contains(way), "{hint}");
        }
    }
}
