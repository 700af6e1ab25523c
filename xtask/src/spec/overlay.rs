//! `cargo xtask spec overlay`: a document, corrected by an overlay.

use std::path::PathBuf;

use openapi_prep::{Error, overlay};

use super::io::give;
use crate::read::{self, Limit};

/// Apply an overlay (OpenAPI Overlay Specification 1.0 or 1.1) to a document.
///
/// What each action did is told on standard error, one line each.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec overlay openapi/v2/heygen.json openapi/v2/overlay.yaml --strict
  cargo xtask spec overlay api.yaml fixes.yaml -o corrected.yaml")]
pub(crate) struct Args {
    /// The document, in JSON or YAML.
    #[arg(value_name = "DOC")]
    document: PathBuf,

    /// The overlay, in JSON or YAML.
    overlay: PathBuf,

    /// Write to this file, not to standard output.
    ///
    /// YAML where its name ends in .yaml or .yml, else JSON, whatever the
    /// document is written in. Folders are made as needed.
    #[arg(short, long, value_name = "OUT")]
    out: Option<PathBuf>,

    /// Refuse an overlay with an action that selects nothing.
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    limit: Limit,
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let document = read::document(&args.document, args.limit)?;
    let corrections = read::document(&args.overlay, args.limit)?;
    let (document, report) = overlay(document, &corrections, args.strict)
        .map_err(|error| error.in_file(args.overlay.display()))?;
    give(&document, args.out.as_deref(), None)?;
    for entry in report.entries() {
        let note = entry.note.replace('\n', " ");
        // The whole document, or nothing at all, has no pointer worth telling.
        let place = [entry.rule, &entry.pointer].join(" ");
        eprintln!("{}: {note}", place.trim_end());
    }
    Ok(())
}
