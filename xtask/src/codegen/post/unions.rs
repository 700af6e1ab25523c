//! Tagged unions: each variant has a named type, and unions of responses keep
//! unknown variants.

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Fields, Item, ItemEnum, Meta, punctuated::Punctuated};

use super::{
    derive_schema, facts::Union, objects, serde_rename, shapes::Shape, underive, unexpected,
};

/// The enum of a tagged union. In a response, unknown tags decode to `Unknown`,
/// and known ones to their type or to an error.
pub(super) fn tagged(
    mut item: ItemEnum,
    union: &Union,
    in_response: bool,
    core: &TokenStream,
) -> Result<Vec<Item>, Error> {
    let name = item.ident.clone();
    if !is_tagged(&item) {
        // A variant is a union itself, so the generator found no tag.
        derive_schema(&mut item.attrs);
        item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
        return Ok(vec![Item::Enum(item)]);
    }
    tag_within(&mut item)?;
    let mut arms = Vec::new();
    for variant in &mut item.variants {
        let value = serde_rename(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
        let no_variant = || unexpected(&format!("a variant {value:?} of {name}"));
        let target = union.variants.get(&value).ok_or_else(no_variant)?;
        if variant.ident == "Unknown" && in_response {
            variant.ident = format_ident!("UnknownValue");
        }
        let ident = &variant.ident;
        let aliases = union.aliases.get(&value).into_iter().flatten();
        let aliases: Vec<_> = aliases.collect();
        if !in_response && !aliases.is_empty() {
            variant
                .attrs
                .push(syn::parse_quote!(#[serde(#(alias = #aliases),*)]));
        }
        let values = quote!(#value #(| #aliases)*);
        let (target, recursive) = target;
        let target = format_ident!("{target}");
        let inner = if *recursive {
            quote!(::std::boxed::Box<#target>)
        } else {
            quote!(#target)
        };
        variant.fields = Fields::Unnamed(syn::parse_quote!((#inner)));
        arms.push(quote!(::std::option::Option::Some(#values) => #core::de::variant(value).map(Self::#ident)));
    }
    derive_schema(&mut item.attrs);
    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
    // If all variants have only their tag, the generator derives traits that
    // structs and `Unknown` do not have.
    underive(
        &mut item.attrs,
        &["Copy", "Eq", "Hash", "Ord", "PartialOrd"],
    )?;
    if !in_response {
        return Ok(vec![Item::Enum(item)]);
    }

    underive(&mut item.attrs, &["Deserialize"])?;
    item.variants.push(syn::parse_quote!(
        #[doc = " A variant that is unknown to this version, as received."]
        #[serde(untagged)]
        Unknown(::serde_json::Value)
    ));
    let tag = &union.tag;
    let decode = quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: ::serde::Deserializer<'de>,
            {
                #core::de::tagged(deserializer, |value| {
                    match value.get(#tag).and_then(::serde_json::Value::as_str) {
                        #(#arms,)*
                        _ => ::std::result::Result::Ok(Self::Unknown(value)),
                    }
                })
            }
        }
    };
    let decode = syn::parse2(decode).map_err(|_| unexpected(&format!("a union {name}")))?;
    Ok(vec![Item::Enum(item), decode])
}

/// The conversions of what each variant of a tagged union holds into the union,
/// but for what several variants hold.
pub(super) fn conversions(item: &ItemEnum, union: &Union) -> Vec<Item> {
    let name = &item.ident;
    let mut all = Vec::new();
    for variant in &item.variants {
        let value = serde_rename(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
        let Some((target, recursive)) = union.variants.get(&value) else {
            continue;
        };
        let held = union.variants.values().filter(|(other, _)| other == target);
        if held.count() > 1 {
            continue;
        }
        let (ident, target) = (&variant.ident, format_ident!("{target}"));
        let held = if *recursive {
            quote!(::std::boxed::Box::new(value))
        } else {
            quote!(value)
        };
        all.push(syn::parse_quote! {
            impl ::std::convert::From<#target> for #name {
                fn from(value: #target) -> Self {
                    Self::#ident(#held)
                }
            }
        });
    }
    all
}

/// An untagged union. Unless all variants are scalars, the shape of a value
/// selects its variant: a derived implementation tries one after the other.
pub(super) fn untagged(
    mut item: ItemEnum,
    shapes: Option<&Vec<Shape>>,
    core: &TokenStream,
) -> Result<Vec<Item>, Error> {
    let name = item.ident.clone();
    let shapes = shapes.map(Vec::as_slice).unwrap_or_default();
    let one = |accepts: fn(&Shape) -> bool| {
        let mut indices = (0..shapes.len()).filter(|index| accepts(&shapes[*index]));
        indices.next().filter(|_| indices.next().is_none())
    };
    let (array, object) = (one(|shape| shape.arrays), one(|shape| shape.objects));
    let are_scalars = shapes.iter().all(|shape| !shape.arrays && !shape.objects);
    if are_scalars || shapes.len() != item.variants.len() || !has_serde_attribute(&item, "untagged")
    {
        return Ok(vec![Item::Enum(item)]);
    }
    let (mut variants, mut only) = (Vec::new(), Vec::new());
    for (index, (variant, shape)) in item.variants.iter().zip(shapes).enumerate() {
        let (Fields::Unnamed(fields), ident) = (&variant.fields, &variant.ident) else {
            return Ok(vec![Item::Enum(item)]);
        };
        let Some(field) = fields.unnamed.first() else {
            return Ok(vec![Item::Enum(item)]);
        };
        let model = &field.ty;
        let read = objects::read(model, &quote!(de)).unwrap_or_else(|| quote!(de::Plain));
        if array == Some(index) {
            only.push(quote!(array #ident as #read;));
        }
        if object == Some(index) {
            only.push(quote!(object #ident as #read;));
        }
        let shape = &shape.code;
        variants.push(quote!(#shape => #ident(#model) as #read;));
    }
    if only.len() == 2 && array > object {
        only.reverse();
    }
    underive(&mut item.attrs, &["Deserialize"])?;
    let decode = quote!(#core::untagged_union! { #name { #(#variants)* } #(#only)* });
    let decode = syn::parse2(decode).map_err(|_| unexpected(&format!("a union {name}")))?;
    Ok(vec![Item::Enum(item), decode])
}

/// Removes `serde(content)`. The generator sets it where no variant has more
/// than one property beside the tag; here variants are whole objects, with that
/// property beside the tag.
fn tag_within(item: &mut ItemEnum) -> Result<(), Error> {
    for attribute in &mut item.attrs {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        let metas = attribute
            .parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated)
            .map_err(|_| unexpected(&format!("the attributes of {}", item.ident)))?;
        let metas = metas
            .into_iter()
            .filter(|meta| !meta.path().is_ident("content"));
        *attribute = syn::parse_quote!(#[serde(#(#metas),*)]);
    }
    Ok(())
}

/// Whether the generator emitted the union as a tagged one.
pub(super) fn is_tagged(item: &ItemEnum) -> bool {
    has_serde_attribute(item, "tag")
}

/// Whether an enum has this serde attribute.
fn has_serde_attribute(item: &ItemEnum, name: &str) -> bool {
    item.attrs.iter().any(|attribute| {
        let mut found = false;
        if attribute.path().is_ident("serde") {
            let _ = attribute.parse_nested_meta(|meta| {
                found |= meta.path.is_ident(name);
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
    fn variant_with_one_property_stays_an_object() {
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
            aliases: std::collections::HashMap::new(),
        };
        let items = tagged(item, &union, false, &quote!(crate)).unwrap();
        let expected: ItemEnum = syn::parse_quote! {
            #[serde(tag = "type")]
            pub enum Thinking {
                #[serde(rename = "on")]
                On(ThinkingOn),
                #[serde(rename = "off")]
                Off(ThinkingOff),
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
