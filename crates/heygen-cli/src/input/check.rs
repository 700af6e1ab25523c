//! Checks of what the API requires and allows, before a request is sent.

use clap::ArgMatches;
use serde_json::Value;

use super::Object;
use crate::error::CliError;
use crate::ids;
use crate::table::{Flag, Leaf};
use crate::value;

/// The options that are required are given. Those of the body may be in `--data`.
pub(super) fn required(leaf: &Leaf, matches: &ArgMatches) -> Result<(), CliError> {
    let has_data = matches!(matches.try_contains_id(ids::DATA), Ok(true));
    let flags = leaf.command.flags.iter().filter(|flag| {
        let is_filled = flag.sends_default || has_data && !flag.in_query;
        flag.required && !is_filled && !matches.contains_id(flag.name)
    });
    complete(leaf, flags.map(|flag| format!("--{}", flag.name)))
}

/// The value of an option is allowed.
pub(super) fn value(leaf: &Leaf, flag: &Flag, value: &Value) -> Result<(), CliError> {
    let mut texts = value::texts(value).into_iter();
    let Some(bad) = texts.find(|text| !flag.allows(text)) else {
        return Ok(());
    };
    let allowed = match flag.values {
        [] => flag.bounds(),
        values => format!("one of {}", values.join(", ")),
    };
    let message = format!("--{} is {bad}; it must be {allowed}", flag.name);
    Err(usage(leaf, message))
}

/// The body has these properties.
pub(super) fn properties(leaf: &Leaf, body: &Object, needs: &[&str]) -> Result<(), CliError> {
    let is_missing = |name: &&&str| body.get(**name).is_none_or(|value| value.get() == "null");
    let missing = needs.iter().filter(is_missing);
    let described = missing.map(|name| {
        let mut flags = leaf.command.flags.iter();
        match flags.find(|flag| !flag.in_query && flag.wire == *name) {
            Some(flag) => format!("--{}", flag.name),
            None if body.is_empty() => format!("{name:?} in --data (empty)"),
            None => format!("{name:?} in --data"),
        }
    });
    complete(leaf, described)
}

fn complete(leaf: &Leaf, missing: impl Iterator<Item = String>) -> Result<(), CliError> {
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (line, names) = (leaf.command_line(), missing.join(", "));
    Err(usage(leaf, format!("{line} needs {names}")))
}

fn usage(leaf: &Leaf, message: String) -> CliError {
    CliError::usage(message, format!("see {} --help", leaf.command_line()))
}
