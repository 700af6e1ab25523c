//! The request of a command of the table: its query, body and options, from what
//! was given on the command line.

mod body;
mod check;
mod confirm;
mod data;
#[cfg(test)]
mod tests;

use clap::ArgMatches;
use heygen::{Bytes, Request};

use self::body::Content;
pub(crate) use self::confirm::ask;
pub(crate) use self::data::{data, option as data_option};
use crate::error::CliError;
use crate::ids;
use crate::session::Session;
use crate::table::{Body, Flag, Leaf, Source};
use crate::value::Given;

/// The options of the table that were given, in the order of the table. Files are
/// not among them.
type Options = Vec<(&'static Flag, Given)>;

/// The parameters of the query, by their wire names.
type Query = Vec<(&'static str, String)>;

/// Builds the request. What is invalid, missing or not confirmed is an error, and
/// nothing is sent.
pub(crate) fn request(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    session: &Session,
) -> Result<Request<Bytes>, CliError> {
    let (query, body) = query_and_body(leaf, matches)?;
    confirm::confirm(leaf, matches)?;
    let query: Vec<_> = query.iter().map(|(name, text)| (*name, &**text)).collect();
    let core = heygen::raw::core(session.client());
    let request = core.operation(leaf.command.operation, &arguments(leaf, matches), &query);
    Ok(match body {
        Content::None => request,
        Content::Json(body) => request.body("application/json", body),
        Content::Form(form) => request.multipart(form),
    })
}

/// The parameters of the query, and the body, both checked.
fn query_and_body(leaf: &'static Leaf, matches: &ArgMatches) -> Result<(Query, Content), CliError> {
    let options = options(leaf, matches);
    check::is_complete(leaf, matches, None)?;
    let data = data::object(matches)?;
    let has_data = data.is_some();
    let object = body::merge(leaf, data.unwrap_or_default(), &options)?;
    // What the body lacks is the first fault if options are all there is of it.
    if has_data {
        check::values(leaf, &options)?;
    }
    check::is_complete(leaf, matches, Some(&object))?;
    check::values(leaf, &options)?;
    let body = match &leaf.command.body {
        Body::Form => body::form(leaf, matches, &options)?,
        // Where a body is required, but no property of it, an empty object is one.
        Body::Json(json) if json.required || has_data || !object.is_empty() => body::json(&object)?,
        Body::Json(_) | Body::None => Content::None,
    };
    Ok((query(leaf, &options), body))
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

fn query(leaf: &Leaf, options: &Options) -> Query {
    let flags = leaf.command.flags.iter();
    let of_query = flags.filter(|flag| flag.source == Source::Query);
    let pairs = of_query.flat_map(|flag| {
        let given = options.iter().find(|(known, _)| known.name == flag.name);
        let default = || flag.sent_default.map(str::to_owned).into_iter().collect();
        let texts = given.map_or_else(default, |(_, given)| given.texts());
        texts.into_iter().map(|text| (flag.wire, text))
    });
    pairs.collect()
}
