//! The request of a command of the table: its query, body and options, from what
//! was given on the command line.

mod body;
mod check;
mod confirm;
mod data;

use clap::ArgMatches;
use heygen::{Bytes, Request};

pub(crate) use self::data::{data, option as data_option};
use crate::error::CliError;
use crate::ids;
use crate::session::Session;
use crate::table::{Body, Flag, Leaf, Source};
use crate::value::Given;

/// The options of the table that were given, in the order of the table. Files are
/// not among them.
type Options = Vec<(&'static Flag, Given)>;

/// Builds the request. What is invalid, missing or not confirmed is an error, and
/// nothing is sent.
pub(crate) fn request(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    session: &Session,
) -> Result<Request<Bytes>, CliError> {
    let options = options(leaf, matches);
    check::options_are_there(leaf, matches, &options)?;
    let body = match &leaf.command.body {
        Body::None => body::Content::None,
        Body::Json(json) => {
            let object = data::object(matches)?;
            check::values(leaf, &options)?;
            body::json(leaf, json, object, &options)?
        }
        Body::Form => body::form(leaf, matches, &options)?,
    };
    check::values(leaf, &options)?;
    confirm::confirm(leaf, matches)?;

    let arguments = arguments(leaf, matches);
    let query = query(leaf, &options);
    let query: Vec<_> = query
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let core = heygen::raw::core(session.client());
    let mut request = core.operation(leaf.command.operation, &arguments, &query);
    request = match body {
        body::Content::None => request,
        body::Content::Json(body) => request.body("application/json", body),
        body::Content::Form(form) => request.multipart(form),
    };
    if let Some(key) = ids::text(matches, ids::IDEMPOTENCY_KEY) {
        request = request.idempotency_key(key);
    }
    for (name, value) in session.headers() {
        request = request.header(name, value);
    }
    Ok(request)
}

/// The parameters of the path, by their wire names.
pub(crate) fn arguments<'a>(leaf: &Leaf, matches: &'a ArgMatches) -> Vec<(&'static str, &'a str)> {
    let arguments = leaf.command.arguments.iter();
    arguments
        .filter_map(|known| Some((known.wire, ids::text(matches, known.name)?)))
        .collect()
}

fn options(leaf: &Leaf, matches: &ArgMatches) -> Options {
    let flags = leaf.command.flags.iter();
    flags
        .filter_map(|flag| {
            let values = matches.try_get_many::<Given>(flag.name).ok()??;
            let value = values.cloned().reduce(|all, next| all.merge(&next))?;
            Some((flag, value))
        })
        .collect()
}

fn query(leaf: &Leaf, options: &Options) -> Vec<(&'static str, String)> {
    let mut query = Vec::new();
    for flag in leaf.command.flags {
        if flag.source != Source::Query {
            continue;
        }
        match options.iter().find(|(known, _)| known.name == flag.name) {
            Some((_, given)) => {
                query.extend(given.texts().into_iter().map(|text| (flag.wire, text)));
            }
            None => query.extend(flag.sent_default.map(|text| (flag.wire, text.to_owned()))),
        }
    }
    query
}

/// The hint of a usage error of this command.
fn see_help(leaf: &Leaf) -> String {
    format!("see {} --help", leaf.command_line())
}
