//! The tables that the mock responds from: operations, shapes of requests, and
//! collections of objects, from the corrected documents.

mod deprecation;
mod failures;
mod jobs;
mod known;
mod operation;
mod page;
mod parameter;
mod path;
mod reply;
mod reply_tokens;
mod roles;
mod schema;
mod security;
mod shape;
pub(super) mod synth;
mod tokens;

use std::collections::BTreeMap;

use openapi_prep::{Document, Error, api::Api};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use self::{failures::Failures, resolve::Resolver, shape::Shapes, tokens::Context};
use super::{
    files::{self, Tree},
    resolve,
};

/// The folder of the mock's own tables.
pub(super) const FOLDER: &str = "crates/heygen-mock/src/generated";

/// The folder of the tables of documents made up for tests.
pub(super) const FIXTURES: &str = "tests/src/generated/mock";

/// A document to make a table of.
pub(super) struct Input {
    /// The module of its version.
    pub(super) module: String,
    /// The document as corrected.
    pub(super) corrected: Document,
    /// Its typed view, which has the jobs.
    pub(super) api: Api,
}

/// Puts the tables of documents into a folder. The mock's own know the types by
/// `crate::table`, those of other crates by `heygen_mock::table`.
pub(super) fn put(
    inputs: &[Input],
    folder: &str,
    types: &TokenStream,
    stamp: &str,
    tree: &mut Tree,
) -> Result<(), Error> {
    let mut modules = Vec::new();
    let mut tables = Vec::new();
    for input in inputs {
        let files =
            files(input, types).map_err(|e| e.in_file(format!("the {} document", input.module)))?;
        for (file, code) in files {
            let code = syn::parse2(code)
                .map_err(|e| Error::new(format!("the table {file} is not valid Rust: {e}")))?;
            let path = format!("{folder}/{}/{file}.rs", input.module);
            tree.put(path, files::print(stamp, code)?);
        }
        let module = format_ident!("{}", input.module);
        modules.push(quote!(mod #module;));
        tables.push(quote!(&#module::TABLE));
    }
    let list = quote! {
        #![doc = " Tables of the documents, by the API version that they describe."]

        #(#modules)*

        #[doc = " The tables of all documents."]
        #[allow(unreachable_pub)]
        pub static TABLES: &[&#types::Table] = &[#(#tables),*];
    };
    let list = syn::parse2(list)
        .map_err(|e| Error::new(format!("the list of tables is not valid Rust: {e}")))?;
    tree.put(format!("{folder}/mod.rs"), files::print(stamp, list)?);
    Ok(())
}

/// The files of one document's table, by module.
fn files(input: &Input, types: &TokenStream) -> Result<Vec<(String, TokenStream)>, Error> {
    let document = Resolver::new(input.corrected.as_value());
    let operations = operation::operations(document).map_err(Error::new)?;
    let jobs = super::jobs::read(&input.api)?;
    let collections = roles::collections(&operations);
    let (mut shapes, failures) = (Shapes::new(document), Failures::of(&operations));
    let mut context = Context {
        document,
        shapes: &mut shapes,
        failures: &failures,
    };
    let mut resources: BTreeMap<String, Resource> = BTreeMap::new();
    for operation in &operations {
        let role = roles::role(document, operation, &collections, &jobs);
        let objects = roles::objects(operation, &collections);
        let made = tokens::operation(&mut context, operation, &objects, &role);
        let resource = resources.entry(path::resource(operation.path));
        resource.or_default().operations.push(made);
    }
    for collection in collections.values() {
        let job = jobs::job(document, collection, &collections, &jobs);
        let made = tokens::collection(collection, job);
        let name = tokens::static_of(collection.path);
        let resource = resources
            .entry(path::resource(collection.path))
            .or_default();
        let made = quote!(pub(super) static #name: Collection = #made;);
        resource.collections.push(made);
        resource.exported.push(name);
    }
    let mut shared = Vec::new();
    for (name, named) in &shapes.named {
        let (ident, shape) = (shape::static_name(name), &named.shape);
        let mut users = named.resources.iter();
        match (users.next(), users.next()) {
            (Some(only), None) => {
                let resource = resources.entry(only.clone()).or_default();
                resource.shapes.push(quote!(static #ident: Shape = #shape;));
            }
            (Some(_), Some(_)) => shared.push(quote!(pub(super) static #ident: Shape = #shape;)),
            (None, _) => {}
        }
    }
    Ok(modules(input, types, resources, &failures, &shared))
}

/// What a file of a resource has.
#[derive(Default)]
struct Resource {
    operations: Vec<TokenStream>,
    collections: Vec<TokenStream>,
    /// The names of the collections.
    exported: Vec<proc_macro2::Ident>,
    shapes: Vec<TokenStream>,
}

fn modules(
    input: &Input,
    types: &TokenStream,
    resources: BTreeMap<String, Resource>,
    failures: &Failures,
    shared: &[TokenStream],
) -> Vec<(String, TokenStream)> {
    let mut files = Vec::new();
    let (mut mods, mut rows) = (Vec::new(), Vec::new());
    for (name, resource) in resources {
        let Resource {
            operations,
            collections,
            exported,
            shapes,
        } = resource;
        let module = format_ident!("{name}");
        mods.push(quote!(mod #module;));
        mods.extend((!exported.is_empty()).then(|| quote!(use #module::{#(#exported),*};)));
        rows.push(quote!(#module::OPERATIONS));
        let code = quote! {
            use #types::*;
            use super::failures::*;
            use super::shapes::*;

            pub(super) static OPERATIONS: &[Operation] = &[#(#operations),*];
            #(#collections)*
            #(#shapes)*
        };
        files.push((name, code));
    }
    let constants = failures.items();
    files.push(("failures".to_owned(), quote!(use #types::Reply; #constants)));
    files.push(("shapes".to_owned(), quote!(use #types::*; #(#shared)*)));
    let about = format!(" The table of the {} document.", input.module);
    let root = quote! {
        #![doc = #about]
        #![allow(unused_imports, clippy::all, clippy::pedantic)]

        mod failures;
        mod shapes;
        #(#mods)*

        #[doc = " All operations of the document."]
        pub(super) static TABLE: #types::Table = #types::Table { operations: &[#(#rows),*] };
    };
    files.push(("mod".to_owned(), root));
    files
}
