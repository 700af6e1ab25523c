//! Documents in, documents and reports out: the same for every command.

use std::path::{Path, PathBuf};

use openapi_prep::{
    Error, Report,
    document::{self, Format},
};
use serde_json::Value;

use super::{read, text};
use crate::{output::say, write::write};

/// Reads a document the user named.
pub(super) fn load(path: &Path) -> Result<Value, Error> {
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

/// Writes a document to a file, in the language of its ending, or to standard
/// output as JSON; with it the report, if one is asked for.
pub(super) fn give(
    document: &Value,
    out: Option<&Path>,
    report: Option<(&Path, &Value)>,
) -> Result<(), Error> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for (path, value) in out.map(|out| (out, document)).into_iter().chain(report) {
        let format = Format::of_name(&path.to_string_lossy());
        let text = document::print(value, format).map_err(|error| error.in_file(path.display()))?;
        files.push((path.to_owned(), text.into_bytes()));
    }
    write(&files)?;
    if out.is_none() {
        say(&document::print(document, Format::Json)?)?;
    }
    Ok(())
}

/// Several reports as one list.
pub(super) fn listed(reports: &[Report]) -> Result<Value, Error> {
    let entries: Vec<_> = reports.iter().flat_map(Report::entries).collect();
    serde_json::to_value(entries)
        .map_err(|e| Error::new(format!("the report cannot be written: {e}")))
}

/// Tells on standard error how much was changed and lost.
pub(super) fn sum_up(reports: &[Report]) {
    let entries = reports.iter().map(|r| r.entries().len()).sum::<usize>();
    let losses: Vec<_> = reports.iter().flat_map(Report::losses).collect();
    for loss in &losses {
        eprintln!(
            "lost: {} ({} {}): {}",
            loss.pointer, loss.stage, loss.rule, loss.note
        );
    }
    eprintln!(
        "{} changes, {} losses",
        entries - losses.len(),
        losses.len()
    );
}
