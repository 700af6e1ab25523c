//! The resources of an API: handles whose methods call its operations, and the
//! structs of their queries. All of it is made of the typed view of the document.
//!
//! `names` decides what is called what, `methods` writes the methods and
//! `arguments` what they pass to the generator's, `query` the structs of queries,
//! `docs` the documentation, `coverage` the table of what has a method, `contract`
//! the calls of the contract tests.

mod arguments;
pub(super) mod contract;
mod coverage;
mod docs;
mod handles;
mod ledger;
mod methods;
mod names;
pub(super) mod pages;
mod query;
mod rust_type;

use openapi_prep::{Error, Prepared};
use syn::File;

pub(super) use ledger::Ledger;
pub(super) use names::root;

use super::post;

/// The files of the resources of a module, by name within its folder. What the
/// operations are called is kept in the ledger.
pub(super) fn files(
    prepared: &Prepared,
    module: &str,
    ledger: &mut Ledger,
) -> Result<Vec<(String, File)>, Error> {
    let api = &prepared.api;
    let named = names::assign(api, module, ledger)?;
    let mut files = handles::files(api, module, &named)?;
    files.push((
        "coverage.rs".to_owned(),
        coverage::file(&named, &prepared.report)?,
    ));
    ledger.keep(&named);
    for (_, file) in &mut files {
        post::docs::tidy(file);
    }
    Ok(files)
}

/// Tokens of these templates as a file.
fn parsed(what: &str, tokens: proc_macro2::TokenStream) -> Result<File, Error> {
    syn::parse2(tokens).map_err(|e| Error::new(format!("{what} is not valid Rust: {e}")))
}
