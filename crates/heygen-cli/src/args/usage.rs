//! Errors of arguments, in one line each, with a hint.

use super::tree;
use crate::error::CliError;

/// A usage error of the command or group of these words.
pub(crate) fn error(words: &[&str], message: &str) -> CliError {
    CliError::usage(message, format!("see {} --help", tree::line(words)))
}

/// A word that is not one of a group.
pub(crate) fn unknown_word(words: &[&str], unknown: &str) -> CliError {
    let line = tree::line(words);
    let choices = tree::next_words(words);
    let likeness = |choice: &&str| strsim::jaro(choice, unknown);
    let similar = choices.iter().filter(|choice| likeness(choice) > 0.7);
    let similar = similar.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let question = similar.map(|choice| format!("did you mean {choice}? "));
    let hint = format!(
        "{}the words after {line} are: {}",
        question.unwrap_or_default(),
        choices.join(", ")
    );
    CliError::usage(format!("{line} has no command {unknown:?}"), hint)
}

/// What clap does not accept. It prints paragraphs: the message, tips, the usage, and
/// a reference to the help.
pub(crate) fn refused(words: &[&str], refusal: &clap::Error) -> CliError {
    let text = refusal.render().to_string();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = text.split("\n\n").map(one_line);
    let message = paragraphs.next().unwrap_or_default();
    let mut error = error(words, message.strip_prefix("error: ").unwrap_or(&message));
    // To put an unknown option after -- makes it an argument.
    let mut tips = paragraphs.filter(|paragraph| !paragraph.contains("-- -"));
    if let (Some(tip), Some(hint)) = (
        tips.find_map(|tip| tip.strip_prefix("tip: ").map(str::to_owned)),
        &mut error.body.hint,
    ) {
        *hint = format!("{tip}; {hint}");
    }
    error
}
