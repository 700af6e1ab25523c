//! The words of commands: the overlay's hint, else the ledger, else the rule of the
//! vendor's own program, so that scripts find the names that they know.

use std::collections::BTreeMap;

use openapi_prep::{
    Document, Error,
    api::{Api, Operation},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Command, Download, inflect::singular};
use crate::codegen::resources::Ledger;

/// The overlay's hint for the words of a command.
const COMMAND: &str = "x-command";

/// The overlay's hint for further words of a command: `{avatar details: visible}`,
/// or `hidden` for words that are to be used no longer.
const ALIASES: &str = "x-command-aliases";

/// The overlay's hint, at the document's `info`, for its commands as a whole.
const OF_DOCUMENT: &str = "x-commands";

/// Words that commands written by hand start with.
const BY_HAND: [&str; 7] = ["api", "auth", "completion", "config", "help", "man", "mock"];

/// What the overlay says of the commands of a document.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OfDocument {
    /// The group that all of its commands are in.
    pub(super) group: Option<String>,
    /// What groups are about, by their words, where no tag says it.
    pub(super) about: BTreeMap<String, String>,
}

/// The words of the commands of a document, by method and path.
#[derive(Debug, Default)]
pub(in crate::codegen) struct Names {
    named: BTreeMap<String, Named>,
    pub(super) document: OfDocument,
}

/// The words that lead to a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) words: Vec<String>,
    pub(super) aliases: Vec<Alias>,
}

/// Further words of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Alias {
    pub(super) words: Vec<String>,
    /// Whether these are to be used no longer.
    pub(super) hidden: bool,
}

impl Names {
    pub(super) fn get(&self, operation: &Operation) -> Option<&Named> {
        self.named.get(&operation.title())
    }
}

/// Names the commands of a document, and keeps the names in the ledger.
///
/// # Errors
///
/// Where a hint is malformed.
pub(in crate::codegen) fn assign(
    corrected: &Document,
    api: &Api,
    ledger: &mut Ledger,
) -> Result<Names, Error> {
    let of_document = corrected
        .as_value()
        .pointer(&format!("/info/{OF_DOCUMENT}"));
    let document = of_document.map(OfDocument::deserialize).transpose();
    let document = document
        .map_err(|e| malformed(OF_DOCUMENT, &e.to_string()).at("/info"))?
        .unwrap_or_default();
    let mut named = BTreeMap::new();
    for operation in &api.operations {
        let found = name(operation, &document, ledger).map_err(|e| e.at(&operation.pointer))?;
        named.insert(operation.title(), found);
    }
    let kept = named.iter();
    let kept = kept.map(|(title, named)| (title.clone(), named.words.join(" ")));
    ledger.keep_commands(kept.collect());
    Ok(Names { named, document })
}

fn name(operation: &Operation, document: &OfDocument, ledger: &Ledger) -> Result<Named, Error> {
    let hint = operation.extensions.get(COMMAND);
    let words = match hint {
        Some(Value::String(text)) => words_of(text).ok_or_else(|| malformed(COMMAND, text))?,
        Some(other) => return Err(malformed(COMMAND, &other.to_string())),
        None => match ledger.command(&operation.title()).and_then(words_of) {
            Some(known) => known,
            None => rule(operation, document.group.as_deref()),
        },
    };
    let mut aliases = Vec::new();
    if let Some(hint) = operation.extensions.get(ALIASES) {
        let refused = || malformed(ALIASES, &hint.to_string());
        for (text, how) in hint.as_object().ok_or_else(refused)? {
            let hidden = match how.as_str() {
                Some("visible") => false,
                Some("hidden") => true,
                _ => return Err(refused()),
            };
            let words = words_of(text).ok_or_else(refused)?;
            aliases.push(Alias { words, hidden });
        }
    }
    Ok(Named { words, aliases })
}

/// The words of a text, if all are such words as commands have.
fn words_of(text: &str) -> Option<Vec<String>> {
    let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let is_word = |word: &String| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    (words.len() > 1 && words.iter().all(is_word)).then_some(words)
}

