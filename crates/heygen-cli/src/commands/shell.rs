//! `heygen completion` and `heygen man`: what a shell and `man` know of the commands.

use std::fs;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::env::{CompleteEnv, Shells};

use crate::error::CliError;
use crate::{ids, output};

/// Set by a completion script that asks the program what may come next.
const COMPLETE: &str = "HEYGEN_COMPLETE";

pub(crate) fn completion_definition() -> Command {
    let shells = Shells::builtins();
    let names = "bash|elvish|fish|powershell|zsh";
    let shell = Arg::new("shell").value_name(names).required(true);
    Command::new("completion")
        .about("Print a completion script for a shell")
        .arg(shell.value_parser(PossibleValuesParser::new(shells.names())))
}

pub(crate) fn completion(matches: &ArgMatches, _: Command) -> Result<(), CliError> {
    let (shells, mut script) = (Shells::builtins(), Vec::new());
    let shell = ids::text(matches, "shell").and_then(|name| shells.completer(name));
    if let Some(shell) = shell {
        let written = shell.write_registration(COMPLETE, "heygen", "heygen", "heygen", &mut script);
        written.map_err(|error| CliError::system("the script cannot be printed", &error))?;
    }
    output::text(&String::from_utf8_lossy(&script))
}

/// Prints what may come next, if a completion script asks for it, and ends.
pub(crate) fn complete(all: fn() -> Command) {
    CompleteEnv::with_factory(all).var(COMPLETE).complete();
}

pub(crate) fn man_definition() -> Command {
    let help = "The folder for heygen.1, heygen-video.1 and so on; made if it is missing";
    let dir = Arg::new("dir").value_name("DIR").help(help);
    Command::new("man")
        .about("Print the man page, or store those of all commands in a folder")
        .arg(dir.value_parser(value_parser!(PathBuf)))
}

pub(crate) fn man(matches: &ArgMatches, root: Command) -> Result<(), CliError> {
    let mut page = Vec::new();
    let made = match matches.get_one::<PathBuf>("dir") {
        Some(dir) => fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(root, dir)),
        None => clap_mangen::Man::new(root).render(&mut page),
    };
    made.map_err(|error| CliError::file("the man pages cannot be written", &error))?;
    output::text(&String::from_utf8_lossy(&page))
}
