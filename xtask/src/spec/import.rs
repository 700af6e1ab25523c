//! `cargo xtask spec import`: the vendor's pages become our document.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use openapi_prep::{Document, Error, Format, page};

use super::{
    changes,
    plan::{Held, Input, Mode, plan},
    source::Source,
};
use crate::{
    codegen::module_name,
    output::say,
    read::{file, text},
    workspace,
    write::write,
};

/// The document of a folder.
const DOCUMENT: &str = "heygen.json";
/// Where its pages come from.
const SOURCE: &str = "SOURCE.toml";
/// The pages as published.
const PAGES: &str = "pages";

/// Merge pages or documents into openapi/NAME/heygen.json.
///
/// A FILE is a page in ReadMe style (a json fence under the heading "OpenAPI
/// definition"), a page in Mintlify style (a fence opened by "yaml FILE METHOD
/// PATH"), or nothing but an OpenAPI 3.0 or 3.1 document in JSON or YAML. It is
/// kept as it is under openapi/NAME/pages, and SOURCE.toml notes its name, date
/// and SHA-256.
///
/// Either all files are taken in or nothing is changed. Taking in a file again
/// changes nothing. What is defined differently than before is refused, both
/// sides shown, unless --replace or --whole is given. A page with another server
/// than the document's keeps it, on its operations.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask spec import get-avatar-details.md --into v2
  cargo xtask spec import pages/*.md external-api.json --into v3
  cargo xtask spec import get-avatar-details.md --into v2 --replace
  cargo xtask spec import external-api.json --into v3 --whole")]
pub(crate) struct Args {
    /// Pages or documents.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The folder under openapi/, which is also the name of a Rust module: a
    /// word of lower-case letters, digits and underscores.
    #[arg(long, value_name = "NAME", value_parser = word)]
    into: String,

    /// Take the new one where something is defined differently, and say what
    /// changed.
    ///
    /// What a page held before and holds no more is removed, unless another
    /// page holds it too.
    #[arg(long)]
    replace: bool,

    /// FILE is the complete document: take all of it, and remove what it lacks,
    /// the other pages too.
    #[arg(long, conflicts_with = "replace")]
    whole: bool,
}

/// A folder name that can be the name of a module.
fn word(text: &str) -> Result<String, String> {
    match module_name(text) {
        Ok(name) if name.starts_with(|c: char| c.is_ascii_lowercase()) => Ok(name),
        _ => Err(
            "it becomes a folder and a Rust module: give a word such as v2, of lower-case \
             letters, digits and underscores, that begins with a letter, is no keyword, and \
             names nothing else in the generated crate"
                .to_owned(),
        ),
    }
}

pub(super) fn run(args: &Args) -> Result<(), Vec<Error>> {
    let root = workspace::root().map_err(one)?;
    let folder = root.join("openapi").join(&args.into);
    let shown = format!("openapi/{}", args.into);
    let inputs = inputs(&args.files)?;
    let held = hold(&folder).map_err(one)?;
    let is_first = held.document.is_none();
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mode = match (args.replace, args.whole) {
        (false, false) => Mode::Add,
        (true, _) => Mode::Replace,
        (false, true) => Mode::Whole,
    };
    let plan = plan(held, &inputs, mode, &today)?;

    let mut files = Vec::new();
    for input in inputs {
        files.push((format!("{PAGES}/{}", input.name), input.bytes));
    }
    let document = Document::from_value(plan.document.clone())
        .and_then(|document| document.print(Format::Json))
        .map_err(one)?;
    files.push((DOCUMENT.to_owned(), document.into_bytes()));
    files.push((SOURCE.to_owned(), plan.source.print().into_bytes()));
    files.retain(|(name, content)| fs::read(folder.join(name)).ok().as_ref() != Some(content));

    let mut out = changes::lines(&plan.changes, is_first);
    let written: Vec<String> = files
        .iter()
        .map(|(name, _)| format!("{shown}/{name}"))
        .collect();
    let files: Vec<_> = files
        .into_iter()
        .map(|(name, content)| (folder.join(name), content))
        .collect();
    write(&files).map_err(one)?;
    for name in plan.removed {
        let path = folder.join(PAGES).join(&name);
        fs::remove_file(&path).map_err(|error| {
            one(Error::new(format!("cannot be removed: {error}")).in_file(path.display()))
        })?;
        out.push(format!("removed {shown}/{PAGES}/{name}"));
    }
    for note in plan.notes {
        out.push(format!("note: {shown}/{note}"));
    }
    if written.is_empty() {
        out.push(format!(
            "{shown}: nothing changed, all of it is held already"
        ));
    } else {
        out.push(format!("wrote {}", written.join(", ")));
    }
    say(&(out.join("\n") + "\n")).map_err(one)
}

fn one(error: Error) -> Vec<Error> {
    vec![error]
}

/// Reads all files; gives all that cannot be taken.
fn inputs(files: &[PathBuf]) -> Result<Vec<Input>, Vec<Error>> {
    let mut inputs: Vec<Input> = Vec::new();
    let mut errors = Vec::new();
    for path in files {
        match input(path) {
            Err(error) => errors.push(error),
            Ok(new) => match inputs.iter().find(|input| input.name == new.name) {
                None => inputs.push(new),
                Some(input) if input.bytes == new.bytes => {}
                Some(input) => errors.push(
                    Error::new(format!("has the name of {} and other content", input.path))
                        .in_file(&new.path)
                        .remedy("pages are kept by file name; rename one of them"),
                ),
            },
        }
    }
    if errors.is_empty() {
        Ok(inputs)
    } else {
        Err(errors)
    }
}

fn input(path: &Path) -> Result<Input, Error> {
    let bytes = file(path)?;
    let page = page::extract(text(&bytes, path)?).map_err(|error| error.in_file(path.display()))?;
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(name) = name.filter(|name| !name.starts_with('.') && !name.contains(char::is_control))
    else {
        return Err(Error::new("has no plain file name to be kept under")
            .in_file(path.display())
            .remedy("rename the file, such as to get-avatar-details.md"));
    };
    Ok(Input {
        path: path.display().to_string(),
        name: name.to_owned(),
        bytes,
        page,
    })
}

/// Reads what the folder holds; one that is not there holds nothing.
fn hold(folder: &Path) -> Result<Held, Error> {
    let place = folder.join(DOCUMENT);
    let document = match optional(&place)? {
        None => None,
        Some(bytes) => {
            let document = Document::parse(text(&bytes, &place)?).and_then(|document| {
                let document = document.into_value();
                if document.is_object() {
                    Ok(document)
                } else {
                    Err(Error::new("holds no JSON object"))
                }
            });
            let remedy = "restore the file from version control";
            Some(document.map_err(|error| error.in_file(place.display()).remedy(remedy))?)
        }
    };
    let place = folder.join(SOURCE);
    let source = match optional(&place)? {
        None => Source::default(),
        Some(bytes) => {
            Source::parse(text(&bytes, &place)?).map_err(|error| error.in_file(place.display()))?
        }
    };
    Ok(Held {
        document,
        source,
        pages: pages(&folder.join(PAGES))?,
    })
}

fn pages(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let failed = |error| {
        Error::new(format!("cannot be listed: {error}"))
            .in_file(folder.display())
            .remedy("check the folder openapi/")
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.map_err(failed)?,
    };
    let mut pages = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name
            && !name.starts_with('.')
            && path.is_file()
        {
            pages.insert(name.to_owned(), file(&path)?);
        }
    }
    Ok(pages)
}

fn optional(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::new(format!("cannot be read: {error}"))
            .in_file(path.display())
            .remedy("check the folder openapi/")),
    }
}
