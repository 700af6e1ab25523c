//! The definitions of commands for clap: made of the table, and of the commands that
//! are written by hand.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction, Command, value_parser};

use super::help;
use crate::commands::{self, BY_HAND, ByHand};
use crate::generated::TABLE;
use crate::ids::{
    ALL, ASSET, DRY_RUN, FORCE, ID, IDEMPOTENCY_KEY, INDEX, JSONL, OUTPUT_PATH, REQUEST_SCHEMA,
    RESPONSE_SCHEMA, VERSION, WAIT,
};
use crate::table::{self, Body, DownloadCommand, Flag, FlagType, Leaf};
use crate::{globals, input, value, wait};

/// What a definition is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Syntax only: what is required or allowed is checked later, by us.
    Parsing,
    /// Help, completion, man pages: with what is required, and with the allowed values.
    Display,
}

/// What some words lead to.
#[derive(Clone, Copy)]
pub(crate) enum Node {
    Table(&'static Leaf),
    Download(&'static DownloadCommand),
    ByHand(&'static ByHand),
    /// A group, or the root.
    Group,
}

/// What these words lead to.
pub(crate) fn node(words: &[&str]) -> Node {
    if let Some(by_hand) = BY_HAND.iter().find(|known| known.words == words) {
        Node::ByHand(by_hand)
    } else if let Some(leaf) = TABLE.leaves.iter().find(|known| known.words == words) {
        Node::Table(leaf)
    } else if let Some(download) = TABLE.downloads.iter().find(|known| known.words == words) {
        Node::Download(download)
    } else {
        Node::Group
    }
}

/// The words of all commands, with what is after these words of a group.
pub(crate) fn below(words: &[&str]) -> Vec<&'static [&'static str]> {
    let all = TABLE.leaves.iter().map(|leaf| leaf.words);
    let all = all.chain(TABLE.downloads.iter().map(|download| download.words));
    let all = all.chain(BY_HAND.iter().map(|command| command.words));
    let mut below: Vec<_> = all
        .filter(|known| known.len() > words.len() && known.starts_with(words))
        .map(|known| &known[words.len()..])
        .collect();
    below.sort_unstable();
    below
}

/// The words that may come next.
pub(crate) fn next_words(words: &[&str]) -> Vec<&'static str> {
    let mut next: Vec<_> = below(words).into_iter().map(|rest| rest[0]).collect();
    next.dedup();
    next
}

/// The beginning of a command line: `heygen video list`.
pub(crate) fn line(words: &[&str]) -> String {
    [&["heygen"], words].concat().join(" ")
}

/// How help writes the name of an argument.
pub(crate) fn title(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}

/// All commands, for completion and man pages.
pub(crate) fn whole() -> Command {
    with_children(alone(&[], For::Display), &[])
}

fn with_children(mut parent: Command, words: &[&'static str]) -> Command {
    for name in next_words(words) {
        let words = [words, &[name]].concat();
        let child = definition(&words, For::Display).name(name);
        parent = parent.subcommand(with_children(child, &words));
    }
    parent
}

/// The command that these words lead to, with the options of every command, and
/// without the commands below it.
pub(crate) fn alone(words: &[&'static str], purpose: For) -> Command {
    let command = globals::add(definition(words, purpose)).no_binary_name(true);
    command.name(line(words)).bin_name(line(words))
}

/// The command that these words lead to, without those below it.
pub(crate) fn definition(words: &[&'static str], purpose: For) -> Command {
    let command = match node(words) {
        Node::ByHand(by_hand) => (by_hand.definition)(),
        Node::Table(leaf) => of_table(leaf, purpose),
        Node::Download(download) => of_download(download),
        Node::Group if words.is_empty() => root(),
        Node::Group => group(words),
    };
    command
        .args_override_self(true)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
}

fn root() -> Command {
    let version = globals::boolean(VERSION).help("Print the version, and whose program it is");
    Command::new("")
        .about(help::ABOUT)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .after_help(help::AFTER_ROOT)
        .arg(version.short('v'))
}

fn group(words: &[&str]) -> Command {
    let known = TABLE.groups.iter().find(|group| group.words == words);
    let by_hand = commands::GROUPS.iter().find(|(name, _)| [*name] == *words);
    let about = known
        .map(|group| group.about)
        .or(by_hand.map(|(_, about)| *about));
    Command::new("")
        .about(about.unwrap_or_default())
        .hide(known.is_some_and(|group| group.hidden))
}

fn of_download(download: &'static DownloadCommand) -> Command {
    let files = || download.files.iter();
    let choices: Vec<_> = files().map(|file| file.name).collect();
    let path = "Where to store it [default: the id, with an extension, in this folder]";
    let mut command = Command::new("").about(download.about).args([
        Arg::new(ID)
            .value_name(title(download.argument))
            .required(true),
        option(OUTPUT_PATH, "PATH", value_parser!(PathBuf)).help(path),
        globals::boolean(FORCE).help("Replace a file that is there"),
    ]);
    if let [first, _, ..] = *choices {
        let asset = option(ASSET, "FILE", PossibleValuesParser::new(choices));
        command = command.arg(asset.default_value(first).help("Which file"));
    }
    if files().any(|file| file.several) {
        let index = option(INDEX, "N", value_parser!(usize));
        command = command.arg(index.help("Which of several files, from 0 on"));
    }
    if wait::job_read_by(download.owner.read()).is_some() {
        let wait = globals::boolean(WAIT);
        command = command.arg(wait.help("Wait for the end of the job first"));
    }
    command
}

/// A command of the table.
pub(crate) fn of_table(leaf: &'static Leaf, purpose: For) -> Command {
    let command = leaf.command;
    let arguments = command.arguments.iter().map(|(name, help)| {
        let known = Arg::new(*name).value_name(title(name));
        known.help(*help).required(purpose == For::Display)
    });
    Command::new("")
        .about(command.about)
        .long_about(help::long_about(command))
        .after_help(help::only_in_data(command))
        .after_long_help(help::only_in_data(command) + "\n" + &help::examples(command))
        .hide(leaf.renamed_to.is_some())
        .args(arguments)
        .args(command.flags.iter().map(|flag| of_flag(flag, purpose)))
        .args(common(command).map(|arg| arg.help_heading("Common options")))
}

fn of_flag(flag: &'static Flag, purpose: For) -> Arg {
    let (name, parser) = match flag.ty {
        FlagType::File => ("FILE", value_parser!(PathBuf)),
        _ if purpose == For::Display && !flag.values.is_empty() => {
            ("VALUE", PossibleValuesParser::new(flag.values).into())
        }
        FlagType::String => ("TEXT", value::parser(flag.ty)),
        FlagType::Integer => ("INTEGER", value::parser(flag.ty)),
        FlagType::Number => ("NUMBER", value::parser(flag.ty)),
        FlagType::Boolean => ("BOOL", value::parser(flag.ty)),
        FlagType::Strings => ("LIST", value::parser(flag.ty)),
    };
    let arg = option(flag.name, name, parser).help(help::of_flag(flag));
    match flag.ty {
        FlagType::Boolean => {
            let arg = arg.num_args(0..=1).require_equals(true);
            arg.default_missing_value("true")
        }
        FlagType::Strings => arg.action(ArgAction::Append),
        _ => arg,
    }
}

/// The options that follow from what a command is.
fn common(command: &'static table::Command) -> impl Iterator<Item = Arg> {
    let operation = command.operation;
    let (job, pages) = (command.job.is_some(), operation.page.is_some());
    let deletes = operation.method == "DELETE";
    let writes = deletes || matches!(operation.method, "POST" | "PUT" | "PATCH");
    let request = command.request_schema.is_some();
    let response = command.response_schema.is_some();
    let key = option(IDEMPOTENCY_KEY, "KEY", value_parser!(String));
    let key = key.help("Key by which a call that is repeated is executed once");
    let with_value = [
        (
            matches!(command.body, Body::Json { .. }),
            input::data_option(),
        ),
        (writes, key),
    ];
    let switches = [
        (job, WAIT, "Wait for the end of the job"),
        (pages, ALL, "Print the items of all pages"),
        (pages, JSONL, "As --all, with an item a line"),
        (deletes, FORCE, "Delete without a question"),
        (true, DRY_RUN, "Print the request, do not send it"),
        (request, REQUEST_SCHEMA, "Print the body's schema"),
        (response, RESPONSE_SCHEMA, "Print the response's schema"),
    ];
    let switches = switches.map(|(applies, id, help)| (applies, globals::boolean(id).help(help)));
    let all = with_value.into_iter().chain(switches);
    all.filter_map(|(applies, arg)| applies.then_some(arg))
}

fn option(id: &'static str, value: &'static str, parser: impl Into<ValueParser>) -> Arg {
    Arg::new(id)
        .long(id)
        .value_name(value)
        .value_parser(parser.into())
}
