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

/// Adds commands of three and more words, which the library leaves out for fish.
fn add_nested(command: &Command, words: &[&str], script: &mut String) {
    if let [first, others @ ..] = words
        && words.len() > 2
    {
        let seen = others
            .iter()
            .map(|word| format!("; and __fish_seen_subcommand_from {word}"));
        let seen: String = seen.collect();
        let mut line = |rest: &str, help: &str| {
            let help = help.replace('\\', "\\\\").replace('\'', "\\'");
            let words = format!("__fish_heygen_using_subcommand {first}{seen}");
            script.push_str(
                &[
                    "complete -c heygen -n \"",
                    &words,
                    "\"",
                    rest,
                    " -d '",
                    &help,
                    "'\n",
                ]
                .concat(),
            );
        };
        for arg in command.get_arguments() {
            let values = arg.get_possible_values();
            let values: Vec<_> = values.iter().map(|value| value.get_name()).collect();
            let rest = match (arg.get_long(), arg.get_action().takes_values()) {
                (None, _) => continue,
                (Some(name), true) if values.is_empty() => format!(" -r -l {name}"),
                (Some(name), true) => format!(" -r -l {name} -f -a '{}'", values.join(" ")),
                (Some(name), false) => format!(" -l {name}"),
            };
            line(
                &rest,
                &arg.get_help().map(ToString::to_string).unwrap_or_default(),
            );
        }
        for child in command.get_subcommands() {
            let about = child.get_about().map(ToString::to_string);
            line(
                &format!(" -f -a {}", child.get_name()),
                &about.unwrap_or_default(),
            );
        }
    }
    for child in command.get_subcommands() {
        add_nested(child, &[words, &[child.get_name()]].concat(), script);
    }
}
