//! The command line: which command, with which arguments, and what is wrong with
//! them.

mod help;
#[cfg(test)]
mod tests;
pub(crate) mod tree;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command};

use self::tree::{For, Node};
use crate::error::CliError;
use crate::globals::{self, Globals};
use crate::{ids, output};

/// A command, never a group; its own arguments; the options of every command.
pub(crate) type Invocation = (Node, ArgMatches, Globals);

/// Parses the arguments; `None` after a help text or a schema, which has been printed.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Option<Invocation>, CliError> {
    let print = |text: &str| output::text(text).map(|()| None);
    let mut matches = match tree::whole(For::Parsing(arguments)).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) if error.kind() == ErrorKind::DisplayVersion => return print(help::VERSION),
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {
            return print(&render(&words(arguments)));
        }
        Err(error) => return Err(refused(&words(arguments), &error)),
    };
    let mut words = Vec::new();
    while let Some((word, below)) = matches.remove_subcommand() {
        words.push(word);
        matches = below;
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let node = tree::node(&words);
    if let Node::Group = node {
        return print(&render(&words));
    }
    if let Node::Table(leaf) = node {
        let command = leaf.command;
        let schemas = [
            (ids::REQUEST_SCHEMA, command.request_schema),
            (ids::RESPONSE_SCHEMA, command.response_schema),
        ];
        let asked = schemas.iter().find(|(id, _)| ids::is_on(&matches, id));
        if let Some((_, Some(schema))) = asked {
            return print(&format!("{schema}\n"));
        }
        let mut known = command.arguments.iter();
        let missing = known.find(|(name, _)| !matches.contains_id(name));
        let missing = missing.map(|(name, _)| format!("<{}> is missing", name.replace('_', "-")));
        let extra = ids::text(&matches, tree::EXTRA);
        let extra = extra.map(|extra| format!("{extra:?} is one too many"));
        if let Some(problem) = missing.or(extra) {
            let hint = format!("see {} --help", help::line(&words));
            return Err(CliError::usage(format!("the argument {problem}"), hint));
        }
    }
    let globals = globals::read(&matches);
    Ok(Some((node, matches, globals)))
}

/// The help of a command, or of a group with all commands below it: one list, those of
/// groups in it by all their words. Of the root it has the groups.
fn render(words: &[&str]) -> String {
    let mut definition =
        globals::add(tree::definition(words, For::Display)).name(help::line(words));
    let mut below = tree::below(words);
    if words.is_empty() {
        below = below.iter().map(|rest| &rest[..1]).collect();
        below.dedup();
    }
    definition = definition.subcommand_required(!below.is_empty());
    for rest in below {
        let child = tree::definition(&[words, rest].concat(), For::Display);
        let about = child.get_about().cloned().unwrap_or_default();
        let name = Command::new(rest.join(" ")).hide(child.is_hide_set());
        definition = definition.subcommand(name.about(about));
    }
    if let Some(about) = definition.get_long_about().cloned() {
        definition = definition.about(about);
    }
    // Not wrapped, so that examples can be copied.
    let after = definition.get_after_help().cloned().unwrap_or_default();
    let help = definition.after_help(None).render_help();
    let help = help.ansi();
    format!("{help}\n{after}").trim_end().to_owned() + "\n"
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

/// What clap does not accept, in one line. It prints paragraphs: the message, tips, the
/// usage, and a reference to the help.
fn refused(words: &[&str], refusal: &clap::Error) -> CliError {
    let text = refusal.render().to_string();
    // To put an unknown option after -- makes it an argument.
    let is_kept = |text: &&str| !text.starts_with("Usage:") && !text.starts_with("For more");
    let paragraphs = text.split("\n\n").filter(is_kept);
    let paragraphs = paragraphs.filter(|text| !text.contains("-- -"));
    let parts: Vec<_> = paragraphs.flat_map(str::split_whitespace).skip(1).collect();
    let line = help::line(words);
    let hint = match refusal.kind() {
        ErrorKind::InvalidSubcommand => {
            let choices = tree::next_words(words).join(", ");
            format!("the words after {line} are: {choices}")
        }
        _ => format!("see {line} --help"),
    };
    let message = parts.join(" ").replace(" tip: ", "; ");
    CliError::usage(message.replace("subcommand", "command"), hint)
}
