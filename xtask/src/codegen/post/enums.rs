//! String enums: open ones, which keep unknown values, and those of requests.

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Fields, Ident, Item, ItemEnum};

use super::{documentation, serde_rename, unexpected};

/// A string enum with `Unknown` for any other string, and its conversions.
pub(super) fn open(item: &ItemEnum, core: &TokenStream) -> Result<Vec<Item>, Error> {
    let name = &item.ident;
    let text = name.to_string();
    let Parts {
        about,
        variants,
        idents,
        values,
    } = Parts::of(item)?;
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
    items(tokens, name)
}

/// A string enum of requests alone, and its conversions: callers choose one of
/// the values that the server takes.
pub(super) fn closed(item: &ItemEnum, core: &TokenStream) -> Result<Vec<Item>, Error> {
    let name = &item.ident;
    let text = name.to_string();
    let Parts {
        about,
        variants,
        idents,
        values,
    } = Parts::of(item)?;
    let tokens = quote! {
        #(#about)*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
        }

        impl #name {
            /// Every value that the document names.
            pub const KNOWN: &'static [&'static str] = &[#(#values),*];

            /// The value as the API reads it.
            pub fn as_str(self) -> &'static str {
                match self {
                    #(Self::#idents => #values,)*
                }
            }

            fn known(value: &str) -> ::std::option::Option<Self> {
                match value {
                    #(#values => ::std::option::Option::Some(Self::#idents),)*
                    _ => ::std::option::Option::None,
                }
            }
        }

        #core::closed_enum!(#name, #text);
    };
    items(tokens, name)
}

/// What an enum is made of.
struct Parts {
    about: Vec<Attribute>,
    variants: Vec<TokenStream>,
    idents: Vec<Ident>,
    values: Vec<String>,
}

impl Parts {
    fn of(item: &ItemEnum) -> Result<Self, Error> {
        let mut all = Self {
            about: documentation(&item.attrs),
            variants: Vec::new(),
            idents: Vec::new(),
            values: Vec::new(),
        };
        for variant in &item.variants {
            if !matches!(variant.fields, Fields::Unit) {
                let name = &item.ident;
                return Err(unexpected(&format!(
                    "an enum {name} whose variants have fields"
                )));
            }
            let ident = variant.ident.clone();
            let value = serde_rename(&variant.attrs).unwrap_or_else(|| ident.to_string());
            let mut about = documentation(&variant.attrs);
            if about.is_empty() {
                let text = format!(" `{value}`");
                about.push(syn::parse_quote!(#[doc = #text]));
            }
            all.variants.push(quote!(#(#about)* #ident));
            all.idents.push(ident);
            all.values.push(value);
        }
        Ok(all)
    }
}

fn items(tokens: TokenStream, name: &Ident) -> Result<Vec<Item>, Error> {
    let file: syn::File =
        syn::parse2(tokens).map_err(|_| unexpected(&format!("an enum {name}")))?;
    Ok(file.items)
}
