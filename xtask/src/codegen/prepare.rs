//! From a vendor's document to what the generator reads, one directory under
//! `openapi/` at a time.

use std::{fs, io::ErrorKind, path::Path};

use openapi_prep::{Document, Error, Names, PrepareOptions, Report, overlay, prepare_with};
use serde_json::json;

use super::{
    files::{self, Tree, io},
    losses,
    resources::Ledger,
};

/// The ledger of names, beside a document of ours or in a stand-alone crate.
pub(crate) const LEDGER: &str = "names.json";

/// What the code of one directory is generated from.
#[derive(Debug)]
pub(super) struct Inputs {
    /// The vendor's document with our corrections: what we hold to be true.
    pub(super) corrected: Document,
    /// What the generator reads, and all that is known of it.
    pub(super) prepared: openapi_prep::Prepared,
    names: Names,
    /// The names of operations.
    pub(super) operations: Ledger,
    overlay: Option<Document>,
}

/// The directories of a folder of documents, in order.
pub(super) fn directories(root: &Path, openapi: &str) -> Result<Vec<String>, Error> {
    let folder = root.join(openapi);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|e| io(&folder, "list the folder", &e))? {
        let entry = entry.map_err(|e| io(&folder, "list the folder", &e))?;
        let name = entry.file_name();
        // Hidden folders are other programs' own.
        if entry.path().is_dir() && !name.as_encoded_bytes().starts_with(b".") {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// What `heygen-core` does for all generated code, and what that offers.
pub(crate) fn core_options() -> PrepareOptions {
    PrepareOptions::new()
        .runtime_sends_idempotency_keys()
        .runtime_sends_credentials()
        .runtime_reads_errors()
        .runtime_reads_webhooks()
        .null_in_updates_only()
}

/// Runs the stages: overlay, and all that `prepare` runs.
pub(super) fn prepare(root: &Path, name: &str) -> Result<Inputs, Error> {
    let folder = root.join(name);
    let shown = |file: &str| format!("{name}/{file}");
    let published = read(&folder.join("heygen.json"))?.ok_or_else(|| {
        Error::new("the document is missing")
            .in_file(shown("heygen.json"))
            .remedy("import a page with `cargo xtask spec import FILE... --into FOLDER`, or remove the folder")
    })?;
    let corrections = read(&folder.join("overlay.yaml"))?;
    let (corrected, mut report) = match &corrections {
        Some(corrections) => {
            overlay(published, corrections, true).map_err(|e| e.in_file(shown("overlay.yaml")))?
        }
        None => (published, Report::new()),
    };
    let (mut names, operations) = ledger(&folder.join(LEDGER))?;
    let mut prepared = prepare_with(corrected.clone(), &mut names, core_options())
        .map_err(|e| e.in_file(shown("heygen.json")))?;
    report.append(std::mem::take(&mut prepared.report));
    prepared.report = report;
    if !prepared.findings.is_empty() {
        let findings = prepared.findings.iter().map(|f| format!("\n  - {f}"));
        return Err(Error::new(format!(
            "the generator cannot take this document:{}",
            findings.collect::<String>()
        ))
        .in_file(shown("lowered.json"))
        .remedy(format!(
            "correct it by an action in {}",
            shown("overlay.yaml")
        )));
    }
    Ok(Inputs {
        corrected,
        prepared,
        names,
        operations,
        overlay: corrections,
    })
}

impl Inputs {
    /// The losses, a line each.
    ///
    /// # Errors
    ///
    /// Where one is not accepted by the overlay.
    pub(super) fn accepted_losses(&self, folder: &str) -> Result<Vec<String>, Error> {
        let lines = losses::check(&self.prepared.report, self.overlay.as_ref())
            .map_err(|e| e.in_file(format!("{folder}/overlay.yaml")))?;
        let lines = lines.iter().map(|line| format!("{folder}: {line}"));
        Ok(lines.collect())
    }

    /// Puts what is checked in beside the document into the tree.
    pub(super) fn put(&self, folder: &str, tree: &mut Tree) -> Result<(), Error> {
        for (file, value) in [
            ("corrected.json", self.corrected.as_value()),
            ("lowered.json", self.prepared.document.as_value()),
            (LEDGER, &self.operations.put_into(self.names.to_json())),
            ("report.json", &json!(self.prepared.report)),
        ] {
            tree.put(format!("{folder}/{file}"), files::json(value)?);
        }
        Ok(())
    }
}

/// The names of types that earlier runs have assigned, which are kept.
pub(crate) fn names(file: &Path) -> Result<Names, Error> {
    ledger(file).map(|(names, _)| names)
}

/// The names of types and of operations that earlier runs have assigned.
fn ledger(file: &Path) -> Result<(Names, Ledger), Error> {
    let Some(document) = read(file)? else {
        return Ok((Names::new(), Ledger::default()));
    };
    let mut types = document.as_value().clone();
    let parts = Ledger::take_from(&mut types)
        .and_then(|operations| Ok((Names::from_json(&types)?, operations)));
    parts.map_err(|e| e.in_file(file.display()))
}

/// Reads a document, if it is there.
fn read(path: &Path) -> Result<Option<Document>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Document::parse(&text)
            .map(Some)
            .map_err(|e| e.in_file(path.display())),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(io(path, "read the file", &e)),
    }
}
