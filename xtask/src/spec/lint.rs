//! `cargo xtask spec lint`: what generated code would lack or get wrong.

use std::path::PathBuf;

use openapi_prep::{Error, Names, Subject, count, prepare};

use crate::{
    output::say,
    read::{self, Limit},
};

/// List what generated code would lack, and what the generator would get
/// silently wrong.
///
/// The document is prepared first, as `codegen` does; what that repairs is not
/// listed. Fails if anything is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  cargo xtask spec lint api.yaml")]
pub(crate) struct Args {
    /// The document, in JSON or YAML.
    #[arg(value_name = "DOC")]
    document: PathBuf,

    #[command(flatten)]
    limit: Limit,
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let document = read::document(&args.document, args.limit)?;
    let prepared = prepare(document, &mut Names::new())
        .map_err(|error| error.in_file(args.document.display()))?;
    let missing = |subject: Option<Subject>| subject.is_some_and(Subject::is_missing_from_code);
    let losses = prepared.report.losses();
    let mut lines: Vec<String> = losses
        .filter(|loss| missing(loss.subject))
        .map(|loss| format!("at {}: {}", loss.pointer, loss.note))
        .collect();
    lines.extend(prepared.findings.iter().map(ToString::to_string));
    for line in &lines {
        say(&format!("{line}\n"))?;
    }
    if lines.is_empty() {
        return Ok(());
    }
    Err(Error::new(count(lines.len(), "finding")).in_file(args.document.display()))
}
