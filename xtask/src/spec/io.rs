//! Documents and reports out: the same for every command.

use std::path::{Path, PathBuf};

use openapi_prep::{Document, Error, Format, Report, count};

use crate::{output::say, write::write};

/// Writes a document to a file, in the language of its ending, or to standard
/// output as JSON; with it the report, if one is asked for.
pub(super) fn give(
    document: &Document,
    out: Option<&Path>,
    report: Option<(&Path, &Report)>,
) -> Result<(), Error> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    let mut put = |path: &Path, printed: Result<String, Error>| {
        let text = printed.map_err(|error| error.in_file(path.display()))?;
        files.push((path.to_owned(), text.into_bytes()));
        Ok::<_, Error>(())
    };
    if let Some(path) = out {
        put(path, document.print(format(path)))?;
    }
    if let Some((path, report)) = report {
        put(path, listed(report)?.print(format(path)))?;
    }
    write(&files)?;
    if out.is_none() {
        say(&document.print(Format::Json)?)?;
    }
    Ok(())
}

fn format(path: &Path) -> Format {
    Format::of_name(&path.to_string_lossy())
}

/// The report as it stands in a file.
fn listed(report: &Report) -> Result<Document, Error> {
    serde_json::to_value(report)
        .map_err(|e| Error::new(format!("the report cannot be written: {e}")))
        .and_then(Document::from_value)
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
