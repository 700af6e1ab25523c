//! Which command the arguments name, and its arguments in a form that clap cannot
//! misread: options and arguments may be in any order, options of a command may be
//! before its words, and the value of an option may begin with a dash.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};

use super::tree::{self, For};
use crate::value;

/// The arguments of a command, options as `--name=value`.
#[derive(Default)]
pub(crate) struct Arranged {
    pub(crate) options: Vec<OsString>,
    pub(crate) positionals: Vec<OsString>,
    /// Whether help is asked for.
    pub(crate) help: bool,
}

/// Finds the words that lead to a command or a group. The second value is what else
/// there is, in its order; of the arguments, the first is the program.
pub(crate) fn divide(arguments: &[OsString]) -> (Vec<&'static str>, Vec<OsString>) {
    let root = tree::alone(&[], For::Parsing);
    let (mut words, mut rest) = (Vec::new(), Vec::new());
    let mut next = tree::next_words(&words);
    let mut arguments = arguments.iter().skip(1).peekable();
    while let Some(argument) = arguments.next_if(|argument| *argument != "--") {
        let word = |argument: &OsStr| next.iter().find(|word| argument == **word).copied();
        if looks_like_option(argument) {
            rest.push(argument.clone());
            // An option that only the command knows has a value, unless a word is next.
            let takes_next = match find(&root, argument) {
                Some(known) => takes_next(known, argument),
                None => arguments.peek().is_some_and(|next| word(next).is_none()),
            };
            if takes_next {
                rest.extend(arguments.next().cloned());
            }
        } else if let Some(word) = word(argument) {
            words.push(word);
            next = tree::next_words(&words);
        } else if argument == "help" && words.is_empty() {
            rest.push("--help".into());
        } else {
            rest.push(argument.clone());
            break;
        }
        if next.is_empty() {
            break;
        }
    }
    rest.extend(arguments.cloned());
    (words, rest)
}

/// Arranges what is not a word, for the command of this definition.
pub(crate) fn arrange(definition: &Command, rest: Vec<OsString>) -> Arranged {
    let mut arranged = Arranged::default();
    let takes_arguments = definition.get_positionals().next().is_some();
    let mut rest = rest.into_iter().peekable();
    while let Some(mut argument) = rest.next() {
        let bytes = argument.as_encoded_bytes();
        // An id may begin with a dash.
        let is_unknown_option = bytes.starts_with(b"--") || bytes.len() == 2 || !takes_arguments;
        if argument == "--" {
            arranged.positionals.extend(rest.by_ref());
        } else if argument == "--help" || argument == "-h" {
            arranged.help = true;
        } else if !looks_like_option(&argument) {
            arranged.positionals.push(argument);
        } else if let Some(known) = find(definition, &argument) {
            if takes_next(known, &argument)
                && let Some(value) = rest.next()
            {
                argument.push("=");
                argument.push(value);
            }
            arranged.push_option(known, argument);
        } else if is_unknown_option {
            arranged.options.push(argument);
        } else {
            arranged.positionals.push(argument);
        }
    }
    arranged
}

impl Arranged {
    /// Adds an option. A switch has no value for clap, so `=false` takes it back.
    fn push_option(&mut self, known: &Arg, option: OsString) {
        let parts = option.to_str().and_then(|option| option.split_once('='));
        match parts.map(|(name, value)| (name, value::boolean(value))) {
            Some((name, Ok(true))) if is_switch(known) => self.options.push(name.into()),
            Some((name, Ok(false))) if is_switch(known) => self.options.retain(|old| old != name),
            _ => self.options.push(option),
        }
    }
}

fn looks_like_option(argument: &OsStr) -> bool {
    let bytes = argument.as_encoded_bytes();
    bytes.len() > 1 && bytes.starts_with(b"-")
}

/// The option that an argument begins with.
fn find<'a>(definition: &'a Command, argument: &OsStr) -> Option<&'a Arg> {
    let text = argument.to_string_lossy();
    let mut known = definition.get_arguments();
    if let Some(long) = text.strip_prefix("--") {
        let name = long.split('=').next().unwrap_or_default();
        known.find(|arg| {
            arg.get_long_and_visible_aliases()
                .is_some_and(|all| all.contains(&name))
        })
    } else {
        let short = text.chars().nth(1);
        known.find(|arg| arg.get_short().is_some() && arg.get_short() == short)
    }
}

/// Whether the value of an option is the next argument: it takes one, and has none
/// attached, as in `--name=value` or `-nvalue`.
fn takes_next(known: &Arg, option: &OsStr) -> bool {
    let bytes = option.as_encoded_bytes();
    let is_attached = bytes.contains(&b'=') || (bytes.len() > 2 && !bytes.starts_with(b"--"));
    !is_switch(known) && !known.is_require_equals_set() && !is_attached
}

fn is_switch(known: &Arg) -> bool {
    !known.get_action().takes_values()
}
