//! Behaviour of the program `heygen`, one group a file. `7.12` in a comment is entry 12
//! of the vendor's behaviours that its own tests pin, `2` a section of the facts about
//! the vendor's program.
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
