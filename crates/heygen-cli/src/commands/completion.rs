//! `heygen completion`: completion script for a shell.

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::args::tree;
use crate::error::CliError;
use crate::globals::Globals;
use crate::output;

pub(crate) fn definition() -> Command {
    Command::new("completion")
        .about("Print a completion script for a shell")
        .arg(
            Arg::new("shell")
                .required(true)
                .value_name("bash|elvish|fish|powershell|zsh")
                .value_parser(value_parser!(Shell)),
        )
}

pub(crate) async fn run(matches: &ArgMatches, _: &Globals) -> Result<(), CliError> {
    let Some(shell) = matches.get_one::<Shell>("shell") else {
        return Ok(());
    };
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut tree::whole(), "heygen", &mut script);
    output::text(&String::from_utf8_lossy(&script))
}
