//! `cargo xtask spec diff`: what changed between two documents.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use openapi_prep::{self as prep, Document, Error, diff::Class};

use crate::{
    output::say,
    read::{self, Limit},
};

/// Tell what changed between two documents as a user of the Rust crate would
/// feel it.
///
/// Each change is breaking (a program may not compile any more, or its calls
/// fail until it is changed), additive (it goes on as it is; there is more, or
/// a call travels in another way) or cosmetic (documentation). Breaking
/// changes come first. OpenAPI 3.0 and 3.1 can be compared with each other.
///
/// Ends with 0, also where documents differ; with 1 where a document cannot be
/// read, or where --fail-on says so, after the report.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec diff openapi/v3/heygen.json new.json
  cargo xtask spec diff old.yaml new.yaml --format markdown > summary.md
  cargo xtask spec diff old.json new.json --format json --fail-on breaking")]
pub(crate) struct Args {
    /// The document as it was, in JSON or YAML.
    old: PathBuf,

    /// The document as it is now, in JSON or YAML.
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
    // Both files are looked at, so that one run tells of both.
    let (old, new) = match (load(&args.old, args.limit), load(&args.new, args.limit)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Err(old.err().into_iter().chain(new.err()).collect()),
    };
    let found = prep::diff(&old, &new);
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

fn load(path: &Path, limit: Limit) -> Result<Document, Error> {
    let document = read::document(path, limit)?;
    document
        .version()
        .map_err(|error| error.in_file(path.display()))?;
    Ok(document)
}
