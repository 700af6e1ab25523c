//! `cargo xtask spec prepare`: everything between a vendor's document and the
//! generator, in one go.

use std::path::PathBuf;

use openapi_prep::{
    Error, lint, lower,
    normalise::{self, Names},
    overlay,
};

use super::io;

/// Correct, normalise, lower and lint a document: what comes out is what the
/// generator reads.
///
/// Losses and what the generator may still not take are told on standard
/// error, and stand in the report with their JSON pointers.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec prepare api.yaml -o prepared.json
  cargo xtask spec prepare api.json --overlay fixes.yaml -o prepared.json --report report.json")]
pub(crate) struct Args {
    /// The document, in JSON or YAML.
    #[arg(value_name = "DOC")]
    document: PathBuf,

    /// Corrections, as an OpenAPI Overlay. An action that selects nothing is
    /// an error.
    #[arg(long, value_name = "OVERLAY")]
    overlay: Option<PathBuf>,

    /// Write to this file, not to standard output: YAML where its name ends in
    /// .yaml or .yml, else JSON.
    #[arg(short, long, value_name = "OUT")]
    out: Option<PathBuf>,

    /// Write what was done and lost to this file.
    #[arg(long, value_name = "REPORT")]
    report: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let mut document = io::load(&args.document)?;
    let mut reports = Vec::new();
    if let Some(path) = &args.overlay {
        let corrections = io::load(path)?;
        let (corrected, report) = overlay::apply(document, &corrections, true)
            .map_err(|error| error.in_file(path.display()))?;
        document = corrected;
        reports.push(report);
    }
    lower::check_version(&document).map_err(|error| error.in_file(args.document.display()))?;
    let (normal, report) = normalise::normalise(document, &mut Names::new());
    reports.push(report);
    let (lowered, report) = lower::lower_for_generator(normal)
        .map_err(|error| error.in_file(args.document.display()))?;
    reports.push(report);

    let list = io::listed(&reports)?;
    let to = args.report.as_deref().map(|path| (path, &list));
    io::give(&lowered, args.out.as_deref(), to)?;
    io::sum_up(&reports);
    for finding in lint::lint(&lowered) {
        eprintln!("the generator may not take this: {finding}");
    }
    Ok(())
}
