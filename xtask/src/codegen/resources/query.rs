//! The structs of queries: the parameters of query and headers of an operation.

use openapi_prep::api::{BaseType, Parameter};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{arguments, docs, named::Named, rust_type::rust_type};
use crate::codegen::post::setters::setter_name;

/// Whether the struct cannot be made without a value.
pub(super) fn has_required(named: &Named<'_>) -> bool {
    let parameters = arguments::of_query(named.operation);
    parameters.iter().any(|parameter| parameter.required)
}

/// The struct of an operation's query with its constructor and setters.
pub(super) fn of(named: &Named<'_>) -> Option<TokenStream> {
    let name = format_ident!("{}", named.query.as_ref()?);
    let about = docs::of_query(named);
    let parameters = arguments::of_query(named.operation);
    let (mut fields, mut setters) = (Vec::new(), Vec::new());
    let (mut accepted, mut values) = (Vec::new(), Vec::new());
    for parameter in parameters {
        let field = format_ident!("{}", parameter.rust_name);
        let about = docs::of_parameter(parameter);
        let ty = rust_type(&parameter.ty);
        let (argument, value) = argument(parameter, &field);
        if parameter.required {
            fields.push(quote!(#[doc = #about] pub #field: #ty));
            accepted.push(quote!(#field: #argument));
            values.push(quote!(#field: #value));
        } else {
            fields.push(quote!(#[doc = #about] pub #field: Option<#ty>));
            values.push(quote!(#field: None));
            let setter = setter_name(&field);
            setters.push(quote! {
                #[doc = #about]
                #[must_use]
                pub fn #setter(mut self, #field: #argument) -> Self {
                    self.#field = Some(#value);
                    self
                }
            });
        }
    }
    let default = (!has_required(named)).then(|| quote!(Default,));
    let constructor = if has_required(named) {
        " A query of the parameters that are required."
    } else {
        " A query without parameters."
    };
    Some(quote! {
        #[doc = #about]
        #[derive(Clone, Debug, #default PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }

        impl #name {
            #[doc = #constructor]
            pub fn new(#(#accepted),*) -> Self {
                Self { #(#values,)* }
            }

            #(#setters)*
        }
    })
}

/// What a setter takes, and how that becomes the field's value.
fn argument(parameter: &Parameter, name: &Ident) -> (TokenStream, TokenStream) {
    match &parameter.ty.base {
        BaseType::Boolean | BaseType::Integer(_) | BaseType::Number(_) => {
            (rust_type(&parameter.ty), quote!(#name))
        }
        BaseType::List(item) => {
            let item = rust_type(item);
            (
                quote!(impl IntoIterator<Item = impl Into<#item>>),
                quote!(#name.into_iter().map(Into::into).collect()),
            )
        }
        _ => {
            let ty = rust_type(&parameter.ty);
            (quote!(impl Into<#ty>), quote!(#name.into()))
        }
    }
}
