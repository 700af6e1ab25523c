//! The definitions of commands for clap: made of the table, and of the commands that
//! are written by hand.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};

use super::help;
use crate::commands::{self, BY_HAND, ByHand, OF_ALL, OfAll};
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
pub(crate) enum For<'a> {
    /// The syntax of these arguments: what is required or allowed is checked later, by us,
    /// and a command whose words are not among them is only a name, which saves time.
    Parsing(&'a [OsString]),
    /// Help, completion, man pages: with what is required, and with the allowed values.
    Display,
}

/// What some words lead to.
#[derive(Clone, Copy)]
pub(crate) enum Node {
    Table(&'static Leaf),
    Download(&'static DownloadCommand),
    ByHand(&'static ByHand),
    OfAll(&'static OfAll),
    /// A group, or the root.
    Group,
}

/// All commands, by their words.
fn all() -> impl Iterator<Item = (&'static [&'static str], Node)> {
    let leaves = LEAVES.iter();
    let leaves = leaves.map(|leaf| (leaf.words, Node::Table(leaf)));
    let downloads = DOWNLOADS.iter();
    let downloads = downloads.map(|command| (command.words, Node::Download(command)));
    let by_hand = BY_HAND.iter();
    let by_hand = by_hand.map(|command| (command.words, Node::ByHand(command)));
    let of_all = OF_ALL.iter();
    let of_all = of_all.map(|command| (command.0, Node::OfAll(command)));
    leaves.chain(downloads).chain(by_hand).chain(of_all)
}

/// What these words lead to.
pub(crate) fn node(words: &[&str]) -> Node {
    let found = all().find(|(known, _)| *known == words);
    found.map_or(Node::Group, |(_, node)| node)
}

/// What is after these words of a group, of each of its commands.
pub(crate) fn below(words: &[&str]) -> Vec<&'static [&'static str]> {
    let all = all().map(|(known, _)| known);
    let below = all.filter(|known| known.len() > words.len() && known.starts_with(words));
    let mut below: Vec<_> = below.map(|known| &known[words.len()..]).collect();
    below.sort_unstable();
    below
}

/// The words that may come next.
pub(crate) fn next_words(words: &[&str]) -> Vec<&'static str> {
    let mut next: Vec<_> = below(words).into_iter().map(|rest| rest[0]).collect();
    next.dedup();
    next
}

/// All commands.
pub(crate) fn whole(purpose: For<'_>) -> Command {
    with_children(globals::add(definition(&[], purpose)), &[], purpose)
}

fn with_children(parent: Command, words: &[&str], purpose: For<'_>) -> Command {
    let children = next_words(words).into_iter().map(|name| match purpose {
        For::Parsing(arguments) if !arguments.iter().any(|argument| argument == name) => {
            Command::new(name)
        }
        _ => {
            let words = [words, &[name]].concat();
            with_children(definition(&words, purpose).name(name), &words, purpose)
        }
    });
    parent.subcommands(children)
}

/// The command that these words lead to, without those below it.
pub(crate) fn definition(words: &[&str], purpose: For<'_>) -> Command {
    let command = match node(words) {
        Node::ByHand(by_hand) => (by_hand.definition)(),
        Node::OfAll((_, definition, _)) => definition(),
        Node::Table(leaf) => of_table(leaf, purpose),
        Node::Download(download) => of_download(download),
        Node::Group => group(words),
    };
    // Completion has no use for `heygen help`, the other form of `--help`.
    let has_help = words.is_empty() && purpose != For::Display;
    command
        .args_override_self(true)
        .disable_help_flag(true)
        .disable_help_subcommand(!has_help)
        .mut_args(|arg| {
            let is_option = !arg.is_positional() && arg.get_action().takes_values();
            arg.allow_hyphen_values(is_option)
        })
}

fn root() -> Command {
    let version = Arg::new("version").short('v').long("version");
    let help = "Print the version, and whose program it is";
    Command::new("heygen")
        .about("The HeyGen API on the command line")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .after_help(help::AFTER_ROOT)
        .arg(version.action(ArgAction::Version).help(help))
}

fn group(words: &[&str]) -> Command {
    let mut known = GROUPS.iter().chain(commands::GROUPS);
    match known.find(|(known, ..)| *known == words) {
        Some((_, about, hidden)) => Command::new("").about(*about).hide(*hidden),
        None => root(),
    }
}

fn of_download(download: &'static DownloadCommand) -> Command {
    let path = "Where to store it [default: the id, with the extension of a known type, here]";
    let choices = download.files.iter().map(|file| file.name);
    let index = "Which of several files, from 0 on";
    let index = option(INDEX, "N", index).value_parser(value_parser!(usize));
    let wait = boolean(WAIT).help("Wait for the end of the job first");
    let has_several = download.files.iter().any(|file| file.several);
    let is_of_job = wait::job_read_by(download.owner.read()).is_some();
    Command::new("")
        .about(download.about)
        .args([
            Arg::new(ID).value_name(download.argument).required(true),
            option(OUTPUT_PATH, "PATH", path).value_parser(value_parser!(PathBuf)),
            option(ASSET, "FILE", "Which file")
                .default_value(download.files[0].name)
                .value_parser(PossibleValuesParser::new(choices)),
            boolean(FORCE).help("Replace a file that is there"),
        ])
        .args(has_several.then_some(index))
        .args(is_of_job.then_some(wait))
}

/// A command of the table.
pub(crate) fn of_table(leaf: &'static Leaf, purpose: For<'_>) -> Command {
    let command = leaf.command;
    let arguments = command.arguments.iter().map(|(name, help)| {
        let known = Arg::new(*name).value_name(name.replace('_', "-"));
        known.help(*help).required(purpose == For::Display)
    });
    // What is too much is found after unknown options.
    let extra = (purpose != For::Display).then(|| Arg::new(EXTRA).num_args(0..));
    Command::new("")
        .about(command.about)
        .long_about(help::long_about(command))
        .after_help(help::after(command))
        .hide(leaf.renamed_to.is_some())
        .args(arguments.chain(extra))
        .args(command.flags.iter().map(|flag| of_flag(flag, purpose)))
        .args(common(command).map(|arg| arg.help_heading("Common options")))
}

fn of_flag(flag: &'static Flag, purpose: For<'_>) -> Arg {
    let parser = match purpose {
        _ if flag.ty == FlagType::File => value_parser!(PathBuf),
        For::Display if !flag.values.is_empty() => PossibleValuesParser::new(flag.values).into(),
        _ => value::parser(flag.ty),
    };
    let option = |value| option(flag.name, value, flag.help);
    let arg = match flag.ty {
        FlagType::File => option("FILE"),
        FlagType::String => option("TEXT"),
        FlagType::Integer => option("INTEGER"),
        FlagType::Number => option("NUMBER"),
        FlagType::Boolean => boolean(flag.name),
        FlagType::Strings => option("LIST").action(ArgAction::Append),
    };
    arg.value_parser(parser).help(help::of_flag(flag))
}

/// The options that follow from what a command is.
fn common(command: &'static table::Command) -> impl Iterator<Item = Arg> {
    let operation = command.operation;
    let pages = operation.page.is_some();
    let deletes = operation.method == "DELETE";
    let request = command.request_schema.is_some();
    let response = command.response_schema.is_some();
    let switches = [
        (command.job.is_some(), WAIT, "Wait for the end of the job"),
        (pages, ALL, "Print the items of all pages"),
        (pages, JSONL, "As --all, with an item a line"),
        (deletes, FORCE, "Delete without a question"),
        (true, DRY_RUN, "Print the request, do not send it"),
        (request, REQUEST_SCHEMA, "Print the body's schema"),
        (response, RESPONSE_SCHEMA, "Print the response's schema"),
    ];
    let switches = switches.into_iter().filter(|(applies, ..)| *applies);
    let switches = switches.map(|(_, id, help)| boolean(id).help(help));
    let data = matches!(command.body, Body::Json { .. }).then(input::data_option);
    let key = "Key by which a call that is repeated is executed once";
    let key = (operation.method != "GET").then(|| option(IDEMPOTENCY_KEY, "KEY", key));
    data.into_iter().chain(key).chain(switches)
}
