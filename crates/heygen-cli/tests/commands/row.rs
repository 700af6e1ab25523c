//! What the checks need of a command, from the table that the program is made of.

use crate::generated::TABLE;
use crate::table::{Body, Bounds, Flag, FlagType, Leaf};

/// A command of the table under one of its names.
pub(crate) struct Row {
    pub(crate) words: &'static [&'static str],
    pub(crate) method: &'static str,
    /// The path template.
    pub(crate) path: &'static str,
    /// The values of the arguments in a call that succeeds.
    pub(crate) arguments: Vec<String>,
    /// The other words of that call.
    pub(crate) options: Vec<String>,
    /// Options and fields that the API requires.
    pub(crate) required: Vec<&'static str>,
    /// Options with a value that they do not take.
    pub(crate) bad: Vec<[String; 2]>,
    pub(crate) leaf: &'static Leaf,
}

/// All commands, those with several names several times.
pub(crate) fn rows() -> Vec<Row> {
    TABLE.leaves.iter().map(row).collect()
}

impl Row {
    pub(crate) fn is_destructive(&self) -> bool {
        self.method == "DELETE"
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.leaf.command.operation.deprecated || self.leaf.renamed_to.is_some()
    }

    pub(crate) fn has_json_body(&self) -> bool {
        matches!(self.leaf.command.body, Body::Json(_))
    }

    pub(crate) fn has_pages(&self) -> bool {
        self.leaf.command.operation.page.is_some()
    }
}

fn row(leaf: &'static Leaf) -> Row {
    let command = leaf.command;
    // The example is under the command's first name, which may not be this one.
    let named = |other: &&Leaf| {
        let start = format!("heygen {}", other.words.join(" "));
        let rest = command.examples[0].strip_prefix(&start);
        std::ptr::eq(other.command, command)
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let first = TABLE.leaves.iter().find(named).unwrap_or(leaf);
    let mut call = split(command.examples[0]);
    call.drain(..=first.words.len());
    let options = call.split_off(command.arguments.len());
    if command.operation.method == "DELETE" {
        // All commands share a server, and others read what the examples name.
        call.iter_mut().for_each(|id| id.insert_str(0, "gone-"));
    }
    Row {
        words: leaf.words,
        method: command.operation.method,
        path: command.operation.path,
        arguments: call,
        options,
        required: required(leaf),
        bad: command.flags.iter().flat_map(bad_values).collect(),
        leaf,
    }
}

fn required(leaf: &'static Leaf) -> Vec<&'static str> {
    let flags = leaf.command.flags.iter().filter(|flag| flag.required);
    let mut required: Vec<_> = flags.map(|flag| flag.name).collect();
    if let Body::Json(body) = &leaf.command.body {
        required.extend(body.needs);
        required.extend(body.tag.iter().map(|tag| tag.name));
    }
    required
}

/// Values outside of an option's type, enum and bounds.
fn bad_values(flag: &'static Flag) -> Vec<[String; 2]> {
    let mut values: Vec<String> = Vec::new();
    if matches!(flag.ty, FlagType::Integer | FlagType::Number) {
        values.extend(["x".to_owned(), String::new(), "NaN".to_owned()]);
        let step = if flag.ty == FlagType::Integer {
            1.0
        } else {
            0.01
        };
        let Bounds {
            minimum,
            exclusive_minimum,
            maximum,
            exclusive_maximum,
        } = flag.bounds;
        values.extend(minimum.map(|bound| (bound - step).to_string()));
        values.extend(exclusive_minimum.map(|bound| bound.to_string()));
        values.extend(maximum.map(|bound| (bound + step).to_string()));
        values.extend(exclusive_maximum.map(|bound| bound.to_string()));
    }
    if let Some(value) = flag.values.first() {
        values.push("no-such-value".to_owned());
        if flag.ty == FlagType::Strings {
            values.push(format!("{value},no-such-value"));
        }
    }
    let option = format!("--{}", flag.name);
    values
        .into_iter()
        .map(|value| [option.clone(), value])
        .collect()
}

/// Splits a command line as a shell does: words, and text in single quotes.
fn split(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for character in line.chars() {
        match character {
            _ if escaped => {
                words.last_mut().unwrap().push(character);
                escaped = false;
            }
            '\'' => quoted = !quoted,
            '\\' if !quoted => escaped = true,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words
}
