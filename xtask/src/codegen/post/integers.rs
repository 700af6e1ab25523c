//! Integers with documented values: any integer, with a constant for each value.

use openapi_prep::{Error, api::EnumValue};
use quote::{format_ident, quote};
use syn::{Fields, Item, ItemStruct};

use super::unexpected;

/// The constants of a newtype of an integer, which gets the traits of one.
pub(super) fn constants(
    item: &mut ItemStruct,
    values: &[EnumValue<i64>],
) -> Result<Option<Item>, Error> {
    if !matches!(&item.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
        return Ok(None);
    }
    item.attrs
        .push(syn::parse_quote!(#[derive(Copy, Eq, Hash, Ord, PartialOrd)]));
    let mut constants = Vec::new();
    let mut idents = Vec::new();
    for constant in values {
        let ident = format_ident!("{}", constant.rust_name);
        let about = format!(" `{}`", constant.value);
        let value = proc_macro2::Literal::i64_unsuffixed(constant.value);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_constants_by_name_or_number() {
        let mut item: ItemStruct = syn::parse_quote!(
            pub struct Level(pub i64);
        );
        let values = openapi_prep::api::constants(&serde_json::json!({
            "x-known-values": [1, -2, 3, 4], "x-enum-varnames": ["in-use", null, "inUse", "4x"],
        }));
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
