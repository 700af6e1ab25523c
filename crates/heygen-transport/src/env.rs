//! The settings that the environment can give. Empty counts as not set, so
//! that a line such as `HEYGEN_API_KEY=` in a file unsets a variable.

use std::env::VarError;
use std::time::Duration;

use crate::config::TransportBuilder;
use crate::error::{Error, fail};

const API_KEY: &str = "HEYGEN_API_KEY";
const BASE_URL: &str = "HEYGEN_BASE_URL";
const MAX_RETRIES: &str = "HEYGEN_MAX_RETRIES";
const TIMEOUT: &str = "HEYGEN_TIMEOUT_SECS";

/// Fills in what has not been set.
pub(crate) fn fill(
    mut builder: TransportBuilder,
    read: impl Fn(&str) -> Result<String, VarError>,
) -> Result<TransportBuilder, Error> {
    let get = |name: &'static str| match read(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) if name == API_KEY => Err(fail::key(
            "the API key in HEYGEN_API_KEY holds a character outside ASCII, so it cannot be sent as a header",
            "copy the key again from the HeyGen settings page, without anything around it",
        )),
        Err(VarError::NotUnicode(_)) => Err(fail::config(
            format!("the environment variable {name} is not text"),
            "set it again, or unset it",
        )),
    };
    if builder.api_key.is_none() {
        builder.api_key = get(API_KEY)?.map(Into::into);
    }
    if builder.base_url.is_none() {
        builder.base_url = get(BASE_URL)?;
    }
    if builder.max_retries.is_none()
        && let Some(text) = get(MAX_RETRIES)?
    {
        let retries = text
            .trim()
            .parse()
            .map_err(|error: std::num::ParseIntError| {
                fail::config(
                    format!("the environment variable {MAX_RETRIES} is no whole number"),
                    "set it to a number such as 2; 0 turns retries off",
                )
                .with_source(error)
            })?;
        builder.max_retries = Some(retries);
    }
    if builder.timeout.is_none()
        && let Some(text) = get(TIMEOUT)?
    {
        let seconds = text
            .trim()
            .parse()
            .ok()
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .filter(|time| !time.is_zero());
        builder.timeout = Some(seconds.ok_or_else(|| {
            fail::config(
                format!("the environment variable {TIMEOUT} is no number of seconds above zero"),
                "set it to a number such as 60",
            )
        })?);
    }
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn filled(
        builder: TransportBuilder,
        variables: &[(&str, &str)],
    ) -> Result<TransportBuilder, Error> {
        fill(builder, |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        })
    }

    #[test]
    fn fills_what_is_not_set() {
        let all = [
            (API_KEY, "sk_env"),
            (BASE_URL, "http://127.0.0.1:1/x"),
            (MAX_RETRIES, "7"),
            (TIMEOUT, "1.5"),
        ];
        let builder = filled(TransportBuilder::new(), &all).unwrap();
        assert_eq!(builder.base_url.as_deref(), Some("http://127.0.0.1:1/x"));
        assert_eq!(builder.max_retries, Some(7));
        assert_eq!(builder.timeout, Some(Duration::from_millis(1500)));
        assert!(builder.build().is_ok());

        let set = TransportBuilder::new()
            .max_retries(0)
            .timeout(Duration::from_secs(9));
        let builder = filled(set, &all).unwrap();
        assert_eq!(builder.max_retries, Some(0));
        assert_eq!(builder.timeout, Some(Duration::from_secs(9)));
    }

    #[test]
    fn empty_is_not_set() {
        let builder = filled(
            TransportBuilder::new(),
            &[(API_KEY, ""), (BASE_URL, ""), (TIMEOUT, "")],
        )
        .unwrap();
        assert!(builder.base_url.is_none() && builder.timeout.is_none());
        let error = builder.build().unwrap_err();
        assert!(
            error.is_unauthorized() && error.to_string().contains("HEYGEN_API_KEY"),
            "{error}"
        );
    }

    #[test]
    fn says_which_variable_is_wrong() {
        for (name, value) in [
            (MAX_RETRIES, "-1"),
            (MAX_RETRIES, "many"),
            (TIMEOUT, "soon"),
            (TIMEOUT, "-1"),
            (TIMEOUT, "0"),
            (TIMEOUT, "inf"),
            (TIMEOUT, "NaN"),
        ] {
            let error = filled(TransportBuilder::new(), &[(name, value)]).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Config);
            assert!(error.to_string().contains(name), "{error}");
        }
        for name in [API_KEY, BASE_URL] {
            let error = fill(TransportBuilder::new(), |asked| {
                if asked == name {
                    Err(VarError::NotUnicode(OsString::new()))
                } else {
                    Err(VarError::NotPresent)
                }
            })
            .unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
            assert_eq!(error.is_unauthorized(), name == API_KEY);
        }
    }
}
