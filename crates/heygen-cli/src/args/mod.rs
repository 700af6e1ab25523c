//! The command line: which command, with which arguments, and what is wrong with
//! them.

mod help;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
mod usage;

use std::ffi::{OsStr, OsString};

use clap::ArgMatches;
use clap::error::ErrorKind;

use self::tree::{For, Node};
use crate::error::CliError;
use crate::globals::{self, Globals};
use crate::table::Leaf;
use crate::{ids, output, value};

/// A parsed command line.
pub(crate) struct Invocation {
    /// Which command; never a group.
    pub(crate) what: Node,
    /// The arguments of the command itself.
    pub(crate) matches: ArgMatches,
    pub(crate) globals: Globals,
}

/// Parses the arguments; `None` after a help text or a schema, which has been printed.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Option<Invocation>, CliError> {
    let print = |text: &str| output::text(text).map(|()| None);
    let mut matches = match tree::whole(For::Parsing).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let words = words(arguments);
            return match error.kind() {
                ErrorKind::DisplayHelp => print(&help::render(&words)),
                ErrorKind::DisplayVersion => print(help::VERSION),
                _ => Err(usage::refused(&words, &error)),
            };
        }
    };
    let mut words = Vec::new();
    while let Some((word, below)) = matches.remove_subcommand() {
        words.push(word);
        matches = below;
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let what = tree::node(&words);
    match what {
        Node::Group => return print(&help::render(&words)),
        Node::Table(leaf) => {
            if let Some(schema) = schema(leaf, &matches) {
                return print(&format!("{schema}\n"));
            }
            usage::check_count(leaf, &matches)?;
        }
        Node::Download(_) | Node::ByHand(_) => {}
    }
    let globals = globals::read(&matches);
    Ok(Some(Invocation {
        what,
        matches,
        globals,
    }))
}

/// The words of a command line that cannot be parsed, or asks for help. The value of
/// an option may be among them, which is why they only select a text.
fn words(arguments: &[OsString]) -> Vec<&'static str> {
    let mut words = Vec::new();
    for argument in arguments.iter().skip(1) {
        let mut next = tree::next_words(&words).into_iter();
        words.extend(next.find(|word| argument == word));
    }
    words
}

/// The schema that is asked for.
fn schema(leaf: &Leaf, matches: &ArgMatches) -> Option<&'static str> {
    let schemas = [
        (ids::REQUEST_SCHEMA, leaf.command.request_schema),
        (ids::RESPONSE_SCHEMA, leaf.command.response_schema),
    ];
    let mut schemas = schemas.into_iter();
    schemas.find(|(id, _)| ids::is_on(matches, id))?.1
}

/// The value of `--human` if it is among the arguments, for a command line that cannot
/// be parsed.
pub(crate) fn human_flag(arguments: &[OsString]) -> Option<bool> {
    let options = arguments.iter().take_while(|argument| *argument != "--");
    let value = |argument: &OsStr| match argument.to_str()?.strip_prefix("--human")? {
        "" => Some(true),
        value => value::boolean(value.strip_prefix('=')?).ok(),
    };
    options.filter_map(|argument| value(argument)).last()
}
