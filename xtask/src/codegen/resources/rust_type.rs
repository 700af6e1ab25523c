//! The Rust types of values, as the generator writes them.

use openapi_prep::api::{BaseType, TypeRef};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The type of a value. Named types are in the module `types`.
pub(super) fn rust_type(ty: &TypeRef) -> TokenStream {
    if ty.nullable {
        let inner = rust_type(&ty.without_null());
        return quote!(Option<#inner>);
    }
    match &ty.base {
        BaseType::Null => quote!(()),
        BaseType::Boolean => quote!(bool),
        BaseType::Integer(name) | BaseType::Number(name) => {
            let name = format_ident!("{name}");
            quote!(#name)
        }
        BaseType::String => quote!(String),
        BaseType::Named(name) => {
            let name = format_ident!("{name}");
            quote!(types::#name)
        }
        BaseType::List(item) => {
            let item = rust_type(item);
            quote!(Vec<#item>)
        }
        BaseType::Map(value) if **value == BaseType::Any.into() => {
            quote!(::serde_json::Map<String, ::serde_json::Value>)
        }
        BaseType::Map(value) => {
            let value = rust_type(value);
            quote!(::std::collections::HashMap<String, #value>)
        }
        // Any value, and what is not known here yet.
        _ => quote!(::serde_json::Value),
    }
}
