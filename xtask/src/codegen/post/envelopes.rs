//! Envelopes: responses with their data in a field `data`.

use std::collections::HashSet;

use openapi_prep::{
    Error,
    api::{Api, BaseType},
};
use quote::{format_ident, quote};
use syn::{Fields, Item, Type};

use super::{
    objects::{argument, segment},
    unexpected,
};

/// The implementations of `Envelope`. Callers get the data, so the documentation
/// does not list the types around it.
pub(in crate::codegen) fn impls(api: &Api, types: &mut [Item]) -> Result<syn::File, Error> {
    let responses: HashSet<&str> = api
        .operations
        .iter()
        .filter_map(|operation| match &operation.success.ty()?.base {
            BaseType::Named(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let mut impls = Vec::new();
    for item in types {
        let Item::Struct(item) = item else { continue };
        let name = item.ident.to_string();
        let Fields::Named(fields) = &item.fields else {
            continue;
        };
        if !responses.contains(name.as_str()) {
            continue;
        }
        let field = |name: &str| {
            fields
                .named
                .iter()
                .find(|f| f.ident.as_ref().is_some_and(|i| i == name))
        };
        let Some(data) = field("data") else { continue };
        let (data, optional) = match argument(&data.ty, "Option") {
            Some(inner) => (inner, true),
            None => (&data.ty, false),
        };
        let data_of = if optional {
            quote!(self.data)
        } else {
            quote!(::std::option::Option::Some(self.data))
        };
        let ident = format_ident!("{name}");
        item.attrs.push(syn::parse_quote!(#[doc(hidden)]));
        let token = field("next_token").filter(|f| is_option_of(&f.ty, "String"));
        let more = field("has_more").filter(|f| is_option_of(&f.ty, "bool"));
        let cursor = (token.is_some() || more.is_some()).then(|| {
            let token = match token {
                Some(_) => quote!(self.next_token.clone()),
                None => quote!(::std::option::Option::None),
            };
            let more = match more {
                Some(_) => quote!(self.has_more),
                None => quote!(::std::option::Option::None),
            };
            quote! {
                fn cursor(&self) -> ::std::option::Option<::heygen_core::Cursor> {
                    ::std::option::Option::Some(::heygen_core::Cursor::new(#token, #more))
                }
            }
        });
        impls.push(quote! {
            impl ::heygen_core::Envelope for #ident {
                type Data = #data;

                #cursor

                fn into_data(self) -> ::std::option::Option<Self::Data> {
                    #data_of
                }
            }
        });
    }
    syn::parse2(quote! {
        #![doc = " Envelopes: the fields of a response beside its data."]

        use super::types::*;

        #(#impls)*
    })
    .map_err(|_| unexpected("a response"))
}

/// Whether a type is an `Option` of the type of this name.
fn is_option_of(ty: &Type, name: &str) -> bool {
    let inner = argument(ty, "Option").and_then(segment);
    inner.is_some_and(|last| last.ident == name)
}
