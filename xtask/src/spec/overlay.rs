//! `cargo xtask spec overlay`: a document, corrected by an overlay.

use std::path::{Path, PathBuf};

use openapi_prep::{
    Error,
    document::{self, Format},
    overlay,
};
use serde_json::Value;

use super::{read, store, text};
use crate::output::say;

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
}

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let document = load(&args.document)?;
    let overlay = load(&args.overlay)?;
    let (document, report) = overlay::apply(document, &overlay, args.strict)
        .map_err(|error| error.in_file(args.overlay.display()))?;
    for entry in report.entries() {
        let note = entry.note.replace('\n', " ");
        // The whole document, or nothing at all, has no pointer worth telling.
        let place = [entry.rule, &entry.pointer].join(" ");
        eprintln!("{}: {note}", place.trim_end());
    }
    match &args.out {
        None => say(&document::print(&document, Format::Json)?),
        Some(out) => {
            let format = Format::of_name(&out.to_string_lossy());
            let text =
                document::print(&document, format).map_err(|error| error.in_file(out.display()))?;
            store::write(&[(out.clone(), text.into_bytes())])
        }
    }
}

fn load(path: &Path) -> Result<Value, Error> {
    let bytes = read(path)?;
    let value = document::parse(text(&bytes, path)?)
        .map_err(|error| error.in_file(path.display()).remedy("correct the file"))?;
    if value.is_object() || value.is_array() {
        return Ok(value);
    }
    Err(
        Error::new("holds no document: wanted an object in JSON or YAML")
            .in_file(path.display())
            .remedy("check that this is the file you mean"),
    )
}
