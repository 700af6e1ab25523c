//! The question before something is deleted or replaced.

use std::io::{self, IsTerminal, Write};

use clap::ArgMatches;

use crate::error::{CliError, Exit};
use crate::ids;
use crate::table::Leaf;

/// Asks before something is deleted, unless `--force` is given.
pub(super) fn confirm(leaf: &Leaf, matches: &ArgMatches) -> Result<(), CliError> {
    let deletes = leaf.command.operation.method == "DELETE";
    if !deletes || ids::is_on(matches, ids::FORCE) || ids::is_on(matches, ids::DRY_RUN) {
        return Ok(());
    }
    let ids = super::arguments(leaf, matches).into_iter();
    let ids = ids.map(|(_, id)| format!(" {id}"));
    let question = format!("{}:{}", leaf.command.about, ids.collect::<String>());
    let (code, message) = match ask(&question) {
        Some(true) => return Ok(()),
        Some(false) => ("canceled", "nothing was deleted"),
        None => ("confirmation_required", "to delete has to be confirmed"),
    };
    Err(CliError::new(Exit::Failed, code, message).with_hint("add --force to delete it"))
}

/// Whether the reply to a question is yes. Without a terminal there is nobody to ask.
pub(crate) fn ask(question: &str) -> Option<bool> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return None;
    }
    let mut reply = String::new();
    // Whoever cannot be asked has not confirmed.
    let asked = write!(io::stderr(), "{question}? [y/N] ");
    let _ = asked.and_then(|()| stdin.read_line(&mut reply));
    let reply = reply.trim().to_lowercase();
    Some(reply == "y" || reply == "yes")
}
