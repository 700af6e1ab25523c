//! Passes over the generated items: responses are parsed leniently, and the
//! core captures the client's requests. Statements of generated functions are
//! changed for wire names only (`wire_names`), and of setters of types for null
//! (`explicit_null`).
//!
//! One file for each kind of item; `facts` has the data from the typed view of
//! the document.

pub(super) mod client;
pub(super) mod docs;
pub(super) mod enums;
pub(super) mod envelopes;
pub(super) mod explicit_null;
pub(super) mod facts;
pub(super) mod forms;
pub(super) mod hooks;
pub(super) mod httpmock;
pub(super) mod integers;
pub(super) mod objects;
pub(super) mod optional_bodies;
mod paths;
pub(super) mod setters;
mod shapes;
pub(super) mod surface;
pub(super) mod types;
pub(super) mod unions;
pub(super) mod wire_names;

use openapi_prep::Error;
use syn::{Attribute, Meta};

/// An error for generated code that these passes do not support, most likely of
/// a new version of the generator.
pub(super) fn unexpected(what: &str) -> Error {
    Error::new(format!(
        "the generator emitted {what}, which the passes over its code do not support"
    ))
    .remedy("adapt xtask/src/codegen/post to this version of the generator")
}

/// The documentation among attributes.
fn documentation(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes
        .iter()
        .filter(|a| a.path().is_ident("doc"))
        .cloned()
        .collect()
}

/// The name of a variant or field in `serde(rename)`.
fn serde_rename(attributes: &[Attribute]) -> Option<String> {
    let arguments = objects::serde_arguments(attributes).ok()?;
    arguments.iter().find_map(|meta| match meta {
        Meta::NameValue(pair) if pair.path.is_ident("rename") => literal(&pair.value),
        _ => None,
    })
}

/// The value of a string literal.
fn literal(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// Removes traits from the derives.
fn underive(attributes: &mut [Attribute], names: &[&str]) -> Result<(), Error> {
    for attribute in attributes
        .iter_mut()
        .filter(|a| a.path().is_ident("derive"))
    {
        let Meta::List(list) = &attribute.meta else {
            continue;
        };
        let paths = list
            .parse_args_with(
                syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
            )
            .map_err(|_| unexpected("a derive"))?;
        let kept: Vec<_> = paths
            .into_iter()
            .filter(|path| {
                path.segments
                    .last()
                    .is_none_or(|s| !names.iter().any(|n| s.ident == n))
            })
            .collect();
        *attribute = syn::parse_quote!(#[derive(#(#kept),*)]);
    }
    Ok(())
}

/// Derives a JSON schema under the feature `schemars`.
fn derive_schema(attributes: &mut Vec<Attribute>) {
    attributes
        .push(syn::parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]));
}
