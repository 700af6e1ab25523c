//! The credential of a session, and the credentials file, shared with the vendor's
//! programs: JSON, of which every key that is not ours is kept, or one line with an API
//! key.

use std::path::{Path, PathBuf};

use heygen::SecretString;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::error::{CliError, Exit};
use crate::{private_file, settings};

/// A token is not used so close to its end: the call would arrive after it.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

const HINT: &str = "set the environment variable HEYGEN_API_KEY to your key, or store it by \
    `heygen auth login`; --mock asks the built-in mock, which needs none";

const ACCOUNT_FIELDS: [&str; 4] = ["email", "first_name", "last_name", "username"];

/// The types of credentials, as they are printed; the first is also a key of the file.
pub(crate) const API_KEY: &str = "api_key";
pub(crate) const OAUTH: &str = "oauth";

/// Where the credential of a session is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// An API key in `HEYGEN_API_KEY`.
    Env,
    /// What the file of this path has: `API_KEY` or `OAUTH`.
    File(PathBuf, &'static str),
    /// What is not kept: a key that was entered, or that of the mock.
    Transient,
}

impl Source {
    /// What to do where the API refuses the credential.
    pub(crate) fn refused(&self) -> Option<String> {
        match self {
            Self::Env => Some("mend or unset the environment variable HEYGEN_API_KEY".to_owned()),
            Self::File(path, _) => Some(format!(
                "it is from {}: store another by `heygen auth login`",
                path.display()
            )),
            Self::Transient => None,
        }
    }
}

/// A credential and where it is from.
pub(crate) type Found = (SecretString, Source);

/// The credential to use: the key of the environment, else that of the file, else its
/// OAuth token.
pub(crate) fn find() -> Result<Found, CliError> {
    if let Some(key) = settings::variable("HEYGEN_API_KEY") {
        // What is not UTF-8 is refused as any other character that cannot be sent.
        return Ok((key.to_string_lossy().into_owned().into(), Source::Env));
    }
    let path = settings::file("credentials");
    let stored = read(&path).map_err(|error| missing(error.body.message))?;
    in_file(&stored, path, Timestamp::now())
}

fn in_file(stored: &Value, path: PathBuf, now: Timestamp) -> Result<Found, CliError> {
    if let Some(key) = text(stored, "api_key") {
        return Ok((key.into(), Source::File(path, API_KEY)));
    }
    let (token, file) = (&stored["oauth"], path.display());
    let is_live = time_left(token, now).is_none_or(|left| left > SKEW);
    match (text(token, "access_token"), text(token, "refresh_token")) {
        (Some(token), _) if is_live => Ok((token.into(), Source::File(path, OAUTH))),
        (None, None) => Err(missing(format!("there is no API key in {file}"))),
        _ => Err(missing(format!(
            "the OAuth token in {file} has expired, and this program does not refresh tokens: \
             log in again with the program that stored it, or use an API key"
        ))),
    }
}

fn missing(message: String) -> CliError {
    CliError::new(Exit::Key, "auth_error", message).with_hint(HINT)
}

/// How long an OAuth token lasts. None where that is not known.
pub(crate) fn time_left(token: &Value, now: Timestamp) -> Option<SignedDuration> {
    let end: Timestamp = text(token, "expires_at")?.parse().ok()?;
    Some(end.duration_since(now))
}

/// Reads the credentials file, an object; null where there is none. Its contents are in
/// no error.
pub(crate) fn read(path: &Path) -> Result<Value, CliError> {
    let Some(stored) = private_file::read(path)? else {
        return Ok(Value::Null);
    };
    let stored = stored.trim();
    if !stored.is_empty() && !stored.starts_with(['{', '[', '"']) && !stored.contains('\n') {
        return Ok(json!({"api_key": stored}));
    }
    let object = serde_json::from_str(stored).ok().filter(Value::is_object);
    object.ok_or_else(|| private_file::unusable(path, "it is neither valid JSON nor one key"))
}

/// Replaces the API key, the token and whose they are. Keys that are not ours stay.
pub(crate) fn log_in(stored: &mut Value, key: &str, account: Map<String, Value>) {
    stored["api_key"] = key.into();
    let mut user = stored["user"].as_object().cloned().unwrap_or_default();
    user.retain(|name, _| !ACCOUNT_FIELDS.contains(&name.as_str()));
    user.extend(account);
    stored["user"] = user.into();
    if let Some(stored) = stored.as_object_mut() {
        stored.shift_remove("oauth");
    }
}

/// The fields of an account that are stored and printed.
pub(crate) fn account_fields(account: Option<&Value>) -> Map<String, Value> {
    let field = |name: &str| Some((name.to_owned(), text(account?, name)?.into()));
    ACCOUNT_FIELDS.into_iter().filter_map(field).collect()
}

