//! The maintainer's commands. Only parsed and dispatched here; each has a
//! module of its own.

mod api;
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
    /// List the public items of a crate, to be compared with those of a release.
    Api(api::Args),
}

/// Generated code is millions of small pieces: with this allocator a large document
/// takes three quarters of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much stack the commands have: references that lead on to others in
/// their thousands are followed one inside the other.
const STACK: usize = 512 << 20;

fn main() -> ExitCode {
    let commands = std::thread::Builder::new().stack_size(STACK).spawn(run);
    match commands.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // It has said why.
        Ok(Err(_)) => ExitCode::from(101),
        Err(error) => {
            eprintln!("error: no thread for the command: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Spec(command) => spec::run(command),
        Command::Codegen(args) => codegen::run(&args).map_err(|error| vec![error]),
        Command::Api(args) => api::run(&args).map_err(|error| vec![error]),
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
