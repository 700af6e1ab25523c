//! `cargo xtask spec diff`: what changed between two documents.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use openapi_prep::{
    self as prep, Document, Error, Names, PrepareOptions,
    api::Api,
    diff::{Class, diff},
};

use crate::{
    codegen,
    output::say,
    read::{self, Limit},
};

/// Tell what changed between two documents as a user of the Rust crate would
/// feel it.
///
/// Both are prepared as `codegen` does, with one ledger of names, and what came
/// out is compared. A folder stands for its `heygen.json`, corrected by its
/// `overlay.yaml` and with the names of its `names.json`; beside a folder, a
/// document is corrected and named by the same.
///
/// Each change is breaking (a program may not compile any more, or its calls
/// fail until it is changed), additive (it goes on as it is; there is more, or
/// a call travels in another way) or cosmetic (documentation). Breaking
/// changes come first. OpenAPI 3.0 and 3.1 can be compared with each other.
///
/// Ends with 0, also where documents differ; with 1 where a document cannot be
/// read or prepared, or where --fail-on says so, after the report.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec diff old.json openapi/v3
  cargo xtask spec diff old.yaml new.yaml --format markdown > summary.md
  cargo xtask spec diff old.json new.json --format json --fail-on breaking")]
pub(crate) struct Args {
    /// The document as it was, in JSON or YAML, or its folder.
    old: PathBuf,

    /// The document as it is now, in JSON or YAML, or its folder.
    new: PathBuf,

    /// How the report is written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Fail, after the report, where there is a change of this class.
    #[arg(long, value_name = "CLASS", value_enum)]
    fail_on: Option<FailOn>,

    #[command(flatten)]
    limit: Limit,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// Lines for a terminal.
    #[default]
    Text,
    /// For a pull request.
    Markdown,
    /// For programs; the fields are stable and documented with
    /// `openapi_prep::diff`.
    Json,
}

/// What a check is to refuse.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    /// Any change that breaks programs.
    Breaking,
}

pub(super) fn run(args: &Args) -> Result<(), Vec<Error>> {
    // Both files are looked at, so that one run reports both.
    let (old, new) = match (
        Source::read(&args.old, &args.new, args.limit),
        Source::read(&args.new, &args.old, args.limit),
    ) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let mut errors: Vec<_> = old.err().into_iter().chain(new.err()).collect();
            // Both read the same folder.
            errors.dedup_by_key(|error| error.to_string());
            return Err(errors);
        }
    };
    let own_names = args.old.is_dir() && args.new.is_dir();
    let (old, names) = old.prepare().map_err(|error| vec![error])?;
    let names = if own_names { new.names } else { names };
    let new = Source { names, ..new }.prepare();
    let (new, _) = new.map_err(|error| vec![error])?;
    let found = diff(&old, &new);
    let report = match args.format {
        Format::Text => found.to_text(),
        Format::Markdown => found.to_markdown(),
        Format::Json => Document::from_value(found.to_json())
            .and_then(|report| report.print(prep::Format::Json))
            .map_err(|error| vec![error])?,
    };
    say(&report).map_err(|error| vec![error])?;
    let breaking = found.count(Class::Breaking);
    match args.fail_on {
        Some(FailOn::Breaking) if breaking > 0 => {
            let changes = prep::count(breaking, "breaking change");
            Err(vec![
                Error::new(changes)
                    .in_file(args.new.display())
                    .remedy("see the report; without --fail-on this is no error"),
            ])
        }
        _ => Ok(()),
    }
}

/// A document to be compared, with what it is prepared by.
struct Source {
    file: PathBuf,
    document: Document,
    names: Names,
    options: PrepareOptions,
}

impl Source {
    /// Reads a document or its folder. Without a folder of its own it is
    /// corrected and named by that of the other, if that is one.
    fn read(path: &Path, other: &Path, limit: Limit) -> Result<Self, Error> {
        let folder = [path, other].into_iter().find(|path| path.is_dir());
        let file = if path.is_dir() {
            path.join("heygen.json")
        } else {
            path.to_owned()
        };
        let mut document = read::document(&file, limit)?;
        document.version().map_err(|e| e.in_file(file.display()))?;
        let mut names = Names::new();
        if let Some(folder) = folder {
            let overlay = folder.join("overlay.yaml");
            if overlay.exists() {
                let corrections = read::document(&overlay, limit)?;
                // What a later document has no place for is no error here.
                (document, _) = prep::overlay(document, &corrections, false)
                    .map_err(|e| e.in_file(overlay.display()))?;
            }
            names = codegen::names(&folder.join(codegen::LEDGER))?;
        }
        let options = folder.map_or_else(PrepareOptions::new, |_| codegen::core_options());
        Ok(Self {
            file,
            document,
            names,
            options,
        })
    }

    /// What is generated of it, and the ledger that this leaves.
    fn prepare(mut self) -> Result<(Api, Names), Error> {
        let prepared = prep::prepare_with(self.document, &mut self.names, self.options)
            .map_err(|e| e.in_file(self.file.display()))?;
        Ok((prepared.api, self.names))
    }
}
