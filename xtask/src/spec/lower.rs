//! `cargo xtask spec lower`: a document of OpenAPI 3.1 as one of 3.0.3.

use std::path::PathBuf;

use openapi_prep::{Error, lower};

use super::io;
use crate::read::{self, Limit};

/// Lower a document of OpenAPI 3.1 to 3.0.3; one of 3.0 passes through.
///
/// What 3.0 cannot say is widened, never narrowed; every loss is told on
/// standard error and stands in the report with its JSON pointer.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec lower api.yaml -o lowered.json
  cargo xtask spec lower api.json -o lowered.yaml --report report.json")]
pub(crate) struct Args {
    /// The document, in JSON or YAML.
    #[arg(value_name = "IN")]
    document: PathBuf,

    /// Write to this file, not to standard output: YAML where its name ends in
    /// .yaml or .yml, else JSON.
    #[arg(short, long, value_name = "OUT")]
    out: Option<PathBuf>,

    /// Write what was done and lost to this file.
    #[arg(long, value_name = "REPORT")]
    report: Option<PathBuf>,

    #[command(flatten)]
    limit: Limit,
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let document = read::document(&args.document, args.limit)?;
    let (lowered, report) =
        lower(document).map_err(|error| error.in_file(args.document.display()))?;
    let to = args.report.as_deref().map(|path| (path, &report));
    io::give(&lowered, args.out.as_deref(), to)?;
    io::sum_up(&report);
    Ok(())
}