/// What people call an account.
pub(crate) fn display_name(account: &Map<String, Value>) -> Option<String> {
    let [email, first, last, username] = ACCOUNT_FIELDS.map(|name| account.get(name)?.as_str());
    let name: Vec<&str> = first.into_iter().chain(last).collect();
    let name = Some(name.join(" ")).filter(|name| !name.is_empty());
    name.or_else(|| username.or(email).map(str::to_owned))
}

/// A field that is text, without white space around it; an empty one is none.
pub(crate) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    let text = object.get(name)?.as_str()?.trim();
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    /// What is found at 12:00 in a credentials file of these contents.
    fn found(contents: &str) -> Result<(String, Source), CliError> {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("credentials");
        std::fs::write(&path, contents).unwrap();
        let now = "2026-11-29T12:00:00Z".parse().unwrap();
        let (secret, source) = in_file(&read(&path)?, "f".into(), now)?;
        Ok((secret.expose_secret().to_owned(), source))
    }

    fn expired(end: &str) -> bool {
        let file = json!({"api_key": "", "oauth": {"access_token": "tok", "expires_at": end}});
        match found(&file.to_string()) {
            Ok(token) => token != ("tok".to_owned(), Source::File("f".into(), OAUTH)),
            Err(error) => error.exit == Exit::Key && error.body.message.contains("expired"),
        }
    }

    #[test]
    fn key_then_token_until_a_minute_before_its_end() {
        let both = r#"{"api_key": " sk_file\n", "oauth": {"access_token": "tok"}}"#;
        let key = |key: &str| (key.to_owned(), Source::File("f".into(), API_KEY));
        assert_eq!(found(both).unwrap(), key("sk_file"));
        for old in ["sk_old", "  sk_old\r\n", "\u{feff}sk_old\n"] {
            assert_eq!(found(old).unwrap(), key("sk_old"));
        }
        for live in ["2026-11-29T12:01:01Z", "2026-11-29T14:01:01+02:00", ""] {
            assert!(!expired(live), "{live}");
        }
        for over in ["2026-11-29T12:01:00Z", "2020-01-01T00:00:00.1-08:00"] {
            assert!(expired(over), "{over}");
        }
        let error = found(r#"{"oauth": {"refresh_token": "r"}}"#).unwrap_err();
        assert!(error.body.message.contains("expired"));
    }

    #[test]
    fn unusable_file_is_named_and_its_contents_are_not() {
        for (contents, why) in [
            ("", "neither valid JSON"),
            (" \n\t", "neither valid JSON"),
            ("sk_hush\nsk_hush2", "one key"),
            ("{\"api_key\": \"sk_hush\"", "valid JSON"),
            ("{\"api_key\": \"sk_hush\"} x", "valid JSON"),
            ("[\"sk_hush\"]", "valid JSON"),
            ("{\"api_key\": {\"sk_hush\": 1}}", "no API key"),
            ("{\"oauth\": \"sk_hush\"}", "no API key"),
            ("{}", "no API key"),
            (
                "{\"api_key\": null, \"oauth\": {}, \"user\": {}}",
                "no API key",
            ),
        ] {
            let error = found(contents).unwrap_err();
            assert!(error.body.message.contains(why), "{contents}: {error:?}");
            assert!(!format!("{error:?}").contains("sk_hush"), "{error:?}");
        }
    }

    #[test]
    fn login_keeps_what_is_not_ours() {
        let mut stored = json!({"z": [1, {"y": {}}], "oauth": {"access_token": "t"}, "a": {},
            "user": {"email": "old@x", "theme": "dark", "last_name": "Old"}});
        let account = account_fields(Some(
            &json!({"email": "ada@x", "first_name": "Ada", "last_name": 7}),
        ));
        log_in(&mut stored, "sk_new", account);
        let user = json!({"theme": "dark", "email": "ada@x", "first_name": "Ada"});
        let expected = json!({"z": [1, {"y": {}}], "user": user, "a": {}, "api_key": "sk_new"});
        assert_eq!(stored, expected);
    }

    #[test]
    fn names_of_accounts() {
        let shown = |body: Value| display_name(&account_fields(Some(&body)));
        let all = json!({"username": "u", "email": "e", "first_name": "A", "last_name": "B"});
        assert_eq!(shown(all).unwrap(), "A B");
        assert_eq!(shown(json!({"username": "u", "email": "e"})).unwrap(), "u");
        assert_eq!(shown(json!({"email": "e", "first_name": 7})).unwrap(), "e");
        for nobody in [json!({}), json!(null), json!([])] {
            assert_eq!(shown(nobody), None);
        }
    }
}
