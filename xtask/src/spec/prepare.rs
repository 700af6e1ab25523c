//! `cargo xtask spec prepare`: everything between a vendor's document and the
//! generator, in one go.

use std::path::PathBuf;

use openapi_prep::{Document, Error, Names, PrepareOptions, Report, overlay, prepare, trace};

use super::io;
use crate::{
    output::say,
    read::{self, Limit},
};

/// Correct, repair, normalise, lower and lint a document: the result is what the
/// generator reads.
///
/// Losses and what the generator may still not accept are listed on standard
/// error, and are in the report with their JSON pointers.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec prepare api.yaml -o prepared.json
  cargo xtask spec prepare api.json --overlay fixes.yaml -o prepared.json --report report.json
  cargo xtask spec prepare api.yaml --trace /components/schemas/Video/properties/status")]
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

    /// Print a node after each rule that changed it, and nothing else. POINTER
    /// leads into the document as given, after the overlay; the node is followed
    /// wherever rules move it. A pointer that leads nowhere there leads into the
    /// prepared document.
    #[arg(long, value_name = "POINTER", conflicts_with_all = ["out", "report"])]
    trace: Option<String>,

    #[command(flatten)]
    limit: Limit,
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let mut document = read::document(&args.document, args.limit)?;
    let mut report = Report::new();
    if let Some(path) = &args.overlay {
        let corrections = read::document(path, args.limit)?;
        (document, report) =
            overlay(document, &corrections, true).map_err(|error| error.in_file(path.display()))?;
    }
    if let Some(pointer) = &args.trace {
        return print_trace(&document, pointer)
            .map_err(|error| error.in_file(args.document.display()));
    }
    let prepared = prepare(document, &mut Names::new())
        .map_err(|error| error.in_file(args.document.display()))?;
    report.append(prepared.report);

    let to = args.report.as_deref().map(|path| (path, &report));
    io::give(&prepared.document, args.out.as_deref(), to)?;
    io::sum_up(&report);
    for finding in &prepared.findings {
        eprintln!("the generator would get this wrong: {finding}");
    }
    Ok(())
}

/// Prints the steps of one node, each with stage, rule and where the node is then.
fn print_trace(document: &Document, pointer: &str) -> Result<(), Error> {
    for step in trace(document, &Names::new(), PrepareOptions::new(), pointer)? {
        let node = match step.node {
            // Indented JSON, of a scalar too.
            Some(node) => format!("{node:#}\n"),
            None => "removed\n".into(),
        };
        say(&format!(
            "# {} {}: {}\n{node}",
            step.stage, step.rule, step.pointer
        ))?;
    }
    Ok(())
}
