//! Runs the commands of the table: builds the request, then prints it, or sends it
//! and prints the response.

use clap::ArgMatches;
use heygen::{Bytes, Request};

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
    let session = Session::of_call(matches, globals).await?;
    let result = match input::request(leaf, matches, &session) {
        Ok(request) => call(Some(leaf), request, matches, &session, globals).await,
        Err(error) => Err(error),
    };
    session.close().await;
    result?;
    if let Some(words) = leaf.renamed_to {
        let old = leaf.command_line();
        output::notice(&format!("`{old}` is deprecated, use `heygen {words}`"));
    }
    Ok(())
}

/// Prints the request, or sends it and prints the response.
pub(crate) async fn call(
    leaf: Option<&'static Leaf>,
    request: Request<Bytes>,
    matches: &ArgMatches,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let human = globals.human;
    if ids::is_on(matches, ids::DRY_RUN) {
        return dry_run::print(request, human);
    }
    let call = Call::new(leaf, matches, session.source().refused());
    let command = leaf.map(|leaf| leaf.command);
    let job = command.and_then(|command| command.job.as_ref());
    if let Some(job) = job.filter(|_| ids::is_on(matches, ids::WAIT)) {
        return wait::run(job, request, &call, session, globals).await;
    }
    if ids::is_on(matches, ids::ALL) || ids::is_on(matches, ids::JSONL) {
        let columns = command.map_or(&[][..], |command| command.columns);
        let lines = ids::is_on(matches, ids::JSONL);
        return pages::run(request, &call, lines, columns, human).await;
    }
    let response = request.with_response().await;
    let response = response.map_err(|error| call.explain(error))?;
    let body = response.raw_body();
    match command {
        None => output::body(body, human)?,
        Some(command) => output::of_command(body, command, human)
            .map_err(|error| error.with_response(command.operation.id, &response))?,
    }
    // Never beside an error, which is one line.
    if let Some(deprecation) = response.deprecation() {
        output::notice(&deprecation.to_string());
    }
    Ok(())
}
