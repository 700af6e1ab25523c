//! Splits the generator's output into files by kind of item, and applies the
//! passes of `post`.

use openapi_prep::{Error, Prepared, api::Api};
use quote::quote;
use syn::{Item, ItemMod};

use super::{
    by_resource,
    file_hints::DOWNLOAD,
    generate::Code,
    jobs::JOB,
    operations,
    post::{self, facts::Facts},
    types_by_resource, webhooks,
};

/// The generator's output, by kind of item.
pub(super) struct Parts {
    /// The client and other top-level items.
    pub(super) client: Vec<Item>,
    /// Types, without their builders.
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
    prepared: &Prepared,
    module: &str,
) -> Result<Vec<(String, syn::File)>, Error> {
    let api = &prepared.api;
    let facts = Facts::read(prepared);
    let mut parts = Parts::of(code.client);

    let envelopes = post::envelopes::impls(api, &mut parts.types)?;
    let types = post::types::shape(parts.types, &facts, &quote!(::heygen_core))?;
    let types = types_by_resource::files(post::surface::of(types, &facts)?, api)?;
    let client = post::client::shape(parts.client)?;
    let httpmock = post::httpmock::shape(code.httpmock, module)?;
    let table = operations::table(
        &api.operations,
        &quote!(heygen_core::Operation),
        &operations::for_core,
    )?;

    let mut files = vec![
        ("hooks.rs".to_owned(), post::hooks::file()?),
        ("operations.rs".to_owned(), table),
        ("envelopes.rs".to_owned(), envelopes),
    ];
    let webhooks = webhooks::file(prepared)?;
    files.push(("mod.rs".to_owned(), root(api, webhooks.is_some())?));
    files.extend(webhooks.map(|file| ("webhooks.rs".to_owned(), file)));
    files.extend(types);
    files.extend(by_resource::client(client, api)?);
    files.extend(by_resource::httpmock(httpmock, api)?);
    for (_, file) in &mut files {
        post::docs::tidy(file);
    }
    Ok(files)
}

fn inner(module: ItemMod) -> Vec<Item> {
    module.content.map(|(_, items)| items).unwrap_or_default()
}

/// The first line of a module's or crate's documentation.
pub(super) fn about(api: &Api) -> String {
    let or = |text: &str, other: &str| if text.is_empty() { other } else { text }.to_owned();
    format!(
        " {}, version {}, as its OpenAPI document describes it.",
        or(&api.title, "The API"),
        or(&api.version, "unknown")
    )
}

/// Whether an operation of the document has a hint.
pub(super) fn has_hint(api: &Api, hint: &str) -> bool {
    let mut operations = api.operations.iter();
    operations.any(|operation| operation.extensions.contains_key(hint))
}

/// The root of the module: its documentation and its files.
fn root(api: &Api, has_webhooks: bool) -> Result<syn::File, Error> {
    let about = about(api);
    let jobs = has_hint(api, JOB).then(|| {
        quote! {
            #[doc = " Kinds of jobs, as data of waits."]
            pub mod jobs;
        }
    });
    let webhooks = has_webhooks.then(|| {
        quote!(
            pub mod webhooks;
        )
    });
    let files = has_hint(api, DOWNLOAD).then(|| {
        quote! {
            #[doc = " Files of objects, as data of downloads."]
            pub mod files;
        }
    });
    syn::parse2(quote! {
        #![doc = #about]
        #![allow(clippy::all, clippy::pedantic, missing_docs, unused_imports, unreachable_pub, irrefutable_let_patterns)]

        #[doc(hidden)]
        pub mod client;
        #[doc = " Which operations have a method."]
        pub mod coverage;
        mod envelopes;
        #files
        mod hooks;
        #[doc = " Typed helpers for mocks of the server."]
        #[cfg(feature = "httpmock")]
        pub mod httpmock;
        #jobs
        #[doc = " Facts about each operation."]
        pub mod operations;
        pub mod resources;
        #[doc = " Bodies of requests and responses."]
        pub mod types;
        #webhooks
    })
    .map_err(|e| Error::new(format!("the module's root is not valid Rust: {e}")))
}
