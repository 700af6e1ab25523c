//! `cargo xtask spec import`: the vendor's pages become our document.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use openapi_prep::{Document, Error, Format, page};
use serde_json::Value;

use super::{
    changes,
    plan::{Held, Input, plan, whole},
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
    let name = module_name(text).ok();
    let name = name.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
    name.ok_or_else(|| {
        "it becomes a folder and a Rust module: give a word such as v2, of lower-case letters, \
         digits and underscores, that begins with a letter, is no keyword, and names nothing else \
         in the generated crate"
            .to_owned()
    })
}

pub(super) fn run(args: &Args) -> Result<(), Vec<Error>> {
    let one = |error: Error| vec![error];
    let shown = format!("openapi/{}", args.into);
    let folder = workspace::root().map_err(one)?.join(&shown);
    let inputs = inputs(&args.files)?;
    let held = hold(&folder).map_err(one)?;
    let is_first = held.document.is_none();
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    let today = today
        .parse()
        .map_err(|error| one(Error::new(format!("no date: {error}"))))?;
    let plan = match inputs.as_slice() {
        [input] if args.whole => {
            whole(held, input, today).map_err(|error| one(error.in_file(&input.path)))?
        }
        inputs if args.whole => {
            let count = inputs.len();
            return Err(one(Error::new(format!(
                "{count} files cannot each be the complete document"
            ))
            .remedy("pass one file with --whole, or --replace to take in several")));
        }
        inputs => plan(held, inputs, args.replace, today)?,
    };

    let mut files: Vec<_> = inputs
        .into_iter()
        .map(|input| (format!("{PAGES}/{}", input.name), input.bytes))
        .collect();
    let document = Document::from_value(plan.document);
    let document = document.and_then(|document| document.print(Format::Json));
    files.push((DOCUMENT.to_owned(), document.map_err(one)?.into_bytes()));
    let source = plan.source.print().map_err(one)?;
    files.push((SOURCE.to_owned(), source.into_bytes()));
    files.retain(|(name, content)| fs::read(folder.join(name)).ok().as_ref() != Some(content));

    let mut out = changes::lines(&plan.changes, is_first);
    let written = files.iter().map(|(name, _)| format!("{shown}/{name}"));
    let written: Vec<String> = written.collect();
    let place = |(name, content): (String, _)| (folder.join(name), content);
    write(&files.into_iter().map(place).collect::<Vec<_>>()).map_err(one)?;
    for name in plan.removed {
        let path = folder.join(PAGES).join(&name);
        fs::remove_file(&path).map_err(|error| one(failed(&path, "removed", &error)))?;
        out.push(format!("removed {shown}/{PAGES}/{name}"));
    }
    let notes = plan.notes.iter();
    out.extend(notes.map(|note| format!("note: {shown}/{note}")));
    out.push(if written.is_empty() {
        format!("{shown}: nothing changed, all of it is held already")
    } else {
        format!("wrote {}", written.join(", "))
    });
    say(&(out.join("\n") + "\n")).map_err(one)
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
    let is_plain = |name: &&str| !name.starts_with('.') && !name.contains(char::is_control);
    let name = name.filter(is_plain).ok_or_else(|| {
        Error::new("has no plain file name to be kept under")
            .in_file(path.display())
            .remedy("rename the file, such as to get-avatar-details.md")
    })?;
    Ok(Input {
        path: path.display().to_string(),
        name: name.to_owned(),
        bytes,
        page,
    })
}

/// Reads what the folder holds; one that is not there holds nothing.
fn hold(folder: &Path) -> Result<Held, Error> {
    let mut held = Held::default();
    let place = folder.join(DOCUMENT);
    if let Some(bytes) = found(&place, fs::read(&place))? {
        let document = Document::parse(text(&bytes, &place)?).map(Document::into_value);
        let document = document.and_then(|document| match document {
            Value::Object(_) => Ok(document),
            _ => Err(Error::new("holds no JSON object")),
        });
        let remedy = "restore the file from version control";
        let document = document.map_err(|error| error.in_file(place.display()).remedy(remedy))?;
        held.document = Some(document);
    }
    let place = folder.join(SOURCE);
    if let Some(bytes) = found(&place, fs::read(&place))? {
        let source = Source::parse(text(&bytes, &place)?);
        held.source = source.map_err(|error| error.in_file(place.display()))?;
    }
    held.pages = pages(&folder.join(PAGES))?;
    Ok(held)
}

fn pages(folder: &Path) -> Result<BTreeMap<String, Input>, Error> {
    let mut pages = BTreeMap::new();
    for entry in found(folder, fs::read_dir(folder))?.into_iter().flatten() {
        let entry = entry.map_err(|error| failed(folder, "read", &error))?;
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with('.') && path.is_file() {
            let remedy = "the page held is damaged; restore it from version control";
            let page = input(&path).map_err(|error| error.remedy(remedy))?;
            pages.insert(page.name.clone(), page);
        }
    }
    Ok(pages)
}

/// What was read, if it is there.
fn found<T>(path: &Path, read: io::Result<T>) -> Result<Option<T>, Error> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, "read", &error)),
    }
}

fn failed(path: &Path, what: &str, error: &io::Error) -> Error {
    Error::new(format!("cannot be {what}: {error}"))
        .in_file(path.display())
        .remedy("check the folder openapi/")
}
