//! Where everything printed goes through: data to stdout, one error object to
//! stderr. A reader that has seen enough and closed the pipe is no failure.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::human;

/// Prints data on stdout: as `{"data": ...}`, or laid out for people.
pub(crate) fn data<T: Serialize>(data: &T, for_people: bool) -> Result<(), Failure> {
    let written =
        |error: serde_json::Error| Failure::system("the answer cannot be written as JSON", &error);
    let value = serde_json::to_value(data).map_err(written)?;
    if for_people {
        return text(&human::layout(&value));
    }
    let pretty = serde_json::to_string_pretty(&json!({ "data": value })).map_err(written)?;
    text(&format!("{pretty}\n"))
}

/// Prints a text on stdout as it is.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::system("the output cannot be written", &error))
        }
        _ => Ok(()),
    }
}

/// Prints a notice on stderr, as one plain line, which it already is.
pub(crate) fn notice(notice: &str) {
    // Nobody is there to be told when stderr is closed.
    let _ = writeln!(io::stderr(), "notice: {notice}");
}

/// Prints the error object on stderr, on one line, and gives the exit code.
pub(crate) fn report(failure: &Failure) -> ExitCode {
    let object: Value = json!({ "error": failure.told });
    let _ = writeln!(io::stderr(), "{object}");
    ExitCode::from(failure.exit as u8)
}
