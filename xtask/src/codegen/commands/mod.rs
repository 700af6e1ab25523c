//! The commands of the program `heygen`: a static table of what the command line
//! asks for, for each operation, from the same view of the documents as the facade.
//!
//! `names` decides which words lead to a command, `flags` and `body` what it takes,
//! `response` what it prints, `example` how a call looks, `groups` and `downloads` the
//! rest of the table; `tokens` writes all of it as Rust.

mod body;
mod cases;
mod docs;
mod downloads;
mod example;
mod flags;
mod groups;
mod ids;
mod inflect;
pub(super) mod names;
mod response;
mod schemas;
#[cfg(test)]
mod tests;
mod text;
mod tokens;

use std::collections::BTreeMap;

use openapi_prep::{
    Document, Error,
    api::{Api, Location, Operation, Parameter},
};
use serde_json::Value;

use self::{
    body::Body,
    downloads::Download,
    flags::Flag,
    names::{Named, Names},
    response::{Column, Container},
    text::plain,
};
use super::{
    files::{self, Tree},
    jobs::{self, Job},
    resources::pages::Paging,
};

/// The crate of the program.
pub(super) const PACKAGE: &str = "crates/heygen-cli";

/// The folder of the table.
const FOLDER: &str = "crates/heygen-cli/src/generated";

/// The vendor's mark of the scopes that a key needs.
const SCOPES: &str = "x-heygen-required-scopes";

/// A document to make commands of.
pub(super) struct Input<'a> {
    /// The module of its version.
    pub(super) module: &'a str,
    /// The document as corrected, for what its typed view leaves out.
    pub(super) corrected: &'a Document,
    pub(super) api: &'a Api,
    pub(super) names: &'a Names,
}

/// A command: an operation, with what the command line asks for.
struct Command<'a> {
    module: &'a str,
    operation: &'a Operation,
    named: &'a Named,
    about: String,
    long_about: String,
    arguments: Vec<Argument<'a>>,
    flags: Vec<Flag>,
    body: Body,
    container: Option<Container>,
    /// The static of the job that it starts or reads, and where the id is.
    job: Option<(String, JobId)>,
    columns: Vec<Column>,
    examples: Vec<String>,
    scopes: Vec<&'a str>,
    request_schema: Option<String>,
    response_schema: Option<String>,
}

/// A parameter of the path.
struct Argument<'a> {
    name: String,
    parameter: &'a Parameter,
    /// In Markdown.
    help: &'a str,
}

/// Where the id of a job is.
enum JobId {
    Argument,
    Response(String),
}

/// Puts the table of the commands of all documents.
///
/// # Errors
///
/// Where two commands have the same words, or a hint does not fit the document.
pub(super) fn put(inputs: &[Input<'_>], stamp: &str, tree: &mut Tree) -> Result<(), Error> {
    let (mut commands, mut all_downloads) = (Vec::new(), Vec::new());
    for input in inputs {
        let (own, downloads) =
            of_document(input).map_err(|e| e.in_file(format!("the {} document", input.module)))?;
        commands.extend(own);
        all_downloads.extend(downloads);
    }
    names::check(&commands, &all_downloads)?;
    let groups = groups::of(inputs, &commands, &all_downloads);
    let page = docs::page(&commands, &all_downloads, &groups)?;
    tree.put(docs::PAGE.to_owned(), page);
    let mut files: BTreeMap<String, syn::File> = BTreeMap::new();
    for (file, tokens) in tokens::files(&commands, &all_downloads, &groups) {
        let code = syn::parse2(tokens)
            .map_err(|e| Error::new(format!("the table {file} is not valid Rust: {e}")))?;
        files.insert(format!("{FOLDER}/{file}.rs"), code);
    }
    let mut cases = Vec::new();
    for input in inputs {
        let own = commands.iter().filter(|it| it.module == input.module);
        cases.extend(cases::of(input, own)?);
    }
    cases.extend(all_downloads.iter().map(cases::of_download));
    files.insert(cases::FILE.to_owned(), cases::file(cases)?);
    for (path, code) in files {
        tree.put(path, files::print(stamp, code)?);
    }
    tree.prune(cases::FOLDER, files::is_generated_rust)?;
    tree.prune(FOLDER, files::is_generated_rust)
}

/// The commands of a document, and those that store the files of its objects.
fn of_document<'a>(input: &Input<'a>) -> Result<(Vec<Command<'a>>, Vec<Download>), Error> {
    let jobs = jobs::read(input.api)?;
    let (mut commands, mut all_downloads) = (Vec::new(), Vec::new());
    for operation in &input.api.operations {
        let command = command(input, operation, &jobs).map_err(|e| e.at(&operation.pointer))?;
        all_downloads.extend(downloads::of(input, &command)?);
        commands.push(command);
    }
    Ok((commands, all_downloads))
}

fn command<'a>(
    input: &Input<'a>,
    operation: &'a Operation,
    jobs: &[Job<'_>],
) -> Result<Command<'a>, Error> {
    let Some(named) = input.names.get(operation) else {
        return Err(Error::new(format!("{} has no command", operation.title())));
    };
    let document = input.corrected.as_value();
    let arguments = operation.parameters_in(Location::Path).into_iter();
    let arguments = arguments.map(|parameter| Argument {
        name: names::kebab(&parameter.name),
        parameter,
        help: text::description(document, &parameter.pointer),
    });
    let (flags, body) = body::of(input, operation)?;
    let container = response::container(input.api, operation)?;
    let columns = response::columns(input.api, operation, container.as_ref())?;
    let scopes = operation.extensions.get(SCOPES).and_then(Value::as_array);
    let summary = operation.summary.as_deref().unwrap_or(&operation.id);
    let mut command = Command {
        module: input.module,
        operation,
        named,
        about: plain(summary).trim_end_matches('.').to_owned(),
        long_about: operation
            .description
            .as_deref()
            .map(text::paragraphs)
            .unwrap_or_default(),
        arguments: arguments.collect(),
        flags,
        body,
        container,
        job: job(operation, jobs),
        columns,
        examples: Vec::new(),
        scopes: scopes
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect(),
        request_schema: schemas::request(document, &operation.path, &operation.method),
        response_schema: schemas::response(document, &operation.path, &operation.method),
    };
    command.examples = example::lines(input, &command)?;
    Ok(command)
}

/// The job that an operation starts or reads.
fn job(operation: &Operation, jobs: &[Job<'_>]) -> Option<(String, JobId)> {
    for job in jobs {
        if job.operation.id == operation.id {
            return Some((job.constant(), JobId::Argument));
        }
    }
    for job in jobs {
        let mut created = job.created.iter();
        if let Some(created) = created.find(|created| created.operation.id == operation.id) {
            let path = created.id.trim_end_matches("[]");
            let several = if created.several { "[]" } else { "" };
            let id = JobId::Response(format!("{path}{several}"));
            return Some((job.constant(), id));
        }
    }
    None
}

impl Command<'_> {
    /// Whether it lists in pages.
    fn is_paged(&self) -> bool {
        // A malformed mark is an error where the resources are made.
        matches!(Paging::of(self.operation), Ok(Some(_)))
    }

    /// The static of the command in Rust.
    fn constant(&self) -> String {
        self.operation.function.to_ascii_uppercase()
    }
}

impl Download {
    /// How errors name it.
    fn title(&self) -> String {
        format!("the files of {}", self.of)
    }
}
