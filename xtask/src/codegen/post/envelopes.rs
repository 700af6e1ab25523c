//! Which answers are envelopes: a `data` beside which an error may stand.

use std::collections::HashSet;

use openapi_prep::Error;
use quote::{format_ident, quote};
use syn::{Fields, Item, Type};

use super::{facts::Facts, unexpected};

/// The code by which v1 answers say that all is well.
const V1_SUCCESS: i64 = 100;

/// How each envelope among the answers is opened.
pub(in crate::codegen) fn impls(facts: &Facts, types: &[Item]) -> Result<syn::File, Error> {
    let answers: HashSet<&str> = facts
        .operations
        .iter()
        .filter_map(|o| o.response.as_deref())
        .collect();
    let mut impls = Vec::new();
    for item in types {
        let Item::Struct(item) = item else { continue };
        let name = item.ident.to_string();
        let Fields::Named(fields) = &item.fields else {
            continue;
        };
        if !answers.contains(name.as_str()) {
            continue;
        }
        let field = |name: &str| {
            fields
                .named
                .iter()
                .find(|f| f.ident.as_ref().is_some_and(|i| i == name))
        };
        let Some(data) = field("data") else { continue };
        let (data, optional) = match option_of(&data.ty) {
            Some(inner) => (inner, true),
            None => (&data.ty, false),
        };
        let opened = if optional {
            quote!(self.data)
        } else {
            quote!(::std::option::Option::Some(self.data))
        };
        let failed = if let Some(error) = field("error").filter(|f| option_of(&f.ty).is_some()) {
            let error = &error.ident;
            quote!(self.#error.is_some())
        } else if field("code").is_some_and(|f| option_of(&f.ty).is_some_and(is_integer)) {
            quote!(self.code.is_some_and(|code| code != #V1_SUCCESS))
        } else {
            quote!(false)
        };
        let warning = if field("warning").is_some_and(|f| option_of(&f.ty).is_some_and(is_any)) {
            quote!(self.warning)
        } else {
            quote!(::std::option::Option::None)
        };
        let ident = format_ident!("{name}");
        impls.push(quote! {
            impl crate::hooks::Envelope for #ident {
                type Data = #data;

                fn open(self) -> crate::hooks::Opened<Self::Data> {
                    crate::hooks::Opened { failed: #failed, warning: #warning, data: #opened }
                }
            }
        });
    }
    syn::parse2(quote! {
        #![doc = " How the envelope around an answer is opened."]

        use super::types::*;

        #(#impls)*
    })
    .map_err(|_| unexpected("an answer"))
}

/// What an `Option` holds.
fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|s| s.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("i64"))
}

fn is_any(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == "Value"))
}
