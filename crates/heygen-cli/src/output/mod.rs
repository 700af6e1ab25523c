//! Output of the program: response bodies to stdout, one error to stderr. A
//! pipe that its reader closes early counts as success.

mod human;
mod json;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use serde::de::IgnoredAny;

pub(crate) use self::json::text as json_text;
use crate::error::CliError;
use crate::table::Column;

/// Prints a JSON body on stdout: on one line and otherwise unchanged, so that
/// fields which are newer than this program survive; or its `data` laid out for
/// people. A body that is not JSON is printed as it is.
pub(crate) fn body(body: &[u8], human: bool) -> Result<(), CliError> {
    let text = json::text(body);
    if serde_json::from_str::<IgnoredAny>(&text).is_err() {
        let mut out = io::stdout().lock();
        return is_read(out.write_all(body).and_then(|()| out.flush())).map(drop);
    }
    json(&text, &[], human)
}

/// Prints valid JSON as one line, or laid out for people.
pub(crate) fn json(json: &str, columns: &[Column], human: bool) -> Result<(), CliError> {
    // Deep nesting and numbers out of range do not fit a `Value`; they are
    // printed as JSON then.
    if human && let Ok(value) = serde_json::from_str(json) {
        return text(&human::layout(&value, columns));
    }
    lines([json]).map(drop)
}

/// Prints a text on stdout, with its colours if that is a terminal that takes them.
pub(crate) fn text(text: &str) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    is_read(out.write_all(text.as_bytes()).and_then(|()| out.flush())).map(drop)
}

/// Prints valid JSON texts, one a line. False if nobody reads them any more.
pub(crate) fn lines<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<bool, CliError> {
    // Bodies may be large, and are written in many pieces.
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let written = texts.into_iter().try_for_each(|text| {
        json::compact(text, &mut out)?;
        out.write_all(b"\n")
    });
    is_read(written.and_then(|()| out.flush()))
}

fn is_read(written: io::Result<()>) -> Result<bool, CliError> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(CliError::file("the output cannot be written", &error)),
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
    let mut printed = Vec::new();
    if human {
        printed = human::error(&error.body).into_bytes();
    } else {
        // Writing to a vector cannot fail.
        let _ = json::compact(&error.body.to_json().to_string(), &mut printed);
        printed.push(b'\n');
    }
    let _ = io::stderr().write_all(&printed);
    ExitCode::from(error.exit as u8)
}
