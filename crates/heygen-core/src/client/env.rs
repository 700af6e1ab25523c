//! Settings from the environment. An empty variable counts as not set, so that
//! a line such as `HEYGEN_API_KEY=` in a file unsets it.

use std::env::VarError;
use std::time::Duration;

use secrecy::SecretString;

use crate::error::{Error, build};

const API_KEY: &str = "HEYGEN_API_KEY";
const BASE_URL: &str = "HEYGEN_BASE_URL";
const MAX_RETRIES: &str = "HEYGEN_MAX_RETRIES";
const TIMEOUT: &str = "HEYGEN_TIMEOUT_SECS";

/// The environment, by the function that reads a variable.
pub(super) struct Environment<F>(pub(super) F);

impl<F: Fn(&str) -> Result<String, VarError>> Environment<F> {
    pub(super) fn api_key(&self) -> Result<Option<SecretString>, Error> {
        Ok(self.get(API_KEY)?.map(Into::into))
    }

    pub(super) fn base_url(&self) -> Result<Option<String>, Error> {
        self.get(BASE_URL)
    }

    pub(super) fn max_retries(&self) -> Result<Option<u32>, Error> {
        let hint = "set it to a whole number such as 2; 0 turns retries off";
        self.parse(MAX_RETRIES, hint, |text| text.parse().ok())
    }

    pub(super) fn timeout(&self) -> Result<Option<Duration>, Error> {
        self.parse(
            TIMEOUT,
            "set it to a number of seconds such as 60",
            |text| {
                let timeout = Duration::try_from_secs_f64(text.parse().ok()?).ok()?;
                (!timeout.is_zero()).then_some(timeout)
            },
        )
    }

    fn parse<T>(
        &self,
        name: &'static str,
        hint: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.get(name)? else {
            return Ok(None);
        };
        let message = || format!("the environment variable {name} cannot be parsed");
        let value = parse(text.trim()).ok_or_else(|| build::config(message(), hint))?;
        Ok(Some(value))
    }

    fn get(&self, name: &'static str) -> Result<Option<String>, Error> {
        match (self.0)(name) {
            Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => {
                let error = if name == API_KEY {
                    build::credential
                } else {
                    build::config
                };
                let message = format!("the environment variable {name} is not UTF-8");
                Err(error(message, "set it again, or unset it"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn with(name: &str, value: &str) -> Environment<impl Fn(&str) -> Result<String, VarError>> {
        let (name, value) = (name.to_owned(), value.to_owned());
        Environment(move |asked: &str| {
            if asked == name {
                Ok(value.clone())
            } else {
                Err(VarError::NotPresent)
            }
        })
    }

    #[test]
    fn variables_are_parsed() {
        let retries = with(MAX_RETRIES, " 7 ").max_retries().unwrap();
        assert_eq!(retries, Some(7));
        let timeout = with(TIMEOUT, "1.5").timeout().unwrap();
        assert_eq!(timeout, Some(Duration::from_millis(1500)));
        let base_url = with(BASE_URL, "http://127.0.0.1:1/x").base_url().unwrap();
        assert_eq!(base_url.as_deref(), Some("http://127.0.0.1:1/x"));
        assert!(with(API_KEY, "sk_env").api_key().unwrap().is_some());
    }

    #[test]
    fn empty_is_not_set() {
        assert!(with(API_KEY, "").api_key().unwrap().is_none());
        assert!(with(BASE_URL, "").base_url().unwrap().is_none());
        assert!(with(TIMEOUT, "").timeout().unwrap().is_none());
        assert!(with("OTHER", "1").max_retries().unwrap().is_none());
    }

    #[test]
    fn malformed_variable_is_named() {
        for (name, value) in [
            (MAX_RETRIES, "-1"),
            (MAX_RETRIES, "many"),
            (TIMEOUT, "soon"),
            (TIMEOUT, "-1"),
            (TIMEOUT, "0"),
            (TIMEOUT, "inf"),
            (TIMEOUT, "NaN"),
        ] {
            let environment = with(name, value);
            let error = environment.max_retries().map(drop);
            let error = error.and(environment.timeout().map(drop)).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Config);
            assert!(error.to_string().contains(name), "{error}");
        }
        let environment = Environment(|_: &str| Err(VarError::NotUnicode(OsString::new())));
        let error = environment.api_key().unwrap_err();
        assert!(error.to_string().contains(API_KEY) && error.is_unauthorized());
        let error = environment.base_url().unwrap_err();
        assert!(error.to_string().contains(BASE_URL) && !error.is_unauthorized());
    }
}
