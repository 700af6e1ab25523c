//! Behaviour of the program `heygen`, one group a file. `7.12` in a comment is entry 12
//! of the vendor's behaviours that its own tests pin, `2` a section of the facts about
//! the vendor's program. Files, waits and logins are in the files beside this folder.
//!
//! Where this program differs on purpose, the test is of this program:
//! - 7.10: `video get ID --wait` takes a wait up again.
//! - 7.17, 8: a body of optional fields only may be left out; what the API requires of a
//!   body is checked, and what is missing is named.
//! - 7.23: all translations of a create are waited for.
//! - 7.25: a POST with an idempotency key, which most creates have, is retried after 5xx.
//! - 2: `-d @file`; white space before inline JSON; plain seconds; plain http to loopback.
//! - 3: `&`, `<` and `>` are printed as they came; no telemetry; groups print their help
//!   without a key; `asset search` is in the help.
//! - 8: bounds are compared as they are: a speed of 0.2 is refused.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod api;
mod body;
mod confirmation;
mod environment;
mod failures;
mod flags;
mod human;
mod mock;
mod order;
mod output;
mod pages;
mod retries;
mod schemas;
mod shell;
mod timeouts;
mod usage;
mod webhook;
