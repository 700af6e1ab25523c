//! The credentials file, shared with the vendor's programs: JSON of which every key
//! that is not ours is kept, or one line with an API key.

use std::path::{Path, PathBuf};

use heygen::SecretString;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use secrecy::zeroize::{Zeroize as _, Zeroizing};
use serde_json::{Map, Value};

use crate::private_file;

/// A token is not used so close to its end: the call would arrive after it.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// The credentials file. Its strings are wiped from memory when it is dropped.
pub(crate) struct CredentialsFile {
    path: PathBuf,
    fields: Map<String, Value>,
}

/// The OAuth token in the file, of which only the access token is used here.
pub(crate) struct OAuth<'a> {
    fields: &'a Map<String, Value>,
    pub(crate) expires_at: Option<Timestamp>,
}

/// The account that a key belongs to, as `GET /v3/users/me` returned it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct User(pub(crate) Map<String, Value>);

impl CredentialsFile {
    /// Reads the file; None where there is none. The error is what is wrong with the
    /// file, without its contents.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, String> {
        let text = private_file::read(path).map_err(|error| format!("cannot be read: {error}"))?;
        let Some(text) = text else { return Ok(None) };
        let text = text.trim();
        let mut file = Self::new(path);
        match text.as_bytes() {
            [] => return Err("is empty".to_owned()),
            [b'{', ..] => {
                // Where it breaks; the parser's own message may quote the text.
                file.fields = serde_json::from_str(text).map_err(|error| {
                    let (line, column) = (error.line(), error.column());
                    format!("is not valid JSON at line {line}, column {column}")
                })?;
            }
            [b'[' | b'"', ..] => return Err("is not a JSON object".to_owned()),
            line if line.contains(&b'\n') => {
                return Err("has several lines and is not JSON".to_owned());
            }
            _ => {
                file.fields.insert("api_key".into(), text.into());
            }
        }
        string(&file.fields, "api_key")?;
        file.oauth()?;
        Ok(Some(file))
    }

    /// A file that does not exist yet.
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            fields: Map::new(),
        }
    }

    pub(crate) fn api_key(&self) -> Option<SecretString> {
        let key = string(&self.fields, "api_key").ok().flatten()?;
        Some(key.to_owned().into())
    }

    /// The OAuth token, live or not. The error is what is wrong with it.
    pub(crate) fn oauth(&self) -> Result<Option<OAuth<'_>>, String> {
        let fields = match self.fields.get("oauth") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Object(fields)) => fields,
            Some(_) => return Err("has a value of oauth that is not an object".to_owned()),
        };
        let access = string(fields, "access_token")?;
        let refresh = string(fields, "refresh_token")?;
        let expires_at = string(fields, "expires_at")?.map(str::parse).transpose();
        let expires_at =
            expires_at.map_err(|_| "has a value of expires_at that is not a time".to_owned())?;
        let token = OAuth { fields, expires_at };
        let usable = access.or(refresh).is_some();
        Ok(usable.then_some(token))
    }

    pub(crate) fn user(&self) -> User {
        let user = self.fields.get("user").and_then(Value::as_object);
        User(user.cloned().unwrap_or_default())
    }

    /// Stores an API key and whose it is in place of what was stored, keeping all keys
    /// that are not ours.
    pub(crate) fn log_in(&mut self, key: &SecretString, user: User) {
        let mut known = self.user().0;
        known.retain(|name, _| !User::FIELDS.contains(&name.as_str()));
        known.extend(user.0);
        self.fields
            .insert("api_key".into(), key.expose_secret().into());
        if let Some(mut token) = self.fields.shift_remove("oauth") {
            wipe(&mut token);
        }
        if known.is_empty() {
            self.fields.shift_remove("user");
        } else {
            self.fields.insert("user".into(), known.into());
        }
    }

    pub(crate) fn save(&self) -> Result<(), String> {
        let text = serde_json::to_string_pretty(&self.fields);
        let mut text = Zeroizing::new(text.map_err(|error| error.to_string())?);
        text.push('\n');
        private_file::write(&self.path, &text).map_err(|error| error.to_string())
    }
}

impl Drop for CredentialsFile {
    fn drop(&mut self) {
        self.fields.values_mut().for_each(wipe);
    }
}

impl OAuth<'_> {
    /// The access token, if it is still good at this time.
    pub(crate) fn access_token(&self, now: Timestamp) -> Option<SecretString> {
        let live = self
            .expires_at
            .is_none_or(|end| end.duration_since(now) > SKEW);
        let token = string(self.fields, "access_token").ok().flatten()?;
        live.then(|| token.to_owned().into())
    }

    /// Whether there is a refresh token, with which the program that stored it can go
    /// on.
    pub(crate) fn is_refreshable(&self) -> bool {
        matches!(string(self.fields, "refresh_token"), Ok(Some(_)))
    }

    pub(crate) fn scope(&self) -> Option<&str> {
        string(self.fields, "scope").ok().flatten()
    }
}

impl User {
    pub(crate) const FIELDS: [&str; 4] = ["email", "first_name", "last_name", "username"];

    /// The account in a response of `GET /v3/users/me`.
    pub(crate) fn of_response(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let known = Self::FIELDS.into_iter().filter_map(|name| {
            let text = body["data"][name]
                .as_str()
                .filter(|text| !text.is_empty())?;
            Some((name.to_owned(), text.into()))
        });
        Self(known.collect())
    }

    /// What people call the account.
    pub(crate) fn display_name(&self) -> Option<String> {
        let [email, first, last, username] = Self::FIELDS.map(|name| self.0.get(name)?.as_str());
        let name: Vec<&str> = first.into_iter().chain(last).collect();
        let name = Some(name.join(" ")).filter(|name| !name.is_empty());
        name.or_else(|| username.or(email).map(str::to_owned))
    }
}

/// A string of an object, trimmed; None where it is absent, null or empty.
fn string<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(format!("has a value of {name} that is not a string")),
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
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
        let body = br#"{"data": {"email": "ada@x", "first_name": "Ada", "last_name": null}}"#;
        let user = User::of_response(body);
        assert_eq!(user.display_name().unwrap(), "Ada");
        file.log_in(&"sk_new".to_owned().into(), user);
        file.save().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("{\n  \"z\": ["), "{text}");
        let after: Value = serde_json::from_str(&text).unwrap();
        let user = json!({"theme": "dark", "email": "ada@x", "first_name": "Ada"});
        let expected =
            json!({"z": [1, {"y": null}], "user": user, "a": "kept", "api_key": "sk_new"});
        assert_eq!(after, expected);
    }

    #[test]
    fn names_of_accounts() {
        let name = |data: Value| User::of_response(json!({"data": data}).to_string().as_bytes());
        let shown = |data: Value| name(data).display_name();
        let all = json!({"username": "u", "email": "e", "first_name": "A", "last_name": "B"});
        assert_eq!(shown(all).unwrap(), "A B");
        assert_eq!(shown(json!({"username": "u", "email": "e"})).unwrap(), "u");
        assert_eq!(shown(json!({"email": "e", "first_name": 7})).unwrap(), "e");
        for nobody in [json!({}), json!(null), json!([])] {
            assert_eq!(shown(nobody), None);
        }
        assert_eq!(User::of_response(b"<html>"), User::default());
    }
}
