//! The program `heygen`: the HeyGen API on the command line.
//!
//! Contract with programs that call it: stdout is the body of the response,
//! as the API sent it, on one line; an error is one line of JSON on stderr,
//! `{"error": ...}`. With `--human` both are text for people. The exit code is
//! 0 for success, 1 when the API or the network failed, 2 for wrong usage, 3
//! when the key is missing, malformed, refused or not permitted, and 4 for a
//! timeout.

mod args;
mod commands;
mod container;
mod credentials;
mod download;
mod dry_run;
mod error;
#[rustfmt::skip]
mod generated;
mod globals;
mod ids;
mod input;
mod interrupt;
mod output;
mod pages;
mod private_file;
mod progress;
mod run;
mod session;
mod settings;
mod table;
mod trace;
mod value;
mod wait;

use std::ffi::OsString;
use std::process::ExitCode;

use args::Invocation;
use args::tree::Node;
use error::CliError;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let human = settings::human(args::human_flag(&arguments));
    match run(&arguments, human) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::error(&error, human),
    }
}

fn run(arguments: &[OsString], human: bool) -> Result<(), CliError> {
    let Some(invocation) = args::parse(arguments, human)? else {
        return Ok(());
    };
    let trace_problem = trace::start();
    // One thread is enough for one call, and starts faster than a pool.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::system("the program could not start", &error))?;
    runtime.block_on(invoke(&invocation))?;
    if let Some(problem) = trace_problem {
        output::notice(&problem);
    }
    Ok(())
}

async fn invoke(invocation: &Invocation) -> Result<(), CliError> {
    let Invocation {
        what,
        matches,
        globals,
    } = invocation;
    match what {
        Node::Table(leaf) => run::run(leaf, matches, globals).await,
        Node::Download(command) => download::run(command, matches, globals).await,
        Node::Group => Ok(()),
        Node::ByHand(command) => (command.run)(matches, globals).await,
    }
}
