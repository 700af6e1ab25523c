//! Output of the program: response bodies to stdout, one error to stderr. A
//! pipe that its reader closes early counts as success.

mod human;
mod json;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use heygen::Response;
use serde_json::json;

use crate::error::CliError;

/// Prints the body of a response on stdout, and its deprecation on stderr.
pub(crate) fn response<T>(response: &Response<T>, human: bool) -> Result<(), CliError> {
    body(response.raw_body(), human)?;
    if let Some(deprecation) = response.deprecation() {
        notice(&deprecation.to_string());
    }
    Ok(())
}

/// Prints a JSON body on stdout: indented and otherwise unchanged, so that
/// fields which are newer than this program survive; or laid out for people.
pub(crate) fn body(body: &[u8], human: bool) -> Result<(), CliError> {
    if body.is_empty() {
        return Ok(());
    }
    // Fields that the model skips may contain invalid UTF-8.
    let body = String::from_utf8_lossy(body);
    // Deep nesting and numbers out of range do not fit a `Value`; they are
    // printed as JSON then.
    if human && let Ok(value) = serde_json::from_str(&body) {
        return text(&human::layout(&value, &[]));
    }
    text(&json::indent(&body))
}

/// Prints a text on stdout as it is.
pub(crate) fn text(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::system("the output cannot be written", &error))
        }
        _ => Ok(()),
    }
}

/// Prints a notice, one line of text, on stderr.
pub(crate) fn notice(notice: &str) {
    // Nothing can be done when stderr is closed.
    let _ = writeln!(io::stderr(), "notice: {notice}");
}

/// Prints an error on stderr, as one line of JSON or as lines for people, and
/// returns the exit code.
pub(crate) fn error(error: &CliError, human: bool) -> ExitCode {
    let printed = if human {
        human::error(&error.body)
    } else {
        format!("{}\n", json!({ "error": error.body }))
    };
    let _ = io::stderr().write_all(printed.as_bytes());
    ExitCode::from(error.exit as u8)
}
