//! Errors of the program: the exit code, and the error object that is printed.

mod classify;
mod hints;

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use self::hints::Call;

/// The code of a success whose body is not what the API describes.
pub(crate) const PARSE_ERROR: &str = "cli_response_parse_error";

/// In the query of a signed address.
const SIGNED: [&str; 5] = ["signature", "sig=", "token=", "credential=", "key-pair-id="];

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
        (body.code, body.message) = (code.to_owned(), without_signatures(&message.into()));
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

    /// An error of the operating system.
    pub(crate) fn system(what: &str, error: &dyn fmt::Display) -> Self {
        Self::new(Exit::Failed, "error", format!("{what}: {error}"))
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
}

/// The text without the queries of signed addresses: whoever has them has the file.
fn without_signatures(text: &str) -> String {
    let is_end = |letter: char| letter.is_whitespace() || "\"'<>`".contains(letter);
    let words = text.split_inclusive(is_end).map(|word| {
        let (address, query) = word.split_once('?').unwrap_or((word, ""));
        let query = query.to_ascii_lowercase();
        if !address.contains("://") || !SIGNED.iter().any(|name| query.contains(name)) {
            return Cow::Borrowed(word);
        }
        let end: String = query.matches(is_end).collect();
        format!("{address}?[redacted]{end}").into()
    });
    words.collect()
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

    #[test]
    fn signed_addresses_are_redacted() {
        for (text, redacted) in [
            ("why? no", "why? no"),
            (
                "why? see https://heygen.com/a?nav=API.",
                "why? see https://heygen.com/a?nav=API.",
            ),
            (
                "get 'https://f.example/v.mp4?Expires=1&Signature=abc' and https://f.example/w?X-Amz-Signature=d",
                "get 'https://f.example/v.mp4?[redacted]' and https://f.example/w?[redacted]",
            ),
            ("://?sig=\u{fc}", "://?[redacted]"),
        ] {
            assert_eq!(without_signatures(text), redacted);
        }
    }
}
