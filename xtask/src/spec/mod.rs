//! `cargo xtask spec`: take in and correct the vendor's documents.

mod changes;
mod diff;
mod import;
mod io;
mod lint;
mod overlay;
mod plan;
mod prepare;
mod source;

use clap::Subcommand;
use openapi_prep::Error;

/// What `spec` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Import(import::Args),
    Overlay(overlay::Args),
    Lint(lint::Args),
    Prepare(prepare::Args),
    Diff(diff::Args),
}

/// Runs a command; gives all that went wrong.
pub(crate) fn run(command: Command) -> Result<(), Vec<Error>> {
    match command {
        Command::Import(args) => import::run(&args),
        Command::Overlay(args) => overlay::run(&args).map_err(|error| vec![error]),
        Command::Lint(args) => lint::run(&args).map_err(|error| vec![error]),
        Command::Prepare(args) => prepare::run(&args).map_err(|error| vec![error]),
        Command::Diff(args) => diff::run(&args),
    }
}
