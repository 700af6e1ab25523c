//! The command line: which command, with which arguments, and what is wrong with
//! them.

mod help;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
mod usage;
mod words;

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, ArgMatches, Command};

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
pub(crate) fn parse(arguments: &[OsString], human: bool) -> Result<Option<Invocation>, CliError> {
    let divided = words::divide(arguments);
    let words = &*divided.words;
    let what = tree::node(words);
    let mut definition = tree::alone(words, For::Parsing);
    let arranged = divided.arrange(&definition);
    let unknown = matches!(what, Node::Group).then_some(divided.unknown.as_ref());
    if let Some(unknown) = unknown.flatten() {
        return Err(usage::unknown_word(words, &unknown.to_string_lossy()));
    }
    if divided.help || arranged.help {
        return output::text(&help::render(words)).map(|()| None);
    }
    let (matches, extra) = parse_arranged(&mut definition, words, arranged)?;
    match what {
        Node::Group if extra.is_some() => {
            let extra = extra.unwrap_or_default();
            return Err(usage::unknown_word(words, &extra.to_string_lossy()));
        }
        Node::Group if ids::is_on(&matches, ids::VERSION) => {
            return output::text(help::VERSION).map(|()| None);
        }
        Node::Group => return output::text(&help::render(words)).map(|()| None),
        Node::Table(leaf) if print_schema(leaf, &matches)? => return Ok(None),
        _ => {}
    }
    if let Some(extra) = extra {
        let extra = extra.to_string_lossy();
        let switch = match value::boolean(&extra) {
            Ok(_) => "; a switch takes its value after an equals sign",
            Err(_) => "",
        };
        let message = format!("does not take the argument {extra:?}{switch}");
        return Err(usage::arguments(words, &message));
    }
    if let Node::Table(leaf) = what {
        let mut known = leaf.command.arguments.iter();
        if let Some(missing) = known.find(|known| !matches.contains_id(known.name)) {
            let message = format!("needs the argument <{}>", missing.name.to_uppercase());
            return Err(usage::arguments(words, &message));
        }
        if let Some(name) = leaf.renamed_to {
            output::notice(&format!("{} is now heygen {name}", leaf.command_line()));
        }
    }
    let mut globals = globals::read(&matches, human);
    globals.wait = ids::is_on(&matches, ids::WAIT);
    Ok(Some(Invocation {
        what,
        matches,
        globals,
    }))
}

/// Parses the arguments of a command. The second value is the first argument beyond
/// those that it takes.
fn parse_arranged(
    definition: &mut Command,
    words: &[&str],
    arranged: words::Arranged,
) -> Result<(ArgMatches, Option<OsString>), CliError> {
    let is_list = |arg: &Arg| matches!(arg.get_action(), ArgAction::Append);
    let takes = match definition.get_positionals().any(is_list) {
        true => usize::MAX,
        false => definition.get_positionals().count(),
    };
    let mut positionals = arranged.positionals;
    let extra = positionals.drain(takes.min(positionals.len())..).next();
    let mut all = arranged.options;
    all.push("--".into());
    all.append(&mut positionals);
    let matches = definition.try_get_matches_from_mut(all);
    let matches = matches.map_err(|error| usage::refused(words, &error))?;
    Ok((matches, extra))
}

/// Prints the schema that was asked for.
fn print_schema(leaf: &Leaf, matches: &ArgMatches) -> Result<bool, CliError> {
    let schemas = [
        (ids::REQUEST_SCHEMA, leaf.command.request_schema),
        (ids::RESPONSE_SCHEMA, leaf.command.response_schema),
    ];
    let mut wanted = schemas.iter().filter(|(id, _)| ids::is_on(matches, id));
    let Some((_, Some(schema))) = wanted.next() else {
        return Ok(false);
    };
    output::text(&format!("{schema}\n")).map(|()| true)
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
