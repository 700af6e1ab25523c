//! Open enums: string enums that keep unknown values.

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, Item, ItemEnum};

use super::{documentation, serde_rename, unexpected};

/// A string enum with `Unknown` for any other string, and its conversions.
pub(super) fn open(item: &ItemEnum, core: &TokenStream) -> Result<Vec<Item>, Error> {
    let name = &item.ident;
    let text = name.to_string();
    let about = documentation(&item.attrs);
    let mut variants = Vec::new();
    let mut idents = Vec::new();
    let mut values = Vec::new();
    for variant in &item.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(unexpected(&format!(
                "an enum {name} whose variants have fields"
            )));
        }
        let ident = variant.ident.clone();
        let value = serde_rename(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
        let mut about = documentation(&variant.attrs);
        if about.is_empty() {
            let text = format!(" `{value}`");
            about.push(syn::parse_quote!(#[doc = #text]));
        }
        variants.push(quote!(#(#about)* #ident));
        idents.push(ident);
        values.push(value);
    }
    let tokens = quote! {
        #(#about)*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that is unknown to this version, as received.
            Unknown(::std::string::String),
        }

        impl #name {
            /// Every value that the document names.
            pub const KNOWN: &'static [&'static str] = &[#(#values),*];

            /// The value as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #values,)*
                    Self::Unknown(value) => value,
                }
            }

            fn known(value: &str) -> ::std::option::Option<Self> {
                match value {
                    #(#values => ::std::option::Option::Some(Self::#idents),)*
                    _ => ::std::option::Option::None,
                }
            }
        }

        #core::open_enum!(#name, #text);
    };
    let file: syn::File =
        syn::parse2(tokens).map_err(|_| unexpected(&format!("an enum {name}")))?;
    Ok(file.items)
}
