//! The command line: which command, with which arguments, and what is wrong with
//! them.

pub(crate) mod tree;

use std::ffi::OsString;

use clap::ArgMatches;

use crate::commands::{BY_HAND, ByHand};
use crate::error::CliError;
use crate::generated::TABLE;
use crate::globals::{self, Globals};
use crate::output;
use crate::table::{DownloadCommand, Leaf};

/// A parsed command line.
pub(crate) struct Invocation {
    pub(crate) what: What,
    /// The arguments of the command itself.
    pub(crate) matches: ArgMatches,
    pub(crate) globals: Globals,
}

/// Which command.
pub(crate) enum What {
    Table(&'static Leaf),
    Download(&'static DownloadCommand),
    ByHand(&'static ByHand),
}

/// Parses the arguments; `None` after a help text, which has been printed.
pub(crate) fn parse(arguments: &[OsString], human: bool) -> Result<Option<Invocation>, CliError> {
    let mut matches = match tree::root().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            return output::text(&error.render().to_string()).map(|()| None);
        }
        Err(error) => return Err(usage_error(&error)),
    };
    let mut globals = globals::read(&matches, human);
    let mut words = Vec::new();
    while let Some((name, inner)) = matches.remove_subcommand() {
        words.push(name);
        matches = inner;
    }
    globals.wait = matches!(matches.try_get_one("wait"), Ok(Some(true)));
    let is = |known: &[&str]| known == words.as_slice();
    let what = if let Some(by_hand) = BY_HAND.iter().find(|known| is(known.words)) {
        What::ByHand(by_hand)
    } else if let Some(leaf) = TABLE.leaves.iter().find(|known| is(known.words)) {
        What::Table(leaf)
    } else if let Some(download) = TABLE.downloads.iter().find(|known| is(known.words)) {
        What::Download(download)
    } else {
        return print_help(&words).map(|()| None);
    };
    Ok(Some(Invocation {
        what,
        matches,
        globals,
    }))
}

/// Prints the help of a group.
fn print_help(words: &[String]) -> Result<(), CliError> {
    let mut root = tree::root();
    root.build();
    let mut group = &mut root;
    for word in words {
        group = group.find_subcommand_mut(word).ok_or_else(|| {
            CliError::usage(format!("there is no command {word}"), "see heygen --help")
        })?;
    }
    output::text(&group.render_help().to_string())
}

/// Whether the arguments contain `--human`; decided before parsing, since parse
/// errors are printed that way, too.
pub(crate) fn wants_human(arguments: &[OsString]) -> bool {
    let mut options = arguments.iter().take_while(|argument| *argument != "--");
    options.any(|argument| argument == "--human")
}

/// The error of invalid arguments. clap prints paragraphs: the message, tips,
/// the usage, and a reference to the help.
fn usage_error(error: &clap::Error) -> CliError {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(one_line);
    let message = paragraphs.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let mut hint: Vec<String> = paragraphs
        .filter(|paragraph| !paragraph.is_empty() && !paragraph.starts_with("For more information"))
        .map(|paragraph| paragraph.trim_start_matches("tip: ").to_owned())
        .collect();
    hint.push("see heygen --help".to_owned());
    CliError::usage(message, hint.join("; "))
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}
