//! The program `heygen`: the HeyGen API on the command line.
//!
//! What a program that calls it can rely on: answers are JSON on stdout,
//! `{"data": ...}`; a failure is one line of JSON on stderr, `{"error": ...}`;
//! the exit code is 0 when all went well, 1 when the API or the network
//! failed, 2 when it was called wrongly, 3 when the key is missing, malformed,
//! refused or not permitted, and 4 when time ran out.

mod cli;
mod commands;
mod failure;
mod human;
mod output;
mod trace;

use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => output::report(&failure),
    }
}

fn run() -> Result<(), failure::Failure> {
    let Some(cli) = cli::parse(std::env::args_os())? else {
        return Ok(());
    };
    let untraced = trace::start();
    // One thread is enough for one call, and starts faster than a pool.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failure::Failure::system("the program could not start", &error))?;
    runtime.block_on(commands::run(cli))?;
    if let Some(notice) = untraced {
        output::notice(&notice);
    }
    Ok(())
}
