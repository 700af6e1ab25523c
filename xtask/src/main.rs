//! The maintainer's commands. Only parsed and dispatched here; each has a
//! module of its own.

mod codegen;
mod output;
mod read;
mod spec;
mod workspace;
mod write;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The maintainer's commands: from the vendor's documents to Rust.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take in and correct the vendor's documents.
    #[command(subcommand)]
    Spec(spec::Command),
    /// Turn every document under openapi/ into Rust.
    Codegen(codegen::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Spec(command) => spec::run(command),
        Command::Codegen(args) => codegen::run(&args).map_err(|error| vec![error]),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                eprintln!("error: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
