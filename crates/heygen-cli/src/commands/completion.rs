//! `heygen completion`: completion script for a shell.

use clap_complete::Shell;

use crate::error::CliError;
use crate::{args, output};

pub(crate) fn run(shell: Shell) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::definition(), "heygen", &mut script);
    output::text(&String::from_utf8_lossy(&script))
}
