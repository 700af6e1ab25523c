//! Integers with documented values: any integer, with a constant for each value.

use std::collections::HashSet;

use heck::ToShoutySnakeCase;
use openapi_prep::Error;
use quote::{format_ident, quote};
use syn::{Fields, Item, ItemStruct};

use super::unexpected;

/// The constants of a newtype of an integer, which gets the traits of one.
pub(super) fn constants(
    item: &mut ItemStruct,
    values: &[(i64, Option<String>)],
) -> Result<Option<Item>, Error> {
    if !matches!(&item.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
        return Ok(None);
    }
    item.attrs
        .push(syn::parse_quote!(#[derive(Copy, Eq, Hash, Ord, PartialOrd)]));
    let mut taken = HashSet::from(["KNOWN".to_owned()]);
    let mut constants = Vec::new();
    let mut idents = Vec::new();
    for (value, name) in values {
        let ident = name
            .as_deref()
            .map(ToShoutySnakeCase::to_shouty_snake_case)
            .filter(|name| syn::parse_str::<syn::Ident>(name).is_ok())
            .filter(|name| !taken.contains(name))
            .unwrap_or_else(|| numbered(*value));
        taken.insert(ident.clone());
        let ident = format_ident!("{ident}");
        let about = format!(" `{value}`");
        let value = proc_macro2::Literal::i64_unsuffixed(*value);
        constants.push(quote! {
            #[doc = #about]
            pub const #ident: Self = Self(#value);
        });
        idents.push(ident);
    }
    let name = &item.ident;
    let tokens = quote! {
        impl #name {
            #(#constants)*
            /// Every value that the document names.
            pub const KNOWN: &'static [Self] = &[#(Self::#idents),*];
        }
    };
    let item = syn::parse2(tokens).map_err(|_| unexpected(&format!("an integer {name}")))?;
    Ok(Some(item))
}

fn numbered(value: i64) -> String {
    let sign = if value < 0 { "MINUS_" } else { "" };
    format!("VALUE_{sign}{}", value.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_constants_by_name_or_number() {
        let mut item: ItemStruct = syn::parse_quote!(
            pub struct Level(pub i64);
        );
        let name = |name: &str| Some(name.to_owned());
        let values = [
            (1, name("in-use")),
            (-2, None),
            (3, name("inUse")),
            (4, name("4x")),
        ];
        let item = constants(&mut item, &values).unwrap().unwrap();
        let expected: Item = syn::parse_quote! {
            impl Level {
                #[doc = " `1`"]
                pub const IN_USE: Self = Self(1);
                #[doc = " `-2`"]
                pub const VALUE_MINUS_2: Self = Self(-2);
                #[doc = " `3`"]
                pub const VALUE_3: Self = Self(3);
                #[doc = " `4`"]
                pub const VALUE_4: Self = Self(4);
                /// Every value that the document names.
                pub const KNOWN: &'static [Self] = &[
                    Self::IN_USE,
                    Self::VALUE_MINUS_2,
                    Self::VALUE_3,
                    Self::VALUE_4
                ];
            }
        };
        assert_eq!(quote!(#item).to_string(), quote!(#expected).to_string());
    }
}
