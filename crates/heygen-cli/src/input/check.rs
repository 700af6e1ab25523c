//! Checks of what the API requires and allows, before a request is sent.

use clap::ArgMatches;

use super::Options;
use super::data::Object;
use crate::error::CliError;
use crate::table::{Body, Flag, Leaf, Source};
use crate::value::Given;

/// What is required is there: options, and the properties of the body if there is one,
/// by option or in `--data`.
pub(super) fn is_complete(
    leaf: &Leaf,
    matches: &ArgMatches,
    body: Option<&Object>,
) -> Result<(), CliError> {
    let is_missing = |flag: &&Flag| {
        let is_there = matches.contains_id(flag.name) || flag.sent_default.is_some();
        flag.required && flag.source != Source::Body && !is_there
    };
    let flags = leaf.command.flags.iter().filter(is_missing);
    let mut missing: Vec<String> = flags.map(|flag| format!("--{}", flag.name)).collect();
    let mut kind = String::new();
    if let (Body::Json(json), Some(body)) = (&leaf.command.body, body) {
        let mut needs = json.needs.to_vec();
        // A kind that is newer than this program is the API's to judge.
        if let Some(tag) = &json.tag
            && let Some(value) = body.get(tag.name)
            && let Ok(value) = serde_json::from_str::<String>(value.get())
            && let Some((known, more)) = tag.kinds.iter().find(|(known, _)| *known == value)
        {
            kind = format!(" with {} {known}", tag.name);
            needs.extend(more.iter().filter(|name| !json.needs.contains(name)));
        }
        let absent = needs.iter().filter(|name| !body.contains_key(**name));
        missing.extend(absent.map(|name| describe(leaf, name)));
    }
    if missing.is_empty() {
        return Ok(());
    }
    // Options first, then the rest with where it goes.
    missing.sort_by_key(|name| !name.starts_with("--"));
    let in_data = missing.last().is_some_and(|name| !name.starts_with("--"));
    let place = if in_data { " in --data" } else { "" };
    let (line, names) = (leaf.command_line(), missing.join(", "));
    let schema = match leaf.command.request_schema {
        Some(_) => format!(", and {line} --request-schema for the body"),
        None => String::new(),
    };
    Err(CliError::usage(
        format!("{line}{kind} needs {names}{place}"),
        format!("see {line} --help{schema}"),
    ))
}

/// How to give a property of the body.
fn describe(leaf: &Leaf, name: &str) -> String {
    let mut flags = leaf.command.flags.iter();
    if let Some(flag) = flags.find(|flag| flag.source == Source::Body && flag.wire == name) {
        return format!("--{}", flag.name);
    }
    let mut kinds = String::new();
    if let Body::Json(json) = &leaf.command.body
        && let Some(tag) = json.tag.as_ref().filter(|tag| tag.name == name)
    {
        let names: Vec<_> = tag.kinds.iter().map(|(kind, _)| *kind).collect();
        kinds = format!(" ({})", names.join(", "));
    }
    format!("{name:?}{kinds}")
}

/// The options have values that are allowed.
pub(super) fn values(leaf: &Leaf, options: &Options) -> Result<(), CliError> {
    let mut problems = options
        .iter()
        .filter_map(|(flag, given)| problem(flag, given));
    problems.next().map_or(Ok(()), |message| {
        let hint = format!("see {} --help", leaf.command_line());
        Err(CliError::usage(message, hint))
    })
}

fn problem(flag: &Flag, given: &Given) -> Option<String> {
    let (name, allowed, bounds) = (flag.name, flag.values, &flag.bounds);
    let texts = given.texts();
    if !allowed.is_empty() {
        let bad = texts
            .iter()
            .find(|text| !allowed.contains(&text.as_str()))?;
        let allowed = allowed.join(", ");
        return Some(format!(
            "--{name} has the value {bad:?}; allowed are {allowed}"
        ));
    }
    let value = given.number()?;
    let fits = bounds.minimum.is_none_or(|bound| value >= bound)
        && bounds.exclusive_minimum.is_none_or(|bound| value > bound)
        && bounds.maximum.is_none_or(|bound| value <= bound)
        && bounds.exclusive_maximum.is_none_or(|bound| value < bound);
    (!fits).then(|| format!("--{name} is {}; it must be {bounds}", texts.concat()))
}
