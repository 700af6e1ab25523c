//! The definitions of commands for clap: made of the table, and of the commands that
//! are written by hand.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};

use super::help;
use crate::commands::{self, BY_HAND, ByHand};
use crate::generated::{DOWNLOADS, GROUPS, LEAVES};
use crate::globals::{boolean, option};
use crate::ids::{
    ALL, ASSET, DRY_RUN, FORCE, ID, IDEMPOTENCY_KEY, INDEX, JSONL, OUTPUT_PATH, REQUEST_SCHEMA,
    RESPONSE_SCHEMA, WAIT,
};
use crate::table::{self, Body, DownloadCommand, Flag, FlagType, Leaf};
use crate::{globals, input, value, wait};

/// The id of the arguments that a command of the table does not take.
pub(super) const EXTRA: &str = "extra";

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
    } else if let Some(leaf) = LEAVES.iter().find(|known| known.words == words) {
        Node::Table(leaf)
    } else if let Some(download) = DOWNLOADS.iter().find(|known| known.words == words) {
        Node::Download(download)
    } else {
        Node::Group
    }
}

/// The words of all commands, with what is after these words of a group.
pub(crate) fn below(words: &[&str]) -> Vec<&'static [&'static str]> {
    let all = LEAVES.iter().map(|leaf| leaf.words);
    let all = all.chain(DOWNLOADS.iter().map(|download| download.words));
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

/// All commands.
pub(crate) fn whole(purpose: For) -> Command {
    with_children(globals::add(definition(&[], purpose)), &[], purpose)
}

fn with_children(parent: Command, words: &[&str], purpose: For) -> Command {
    let children = next_words(words).into_iter().map(|name| {
        let words = [words, &[name]].concat();
        with_children(definition(&words, purpose), &words, purpose)
    });
    parent.subcommands(children)
}

/// The command that these words lead to, without those below it.
pub(crate) fn definition(words: &[&str], purpose: For) -> Command {
    let command = match node(words) {
        Node::ByHand(by_hand) => (by_hand.definition)(),
        Node::Table(leaf) => of_table(leaf, purpose),
        Node::Download(download) => of_download(download),
        Node::Group if words.is_empty() => root(),
        Node::Group => group(words),
    };
    command
        .name(words.last().map_or("heygen", |word| *word).to_owned())
        .args_override_self(true)
        .disable_help_flag(true)
        // `heygen help video get` is an argument's form of `--help`, not a command to complete.
        .disable_help_subcommand(purpose == For::Display || !words.is_empty())
        .mut_args(|arg| {
            let is_option = !arg.is_positional() && arg.get_action().takes_values();
            arg.allow_hyphen_values(is_option)
        })
}

fn root() -> Command {
    let version = Arg::new("version").short('v').long("version");
    let help = "Print the version, and whose program it is";
    Command::new("")
        .about(help::ABOUT)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .after_help(help::AFTER_ROOT)
        .arg(version.action(ArgAction::Version).help(help))
}

fn group(words: &[&str]) -> Command {
    let known = GROUPS.iter().find(|(name, ..)| *name == words);
    let by_hand = commands::GROUPS.iter().find(|(name, _)| [*name] == *words);
    let by_hand = by_hand.map_or(("", false), |(_, about)| (about, false));
    let (about, hidden) = known.map_or(by_hand, |(_, about, hidden)| (about, *hidden));
    Command::new("").about(about).hide(hidden)
}

fn of_download(download: &'static DownloadCommand) -> Command {
    let choices: Vec<_> = download.files.iter().map(|file| file.name).collect();
    let path = "Where to store it [default: the id, with an extension, in this folder]";
    let mut command = Command::new("").about(download.about).args([
        Arg::new(ID)
            .value_name(title(download.argument))
            .required(true),
        option(OUTPUT_PATH, "PATH", path).value_parser(value_parser!(PathBuf)),
        boolean(FORCE).help("Replace a file that is there"),
    ]);
    if let [first, _, ..] = *choices {
        let asset = option(ASSET, "FILE", "Which file").default_value(first);
        command = command.arg(asset.value_parser(PossibleValuesParser::new(choices)));
    }
    if download.files.iter().any(|file| file.several) {
        let index = option(INDEX, "N", "Which of several files, from 0 on");
        command = command.arg(index.value_parser(value_parser!(usize)));
    }
    if wait::job_read_by(download.owner.read()).is_some() {
        command = command.arg(boolean(WAIT).help("Wait for the end of the job first"));
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
    // What is too much is found after unknown options.
    let extra = (purpose == For::Parsing).then(|| Arg::new(EXTRA).num_args(0..));
    Command::new("")
        .about(command.about)
        .long_about(help::long_about(command))
        .after_help(help::after(command))
        .hide(leaf.renamed_to.is_some())
        .args(arguments.chain(extra))
        .args(command.flags.iter().map(|flag| of_flag(flag, purpose)))
        .args(common(command).map(|arg| arg.help_heading("Common options")))
}

fn of_flag(flag: &'static Flag, purpose: For) -> Arg {
    let help = help::of_flag(flag);
    let name = match flag.ty {
        FlagType::File => {
            return option(flag.name, "FILE", help).value_parser(value_parser!(PathBuf));
        }
        FlagType::String => "TEXT",
        FlagType::Integer => "INTEGER",
        FlagType::Number => "NUMBER",
        FlagType::Strings => "LIST",
        FlagType::Boolean => {
            let arg = boolean(flag.name).value_parser(value::parser(flag.ty));
            return arg.help(help);
        }
    };
    let arg = option(flag.name, name, help).value_parser(value::parser(flag.ty));
    let arg = match flag.ty {
        FlagType::Strings => arg.action(ArgAction::Append),
        _ => arg,
    };
    if purpose == For::Display && !flag.values.is_empty() {
        return arg.value_parser(PossibleValuesParser::new(flag.values));
    }
    arg
}

/// The options that follow from what a command is.
fn common(command: &'static table::Command) -> impl Iterator<Item = Arg> {
    let operation = command.operation;
    let (job, pages) = (command.job.is_some(), operation.page.is_some());
    let deletes = operation.method == "DELETE";
    let writes = deletes || matches!(operation.method, "POST" | "PUT" | "PATCH");
    let request = command.request_schema.is_some();
    let response = command.response_schema.is_some();
    let key = "Key by which a call that is repeated is executed once";
    let switches = [
        (job, WAIT, "Wait for the end of the job"),
        (pages, ALL, "Print the items of all pages"),
        (pages, JSONL, "As --all, with an item a line"),
        (deletes, FORCE, "Delete without a question"),
        (true, DRY_RUN, "Print the request, do not send it"),
        (request, REQUEST_SCHEMA, "Print the body's schema"),
        (response, RESPONSE_SCHEMA, "Print the response's schema"),
    ];
    let switches = switches.into_iter().filter(|(applies, ..)| *applies);
    let data = matches!(command.body, Body::Json { .. }).then(input::data_option);
    let key = writes.then(|| option(IDEMPOTENCY_KEY, "KEY", key));
    let switches = switches.map(|(_, id, help)| boolean(id).help(help));
    data.into_iter().chain(key).chain(switches)
}
