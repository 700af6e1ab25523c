//! Errors of arguments, in one line each, with a hint.

use clap::error::ErrorKind;

use super::tree;
use crate::error::CliError;

/// A word that is not one of a group.
pub(crate) fn unknown_word(words: &[&str], unknown: &str) -> CliError {
    let line = line(words);
    let choices: Vec<&str> = tree::next_words(words);
    let similar = choices
        .iter()
        .map(|choice| (strsim::jaro(choice, unknown), choice))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let similar = similar.map(|(_, choice)| format!("did you mean {choice}? "));
    let hint = format!(
        "{}the words after {line} are: {}",
        similar.unwrap_or_default(),
        choices.join(", ")
    );
    CliError::usage(format!("{line} has no command {unknown:?}"), hint)
}

/// What clap does not accept. It prints paragraphs: the message, tips, the usage, and
/// a reference to the help.
pub(crate) fn refused(words: &[&str], error: &clap::Error) -> CliError {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(one_line);
    let message = paragraphs.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let tips = paragraphs.filter_map(|paragraph| Some(paragraph.strip_prefix("tip: ")?.to_owned()));
    // The tip to put an unknown option after -- leads to a wrong argument.
    let mut hint: Vec<String> = match error.kind() {
        ErrorKind::UnknownArgument => tips.filter(|tip| !tip.contains("-- -")).collect(),
        _ => tips.collect(),
    };
    hint.push(see_help(words));
    CliError::usage(message, hint.join("; "))
}

/// The arguments are too few or too many.
pub(crate) fn arguments(words: &[&str], message: &str) -> CliError {
    CliError::usage(format!("{} {message}", line(words)), see_help(words))
}

fn line(words: &[&str]) -> String {
    ["heygen"]
        .iter()
        .chain(words)
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}

fn see_help(words: &[&str]) -> String {
    format!("see {} --help", line(words))
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}
