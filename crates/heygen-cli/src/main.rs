//! The program `heygen`: the HeyGen API on the command line.
//!
//! Contract with programs that call it: stdout is the body of the response,
//! as the API sent it but indented; an error is one line of JSON on stderr,
//! `{"error": ...}`. With `--human` both are text for people. The exit code is
//! 0 for success, 1 when the API or the network failed, 2 for wrong usage, 3
//! when the key is missing, malformed, refused or not permitted, and 4 for a
//! timeout.

mod args;
mod commands;
mod error;
mod output;
mod session;
mod target;
mod trace;

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let human = args::wants_human(&arguments);
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::error(&error, human),
    }
}

fn run(arguments: Vec<OsString>) -> Result<(), error::CliError> {
    let Some(cli) = args::parse(arguments)? else {
        return Ok(());
    };
    let trace_problem = trace::start();
    // One thread is enough for one call, and starts faster than a pool.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error::CliError::system("the program could not start", &error))?;
    runtime.block_on(commands::run(cli))?;
    if let Some(problem) = trace_problem {
        output::notice(&problem);
    }
    Ok(())
}
