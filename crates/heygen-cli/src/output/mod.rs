//! Output of the program: response bodies to stdout, one error to stderr. A
//! pipe that its reader closes early counts as success.

mod human;
mod json;

use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write};
use std::process::ExitCode;

use crate::container;
use crate::error::CliError;
use crate::table::{Column, Command, Kind};

/// Prints a JSON body on stdout: on one line and otherwise unchanged, so that
/// fields which are newer than this program survive; or its `data` laid out for
/// people. A body that is not JSON is printed as it is.
pub(crate) fn body(body: &[u8], human: bool) -> Result<(), CliError> {
    let text = json::text(body);
    if container::check_json(&text).is_err() {
        return Stdout::open().end(|out| out.write_all(body));
    }
    json(&text, &[], human)
}

/// Prints the body of a response of this command. One that is not what the command
/// returns is an error.
pub(crate) fn of_command(bytes: &[u8], command: &Command, human: bool) -> Result<(), CliError> {
    let Some(container) = &command.container else {
        return body(bytes, human);
    };
    let text = json::text(bytes);
    let found = container::find(&text, container).map_err(CliError::parse)?;
    // A list within the data is what people are shown of it.
    let is_inner = human && container.kind == Kind::Array && container.path.len() > 1;
    json(if is_inner { found } else { &text }, command.columns, human)
}

/// Prints valid JSON as one line, or laid out for people.
pub(crate) fn json(json: &str, columns: &[Column], human: bool) -> Result<(), CliError> {
    // Deep nesting and numbers out of range do not fit a `Value`; they are
    // printed as JSON then.
    if human && let Ok(value) = serde_json::from_str(json) {
        return text(&human::layout(&value, columns));
    }
    let mut out = Stdout::open();
    out.line(json)?;
    out.flush().map(drop)
}

/// Prints a text on stdout, with its colours if that is a terminal that takes them.
pub(crate) fn text(text: &str) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    is_read(out.write_all(text.as_bytes()).and_then(|()| out.flush())).map(drop)
}

/// Standard output, buffered: bodies may be large, and made of many pieces.
pub(crate) struct Stdout(BufWriter<StdoutLock<'static>>);

impl Stdout {
    pub(crate) fn open() -> Self {
        Self(BufWriter::with_capacity(64 * 1024, io::stdout().lock()))
    }

    /// Writes a valid JSON text as one line. False if nobody reads it any more.
    pub(crate) fn line(&mut self, json: &str) -> Result<bool, CliError> {
        is_read(json::compact(json, &mut self.0).and_then(|()| self.0.write_all(b"\n")))
    }

    /// Writes what is buffered. False if nobody reads it any more.
    pub(crate) fn flush(&mut self) -> Result<bool, CliError> {
        is_read(self.0.flush())
    }

    fn end(
        mut self,
        write: impl FnOnce(&mut BufWriter<StdoutLock<'static>>) -> io::Result<()>,
    ) -> Result<(), CliError> {
        is_read(write(&mut self.0).and_then(|()| self.0.flush())).map(drop)
    }
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
        printed.extend(human::error(&error.body).into_bytes());
    } else {
        // Writing to a vector cannot fail.
        let _ = json::compact(&error.body.to_json().to_string(), &mut printed);
        printed.push(b'\n');
    }
    let _ = io::stderr().write_all(&printed);
    ExitCode::from(error.exit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_pipe_is_no_error() {
        assert!(is_read(Ok(())).unwrap());
        assert!(!is_read(Err(ErrorKind::BrokenPipe.into())).unwrap());
        let error = is_read(Err(ErrorKind::StorageFull.into())).unwrap_err();
        assert_eq!(error.body.code, "cli_file_io_error");
    }
}
