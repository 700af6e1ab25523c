//! The commands that are written by hand, one file each, beside those of the table.

mod api;
mod asset_upload;
mod auth;
mod config;
mod mock;
mod shell;
mod webhook_verify;

use std::future::Future;
use std::pin::Pin;

use clap::{ArgMatches, Command};

pub(crate) use self::shell::complete;
use crate::error::CliError;
use crate::globals::Globals;

/// The end of a command that has printed what there is to print.
pub(crate) type Done<'a> = Pin<Box<dyn Future<Output = Result<(), CliError>> + 'a>>;

/// A command that is written by hand.
pub(crate) struct ByHand {
    /// All words after `heygen`; those before the last may be a group of the table.
    pub(crate) words: &'static [&'static str],
    /// Its definition, named by its last word.
    pub(crate) definition: fn() -> Command,
    pub(crate) run: for<'a> fn(&'a ArgMatches, &'a Globals) -> Done<'a>,
}

/// The entries of a list of commands: words, definition, function that runs.
macro_rules! by_hand {
    ($([$($word:literal),+] $definition:path, $run:path;)*) => {
        &[$(ByHand {
            words: &[$($word),+],
            definition: $definition,
            run: |matches, globals| Box::pin($run(matches, globals)),
        }),*]
    };
}

/// All of them, sorted by their words.
pub(crate) static BY_HAND: &[ByHand] = by_hand! {
    ["api"] api::definition, api::run;
    ["asset", "upload"] asset_upload::definition, asset_upload::run;
    ["auth", "login"] auth::login_definition, auth::login;
    ["auth", "logout"] auth::logout_definition, auth::logout;
    ["auth", "status"] auth::status_definition, auth::status;
    ["config", "get"] config::get_definition, config::run;
    ["config", "list"] config::list_definition, config::run;
    ["config", "set"] config::set_definition, config::run;
    ["mock", "serve"] mock::definition, mock::run;
    ["webhook", "verify"] webhook_verify::definition, webhook_verify::run;
};

/// A command about the commands: its word, its definition, and what it does with the
/// definition of all.
pub(crate) type OfAll = (
    &'static [&'static str],
    fn() -> Command,
    fn(&ArgMatches, Command) -> Result<(), CliError>,
);

/// All of these.
pub(crate) static OF_ALL: &[OfAll] = &[
    (
        &["completion"],
        shell::completion_definition,
        shell::completion,
    ),
    (&["man"], shell::man_definition, shell::man),
];

/// The groups that only commands by hand are in, as those of the table.
pub(crate) static GROUPS: &[(&[&str], &str, bool)] = &[
    (
        &["auth"],
        "The API key: store it, check it, delete it",
        false,
    ),
    (&["config"], "Settings that are kept between runs", false),
    (&["mock"], "The built-in mock of the API", false),
];
