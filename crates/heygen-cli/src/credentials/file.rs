//! The credentials file, shared with the vendor's programs: JSON, of which every key
//! that is not ours is kept, or one line with an API key.

use std::path::Path;

use heygen::SecretString;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::private_file;

/// A token is not used so close to its end: the call would arrive after it.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

const USER_FIELDS: [&str; 4] = ["email", "first_name", "last_name", "username"];

/// The credentials file.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct CredentialsFile {
    api_key: Option<String>,
    /// Not written: whoever stores a key drops the token.
    #[serde(skip_serializing)]
    pub(crate) oauth: Option<OAuth>,
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "or_null")]
    user: Map<String, Value>,
    #[serde(flatten)]
    foreign: Map<String, Value>,
}

/// The OAuth token in the file, of which only the access token is used here.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct OAuth {
    access_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) scope: Option<String>,
}

impl CredentialsFile {
    /// Reads the file; None where there is none. The error is what is wrong with the
    /// file, without its contents.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, String> {
        let text = private_file::read(path).map_err(|error| format!("cannot be read: {error}"))?;
        let Some(text) = text else { return Ok(None) };
        let text = text.trim();
        if text.is_empty() {
            return Err("is empty".to_owned());
        }
        if !text.starts_with(['{', '[', '"']) && !text.contains('\n') {
            return Ok(Some(Self {
                api_key: Some(text.to_owned()),
                ..Self::default()
            }));
        }
        // The parser's own message may quote the text.
        let parsed = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("is neither valid JSON nor one key (line {line}, column {column})")
        });
        parsed.map(Some)
    }

    pub(crate) fn api_key(&self) -> Option<SecretString> {
        Some(text(self.api_key.as_ref())?.to_owned().into())
    }

    /// Whose key or token it is, with the name that people call the account.
    pub(crate) fn user(&self) -> Option<Map<String, Value>> {
        let name = display_name(&self.user)?;
        let mut user = self.user.clone();
        user.retain(|name, _| USER_FIELDS.contains(&name.as_str()));
        user.insert("display_name".into(), name.into());
        Some(user)
    }

    /// Replaces the API key, the token and whose they are. Keys that are not ours stay.
    pub(crate) fn log_in(&mut self, key: &SecretString, user: Map<String, Value>) {
        self.api_key = Some(key.expose_secret().to_owned());
        self.oauth = None;
        self.user
            .retain(|name, _| !USER_FIELDS.contains(&name.as_str()));
        self.user.extend(user);
    }

    pub(crate) fn write(&self, path: &Path) -> std::io::Result<()> {
        let text = Zeroizing::new(serde_json::to_string_pretty(self)?);
        private_file::write(path, &text)
    }
}

impl OAuth {
    /// The access token, if it is still good at this time.
    pub(crate) fn access_token(&self, now: Timestamp) -> Option<SecretString> {
        let is_live = match text(self.expires_at.as_ref()) {
            Some(_) => self.end()?.duration_since(now) > SKEW,
            None => true,
        };
        let token = text(self.access_token.as_ref()).filter(|_| is_live)?;
        Some(token.to_owned().into())
    }

    /// When it expires.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        text(self.expires_at.as_ref())?.parse().ok()
    }

    pub(crate) fn is_present(&self) -> bool {
        text(self.access_token.as_ref()).is_some() || text(self.refresh_token.as_ref()).is_some()
    }
}

/// The account in a response of `GET /v3/users/me`, as it is stored.
pub(crate) fn user_of(mut body: Map<String, Value>) -> Map<String, Value> {
    let known = USER_FIELDS.into_iter().filter_map(|name| {
        let value = body.get_mut("data")?.get_mut(name)?.take();
        let is_text = value.as_str().is_some_and(|text| !text.is_empty());
        is_text.then(|| (name.to_owned(), value))
    });
    known.collect()
}

/// What people call an account.
pub(crate) fn display_name(user: &Map<String, Value>) -> Option<String> {
    let [email, first, last, username] = USER_FIELDS.map(|name| user.get(name)?.as_str());
    let name: Vec<&str> = first.into_iter().chain(last).collect();
    let name = Some(name.join(" ")).filter(|name| !name.is_empty());
    name.or_else(|| username.or(email).map(str::to_owned))
}

/// The text of a field, without white space around it; an empty one is none.
fn text(field: Option<&String>) -> Option<&str> {
    field
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
}

fn or_null<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Map<String, Value>, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn login_keeps_what_is_not_ours() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("credentials");
        let before = r#"{"z": [1, {"y": null}], "oauth": {"access_token": "t"},
            "user": {"email": "old@x", "theme": "dark", "last_name": "Old"}, "a": "kept"}"#;
        std::fs::write(&path, before).unwrap();
        let mut file = CredentialsFile::read(&path).unwrap().unwrap();
        let data = json!({"email": "ada@x", "first_name": "Ada", "last_name": null});
        let user = user_of(Map::from_iter([("data".to_owned(), data)]));
        assert_eq!(display_name(&user).unwrap(), "Ada");
        file.log_in(&"sk_new".to_owned().into(), user);
        file.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("{\n  \"api_key\": \"sk_new\","), "{text}");
        let after: Value = serde_json::from_str(&text).unwrap();
        let user = json!({"theme": "dark", "email": "ada@x", "first_name": "Ada"});
        let expected =
            json!({"z": [1, {"y": null}], "user": user, "a": "kept", "api_key": "sk_new"});
        assert_eq!(after, expected);
    }

    #[test]
    fn names_of_accounts() {
        let shown =
            |data: Value| display_name(&user_of(Map::from_iter([("data".to_owned(), data)])));
        let all = json!({"username": "u", "email": "e", "first_name": "A", "last_name": "B"});
        assert_eq!(shown(all).unwrap(), "A B");
        assert_eq!(shown(json!({"username": "u", "email": "e"})).unwrap(), "u");
        assert_eq!(shown(json!({"email": "e", "first_name": 7})).unwrap(), "e");
        for nobody in [json!({}), json!(null), json!([])] {
            assert_eq!(shown(nobody), None);
        }
    }
}
