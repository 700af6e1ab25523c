//! Errors of arguments, in one line each, with a hint.

use clap::ArgMatches;
use clap::error::ErrorKind;

use super::tree;
use crate::error::CliError;
use crate::ids;
use crate::table::Leaf;

/// What clap does not accept. It prints paragraphs: the message, tips, the usage, and
/// a reference to the help.
pub(super) fn refused(words: &[&str], refusal: &clap::Error) -> CliError {
    let text = refusal.render().to_string();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = text.split("\n\n").map(one_line);
    let message = paragraphs.next().unwrap_or_default();
    // To put an unknown option after -- makes it an argument.
    let mut tips = paragraphs.filter(|paragraph| !paragraph.contains("-- -"));
    let tip = tips.find_map(|tip| Some(format!("{}; ", tip.strip_prefix("tip: ")?)));
    let line = tree::line(words);
    let hint = match refusal.kind() {
        ErrorKind::InvalidSubcommand => {
            let choices = tree::next_words(words).join(", ");
            format!("the words after {line} are: {choices}")
        }
        _ => format!("see {line} --help"),
    };
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    CliError::usage(message, tip.unwrap_or_default() + &hint)
}

/// Checks that there are as many arguments as the path of the command takes.
pub(super) fn check_count(leaf: &Leaf, matches: &ArgMatches) -> Result<(), CliError> {
    let mut known = leaf.command.arguments.iter();
    let missing = known.find(|(name, _)| ids::text(matches, name).is_none());
    let message = if let Some((name, _)) = missing {
        format!("the argument <{}> is missing", tree::title(name))
    } else if let Some(extra) = ids::text(matches, tree::EXTRA) {
        format!("the argument {extra:?} is one too many")
    } else {
        return Ok(());
    };
    let hint = format!("see {} --help", leaf.command_line());
    Err(CliError::usage(message, hint))
}
