//! The request of a command of the table: its query, body and options, from what
//! was given on the command line.

mod check;
mod confirm;
mod data;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::ArgMatches;
use heygen::multipart::{Form, Part};
use heygen::raw::heygen_core::Client;
use heygen::{Bytes, Request};
use serde_json::Value;
use serde_json::value::to_raw_value;

pub(crate) use self::confirm::ask;
use self::data::Object;
pub(crate) use self::data::{data, option as data_option};
use crate::error::{CliError, Exit};
use crate::table::{Body, Flag, FlagType, Leaf};
use crate::{ids, value};

/// Builds the request. What is invalid, missing or not confirmed is an error, and
/// nothing is sent.
pub(crate) fn request(
    leaf: &Leaf,
    matches: &ArgMatches,
    core: &Client,
) -> Result<Request<Bytes>, CliError> {
    let command = leaf.command;
    check::required(leaf, matches)?;
    let mut body = data::object(matches)?;
    let mut form = Form::new();
    let mut request = core.operation(command.operation, &arguments(leaf, matches), &[]);
    let not_json = |error| CliError::system("the body cannot be written as JSON", &error);
    for flag in command.flags {
        if flag.ty == FlagType::File {
            let paths = matches.get_many::<PathBuf>(flag.name).into_iter().flatten();
            form = paths.fold(form, |form, path| form.part(flag.wire, Part::path(path)));
            continue;
        }
        let given = given(flag, matches);
        let is_given = given.is_some();
        let default = || value::parse(flag.ty, flag.default.filter(|_| flag.sends_default)?).ok();
        let Some(value) = given.or_else(default) else {
            continue;
        };
        check::value(leaf, flag, &value)?;
        for text in value::texts(&value) {
            if flag.in_query {
                request = request.query(flag.wire, &text);
            } else {
                form = form.part(flag.wire, Part::text(text));
            }
        }
        if !flag.in_query && (is_given || !body.contains_key(flag.wire)) {
            let json = to_raw_value(&value).map_err(not_json)?;
            body.insert(flag.wire.to_owned(), json);
        }
    }
    let unsendable = |(name, why)| {
        let message = format!("the part {name} cannot be sent: {why}");
        CliError::new(Exit::Failed, "error", message).with_hint("pass the path of a file")
    };
    request = match command.body {
        Body::None => request,
        Body::Json {
            needs, tag, kinds, ..
        } => {
            // A kind that is newer than this program is the API's to judge.
            let kind = body.get(tag).map(|kind| kind.get().trim_matches('"'));
            let of_kind = kinds.iter().find(|(known, _)| kind == Some(known));
            check::properties(leaf, &body, needs)?;
            check::properties(leaf, &body, of_kind.map_or(&[], |(_, needs)| needs))?;
            let body = serde_json::to_vec(&body).map_err(not_json)?;
            request.body("application/json", body)
        }
        Body::Form => {
            form.check().map_err(unsendable)?;
            request.multipart(form)
        }
    };
    confirm::confirm(leaf, matches)?;
    Ok(request)
}

/// The parameters of the path, by their wire names.
pub(crate) fn arguments<'a>(leaf: &Leaf, matches: &'a ArgMatches) -> Vec<(&'static str, &'a str)> {
    let arguments = leaf.command.arguments.iter();
    arguments
        .filter_map(|(name, _)| Some((*name, ids::text(matches, name)?)))
        .collect()
}

/// The value of an option, repetitions of a list as one list.
fn given(flag: &Flag, matches: &ArgMatches) -> Option<Value> {
    let values = matches.get_many::<Value>(flag.name)?.cloned();
    values.reduce(|all, next| match (all, next) {
        (Value::Array(all), Value::Array(next)) => [all, next].concat().into(),
        (_, last) => last,
    })
}
