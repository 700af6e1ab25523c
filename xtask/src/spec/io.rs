//! Documents and reports out: the same for every command.

use std::path::Path;

use openapi_prep::{Document, Error, Format, Report, count};

use crate::{output::say, write::write};

/// Writes a document to a file, in the language of its ending, or to standard
/// output as JSON; with it the report, if one is asked for.
pub(super) fn give(
    document: &Document,
    out: Option<&Path>,
    report: Option<(&Path, &Report)>,
) -> Result<(), Error> {
    let print = |path: &Path, document: &Document| {
        let text = document.print(Format::of_name(&path.to_string_lossy()));
        let text = text.map_err(|error| error.in_file(path.display()))?;
        Ok::<_, Error>((path.to_owned(), text.into_bytes()))
    };
    let mut files = Vec::new();
    if let Some(path) = out {
        files.push(print(path, document)?);
    }
    if let Some((path, report)) = report {
        let report = serde_json::to_value(report)
            .map_err(|e| Error::new(format!("the report cannot be written: {e}")))
            .and_then(Document::from_value)?;
        files.push(print(path, &report)?);
    }
    write(&files)?;
    if out.is_none() {
        say(&document.print(Format::Json)?)?;
    }
    Ok(())
}

/// Tells on standard error how much was changed and lost.
pub(super) fn sum_up(report: &Report) {
    let losses: Vec<_> = report.losses().collect();
    for loss in &losses {
        eprintln!(
            "lost: {} ({} {}): {}",
            loss.pointer, loss.stage, loss.rule, loss.note
        );
    }
    eprintln!(
        "{}, {}",
        count(report.entries().len() - losses.len(), "change"),
        count(losses.len(), "loss")
    );
}
