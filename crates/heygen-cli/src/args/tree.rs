//! The tree of commands that clap parses: made of the table, and of the commands
//! that are written by hand.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use crate::commands::{self, BY_HAND};
use crate::generated::TABLE;
use crate::table::{Body, DownloadCommand, FlagType, Leaf};
use crate::{globals, value, wait};

/// The name of the list of an argument or option, in the matches of clap.
pub(crate) const DATA: &str = "data";

/// The whole tree.
pub(crate) fn root() -> Command {
    let root = Command::new("heygen")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The HeyGen API on the command line")
        .args_override_self(true)
        .disable_help_subcommand(false);
    with_children(globals::add(root), &[])
}

/// Adds what is one word below these words.
fn with_children(mut parent: Command, words: &[&'static str]) -> Command {
    let mut names: Vec<&'static str> = Vec::new();
    let all = TABLE.leaves.iter().map(|leaf| leaf.words);
    let all = all.chain(TABLE.downloads.iter().map(|download| download.words));
    let all = all.chain(BY_HAND.iter().map(|command| command.words));
    for candidate in all {
        if let Some([name, ..]) = candidate.strip_prefix(words) {
            names.push(name);
        }
    }
    names.sort_unstable();
    names.dedup();
    for name in names {
        let words = [words, &[name]].concat();
        parent = parent.subcommand(child(name, &words));
    }
    parent
}

fn child(name: &'static str, words: &[&'static str]) -> Command {
    let own = if let Some(by_hand) = BY_HAND.iter().find(|known| known.words == words) {
        (by_hand.definition)()
    } else if let Some(leaf) = TABLE.leaves.iter().find(|leaf| leaf.words == words) {
        of_table(name, leaf)
    } else if let Some(download) = TABLE.downloads.iter().find(|known| known.words == words) {
        of_download(name, download)
    } else {
        group(name, words)
    };
    with_children(own.args_override_self(true), words)
}

fn group(name: &'static str, words: &[&'static str]) -> Command {
    let known = TABLE.groups.iter().find(|group| group.words == words);
    let by_hand = commands::GROUPS
        .iter()
        .find(|(known, _)| [*known] == *words);
    let about = known
        .map(|group| group.about)
        .or(by_hand.map(|(_, about)| *about));
    Command::new(name)
        .about(about.unwrap_or_default())
        .hide(known.is_some_and(|group| group.hidden))
}

fn of_download(name: &'static str, download: &DownloadCommand) -> Command {
    let flag = |name| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let mut definition = Command::new(name).about(download.about).args([
        Arg::new("id").value_name(download.argument).help("The id"),
        Arg::new("output-path")
            .long("output-path")
            .value_name("PATH")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath)
            .help("Where to store it [default: the id, with an extension, in this folder]"),
        flag("force").help("Replace a file that is there, without a question"),
    ]);
    let names: Vec<_> = download.files.iter().map(|file| file.name).collect();
    let (all, first) = (names.join(", "), names.first().copied());
    let help = format!("Which file: {all} [default: {}]", first.unwrap_or_default());
    definition = definition.arg(
        Arg::new("asset")
            .long("asset")
            .value_name("NAME")
            .help(help),
    );
    if download.files.iter().any(|file| file.several) {
        definition = definition.arg(
            Arg::new("index")
                .long("index")
                .value_name("N")
                .value_parser(value_parser!(usize))
                .help("Which of several, from 0 [default: 0]"),
        );
    }
    if wait::job_read_by(download.owner.read()).is_some() {
        definition = definition.arg(flag("wait").help("Wait until it is finished first"));
    }
    definition
}

fn of_table(name: &'static str, leaf: &Leaf) -> Command {
    let command = leaf.command;
    let arguments = command.arguments.iter().enumerate().map(|(at, argument)| {
        Arg::new(argument.name)
            .index(at + 1)
            .help(argument.help)
            .allow_hyphen_values(true)
    });
    let flags = command.flags.iter().map(|flag| {
        let arg = Arg::new(flag.name)
            .long(flag.name)
            .help(flag.help)
            .allow_hyphen_values(true);
        match flag.ty {
            FlagType::Boolean => arg
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true")
                .value_parser(value::boolean),
            FlagType::Strings => arg.action(ArgAction::Append),
            _ => arg,
        }
    });
    let mut definition = Command::new(name)
        .about(command.about)
        .hide(leaf.hidden)
        .args(arguments)
        .args(flags);
    if matches!(command.body, Body::Json(_)) {
        definition = definition.arg(
            Arg::new(DATA)
                .short('d')
                .long(DATA)
                .value_name("JSON")
                .value_hint(ValueHint::FilePath)
                .allow_hyphen_values(true),
        );
    }
    if command.job.is_some() {
        definition = definition.arg(
            Arg::new("wait")
                .long("wait")
                .action(ArgAction::SetTrue)
                .help("Wait until the job is finished and print it"),
        );
    }
    definition
}
