//! Runs the commands of the table.

use clap::ArgMatches;

use crate::error::CliError;
use crate::globals::Globals;
use crate::input;
use crate::output;
use crate::session::Session;
use crate::table::Leaf;

/// Sends the request of a command and prints the response.
pub(crate) async fn run(
    leaf: &'static Leaf,
    matches: &ArgMatches,
    globals: &Globals,
) -> Result<(), CliError> {
    let session = Session::open(globals).await?;
    let request = input::request(leaf, matches, &session)?;
    let response = request.with_response().await.map_err(CliError::from)?;
    session.close().await;
    output::body(response.raw_body(), globals.human)
}
