//! `cargo xtask spec lint`: what the generator could not take.

use std::path::PathBuf;

use openapi_prep::{Error, lint};

use super::io;
use crate::output::say;

/// Name everything in a document that the generator would refuse, panic on or
/// get silently wrong, by operation, with what to do about it.
///
/// Looks at the document as it is: run it on a prepared one to see what is
/// left. Fails if it finds anything.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec lint openapi/v2/lowered.json
  cargo xtask spec lint api.yaml")]
pub(crate) struct Args {
    /// The document, in JSON or YAML.
    #[arg(value_name = "DOC")]
    document: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let findings = lint::lint(&io::load(&args.document)?);
    if findings.is_empty() {
        return Ok(());
    }
    for finding in &findings {
        say(&format!("{finding}\n"))?;
    }
    Err(Error::new(format!("{} findings", findings.len())).in_file(args.document.display()))
}
