//! The question before something is deleted.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::ArgMatches;

use crate::error::{CliError, Exit};
use crate::ids;
use crate::table::Leaf;

/// Asks on the terminal unless `--force` is given. Without a terminal there is nobody
/// to ask.
pub(super) fn confirm(leaf: &Leaf, matches: &ArgMatches) -> Result<(), CliError> {
    let deletes = leaf.command.operation.method == "DELETE";
    if !deletes || ids::is_on(matches, ids::FORCE) || ids::is_on(matches, ids::DRY_RUN) {
        return Ok(());
    }
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let message = format!("{} has to be confirmed", leaf.command_line());
        let error = CliError::new(Exit::Failed, "confirmation_required", message);
        return Err(error.with_hint("add --force to delete without a question"));
    }
    let ids: Vec<_> = super::arguments(leaf, matches)
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    let question = format!("{}: {}", leaf.command.about, ids.join(" "));
    if ask(&question, &mut stdin.lock(), &mut io::stderr()) {
        return Ok(());
    }
    let error = CliError::new(Exit::Failed, "canceled", "nothing was deleted");
    Err(error.with_hint("answer y to delete, or add --force"))
}

/// Whether the reply to a question is yes.
pub(crate) fn ask(question: &str, from: &mut impl BufRead, to: &mut impl Write) -> bool {
    let mut reply = String::new();
    // Whoever cannot be asked has not confirmed.
    let asked = write!(to, "{question}? [y/N] ").and_then(|()| to.flush());
    let _ = asked.and_then(|()| from.read_line(&mut reply));
    matches!(reply.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_confirms() {
        for (reply, confirms) in [
            ("y\n", true),
            ("YES\r\n", true),
            ("", false),
            ("\n", false),
            ("n\n", false),
            ("yesterday\n", false),
        ] {
            let mut asked = Vec::new();
            let question = "Delete a video: a";
            let result = ask(question, &mut reply.as_bytes(), &mut asked);
            assert_eq!(asked, b"Delete a video: a? [y/N] ");
            assert_eq!(result, confirms, "{reply:?}");
        }
    }
}
