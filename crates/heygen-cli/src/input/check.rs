//! Checks of what the API requires and allows, before a request is sent.

use clap::ArgMatches;

use super::data::Object;
use super::{Options, see_help};
use crate::error::CliError;
use crate::table::{Body, Flag, JsonBody, Leaf, Source};
use crate::value::Given;

/// Required options are given. `--data` may have what is of the body, so this is checked
/// only where there is none.
pub(super) fn options_are_there(
    leaf: &Leaf,
    matches: &ArgMatches,
    has_data: bool,
) -> Result<(), CliError> {
    let is_absent = |flag: &&Flag| !matches.contains_id(flag.name) && flag.sent_default.is_none();
    let of_body = |flag: &&Flag| flag.source == Source::Body;
    let absent = leaf.command.flags.iter().filter(is_absent);
    let required = absent.filter(|flag| flag.required && !(has_data && of_body(flag)));
    let mut missing: Vec<String> = required.map(|flag| format!("--{}", flag.name)).collect();
    if let (Body::Json(json), false) = (&leaf.command.body, has_data) {
        let flags = || leaf.command.flags.iter().filter(of_body);
        let has_flag = |name: &str| flags().any(|flag| flag.wire == name);
        let only_in_data = json.needs.iter().filter(|name| !has_flag(name));
        missing.extend(only_in_data.map(|name| describe(leaf, json, name)));
    }
    complain(leaf, "", &missing)
}

/// A body has the properties that it needs.
pub(super) fn body_is_complete(
    leaf: &Leaf,
    json: &JsonBody,
    body: &Object,
) -> Result<(), CliError> {
    let missing = |needs: &[&str]| -> Vec<String> {
        let missing = needs.iter().filter(|name| !body.contains_key(**name));
        missing.map(|name| describe(leaf, json, name)).collect()
    };
    complain(leaf, "", &missing(json.needs))?;
    let Some(tag) = &json.tag else { return Ok(()) };
    let value: Option<String> = body
        .get(tag.name)
        .and_then(|value| serde_json::from_str(value.get()).ok());
    // A kind that is newer than this program is the API's to judge.
    let kind = tag
        .kinds
        .iter()
        .find(|(name, _)| Some(*name) == value.as_deref());
    kind.map_or(Ok(()), |(kind, needs)| {
        complain(leaf, &format!(" with {} {kind}", tag.name), &missing(needs))
    })
}

/// How to give a property of the body.
fn describe(leaf: &Leaf, json: &JsonBody, name: &str) -> String {
    let mut flags = leaf.command.flags.iter();
    if let Some(flag) = flags.find(|flag| flag.source == Source::Body && flag.wire == name) {
        return format!("--{}", flag.name);
    }
    match &json.tag {
        Some(tag) if tag.name == name => {
            let kinds: Vec<_> = tag.kinds.iter().map(|(kind, _)| *kind).collect();
            format!("{name:?} ({}) in --data", kinds.join(", "))
        }
        _ => format!("{name:?} in --data"),
    }
}

fn complain(leaf: &Leaf, with: &str, missing: &[String]) -> Result<(), CliError> {
    let Some((last, others)) = missing.split_last() else {
        return Ok(());
    };
    let names = match others {
        [] => last.clone(),
        others => format!("{} and {last}", others.join(", ")),
    };
    let line = leaf.command_line();
    let hint = match leaf.command.request_schema {
        Some(_) => format!(
            "{}; {line} --request-schema prints what the body may have",
            see_help(leaf)
        ),
        None => see_help(leaf),
    };
    Err(CliError::usage(format!("{line}{with} needs {names}"), hint))
}

/// The options have values that are allowed.
pub(super) fn values(leaf: &Leaf, options: &Options) -> Result<(), CliError> {
    for (flag, given) in options {
        if let Some(message) = problem(flag, given) {
            return Err(CliError::usage(message, see_help(leaf)));
        }
    }
    Ok(())
}

fn problem(flag: &Flag, given: &Given) -> Option<String> {
    let (name, allowed) = (flag.name, flag.values);
    if !allowed.is_empty() {
        let texts = given.texts();
        let bad = texts
            .iter()
            .find(|text| !allowed.contains(&text.as_str()))?;
        let allowed = allowed.join(", ");
        return Some(format!(
            "--{name} has the value {bad:?}; allowed are {allowed}"
        ));
    }
    let Given::Number { json, value } = given else {
        return None;
    };
    let bounds = &flag.bounds;
    let fits = bounds.minimum.is_none_or(|bound| *value >= bound)
        && bounds.exclusive_minimum.is_none_or(|bound| *value > bound)
        && bounds.maximum.is_none_or(|bound| *value <= bound)
        && bounds.exclusive_maximum.is_none_or(|bound| *value < bound);
    (!fits).then(|| format!("--{name} is {json}; it must be {bounds}"))
}
