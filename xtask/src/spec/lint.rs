//! `cargo xtask spec lint`: what the generator could not take.

use std::path::PathBuf;

use openapi_prep::{Error, count, lint};

use crate::{
    output::say,
    read::{self, Limit},
};

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

    #[command(flatten)]
    limit: Limit,
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let findings = lint(&read::document(&args.document, args.limit)?);
    if findings.is_empty() {
        return Ok(());
    }
    for finding in &findings {
        say(&format!("{finding}\n"))?;
    }
    Err(Error::new(count(findings.len(), "finding")).in_file(args.document.display()))
}
