//! Errors of the program: the exit code, and the error object that is printed.

mod classify;
mod hints;

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use self::hints::Call;

/// The code of a success whose body is not what the API describes.
pub(crate) const PARSE_ERROR: &str = "cli_response_parse_error";

/// What the library calls the operation of a call by method and path.
const BY_PATH: &str = "request";

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

/// The fields of the error object.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ErrorBody {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// The parameter that was refused.
    pub(crate) param: Option<String>,
    pub(crate) doc_url: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) status: Option<u16>,
    /// How often the request was sent.
    pub(crate) attempts: Option<u32>,
    /// The seconds to wait before the next call, as the server asked.
    pub(crate) retry_after: Option<u64>,
    /// The `operationId`.
    pub(crate) operation: Option<String>,
    /// The job that was started or waited for.
    pub(crate) job_id: Option<String>,
    /// Its last known state.
    pub(crate) job_state: Option<String>,
}

impl ErrorBody {
    /// The error object, without keys that do not apply.
    pub(crate) fn to_json(&self) -> Value {
        let mut fields = json!(self);
        if let Some(fields) = fields.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        json!({ "error": fields })
    }
}

impl CliError {
    /// An error of this exit code, code and message.
    pub(crate) fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        let mut body: Box<ErrorBody> = Box::default();
        (body.code, body.message) = (code.to_owned(), message.into());
        Self { exit, body }
    }

    /// The arguments are not valid.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage_error", message).with_hint(hint)
    }

    /// A file, or the standard output, cannot be read or written.
    pub(crate) fn file(what: &str, error: &dyn fmt::Display) -> Self {
        let message = format!("{what}: {error}");
        Self::new(Exit::Failed, "cli_file_io_error", message)
            .with_hint("check the path, its permissions and the space that is left")
    }

    /// The body of a success is not what the API describes.
    pub(crate) fn parse(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, PARSE_ERROR, message).with_hint(hints::UNREADABLE)
    }

    /// An error of the operating system.
    pub(crate) fn system(what: &str, error: &dyn fmt::Display) -> Self {
        Self::new(Exit::Failed, "error", format!("{what}: {error}"))
    }

    /// The mock could not be started.
    pub(crate) fn mock(error: &heygen_mock::Error) -> Self {
        Self::new(Exit::Failed, "error", error.to_string())
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
        let hint = self.body.hint.take();
        let hint = hint.map_or(String::new(), |hint| hint + "; ");
        self.with_hint(hint + more)
    }

    /// Adds the response, if it is what the error is about.
    #[must_use]
    pub(crate) fn with_response<T>(
        mut self,
        operation: &str,
        response: &heygen::Response<T>,
    ) -> Self {
        if self.body.code != PARSE_ERROR {
            return self;
        }
        self.body.operation = Some(operation.to_owned());
        self.body.status = Some(response.status());
        self.body.attempts = Some(response.attempts());
        self.body.request_id = response.request_id().map(str::to_owned);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_object_has_only_keys_that_apply() {
        let json = |error: &CliError| error.body.to_json()["error"].to_string();
        assert_eq!(
            json(&CliError::usage("no", "yes").with_more_hint("or maybe")),
            r#"{"code":"usage_error","message":"no","hint":"yes; or maybe"}"#
        );
        assert_eq!(
            json(&CliError::system("broken", &"badly")),
            r#"{"code":"error","message":"broken: badly"}"#
        );
    }
}
