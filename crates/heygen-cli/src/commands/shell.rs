//! `heygen completion` and `heygen man`: what a shell and `man` know of the commands.
#![allow(clippy::unused_async, reason = "commands have one type")]

use std::fs;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::args::tree::{self, For};
use crate::error::CliError;
use crate::globals::Globals;
use crate::output;

pub(crate) fn completion_definition() -> Command {
    let shell = Arg::new("shell").value_name("bash|elvish|fish|powershell|zsh");
    Command::new("completion")
        .about("Print a completion script for a shell")
        .arg(shell.required(true).value_parser(value_parser!(Shell)))
}

pub(crate) async fn completion(matches: &ArgMatches, _: &Globals) -> Result<(), CliError> {
    let mut root = tree::whole(For::Display);
    let shell = matches.get_one("shell").copied().unwrap_or(Shell::Bash);
    if shell == Shell::Fish {
        root = root.mut_subcommands(|group| group.mut_subcommands(with_nested));
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut root, "heygen", &mut script);
    output::text(&String::from_utf8_lossy(&script))
}

/// Adds the options of the commands below a command: for fish, the library completes
/// what is after two words at most.
fn with_nested(mut command: Command) -> Command {
    let below: Vec<_> = command
        .get_subcommands()
        .cloned()
        .map(with_nested)
        .collect();
    for option in below.iter().flat_map(Command::get_opts) {
        let is_same = |known: &Arg| known.get_id() == option.get_id();
        if !command.get_opts().any(is_same) {
            command = command.arg(option);
        }
    }
    command
}

pub(crate) fn man_definition() -> Command {
    let help = "The folder for heygen.1, heygen-video.1 and so on; made if it is missing";
    let dir = Arg::new("dir").value_name("DIR").help(help);
    Command::new("man")
        .about("Print the man page, or store those of all commands in a folder")
        .arg(dir.value_parser(value_parser!(PathBuf)))
}

pub(crate) async fn man(matches: &ArgMatches, _: &Globals) -> Result<(), CliError> {
    let (root, mut page) = (tree::whole(For::Display), Vec::new());
    let made = match matches.get_one::<PathBuf>("dir") {
        Some(dir) => fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(root, dir)),
        None => clap_mangen::Man::new(root).render(&mut page),
    };
    made.map_err(|error| CliError::file("the man pages cannot be written", &error))?;
    output::text(&String::from_utf8_lossy(&page))
}