fn malformed(hint: &str, found: &str) -> Error {
    let remedy = match hint {
        COMMAND => "write the words after `heygen`, such as `video batches create`",
        ALIASES => "write words with `visible` or `hidden`, such as `{avatar details: visible}`",
        _ => "write `group: v2`, and `about: {group: text}`",
    };
    Error::new(format!("`{hint}` is malformed: {found}")).remedy(remedy)
}

/// The words by the vendor's rule: the group is the tag, the path without its first
/// two segments follows, and the method says the verb.
fn rule(operation: &Operation, within: Option<&str>) -> Vec<String> {
    let tag = operation.tags.first().map_or("Other", String::as_str);
    let mut words: Vec<String> = within.map(str::to_owned).into_iter().collect();
    words.push(group_of(tag));
    let segments = operation.path.split('/').filter(|part| !part.is_empty());
    let (mut has_parameter, summary) = (false, operation.summary.as_deref());
    for segment in segments.skip(2) {
        if segment.starts_with('{') {
            has_parameter = true;
        } else {
            words.push(kebab(segment));
        }
    }
    let reads_one = || {
        let summary = summary.unwrap_or_default().to_lowercase();
        has_parameter || summary.starts_with("get ")
    };
    let verb = match operation.method.as_str() {
        "POST" => "create",
        "DELETE" => "delete",
        "PATCH" | "PUT" => "update",
        "GET" if reads_one() => "get",
        "GET" => "list",
        other => &other.to_lowercase(),
    };
    words.push(verb.to_owned());
    words
}

/// The group that is named after a tag.
pub(super) fn group_of(tag: &str) -> String {
    singular(&tag.to_lowercase().replace(' ', "-"))
}

/// A name in kebab case by the vendor's rule, with dashes between letters and digits
/// too: `checksum_sha256` is `checksum-sha-256`.
pub(in crate::codegen) fn kebab(name: &str) -> String {
    let mut out = String::new();
    let mut last: Option<char> = None;
    for c in name.chars() {
        let is_separator = matches!(c, '_' | '.' | ' ' | '-');
        let is_boundary = last.is_some_and(|last| {
            (last.is_ascii_digit() != c.is_ascii_digit() && last.is_alphanumeric())
                || (last.is_lowercase() && c.is_uppercase())
        });
        if is_separator || is_boundary {
            out.push('-');
        }
        if !is_separator {
            out.extend(c.to_lowercase());
        }
        last = (!is_separator).then_some(c);
    }
    out
}

/// Whether all commands have words of their own.
///
/// # Errors
///
/// Where two have the same, or the words of one begin those of another.
pub(super) fn check(commands: &[Command<'_>], downloads: &[Download]) -> Result<(), Error> {
    let mut all: Vec<(&[String], String, &str)> = Vec::new();
    for command in commands {
        let title = command.operation.title();
        all.push((&command.named.words, title.clone(), COMMAND));
        for alias in &command.named.aliases {
            all.push((&alias.words, title.clone(), ALIASES));
        }
    }
    for download in downloads {
        all.push((&download.words, download.title(), COMMAND));
    }
    all.sort();
    for (words, title, hint) in &all {
        if BY_HAND.contains(&words[0].as_str()) {
            let message = format!(
                "`heygen {}` of {title} is among commands that are written by hand",
                words.join(" ")
            );
            return Err(Error::new(message).remedy(set(hint)));
        }
    }
    for pair in all.windows(2) {
        let [(one, of_one, _), (two, of_two, hint)] = pair else {
            continue;
        };
        if two.starts_with(one) {
            let (one, two) = (one.join(" "), two.join(" "));
            let message = if one == two {
                format!("`heygen {one}` is the command of {of_one} and of {of_two}")
            } else {
                format!(
                    "`heygen {one}` is the command of {of_one}, and the group of `heygen {two}` of {of_two}"
                )
            };
            return Err(Error::new(message).remedy(set(hint)));
        }
    }
    Ok(())
}

fn set(hint: &str) -> String {
    format!("set `{hint}` on one of the operations by an action in overlay.yaml")
}
