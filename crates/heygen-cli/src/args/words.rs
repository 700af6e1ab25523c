//! Which command the arguments name, and its arguments in a form that clap cannot
//! misread: options and arguments may be in any order, options of a command may be
//! before its words, and the value of an option may begin with a dash.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};

use super::tree::{self, For};
use crate::value;

/// The arguments, divided.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Divided {
    /// The words that lead to a command or a group.
    pub(crate) words: Vec<&'static str>,
    /// What is after the words of a group, and no word of it.
    pub(crate) unknown: Option<OsString>,
    /// Whether `help` was before the words.
    pub(crate) help: bool,
    rest: Vec<OsString>,
}

/// The arguments of a command, options as `--name=value`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Arranged {
    pub(crate) options: Vec<OsString>,
    pub(crate) positionals: Vec<OsString>,
    /// Whether there is an option `--help` or `-h`.
    pub(crate) help: bool,
}

/// Finds the words among the arguments, the first of which is the program.
pub(crate) fn divide(arguments: &[OsString]) -> Divided {
    let mut divided = Divided::default();
    let root = tree::alone(&[], For::Parsing);
    let mut next = tree::next_words(&[]);
    let mut arguments = arguments.iter().skip(1).peekable();
    while let Some(argument) = arguments.next() {
        let is_word = |argument: &OsStr| next.iter().find(|word| argument == **word).copied();
        if next.is_empty() || argument == "--" {
            divided.rest.push(argument.clone());
            divided.rest.extend(arguments.cloned());
            break;
        }
        if looks_like_option(argument) {
            divided.rest.push(argument.clone());
            // An option that only the command knows has a value, unless a word is next.
            let takes_value = match find(&root, argument) {
                Some(known) => takes_next(known),
                None => arguments.peek().is_some_and(|next| is_word(next).is_none()),
            };
            if takes_value && !has_value(argument) {
                divided.rest.extend(arguments.next().cloned());
            }
        } else if let Some(word) = is_word(argument) {
            divided.words.push(word);
            next = tree::next_words(&divided.words);
        } else if argument == "help" && divided.words.is_empty() {
            divided.help = true;
        } else {
            // The command may have arguments and words below it.
            divided.unknown.get_or_insert(argument.clone());
            divided.rest.push(argument.clone());
            next.clear();
        }
    }
    divided
}

impl Divided {
    /// Arranges what is not a word, for the command of this definition.
    pub(crate) fn arrange(&self, definition: &Command) -> Arranged {
        let mut arranged = Arranged::default();
        let takes_arguments = definition.get_positionals().next().is_some();
        let mut rest = self.rest.iter();
        while let Some(argument) = rest.next() {
            let bytes = argument.as_encoded_bytes();
            if argument == "--" {
                arranged.positionals.extend(rest.by_ref().cloned());
            } else if is_help(argument) {
                arranged.help = true;
            } else if !looks_like_option(argument) {
                arranged.positionals.push(argument.clone());
            } else if let Some(known) = find(definition, argument) {
                let mut option = argument.clone();
                if takes_next(known)
                    && !has_value(argument)
                    && let Some(value) = rest.as_slice().first()
                {
                    option.push("=");
                    option.push(value);
                    rest.next();
                }
                arranged.push_option(known, option);
            } else if bytes.starts_with(b"--") || bytes.len() == 2 || !takes_arguments {
                arranged.options.push(argument.clone());
            } else {
                // An id may begin with a dash.
                arranged.positionals.push(argument.clone());
            }
        }
        arranged
    }
}

impl Arranged {
    /// Adds an option. A switch has no value for clap, so `=false` takes it back.
    fn push_option(&mut self, known: &Arg, option: OsString) {
        let switch = match option.to_str().and_then(|option| option.split_once('=')) {
            Some((name, value)) if !known.get_action().takes_values() => {
                value::boolean(value).ok().map(|on| (name, on))
            }
            _ => None,
        };
        match switch {
            Some((name, true)) => self.options.push(name.into()),
            Some((name, false)) => self.options.retain(|earlier| earlier != name),
            None => self.options.push(option),
        }
    }
}

fn looks_like_option(argument: &OsStr) -> bool {
    let bytes = argument.as_encoded_bytes();
    bytes.len() > 1 && bytes.starts_with(b"-")
}

fn is_help(argument: &OsStr) -> bool {
    argument == "--help" || argument == "-h"
}

/// The option that an argument begins with.
fn find<'a>(definition: &'a Command, argument: &OsStr) -> Option<&'a Arg> {
    let text = argument.to_string_lossy();
    let mut known = definition.get_arguments();
    match text.strip_prefix("--") {
        Some(long) => {
            let name = long.split('=').next();
            known.find(|arg| arg.get_long().is_some() && arg.get_long() == name)
        }
        None => {
            let short = text.chars().nth(1);
            known.find(|arg| arg.get_short().is_some() && arg.get_short() == short)
        }
    }
}

/// Whether an option has its value attached: `--name=value`, `-nvalue`.
fn has_value(option: &OsStr) -> bool {
    let bytes = option.as_encoded_bytes();
    bytes.contains(&b'=') || (bytes.len() > 2 && !bytes.starts_with(b"--"))
}

/// Whether the value of an option is the next argument, unless it is attached.
fn takes_next(arg: &Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}
