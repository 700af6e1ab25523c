//! The commands, one file for each group.

mod avatar;
mod completion;
mod mock;

use crate::args::{Cli, Command};
use crate::error::CliError;

/// Runs the parsed command.
pub(crate) async fn run(cli: Cli) -> Result<(), CliError> {
    match cli.command {
        Command::Avatar(command) => avatar::run(command, &cli.options).await,
        Command::Mock(command) => mock::run(command, &cli.options).await,
        Command::Completion { shell } => completion::run(shell),
    }
}
