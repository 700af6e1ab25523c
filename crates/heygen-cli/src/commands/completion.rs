//! `heygen completion`: completion script for a shell.
#![allow(clippy::unused_async, reason = "commands have one type")]

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::args::tree::{self, For};
use crate::error::CliError;
use crate::globals::Globals;
use crate::output;

pub(crate) fn definition() -> Command {
    let shell = Arg::new("shell").value_name("bash|elvish|fish|powershell|zsh");
    Command::new("completion")
        .about("Print a completion script for a shell")
        .arg(shell.required(true).value_parser(value_parser!(Shell)))
}

pub(crate) async fn run(matches: &ArgMatches, _: &Globals) -> Result<(), CliError> {
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
fn with_nested(command: Command) -> Command {
    let below = command.get_subcommands().cloned().map(with_nested);
    let options: Vec<_> = below
        .flat_map(|below| below.get_opts().cloned().collect::<Vec<_>>())
        .collect();
    options.into_iter().fold(command, |command, option| {
        let is_known = command
            .get_opts()
            .any(|known| known.get_id() == option.get_id());
        if is_known {
            command
        } else {
            command.arg(option)
        }
    })
}
