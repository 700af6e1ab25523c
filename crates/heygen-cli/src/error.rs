//! Errors of the program: the exit code, and the error object that is printed.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// The exit code of a run that fails. The numbers are those of the vendor's
/// own command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The API or the network failed.
    Failed = 1,
    /// The arguments or the settings are invalid.
    Usage = 2,
    /// The key is missing, malformed, refused or not permitted.
    Key = 3,
    /// A deadline passed.
    Timeout = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

/// An error: the exit code and the error object.
#[derive(Debug)]
pub(crate) struct CliError {
    pub(crate) exit: Exit,
    pub(crate) body: Box<ErrorBody>,
}

/// The fields of the error object; keys that do not apply are absent.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ErrorBody {
    pub(crate) code: String,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// The parameter that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) param: Option<String>,
    /// The `operationId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    /// How often the request was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attempts: Option<u32>,
    /// The seconds to wait before the next call, as the server asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    /// The job that was started or waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job_id: Option<String>,
    /// Its last known state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job_state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) doc_url: Option<String>,
}

impl CliError {
    /// An error of this exit code, code and message.
    pub(crate) fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        let body = ErrorBody {
            code: code.to_owned(),
            message: message.into(),
            ..ErrorBody::default()
        };
        Self {
            exit,
            body: Box::new(body),
        }
    }

    /// The arguments are not valid.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message).with_hint(hint)
    }

    /// The API key is missing.
    pub(crate) fn no_key() -> Self {
        Self::new(Exit::Key, "missing_api_key", "there is no API key").with_hint(
            "set the environment variable HEYGEN_API_KEY to your key, \
             or add --mock to ask the built-in mock, which needs none",
        )
    }

    /// An error of the operating system.
    pub(crate) fn system(what: &str, error: &dyn fmt::Display) -> Self {
        Self::new(Exit::Failed, "system", format!("{what}: {error}"))
    }

    /// The mock could not be started.
    pub(crate) fn mock(error: &heygen_mock::Error) -> Self {
        Self::new(Exit::Failed, "mock", error.to_string())
    }

    /// Replaces the hint.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.body.hint = Some(hint.into());
        self
    }

    /// Adds to the hint.
    #[must_use]
    pub(crate) fn with_more_hint(mut self, more: &str) -> Self {
        self.body.hint = Some(match self.body.hint {
            Some(hint) => format!("{hint}; {more}"),
            None => more.to_owned(),
        });
        self
    }
}

impl From<heygen::Error> for CliError {
    fn from(error: heygen::Error) -> Self {
        let body = ErrorBody {
            code: code(&error),
            message: error.message().to_owned(),
            hint: hint(&error).map(str::to_owned),
            status: error.status(),
            param: error.param().map(str::to_owned),
            operation: error.operation().map(str::to_owned),
            attempts: Some(error.attempts()).filter(|attempts| *attempts > 0),
            retry_after: error.retry_after().map(whole_seconds),
            request_id: error.request_id().map(str::to_owned),
            job_id: error.job_id().map(str::to_owned),
            job_state: error.job_state().map(str::to_owned),
            doc_url: error.doc_url().map(str::to_owned),
        };
        Self {
            exit: exit(&error),
            body: Box::new(body),
        }
    }
}

/// Rounded up, so that the wait is long enough.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
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

/// The API's own code; without one, the status; without a response, the kind
/// of error.
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

/// The hint for a user of the program, where the library's own is for
/// programmers.
fn hint(error: &heygen::Error) -> Option<&str> {
    match error.kind() {
        heygen::ErrorKind::Timeout => Some("try again later, or raise --timeout"),
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
    fn error_object_has_only_keys_that_apply() {
        let json = |error: &CliError| serde_json::to_string(&error.body).unwrap();
        assert_eq!(
            json(&CliError::usage("no", "yes")),
            r#"{"code":"usage","message":"no","hint":"yes"}"#
        );
        assert_eq!(
            json(&CliError::system("broken", &"badly")),
            r#"{"code":"system","message":"broken: badly"}"#
        );
    }

    #[test]
    fn missing_key_hint_names_variable_and_mock() {
        let error = CliError::no_key();
        assert_eq!(error.exit, Exit::Key);
        let hint = error.body.hint.unwrap();
        assert!(hint.contains("HEYGEN_API_KEY") && hint.contains("--mock"));
    }

    #[test]
    fn retry_after_is_rounded_up() {
        for (millis, seconds) in [(0, 0), (1, 1), (1000, 1), (1001, 2)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds);
        }
    }
}
