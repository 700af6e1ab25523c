//! `heygen completion`: completion script for a shell.
#![allow(clippy::unused_async, reason = "commands have one type")]

use std::fmt::Write;

use clap::builder::{PossibleValue, StyledStr};
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
                .value_name("bash|zsh|fish|powershell|elvish")
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
    let mut root = tree::whole();
    clap_complete::generate(*shell, &mut root, "heygen", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if *shell == Shell::Fish {
        add_nested(&root, &[], &mut script);
    }
    output::text(&script)
}

/// Adds the commands of three and more words, which the library leaves out for fish.
fn add_nested(command: &Command, words: &[&str], script: &mut String) {
    if words.len() > 2 {
        let seen = words.join("; and __fish_seen_subcommand_from ");
        let mut add = |rest: &str, help: Option<&StyledStr>| {
            let help = help.map(ToString::to_string).unwrap_or_default();
            let help = help.replace('\\', "\\\\").replace('\'', "\\'");
            let _ = writeln!(
                script,
                "complete -c heygen -n '__fish_heygen_using_subcommand {seen}' {rest} -d '{help}'"
            );
        };
        for arg in command.get_arguments() {
            let values = arg.get_possible_values();
            let values: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
            let values = match (arg.get_action().takes_values(), values.join(" ")) {
                (false, _) => String::new(),
                (true, values) if values.is_empty() => "-r".to_owned(),
                (true, values) => format!("-r -f -a '{values}'"),
            };
            if let Some(name) = arg.get_long() {
                add(&format!("-l {name} {values}"), arg.get_help());
            }
        }
        for child in command.get_subcommands() {
            add(&format!("-f -a {}", child.get_name()), child.get_about());
        }
    }
    for child in command.get_subcommands() {
        add_nested(child, &[words, &[child.get_name()]].concat(), script);
    }
}
