//! The calls of the contract tests: for each operation, its method with arguments
//! from a table, so that tests call an operation by its name.

use openapi_prep::{
    Error, Prepared,
    api::{BaseType, Body, BodyContent, Location, Parameter, Part},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    super::files::{self, Tree},
    Ledger, arguments,
    jobs::Jobs,
    named::Named,
    names,
    pages::Returned,
    parsed,
    rust_type::rust_type,
};
use crate::codegen::{jobs::Job, post::setters::setter_name};

/// Where they are.
const FOLDER: &str = "tests/src/generated";

/// Puts the calls of a module: by the client that users have if it is `public`,
/// else by the crate of the fixture API.
pub(in crate::codegen) fn put(
    prepared: &Prepared,
    module: &str,
    jobs: &[Job<'_>],
    ledger: &Ledger,
    public: bool,
    stamp: &str,
    tree: &mut Tree,
) -> Result<(), Error> {
    let (own, of) = (format_ident!("{module}"), names::root(module));
    let of = format_ident!("{of}");
    let (types, root) = if public {
        let types = quote!(use heygen::#own::{self as types, resources::*};);
        (types, quote!(client.#own()))
    } else {
        let types = quote!(use fixture_api::#own::{resources::*, types};);
        (types, quote!(#of::new(core(client))))
    };
    let named = names::assign(&prepared.api, module, ledger)?;
    let arms = named.iter().map(|named| {
        let (id, outcome) = (&named.operation.id, returned(named));
        let call = call(named, &root, |request| quote!(#outcome(#request)));
        quote!(#id => #call,)
    });
    let jobs = Jobs {
        jobs,
        named: &named,
    };
    let waits = named.iter().filter_map(|named| wait(jobs, named, &root));
    let and_waits = named
        .iter()
        .filter_map(|named| and_wait(jobs, named, &root));
    let file = parsed(
        "the calls of the contract tests",
        quote! {
            #![doc = " How each operation is called."]
            #![allow(unused_imports, unused_variables, clippy::all, clippy::pedantic)]

            use heygen::Client;
            use crate::{client::core, contract::{Arguments, Outcome, Waiting, bytes, page, send}};
            #types

            #[doc = " Calls an operation; `None` if there is none of this name."]
            pub(super) fn call(client: &Client, operation: &str, given: &Arguments) -> Option<Outcome> {
                Some(match operation {
                    #(#arms)*
                    _ => return None,
                })
            }

            #[doc = " Waits for the job that an operation reads; `None` if it reads none."]
            pub(super) fn wait(client: &Client, operation: &str, id: &str, options: &Waiting) -> Option<Outcome> {
                match operation {
                    #(#waits)*
                    _ => None,
                }
            }

            #[doc = " Calls an operation and waits for the job that it starts; `None` if it starts none."]
            pub(super) fn and_wait(client: &Client, operation: &str, given: &Arguments, options: &Waiting) -> Option<Outcome> {
                match operation {
                    #(#and_waits)*
                    _ => None,
                }
            }
        },
    )?;
    tree.put(format!("{FOLDER}/{module}.rs"), files::print(stamp, file)?);
    Ok(())
}

/// Puts the list of all modules, and removes what is of none.
pub(in crate::codegen) fn put_list(
    modules: &[&str],
    stamp: &str,
    tree: &mut Tree,
) -> Result<(), Error> {
    let idents: Vec<_> = modules.iter().map(|name| format_ident!("{name}")).collect();
    let file = parsed(
        "the list of the calls",
        quote! {
            #![doc = " The operations of every document, by name."]

            use heygen::Client;
            use crate::contract::{Arguments, Outcome, Waiting};

            pub mod mock;
            #(mod #idents;)*

            #[doc = " Calls an operation of a document; `None` if there is none of this name."]
            pub fn call(
                client: &Client,
                document: &str,
                operation: &str,
                given: &Arguments,
            ) -> Option<Outcome> {
                match document {
                    #(#modules => #idents::call(client, operation, given),)*
                    _ => None,
                }
            }

            #[doc = " Waits for the job that an operation of a document reads; `None` if it reads none."]
            pub fn wait(
                client: &Client,
                document: &str,
                operation: &str,
                id: &str,
                options: &Waiting,
            ) -> Option<Outcome> {
                match document {
                    #(#modules => #idents::wait(client, operation, id, options),)*
                    _ => None,
                }
            }

            #[doc = " Calls an operation of a document and waits for the job that it starts; `None` if"]
            #[doc = " it starts none."]
            pub fn and_wait(
                client: &Client,
                document: &str,
                operation: &str,
                given: &Arguments,
                options: &Waiting,
            ) -> Option<Outcome> {
                match document {
                    #(#modules => #idents::and_wait(client, operation, given, options),)*
                    _ => None,
                }
            }
        },
    )?;
    tree.put(format!("{FOLDER}/mod.rs"), files::print(stamp, file)?);
    tree.prune(FOLDER, files::is_generated_rust)
}

/// The function that makes the response of a call a value.
fn returned(named: &Named<'_>) -> TokenStream {
    match named.returned {
        Returned::Page(_) => quote!(page),
        Returned::Bytes => quote!(bytes),
        _ => quote!(send),
    }
}

/// The wait for the job that an operation reads.
fn wait(jobs: Jobs<'_>, named: &Named<'_>, root: &TokenStream) -> Option<TokenStream> {
    let job = jobs.read_by(named)?;
    let (id, outcome) = (&named.operation.id, ended(job, false));
    let handles = named.resource.iter().map(|name| format_ident!("{name}"));
    Some(quote!(#id => Some(options.#outcome(#root #(.#handles())*.wait(id))),))
}

/// The call of an operation with the wait for the job that it starts.
fn and_wait(jobs: Jobs<'_>, named: &Named<'_>, root: &TokenStream) -> Option<TokenStream> {
    let (job, created) = jobs.started_by(named)?;
    let (id, outcome) = (&named.operation.id, ended(job, created.several));
    let call = call(
        named,
        root,
        |request| quote!(options.#outcome(#request.and_wait())),
    );
    Some(quote!(#id => Some(#call),))
}

/// The method that makes what a wait returns a value.
fn ended(job: &Job<'_>, several: bool) -> TokenStream {
    match (job.hint.attention.is_empty(), several) {
        (true, false) => quote!(result),
        (true, true) => quote!(results),
        (false, false) => quote!(outcome),
        (false, true) => quote!(outcomes),
    }
}

/// The call of an operation, and what is made of the request.
fn call(
    named: &Named<'_>,
    root: &TokenStream,
    made: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let operation = named.operation;
    let mut passed: Vec<TokenStream> = operation
        .parameters_in(Location::Path)
        .into_iter()
        .map(argument)
        .collect();
    let query = query(named);
    passed.extend(query.as_ref().map(|_| quote!(query)));
    passed.extend(operation.body.as_ref().map(body));
    let handles = named.resource.iter().map(|name| format_ident!("{name}"));
    let method = format_ident!("{}", named.method);
    let sent = made(quote!(#root #(.#handles())*.#method(#(#passed),*)));
    match query {
        Some(query) => quote!({ #query #sent }),
        None => sent,
    }
}

/// The variable `query`, with every argument that is given.
fn query(named: &Named<'_>) -> Option<TokenStream> {
    let name = format_ident!("{}", named.query.as_ref()?);
    let (required, optional): (Vec<_>, Vec<_>) = arguments::of_query(named.operation)
        .into_iter()
        .partition(|parameter| parameter.required);
    let required = required.into_iter().map(argument);
    let set = optional.into_iter().map(|parameter| {
        let (key, ty) = (key(parameter), rust_type(&parameter.ty));
        let setter = setter_name(&format_ident!("{}", parameter.rust_name));
        quote!(let query = given.set(query, #key, |query, value: #ty| query.#setter(value));)
    });
    Some(quote! {
        let query = #name::new(#(#required),*);
        #(#set)*
    })
}

/// The value of a parameter that is required.
fn argument(parameter: &Parameter) -> TokenStream {
    let (key, ty) = (key(parameter), rust_type(&parameter.ty));
    quote!(given.required::<#ty>(#key))
}

/// The name of an argument.
fn key(parameter: &Parameter) -> String {
    format!("{}.{}", parameter.location, parameter.name)
}

/// The body, made of the document's example.
fn body(body: &Body) -> TokenStream {
    let ty = arguments::body_type(body);
    let of = match (&body.content, body.required) {
        (
            BodyContent::Multipart {
                form: Some(_),
                parts,
            },
            _,
        ) => form(&ty, parts),
        (BodyContent::Json(_) | BodyContent::Form(_), _) => quote!(given.required::<#ty>("body")),
        _ => quote!(given.raw_body()),
    };
    if body.required {
        of
    } else {
        quote!(given.has("body").then(|| #of))
    }
}

/// A form with every part that is given.
fn form(ty: &TokenStream, parts: &[Part]) -> TokenStream {
    let value = |part: &Part| {
        let ty = rust_type(&part.field.ty.without_null());
        match (part.file, &part.field.ty.base) {
            (true, BaseType::List(_)) => quote!(Vec<Vec<u8>>),
            (true, _) => quote!(Vec<u8>),
            (false, _) => ty,
        }
    };
    let key = |part: &Part| format!("part.{}", part.field.name);
    let (required, optional): (Vec<_>, Vec<_>) = parts.iter().partition(|p| p.field.required);
    let required = required.into_iter().map(|part| {
        let (key, ty) = (key(part), value(part));
        quote!(given.required::<#ty>(#key))
    });
    let made = quote!(#ty::new(#(#required),*));
    optional.into_iter().fold(made, |made, part| {
        let (key, ty) = (key(part), value(part));
        let setter = setter_name(&format_ident!("{}", part.field.rust_name));
        quote!(given.set(#made, #key, |form, value: #ty| form.#setter(value)))
    })
}
