//! Runs the commands of the table: builds the request, then prints it, or sends it
//! and prints the response.

use clap::ArgMatches;

use crate::error::{Call, CliError};
use crate::globals::Globals;
use crate::session::Session;
use crate::table::Leaf;
use crate::{dry_run, ids, input, output, pages, wait};

/// Runs a command of the table.
pub(crate) async fn run(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    globals: &Globals,
) -> Result<(), CliError> {
    if let Some(words) = leaf.renamed_to {
        let old = leaf.command_line();
        output::notice(&format!("`{old}` is deprecated, use `heygen {words}`"));
    }
    let session = if ids::is_on(matches, ids::DRY_RUN) {
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
    let request = input::request(leaf, matches, session)?;
    if ids::is_on(matches, ids::DRY_RUN) {
        return dry_run::print(request, globals.human);
    }
    let arguments = command.arguments.iter();
    let call = Call {
        leaf: Some(leaf),
        arguments: arguments
            .filter_map(|known| Some((known.name, ids::text(matches, known.name)?)))
            .collect(),
        refused_key: session.source().refused(),
    };
    if ids::is_on(matches, ids::ALL) || ids::is_on(matches, ids::JSONL) {
        let format = pages::Format {
            lines: ids::is_on(matches, ids::JSONL),
            human: globals.human,
            columns: command.columns,
        };
        return pages::run(request, &call, &format).await;
    }
    if ids::is_on(matches, ids::WAIT) {
        return wait::run(leaf, request, matches, session, globals).await;
    }
    let response = request.with_response().await;
    let response = response.map_err(|error| call.explain(error))?;
    if let Some(deprecation) = response.deprecation() {
        output::notice(&deprecation.to_string());
    }
    let printed = output::of_command(response.raw_body(), command, globals.human);
    printed.map_err(|error| error.with_response(command.operation.id, &response))
}
