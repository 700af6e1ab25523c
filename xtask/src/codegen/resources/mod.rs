//! The resources of an API: handles whose methods call its operations, and the
//! structs of their queries. All of it is made of the typed view of the document.
//!
//! `names` decides what is called what, `methods` writes the methods and
//! `arguments` what they pass to the generator's, `query` the structs of queries,
//! `waits` the methods that wait for jobs, `jobs` their static data, `downloads` the
//! methods that download files, `docs` and `wait_docs` the documentation, `coverage` the
//! table of what has a method, `contract`
//! the calls of the contract tests.

mod arguments;
pub(super) mod contract;
mod coverage;
mod docs;
mod downloads;
mod example;
mod handles;
mod jobs;
mod ledger;
mod methods;
mod named;
mod names;
pub(super) mod pages;
mod query;
mod rust_type;
mod singular;
mod uploads;
mod wait_docs;
mod waits;

use openapi_prep::{Error, Prepared, api::Api};
use syn::File;

pub(super) use ledger::Ledger;
pub(super) use names::root;

use self::named::Example;
use super::{jobs::Job, post};

/// What is generated of the resources of a module.
#[derive(Debug)]
pub(super) struct Resources {
    /// The files, by name within the module's folder.
    pub(super) files: Vec<(String, File)>,
    /// A test that the examples in the documentation compile, if there are any.
    pub(super) examples: Option<File>,
}

/// Generates the resources of a module. What the operations are called is kept in
/// the ledger.
pub(super) fn generate(
    prepared: &Prepared,
    module: &str,
    jobs: &[Job<'_>],
    ledger: &mut Ledger,
) -> Result<Resources, Error> {
    let api = &prepared.api;
    let mut named = names::assign(api, module, ledger)?;
    for named in &mut named {
        named.example = example::of(api, module, named)?;
    }
    let jobs = jobs::Jobs {
        jobs,
        named: &named,
    };
    let mut files = handles::files(api, module, jobs)?;
    if !jobs.jobs.is_empty() {
        files.push(("jobs.rs".to_owned(), jobs::file(jobs)?));
    }
    if let Some(file) = downloads::file(api, &named)? {
        files.push(("files.rs".to_owned(), file));
    }
    files.push((
        "coverage.rs".to_owned(),
        coverage::file(api, jobs, &prepared.report)?,
    ));
    ledger.keep(&named);
    for (_, file) in &mut files {
        post::docs::tidy(file);
    }
    let examples = examples(api, module, jobs)?;
    Ok(Resources { files, examples })
}

/// The test that the examples compile: a function of each.
fn examples(api: &Api, module: &str, jobs: jobs::Jobs<'_>) -> Result<Option<File>, Error> {
    let mut functions = Vec::new();
    for named in jobs.named {
        let function = &named.operation.function;
        let mut put = |prefix: &str, example: Option<&Example>| {
            let name = format!("{prefix}{function}");
            functions.extend(example.map(|example| example.function(module, &name)));
        };
        put("", named.example.as_ref());
        put("wait_", waits::example(jobs, module, named).as_ref());
        let download = downloads::example_of(api, module, named)?;
        put("download_", download.as_ref());
        functions.extend(uploads::example_function(module, named));
    }
    if functions.is_empty() {
        return Ok(None);
    }
    let about = format!(" The examples in the documentation of {module} compile.");
    let tokens = quote::quote! {
        #![doc = #about]
        #![cfg(feature = #module)]
        #![allow(dead_code, reason = "compiled, and not run")]

        // The formatter of this file differs from rustfmt.
        #[rustfmt::skip]
        mod examples {
            #(#functions)*
        }
    };
    parsed("the test of examples", tokens).map(Some)
}

/// Tokens of these templates as a file.
fn parsed(what: &str, tokens: proc_macro2::TokenStream) -> Result<File, Error> {
    syn::parse2(tokens).map_err(|e| Error::new(format!("{what} is not valid Rust: {e}")))
}
