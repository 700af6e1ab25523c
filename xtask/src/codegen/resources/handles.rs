//! The files of handles: one for each top resource, and the root that leads to
//! them.

use std::collections::{BTreeMap, BTreeSet};

use openapi_prep::{Error, api::Api};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::File;

use super::{
    docs, downloads, jobs::Jobs, methods, named::Named, names, pages, parsed, query, uploads, waits,
};

/// The operations of each handle, by the methods that lead to it. Handles that
/// only lead to others have none.
type Handles<'a> = BTreeMap<&'a [String], Vec<&'a Named<'a>>>;

/// The files, by name within the module's folder.
pub(super) fn files(api: &Api, module: &str, jobs: Jobs<'_>) -> Result<Vec<(String, File)>, Error> {
    let mut handles = Handles::new();
    for named in jobs.named {
        for length in 1..named.resource.len() {
            handles.entry(&named.resource[..length]).or_default();
        }
        handles.entry(&named.resource).or_default().push(named);
    }
    let tops: BTreeSet<&String> = handles.keys().filter_map(|path| path.first()).collect();
    let mut files = vec![(
        "resources/mod.rs".to_owned(),
        root(api, module, &handles, &tops)?,
    )];
    let mut paged = BTreeSet::new();
    for top in tops {
        let below = |path: &&[String]| path.first() == Some(top);
        let handles: Handles<'_> = handles
            .iter()
            .filter(|(path, _)| below(path))
            .map(|(path, named)| (*path, named.clone()))
            .collect();
        let file = file(api, module, jobs, &handles, &mut paged)?;
        files.push((format!("resources/{top}.rs"), file));
    }
    Ok(files)
}

/// The root: a method for each top handle, and all handles and queries by name.
fn root(
    api: &Api,
    module: &str,
    handles: &Handles<'_>,
    tops: &BTreeSet<&String>,
) -> Result<File, Error> {
    let root = format_ident!("{}", names::root(module));
    let about = docs::of_root(api);
    let modules = tops.iter().map(|top| {
        let module = format_ident!("{top}");
        quote! {
            mod #module;
            pub use #module::*;
        }
    });
    let queries = handles.values().flatten().filter_map(|named| {
        let query = format_ident!("{}", named.query.as_ref()?);
        Some(quote!(#query))
    });
    let accessors = tops
        .iter()
        .map(|top| accessor(api, handles, std::slice::from_ref(*top)));
    parsed(
        "the root of the resources",
        quote! {
            #![doc = " Resources: handles whose methods call the operations."]

            #(#modules)*

            #[doc = " The structs of queries, without the handles."]
            pub mod queries {
                pub use super::{#(#queries),*};
            }

            #[doc = #about]
            #[derive(Clone, Copy, Debug)]
            pub struct #root<'a> {
                client: &'a ::heygen_core::Client,
            }

            impl<'a> #root<'a> {
                #[doc = " The resources, called by this client."]
                pub fn new(client: &'a ::heygen_core::Client) -> Self {
                    Self { client }
                }

                #(#accessors)*
            }
        },
    )
}

/// The handles below one of the root.
fn file(
    api: &Api,
    module: &str,
    jobs: Jobs<'_>,
    handles: &Handles<'_>,
    paged: &mut BTreeSet<String>,
) -> Result<File, Error> {
    let mut items = Vec::new();
    let mut queries = Vec::new();
    for (path, named) in handles {
        items.push(handle(api, module, jobs, handles, path, named)?);
        items.extend(uploads::data(api, named)?);
        queries.extend(named.iter().filter_map(|named| query::of(named)));
    }
    let called: Vec<_> = handles
        .values()
        .flatten()
        .map(|named| (named.operation, &named.returned))
        .collect();
    let paged = pages::paged_models(api, &called, paged)?;
    parsed(
        "a resource",
        quote! {
            use ::heygen_core::{Bytes, Cursor, Page, Paged, Request, capture};
            use super::super::{client::Client as Generated, types};

            #(#items)*
            #(#queries)*
            #(#paged)*
        },
    )
}

/// A handle: its methods, and those that give the handles below it.
fn handle(
    api: &Api,
    module: &str,
    jobs: Jobs<'_>,
    handles: &Handles<'_>,
    path: &[String],
    operations: &[&Named<'_>],
) -> Result<TokenStream, Error> {
    let name = format_ident!("{}", names::handle(path));
    let about = docs::of_handle(api, module, path, &described(handles, path));
    let below = handles
        .keys()
        .filter(|other| other.len() == path.len() + 1 && other.starts_with(path));
    let below: Vec<&[String]> = below.copied().collect();
    let accessors: Vec<TokenStream> = below
        .iter()
        .map(|path| accessor(api, handles, path))
        .collect();
    let methods = operations
        .iter()
        .map(|named| methods::of(api, module, jobs, named));
    let mut methods: Vec<TokenStream> = methods.collect::<Result<_, _>>()?;
    methods.extend(waits::of_handle(jobs, module, operations, &below)?);
    methods.extend(downloads::of_handle(api, module, operations, &below)?);
    methods.extend(uploads::methods(api, module, operations)?);
    let to_others = (!accessors.is_empty()).then(|| {
        quote! {
            impl<'a> #name<'a> {
                #(#accessors)*
            }
        }
    });
    let own = (!operations.is_empty()).then(|| {
        quote! {
            impl #name<'_> {
                #(#methods)*
            }
        }
    });
    Ok(quote! {
        #[doc = #about]
        #[derive(Clone, Copy, Debug)]
        pub struct #name<'a> {
            pub(super) client: &'a ::heygen_core::Client,
        }

        #to_others
        #own
    })
}

/// The operations that say what a handle is for: its own, else those below it.
fn described<'a>(handles: &Handles<'a>, path: &[String]) -> Vec<&'a Named<'a>> {
    let own = handles.get(path).filter(|own| !own.is_empty());
    own.cloned().unwrap_or_else(|| {
        let below = handles.iter().filter(|(other, _)| other.starts_with(path));
        below.flat_map(|(_, named)| named).copied().collect()
    })
}

/// The method that gives a handle.
fn accessor(api: &Api, handles: &Handles<'_>, path: &[String]) -> TokenStream {
    let about = docs::of_accessor(api, path, &described(handles, path));
    let handle = format_ident!("{}", names::handle(path));
    let method = path.last().map(|name| format_ident!("{name}"));
    quote! {
        #[doc = #about]
        pub fn #method(self) -> #handle<'a> {
            #handle { client: self.client }
        }
    }
}
