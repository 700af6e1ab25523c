//! `heygen completion`: a script that teaches a shell the commands.

use clap_complete::Shell;

use crate::failure::Failure;
use crate::{cli, output};

pub(crate) fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::definition(), "heygen", &mut script);
    output::text(&String::from_utf8_lossy(&script))
}
