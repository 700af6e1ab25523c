//! What went wrong, in the form it is told: the fields of the error object
//! and the exit code.

use std::fmt;

use serde::Serialize;

/// How the program ends when it fails. The numbers are those of the vendor's
/// own command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The API or the network failed.
    Failed = 1,
    /// The program was called wrongly, or its settings cannot be used.
    Usage = 2,
    /// The key is missing, malformed, refused or not permitted.
    Key = 3,
    /// Time ran out.
    Timeout = 4,
}

/// A failure: how the program ends, and what it says.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) told: Box<Told>,
}

/// The fields of the error object; keys that do not apply are left out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Told {
    pub(crate) code: String,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) doc_url: Option<String>,
}

impl Failure {
    fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        let told = Told {
            code: code.to_owned(),
            message: message.into(),
            ..Told::default()
        };
        Self {
            exit,
            told: Box::new(told),
        }
    }

    /// The arguments make no sense.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message).with_hint(hint)
    }

    /// There is no key to call the API with.
    pub(crate) fn no_key() -> Self {
        Self::new(Exit::Key, "missing_api_key", "there is no API key").with_hint(
            "set the environment variable HEYGEN_API_KEY to your key, \
             or add --mock to ask the built-in mock, which needs none",
        )
    }

    /// The system refused something the program needs.
    pub(crate) fn system(what: &str, error: &dyn fmt::Display) -> Self {
        Self::new(Exit::Failed, "system", format!("{what}: {error}"))
    }

    /// The mock could not be started.
    pub(crate) fn mock(error: &heygen_mock::Error) -> Self {
        Self::new(Exit::Failed, "mock", error.to_string())
    }

    /// Says what to do next, in place of what was said before.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.told.hint = Some(hint.into());
        self
    }
}

impl From<heygen::Error> for Failure {
    fn from(error: heygen::Error) -> Self {
        let told = Told {
            code: code(&error),
            message: error.message().to_owned(),
            hint: hint(&error).map(str::to_owned),
            status: error.status(),
            request_id: error.request_id().map(str::to_owned),
            doc_url: error.doc_url().map(str::to_owned),
        };
        Self {
            exit: exit(&error),
            told: Box::new(told),
        }
    }
}

fn exit(error: &heygen::Error) -> Exit {
    use heygen::ErrorKind::{Config, InvalidInput};
    if error.is_unauthorized() || error.is_forbidden() {
        Exit::Key
    } else if error.is_timeout() {
        Exit::Timeout
    } else if matches!(error.kind(), Config | InvalidInput) {
        Exit::Usage
    } else {
        Exit::Failed
    }
}

/// The API's own code; where it gave none, its status; where it did not
/// answer, the kind of failure.
fn code(error: &heygen::Error) -> String {
    match (error.code(), error.kind(), error.status()) {
        (Some(code), ..) => code.to_owned(),
        (None, heygen::ErrorKind::Api, Some(status)) => format!("http_{status}"),
        (None, heygen::ErrorKind::Config, _) if error.is_unauthorized() => {
            "malformed_api_key".to_owned()
        }
        (None, kind, _) => kind.as_str().to_owned(),
    }
}

/// The way on, in the words of a program where the library's own are for
/// those who write one.
fn hint(error: &heygen::Error) -> Option<&str> {
    match error.kind() {
        heygen::ErrorKind::Timeout => Some("try again later, or give more time with --timeout"),
        heygen::ErrorKind::Decode => Some(
            "check that the base URL is HeyGen's; if it is, look for a newer version of this program",
        ),
        _ => error.hint(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_keys_that_apply_are_told() {
        let told = |failure: &Failure| serde_json::to_string(&failure.told).unwrap();
        assert_eq!(
            told(&Failure::usage("no", "yes")),
            r#"{"code":"usage","message":"no","hint":"yes"}"#
        );
        assert_eq!(
            told(&Failure::system("broken", &"badly")),
            r#"{"code":"system","message":"broken: badly"}"#
        );
    }

    #[test]
    fn a_missing_key_names_both_ways_out() {
        let failure = Failure::no_key();
        assert_eq!(failure.exit, Exit::Key);
        let hint = failure.told.hint.unwrap();
        assert!(hint.contains("HEYGEN_API_KEY") && hint.contains("--mock"));
    }
}
