//! `heygen completion`: completion script for a shell.

use clap::builder::PossibleValue;
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
    let mut whole = tree::whole();
    clap_complete::generate(*shell, &mut whole, "heygen", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if *shell == Shell::Fish {
        add_options_to_fish(&whole, &[], &mut script);
    }
    output::text(&script)
}

/// Adds the options of commands of three words and more, where `clap_complete` stops
/// for fish.
fn add_options_to_fish(command: &Command, words: &[&str], script: &mut String) {
    for inner in command.get_subcommands() {
        let words = [words, &[inner.get_name()]].concat();
        let seen = words.join("; and __fish_seen_subcommand_from ");
        let options = inner.get_arguments().filter(|_| words.len() > 2);
        for (option, name) in options.filter_map(|arg| Some((arg, arg.get_long()?))) {
            let value = if option.get_action().takes_values() {
                " -r"
            } else {
                ""
            };
            let values = option.get_possible_values();
            let values: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
            let values = values.join(" ");
            let help = option
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            let help = help.replace('\\', "\\\\").replace('\'', "\\'");
            script.extend([
                &*format!("complete -c heygen -n \"__fish_seen_subcommand_from {seen}\" "),
                &format!("-l {name}{value} -a \"{values}\" -d '{help}'\n"),
            ]);
        }
        add_options_to_fish(inner, &words, script);
    }
}
