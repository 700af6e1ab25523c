//! The commands that are written by hand, one file each, beside those of the table.

mod api;
mod asset_upload;
mod auth;
mod completion;
mod config;
mod man;
mod mock;
mod webhook_verify;

use std::future::{Future, ready};
use std::pin::Pin;

use clap::{ArgMatches, Command};

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

/// All of them, sorted by their words.
pub(crate) static BY_HAND: &[ByHand] = &[
    ByHand {
        words: &["api"],
        definition: api::definition,
        run: |matches, globals| Box::pin(api::run(matches, globals)),
    },
    ByHand {
        words: &["asset", "upload"],
        definition: asset_upload::definition,
        run: |matches, globals| Box::pin(asset_upload::run(matches, globals)),
    },
    ByHand {
        words: &["auth", "login"],
        definition: auth::login_definition,
        run: |matches, globals| Box::pin(auth::login(matches, globals)),
    },
    ByHand {
        words: &["auth", "logout"],
        definition: auth::logout_definition,
        run: |matches, globals| Box::pin(ready(auth::logout(matches, globals))),
    },
    ByHand {
        words: &["auth", "status"],
        definition: auth::status_definition,
        run: |matches, globals| Box::pin(auth::status(matches, globals)),
    },
    ByHand {
        words: &["completion"],
        definition: completion::definition,
        run: |matches, globals| Box::pin(ready(completion::run(matches, globals))),
    },
    ByHand {
        words: &["config", "get"],
        definition: config::get_definition,
        run: |matches, globals| Box::pin(ready(config::get(matches, globals))),
    },
    ByHand {
        words: &["config", "list"],
        definition: config::list_definition,
        run: |matches, globals| Box::pin(ready(config::list(matches, globals))),
    },
    ByHand {
        words: &["config", "set"],
        definition: config::set_definition,
        run: |matches, globals| Box::pin(ready(config::set(matches, globals))),
    },
    ByHand {
        words: &["man"],
        definition: man::definition,
        run: |matches, globals| Box::pin(ready(man::run(matches, globals))),
    },
    ByHand {
        words: &["mock", "serve"],
        definition: mock::definition,
        run: |matches, globals| Box::pin(mock::run(matches, globals)),
    },
    ByHand {
        words: &["webhook", "verify"],
        definition: webhook_verify::definition,
        run: |matches, globals| Box::pin(webhook_verify::run(matches, globals)),
    },
];

/// What the help says of the groups that only commands by hand are in.
pub(crate) static GROUPS: &[(&str, &str)] = &[
    ("auth", "The API key: store it, check it, delete it"),
    ("config", "Settings that are kept between runs"),
    ("mock", "The built-in mock of the API"),
    ("webhook", "Webhooks"),
];
