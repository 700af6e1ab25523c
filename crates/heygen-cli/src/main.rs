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
mod value;
mod wait;

use std::ffi::OsString;
use std::process::ExitCode;

use args::Invocation;
use args::tree::{self, For, Node};
use error::CliError;
use session::Session;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    commands::complete(|| tree::whole(For::Display));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let (human, result) = match args::parse(&arguments) {
        Ok(None) => return ExitCode::SUCCESS,
        Ok(Some(invocation)) => (invocation.2.human, run(&invocation)),
        Err(error) => {
            // Wherever the option is, the error is printed as it says.
            let options = arguments.iter().take_while(|argument| *argument != "--");
            let flags = options.filter_map(|argument| argument.to_str()?.strip_prefix("--human"));
            let values = flags.map(|rest| rest.strip_prefix('=').unwrap_or("true"));
            let flag = values.filter_map(|value| value::boolean(value).ok()).last();
            (settings::human(flag), Err(error))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::error(&error, human),
    }
}

fn run((node, matches, globals): &Invocation) -> Result<(), CliError> {
    // Traces are on stderr, which otherwise contains the one error only, so they have to
    // be asked for: `RUST_LOG=heygen=debug`.
    let asked = std::env::var_os("RUST_LOG").is_some_and(|directives| !directives.is_empty());
    if let (true, Ok(filter)) = (asked, EnvFilter::try_from_default_env()) {
        let traces = tracing_subscriber::fmt().with_env_filter(filter);
        traces.with_writer(std::io::stderr).init();
    }
    // One thread is enough for one call, and starts faster than a pool.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::system("the program could not start", &error))?;
    runtime.block_on(async {
        match node {
            Node::Table(leaf) => {
                let build = |session: &Session| {
                    input::request(leaf, matches, heygen::raw::core(&session.client))
                };
                run::call(Some(leaf), matches, globals, build).await
            }
            Node::Download(command) => download::run(command, matches, globals).await,
            Node::ByHand(command) => (command.run)(matches, globals).await,
            Node::OfAll((.., run)) => run(matches, tree::whole(For::Display)),
            Node::Group => Ok(()),
        }
    })
}
