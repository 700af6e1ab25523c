//! Splits what the generator gives as one file into files by kind, each put
//! into shape by the passes of `post`.

use openapi_prep::Error;
use quote::quote;
use serde_json::Value;
use syn::{Item, ItemMod};

use super::{
    generate::Code,
    operations,
    post::{self, facts::Facts},
};

/// What the generator gave, by kind.
pub(super) struct Parts {
    /// The client and what stands beside it.
    pub(super) client: Vec<Item>,
    /// Types, but for their builders.
    pub(super) types: Vec<Item>,
    /// The types' builders.
    pub(super) type_builders: Vec<Item>,
    /// The operations' builders.
    pub(super) builders: Vec<Item>,
}

impl Parts {
    pub(super) fn of(code: syn::File) -> Self {
        let mut parts = Self {
            client: Vec::new(),
            types: Vec::new(),
            type_builders: Vec::new(),
            builders: Vec::new(),
        };
        for item in code.items {
            match item {
                Item::Mod(m) if m.ident == "types" => {
                    for item in inner(m) {
                        match item {
                            Item::Mod(m) if m.ident == "builder" => parts.type_builders = inner(m),
                            other => parts.types.push(other),
                        }
                    }
                }
                Item::Mod(m) if m.ident == "builder" => parts.builders = inner(m),
                Item::Mod(m) if m.ident == "prelude" => {}
                other => parts.client.push(other),
            }
        }
        parts
    }
}

/// The files of one module, by name within its folder.
pub(super) fn split(
    code: Code,
    lowered: &Value,
    module: &str,
) -> Result<Vec<(String, syn::File)>, Error> {
    let facts = Facts::read(lowered);
    let parts = Parts::of(code.client);

    let envelopes = post::envelopes::impls(&facts, &parts.types)?;
    let types = post::types::shape(parts.types, !parts.type_builders.is_empty(), &facts)?;
    let type_builders = post::types::shape_builders(parts.type_builders, &facts)?;
    let builders = post::builders::shape(parts.builders)?;
    let client = post::client::shape(parts.client)?;
    let httpmock = post::httpmock::shape(code.httpmock, module)?;
    let table = operations::table(&facts)?;

    let mut files = vec![
        ("types.rs".to_owned(), file(types)),
        ("builder.rs".to_owned(), file(builders)),
        ("client.rs".to_owned(), file(client)),
        ("operations.rs".to_owned(), table),
        ("envelopes.rs".to_owned(), envelopes),
        ("httpmock.rs".to_owned(), httpmock),
        ("mod.rs".to_owned(), root(&facts)?),
    ];
    if !type_builders.is_empty() {
        files.push(("types/builder.rs".to_owned(), file(type_builders)));
    }
    for (_, file) in &mut files {
        post::docs::tidy(file);
    }
    Ok(files)
}

fn inner(module: ItemMod) -> Vec<Item> {
    module.content.map(|(_, items)| items).unwrap_or_default()
}

/// A file of these items.
pub(super) fn file(items: Vec<Item>) -> syn::File {
    syn::File {
        shebang: None,
        attrs: Vec::new(),
        items,
    }
}

/// The module's root: what it is, and which files it has.
fn root(facts: &Facts) -> Result<syn::File, Error> {
    let about = format!(
        " {}, version {}, as its OpenAPI document describes it.",
        facts.title, facts.version
    );
    syn::parse2(quote! {
        #![doc = #about]
        #![allow(clippy::all, clippy::pedantic, missing_docs, unused_imports, unreachable_pub, irrefutable_let_patterns)]

        #[doc = " One builder for each operation; `send` makes the call."]
        pub mod builder;
        mod client;
        mod envelopes;
        #[doc = " Typed helpers for mocks of the server."]
        #[cfg(feature = "httpmock")]
        pub mod httpmock;
        #[doc = " What the transport is told of each operation."]
        pub mod operations;
        #[doc = " What operations are sent and what they answer."]
        pub mod types;

        pub use client::Client;
    })
    .map_err(|e| Error::new(format!("the module's root is no valid Rust: {e}")))
}
