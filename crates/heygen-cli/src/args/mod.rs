//! The command line: which command, with which arguments, and what is wrong with
//! them.

mod help;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
mod usage;
mod words;

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgMatches};

use self::tree::{For, Node};
use crate::error::CliError;
use crate::globals::{self, Globals};
use crate::table::Leaf;
use crate::{ids, output, settings, value};

/// A parsed command line.
pub(crate) struct Invocation {
    /// Which command; never a group.
    pub(crate) what: Node,
    /// The arguments of the command itself.
    pub(crate) matches: ArgMatches,
    pub(crate) globals: Globals,
}

/// Parses the arguments; `None` after a help text or a schema, which has been printed.
pub(crate) fn parse(arguments: &[OsString], human: bool) -> Result<Option<Invocation>, CliError> {
    let print = |text: &str| output::text(text).map(|()| None);
    let (words, rest) = words::divide(arguments);
    let what = tree::node(&words);
    let mut definition = tree::alone(&words, For::Parsing);
    let mut arranged = words::arrange(&definition, rest);
    if let (Node::Group, Some(word)) = (what, arranged.positionals.first()) {
        return Err(usage::unknown_word(&words, &word.to_string_lossy()));
    }
    if arranged.help {
        return print(&help::render(&words));
    }
    let is_list = |arg: &Arg| {
        arg.get_num_args()
            .is_some_and(|known| known.max_values() > 1)
    };
    let mut takes = definition.get_positionals().count();
    if definition.get_positionals().any(is_list) {
        takes = usize::MAX;
    }
    let extra = arranged.positionals.get(takes).cloned();
    arranged.positionals.truncate(takes);
    arranged.options.push("--".into());
    arranged.options.append(&mut arranged.positionals);
    let matches = definition.try_get_matches_from_mut(arranged.options);
    let matches = matches.map_err(|error| usage::refused(&words, &error))?;
    match what {
        Node::Group if ids::is_on(&matches, ids::VERSION) => return print(help::VERSION),
        Node::Group => return print(&help::render(&words)),
        Node::Table(leaf) => {
            if let Some(schema) = schema(leaf, &matches) {
                return print(&format!("{schema}\n"));
            }
            let mut known = leaf.command.arguments.iter();
            if let Some((name, _)) = known.find(|(name, _)| !matches.contains_id(name)) {
                let message = format!("the argument <{}> is missing", tree::title(name));
                return Err(usage::error(&words, &message));
            }
        }
        Node::Download(_) | Node::ByHand(_) => {}
    }
    if let Some(extra) = extra {
        let extra = extra.to_string_lossy();
        let mut message = format!("the argument {extra:?} is one too many");
        if value::boolean(&extra).is_ok() {
            message += "; a switch takes its value after an equals sign";
        }
        return Err(usage::error(&words, &message));
    }
    // It may have been the value of another option.
    let flag = matches.get_one("human").copied();
    let is_misread = flag != human_flag(arguments);
    let human = if is_misread {
        settings::human(flag)
    } else {
        human
    };
    let mut globals = globals::read(&matches, human);
    globals.wait = ids::is_on(&matches, ids::WAIT);
    Ok(Some(Invocation {
        what,
        matches,
        globals,
    }))
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

/// The value of `--human` if it is among the options; found before parsing, since
/// errors of parsing are printed that way, too.
pub(crate) fn human_flag(arguments: &[OsString]) -> Option<bool> {
    let options = arguments.iter().take_while(|argument| *argument != "--");
    let value = |argument: &OsStr| match argument.to_str()?.strip_prefix("--human")? {
        "" => Some(true),
        value => value::boolean(value.strip_prefix('=')?).ok(),
    };
    options.filter_map(|argument| value(argument)).last()
}
