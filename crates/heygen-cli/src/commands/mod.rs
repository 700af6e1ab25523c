//! The commands, one file for each group.

mod avatar;
mod caller;
mod completion;
mod mock;

use crate::cli::{Cli, Command};
use crate::failure::Failure;

/// Runs the command that was asked for.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Avatar(command) => avatar::run(command, &cli.options).await,
        Command::Mock(command) => mock::run(command, &cli.options).await,
        Command::Completion { shell } => completion::run(shell),
    }
}
