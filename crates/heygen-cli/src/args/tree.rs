//! The definitions of commands for clap: made of the table, and of the commands that
//! are written by hand.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use super::help;
use crate::commands::{self, BY_HAND, ByHand};
use crate::generated::TABLE;
use crate::table::{Body, DownloadCommand, Flag, FlagType, Leaf, Source};
use crate::value::Given;
use crate::{globals, ids, input, wait};

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
    let version = globals::boolean(ids::VERSION).help("Print the version, and whose program it is");
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
    let mut command = Command::new("").about(download.about).args([
        Arg::new(ids::ID)
            .value_name(download.argument)
            .required(true),
        Arg::new(ids::OUTPUT_PATH)
            .long(ids::OUTPUT_PATH)
            .value_name("PATH")
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf))
            .help("Where to store it [default: the id, with an extension, in this folder]"),
        globals::boolean(ids::FORCE).help("Replace a file that is there"),
    ]);
    if let [first, _, ..] = *choices {
        let asset = Arg::new(ids::ASSET)
            .long(ids::ASSET)
            .help("Which file")
            .default_value(first);
        command = command.arg(asset.value_parser(PossibleValuesParser::new(choices)));
    }
    if files().any(|file| file.several) {
        let index = Arg::new(ids::INDEX).long(ids::INDEX).value_name("N");
        let index = index.value_parser(value_parser!(usize));
        command = command.arg(index.help("Which of several files, from 0 on"));
    }
    if wait::job_read_by(download.owner.read()).is_some() {
        let help = "Wait for the end of the job first, at most --timeout [default: 20m]";
        command = command.arg(globals::boolean(ids::WAIT).help(help));
    }
    command
}

/// A command of the table.
pub(crate) fn of_table(leaf: &'static Leaf, purpose: For) -> Command {
    let command = leaf.command;
    let arguments = command.arguments.iter().map(|argument| {
        let known = Arg::new(argument.name).value_name(title(argument.name));
        known.help(argument.help).required(purpose == For::Display)
    });
    Command::new("")
        .about(command.about)
        .long_about(help::long_about(command))
        .after_help(help::after(command))
        .hide(leaf.hidden)
        .args(arguments)
        .args(command.flags.iter().map(|flag| of_flag(flag, purpose)))
        .args(common(command).map(|arg| arg.help_heading("Common options")))
}

fn of_flag(flag: &'static Flag, purpose: For) -> Arg {
    let arg = Arg::new(flag.name)
        .long(flag.name)
        .help(help::of_flag(flag));
    let arg = match flag.source {
        Source::File => arg
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath),
        _ => arg.value_parser(Given::parser(flag.ty)),
    };
    let arg = match flag.ty {
        FlagType::Boolean => {
            let arg = arg.num_args(0..=1).require_equals(true);
            arg.default_missing_value("true").value_name("BOOL")
        }
        FlagType::Strings => arg.action(ArgAction::Append).value_name("LIST"),
        FlagType::Integer => arg.value_name("INTEGER"),
        FlagType::Number => arg.value_name("NUMBER"),
        FlagType::String if flag.source == Source::File => arg.value_name("FILE"),
        FlagType::String => arg.value_name("TEXT"),
    };
    match purpose {
        For::Parsing => arg,
        // Required properties of the body may be in --data instead.
        For::Display => {
            let arg = arg.required(flag.required && flag.source != Source::Body);
            match flag.values {
                [] => arg,
                values => arg.value_parser(PossibleValuesParser::new(values)),
            }
        }
    }
}

/// The options that follow from what a command is.
fn common(command: &'static crate::table::Command) -> impl Iterator<Item = Arg> {
    let operation = command.operation;
    let (method, pages) = (operation.method, operation.page.is_some());
    let key = Arg::new(ids::IDEMPOTENCY_KEY).long(ids::IDEMPOTENCY_KEY);
    let key = key
        .value_name("KEY")
        .help("Key by which a call that is repeated is executed once");
    let writes = matches!(method, "POST" | "PUT" | "PATCH" | "DELETE");
    let (request, response) = (command.request_schema, command.response_schema);
    let with_value = [
        (matches!(command.body, Body::Json(_)), input::data_option()),
        (writes, key),
    ];
    let switches = [
        (
            command.job.is_some(),
            ids::WAIT,
            "Wait for the end of the job, at most --timeout",
        ),
        (
            pages,
            ids::ALL,
            "Print the items of all pages, as one array",
        ),
        (
            pages,
            ids::JSONL,
            "Print the items of all pages, a line for each",
        ),
        (method == "DELETE", ids::FORCE, "Delete without a question"),
        (
            true,
            ids::DRY_RUN,
            "Print the request instead of sending it",
        ),
        (
            request.is_some(),
            ids::REQUEST_SCHEMA,
            "Print the JSON schema of the body",
        ),
        (
            response.is_some(),
            ids::RESPONSE_SCHEMA,
            "Print the JSON schema of the response",
        ),
    ];
    let switches = switches.map(|(applies, id, help)| (applies, globals::boolean(id).help(help)));
    let all = with_value.into_iter().chain(switches);
    all.filter_map(|(applies, arg)| applies.then_some(arg))
}
