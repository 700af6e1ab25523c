//! The ids of options that commands share: the name after the dashes, and the key
//! in the matches of clap.

use clap::ArgMatches;

pub(crate) const ALL: &str = "all";
pub(crate) const ASSET: &str = "asset";
pub(crate) const DATA: &str = "data";
pub(crate) const DRY_RUN: &str = "dry-run";
pub(crate) const FORCE: &str = "force";
/// The argument of a download: the id of the object.
pub(crate) const ID: &str = "id";
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";
pub(crate) const INDEX: &str = "index";
pub(crate) const JSONL: &str = "jsonl";
pub(crate) const OUTPUT_PATH: &str = "output-path";
pub(crate) const REQUEST_SCHEMA: &str = "request-schema";
pub(crate) const RESPONSE_SCHEMA: &str = "response-schema";
pub(crate) const WAIT: &str = "wait";

/// Whether a switch is on. A command that does not have it is as one without it.
pub(crate) fn is_on(matches: &ArgMatches, id: &str) -> bool {
    matches!(matches.try_get_one(id), Ok(Some(true)))
}

/// The text of an option, if the command has it and it was given.
pub(crate) fn text<'a>(matches: &'a ArgMatches, id: &str) -> Option<&'a str> {
    let text: Option<&String> = matches.try_get_one(id).ok().flatten();
    text.map(String::as_str)
}
