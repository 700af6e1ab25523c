//! Runs the commands of the table: builds the request, then prints it, or sends it
//! and prints the response.

use clap::ArgMatches;
use heygen::{Bytes, Request};

use crate::error::{Call, CliError};
use crate::globals::Globals;
use crate::session::Session;
use crate::table::Leaf;
use crate::{dry_run, output, pages};

/// Runs a command of the table.
pub(crate) async fn run(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    globals: &Globals,
) -> Result<(), CliError> {
    if let Some(words) = leaf.renamed_to {
        let old = leaf.words.join(" ");
        output::notice(&format!(
            "`heygen {old}` is deprecated, use `heygen {words}`"
        ));
    }
    let session = if dry_run::is_wanted(matches) {
        Session::unsent(globals).await?
    } else {
        Session::open(globals).await?
    };
    let result = send(leaf, matches, &session, globals).await;
    session.close().await;
    result
}

async fn send(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let command = leaf.command;
    let request = request(leaf, matches, session)?;
    if dry_run::is_wanted(matches) {
        return dry_run::print(request, globals.human);
    }
    let call = Call {
        leaf: Some(leaf),
        arguments: arguments(leaf, matches).collect(),
        refused_key: None,
    };
    if pages::are_wanted(matches) {
        return pages::run(request, command, &call, matches, globals.human).await;
    }
    let response = request.with_response().await;
    let response = response.map_err(|error| call.explain(error))?;
    if let Some(deprecation) = response.deprecation() {
        output::notice(&deprecation.to_string());
    }
    let printed = output::of_command(response.raw_body(), command, globals.human);
    printed.map_err(|error| error.with_response(command.operation.id, &response))
}

fn arguments<'a>(
    leaf: &'static Leaf,
    matches: &'a ArgMatches,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let value = |name| matches.try_get_one::<String>(name).ok().flatten();
    let arguments = leaf.command.arguments.iter();
    arguments.filter_map(move |known| Some((known.name, value(known.name)?.as_str())))
}

fn request(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    session: &Session,
) -> Result<Request<Bytes>, CliError> {
    let command = leaf.command;
    let arguments: Vec<(&str, &str)> = command
        .arguments
        .iter()
        .filter_map(|known| Some((known.wire, matches.get_one::<String>(known.name)?.as_str())))
        .collect();
    let core = heygen::raw::core(session.client());
    Ok(core.operation(command.operation, &arguments, &[]))
}
