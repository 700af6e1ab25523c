//! Keeps a generator that overflows its stack from ending the command.
//!
//! An overflow cannot be caught in the process it happens in. So the command
//! for any document runs as a child of itself; when the child crashes, it is
//! run once more, careful: each attempt of the generator is first made in a
//! child of its own, and a crash there is an error like any other.

use std::{
    env,
    io::{Read, Write},
    process::{Command, ExitStatus, Stdio},
};

use openapi_prep::Error;
use serde_json::Value;

use super::{generate, post::wire_names};

/// Tells a child what it is: `once`, `careful` or `attempt`.
const ROLE: &str = "XTASK_CODEGEN_ROLE";

/// Runs the work in a child of this process, and again with care if the child
/// crashes. The child's own outcome is this process's.
pub(super) fn run(work: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    match env::var(ROLE).as_deref() {
        Ok("attempt") => attempt(),
        Ok(_) => work(),
        Err(_) => {
            for role in ["once", "careful"] {
                let status = this(role)?
                    .args(env::args_os().skip(1))
                    .status()
                    .map_err(|e| cannot_start(&e))?;
                if !crashed(status) {
                    std::process::exit(status.code().unwrap_or(1));
                }
            }
            Err(Error::new("the generator crashed on this document")
                .remedy("take the largest schemas out by an overlay, and report the document"))
        }
    }
}

/// Generates, where that may crash.
pub(super) fn generate(lowered: &Value) -> Result<syn::File, Error> {
    if env::var(ROLE).as_deref() == Ok("careful") {
        try_in_child(lowered)?;
    }
    let mut file = generate::generate_alone(lowered)?;
    wire_names::restore(&mut file, lowered)?;
    Ok(file)
}

/// What a child for one attempt does: reads the document from its input.
fn attempt() -> Result<(), Error> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| cannot_start(&e))?;
    let document: Value = serde_json::from_str(&text)
        .map_err(|e| Error::new(format!("what to generate is not readable: {e}")))?;
    // The parent finds out what else is wrong by itself.
    drop(generate::generate_alone(&document));
    Ok(())
}

fn try_in_child(lowered: &Value) -> Result<(), Error> {
    let mut child = this("attempt")?
        .args(["codegen", "--document", "-", "--out", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| cannot_start(&e))?;
    if let Some(mut input) = child.stdin.take() {
        input
            .write_all(lowered.to_string().as_bytes())
            .map_err(|e| cannot_start(&e))?;
    }
    let status = child.wait().map_err(|e| cannot_start(&e))?;
    if crashed(status) {
        return Err(Error::new("the generator overflowed its stack"));
    }
    Ok(())
}

fn this(role: &str) -> Result<Command, Error> {
    let program = env::current_exe().map_err(|e| cannot_start(&e))?;
    let mut command = Command::new(program);
    command.env(ROLE, role);
    Ok(command)
}

/// Whether a process was ended by a fault of its own. One that somebody
/// stopped was not.
#[cfg(unix)]
fn crashed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;

    // SIGABRT, SIGBUS (7 or 10) and SIGSEGV.
    matches!(status.signal(), Some(6 | 7 | 10 | 11))
}

/// Whether a process was ended by a fault of its own.
#[cfg(not(unix))]
fn crashed(status: ExitStatus) -> bool {
    // Windows gives faults large numbers.
    status.code().is_none_or(|code| !(0..=255).contains(&code))
}

fn cannot_start(error: &std::io::Error) -> Error {
    Error::new(format!("cannot run the generator in a process: {error}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_crash_is_told_from_a_failure_and_a_stop() {
        let ended = |script: &str| {
            Command::new("sh")
                .args(["-c", script])
                .status()
                .map(crashed)
                .unwrap()
        };
        assert!(ended("kill -ABRT $$"));
        assert!(ended("kill -SEGV $$"));
        assert!(!ended("kill -TERM $$"));
        assert!(!ended("exit 101"));
        assert!(!ended("exit 0"));
    }
}
