//! Tagged unions: each variant holds a named type, and an answer's union keeps
//! what it does not know.

use openapi_prep::Error;
use quote::{format_ident, quote};
use syn::{Fields, Item, ItemEnum, Meta, punctuated::Punctuated};

use super::{derive_schema, facts::Union, serde_rename, underive, unexpected};

/// The enum of a tagged union. Of an answer's, unknown tags decode to
/// `Unknown`, and known ones to their type or to an error.
pub(super) fn tagged(mut item: ItemEnum, union: &Union, answer: bool) -> Result<Vec<Item>, Error> {
    let name = item.ident.clone();
    if !is_tagged(&item) {
        // A variant holds a union in turn, and the generator saw no tag.
        derive_schema(&mut item.attrs);
        if answer {
            item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
        }
        return Ok(vec![Item::Enum(item)]);
    }
    tag_within(&mut item)?;
    let mut arms = Vec::new();
    for variant in &mut item.variants {
        let value = serde_rename(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
        let (target, recursive) = union
            .variants
            .get(&value)
            .ok_or_else(|| unexpected(&format!("a variant {value:?} of {name}")))?;
        if variant.ident == "Unknown" && answer {
            variant.ident = format_ident!("UnknownValue");
        }
        let ident = &variant.ident;
        if let Fields::Unit = variant.fields {
            arms.push(quote!(::std::option::Option::Some(#value) => ::std::result::Result::Ok(Self::#ident)));
            continue;
        }
        let target = format_ident!("{target}");
        let held = if *recursive {
            quote!(::std::boxed::Box<#target>)
        } else {
            quote!(#target)
        };
        variant.fields = Fields::Unnamed(syn::parse_quote!((#held)));
        arms.push(quote!(::std::option::Option::Some(#value) => crate::decode::variant(value).map(Self::#ident)));
    }
    derive_schema(&mut item.attrs);
    if !answer {
        return Ok(vec![Item::Enum(item)]);
    }

    // Where no variant holds more than its tag, the generator derives what an
    // unknown one does not have.
    underive(
        &mut item.attrs,
        &["Deserialize", "Copy", "Ord", "PartialOrd"],
    )?;
    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
    item.variants.push(syn::parse_quote!(
        #[doc = " A variant that this version does not know, as it came."]
        #[serde(untagged)]
        Unknown(::serde_json::Value)
    ));
    let tag = &union.tag;
    let decode = quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                let value = crate::decode::object(deserializer)?;
                match value.get(#tag).and_then(::serde_json::Value::as_str) {
                    #(#arms,)*
                    _ => ::std::result::Result::Ok(Self::Unknown(value)),
                }
            }
        }
    };
    let decode = syn::parse2(decode).map_err(|_| unexpected(&format!("a union {name}")))?;
    Ok(vec![Item::Enum(item), decode])
}

/// An enum without a tag, with the implementation that reads it where the
/// first variant that fits may not be the right one.
pub(super) fn untagged(mut item: ItemEnum) -> Result<Vec<Item>, Error> {
    let name = item.ident.clone();
    let mut variants = Vec::new();
    let mut models = 0;
    for variant in &item.variants {
        let Fields::Unnamed(fields) = &variant.fields else {
            return Ok(vec![Item::Enum(item)]);
        };
        let Some(field) = fields.unnamed.first() else {
            return Ok(vec![Item::Enum(item)]);
        };
        let (ident, held) = (&variant.ident, &field.ty);
        models += usize::from(is_model(held));
        variants.push(quote!(#ident(#held)));
    }
    if models < 2 || !has_word(&item, "untagged") {
        return Ok(vec![Item::Enum(item)]);
    }
    underive(&mut item.attrs, &["Deserialize"])?;
    let decode = quote!(crate::decode::best_of! { #name { #(#variants),* } });
    let decode = syn::parse2(decode).map_err(|_| unexpected(&format!("a union {name}")))?;
    Ok(vec![Item::Enum(item), decode])
}

/// Whether a type is one of the document's own, boxed perhaps.
fn is_model(held: &syn::Type) -> bool {
    let syn::Type::Path(path) = held else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) if last.ident == "Box" => {
            arguments.args.iter().any(|argument| match argument {
                syn::GenericArgument::Type(inner) => is_model(inner),
                _ => false,
            })
        }
        _ => path.path.leading_colon.is_none() && path.path.segments.len() == 1,
    }
}

/// Takes the word `content` from how the union is written. The generator sets
/// it where no variant has more than one property beside the tag; ours hold
/// whole objects, in which that property stands beside the tag.
fn tag_within(item: &mut ItemEnum) -> Result<(), Error> {
    for attribute in &mut item.attrs {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        let words = attribute
            .parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated)
            .map_err(|_| unexpected(&format!("the attributes of {}", item.ident)))?;
        let words = words
            .into_iter()
            .filter(|word| !word.path().is_ident("content"));
        *attribute = syn::parse_quote!(#[serde(#(#words),*)]);
    }
    Ok(())
}

/// Whether the generator has written the union as a tagged one.
pub(super) fn is_tagged(item: &ItemEnum) -> bool {
    has_word(item, "tag")
}

/// Whether serde is told this word about an enum.
fn has_word(item: &ItemEnum, word: &str) -> bool {
    item.attrs.iter().any(|attribute| {
        let mut found = false;
        if attribute.path().is_ident("serde") {
            let _ = attribute.parse_nested_meta(|meta| {
                found |= meta.path.is_ident(word);
                if meta.input.peek(syn::Token![=]) {
                    let _: syn::Expr = meta.value()?.parse()?;
                }
                Ok(())
            });
        }
        found
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_with_one_property_stays_an_object() {
        let item: ItemEnum = syn::parse_quote! {
            #[serde(tag = "type", content = "budget")]
            pub enum Thinking {
                #[serde(rename = "on")]
                On(i64),
                #[serde(rename = "off")]
                Off,
            }
        };
        let variants = [("on", "ThinkingOn"), ("off", "ThinkingOff")]
            .map(|(value, target)| (value.to_owned(), (target.to_owned(), false)));
        let union = Union {
            tag: "type".into(),
            variants: variants.into(),
        };
        let items = tagged(item, &union, false).unwrap();
        let expected: ItemEnum = syn::parse_quote! {
            #[serde(tag = "type")]
            pub enum Thinking {
                #[serde(rename = "on")]
                On(ThinkingOn),
                #[serde(rename = "off")]
                Off,
            }
        };
        let Item::Enum(mut after) = items.into_iter().next().unwrap() else {
            panic!("an enum")
        };
        after
            .attrs
            .retain(|attribute| attribute.path().is_ident("serde"));
        assert_eq!(after, expected);
    }
}
