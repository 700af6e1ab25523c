//! Runs the commands of the table.

use clap::ArgMatches;

use crate::error::CliError;
use crate::globals::Globals;
use crate::output;
use crate::session::Session;
use crate::table::Leaf;
use crate::wait;

/// Sends the request of a command and prints the response.
pub(crate) async fn run(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    globals: &Globals,
) -> Result<(), CliError> {
    let command = leaf.command;
    let arguments: Vec<(&str, &str)> = command
        .arguments
        .iter()
        .filter_map(|known| Some((known.wire, matches.get_one::<String>(known.name)?.as_str())))
        .collect();
    let session = Session::open(globals).await?;
    let core = heygen::raw::core(session.client());
    let mut request = core.operation(command.operation, &arguments, &[]);
    if let Ok(Some(data)) = matches.try_get_one::<String>("data") {
        request = request.body("application/json", data.clone());
    }
    if matches
        .try_get_one("wait")
        .is_ok_and(|wait| wait == Some(&true))
    {
        let ended = wait::run(leaf, request, matches, &session, globals).await;
        session.close().await;
        return ended;
    }
    let response = request.with_response().await.map_err(CliError::from)?;
    session.close().await;
    output::body(response.raw_body(), globals.human)
}
