//! Models: all are non-exhaustive, those of responses are parsed leniently, and
//! enums are open if the document declares them so.

use std::collections::HashSet;

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, Item, ItemStruct};

use super::{
    derive_schema, documentation, enums, explicit_null, facts::Facts, forms, integers, objects,
    serde_rename, unexpected, unions,
};

/// The adapted types. `core` is the crate with their deserialisers.
pub(in crate::codegen) fn shape(
    items: Vec<Item>,
    facts: &Facts,
    core: &TokenStream,
) -> Result<Vec<Item>, Error> {
    let mut out = Vec::new();
    let unions: HashSet<String> = items
        .iter()
        .filter_map(|item| tagged_union(item, facts))
        .collect();
    for item in items {
        match item {
            Item::Struct(item) if facts.empty.contains(&item.ident.to_string()) => {
                out.extend(without_fields(&item, facts, core)?);
            }
            Item::Struct(mut item) if facts.forms.contains_key(&item.ident.to_string()) => {
                in_document_order(&mut item, facts);
                let parts = &facts.forms[&item.ident.to_string()];
                out.extend(forms::shape(item, parts, core)?);
            }
            Item::Struct(mut item) => {
                derive_schema(&mut item.attrs);
                in_document_order(&mut item, facts);
                explicit_null::in_struct(&mut item, facts, core);
                states(&mut item, facts, core);
                let constants = match facts.known_values.get(&item.ident.to_string()) {
                    Some(values) => integers::constants(&mut item, values)?,
                    None => None,
                };
                let in_response = facts.responses.contains(&item.ident.to_string());
                let mut generated = None;
                if in_response {
                    generated = objects::read_tolerantly(&mut item, core)?;
                }
                // Values of requests that are another type by name are made of it.
                let is_object = matches!(item.fields, Fields::Named(_));
                if is_object || (in_response && constants.is_none()) {
                    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
                }
                out.push(Item::Struct(item));
                out.extend(constants);
                out.extend(generated);
            }
            Item::Enum(mut item) => {
                let name = item.ident.to_string();
                if facts.open.contains(&name) {
                    out.extend(enums::open(&item, core)?);
                } else if let Some(union) = facts.unions.get(&name) {
                    out.extend(unions::tagged(
                        item,
                        union,
                        facts.responses.contains(&name),
                        core,
                    )?);
                } else {
                    derive_schema(&mut item.attrs);
                    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
                    out.extend(unions::untagged(item, facts.untagged.get(&name), core)?);
                }
            }
            Item::Impl(item) => {
                // Open enums have their own conversions; the variants of a
                // tagged union have other types now than the generator's
                // conversions.
                let of = objects::segment(&item.self_ty).map(|last| last.ident.to_string());
                let of = of.ok_or_else(|| unexpected("an impl for something else than a type"))?;
                // A form is built by its own methods.
                if item.trait_.is_none() && facts.forms.contains_key(&of) {
                    continue;
                }
                if facts.empty.contains(&of) || converts_empty(&item, facts) {
                    continue;
                }
                if facts.open.contains(&of) || (item.trait_.is_some() && unions.contains(&of)) {
                    continue;
                }
                out.push(Item::Impl(item));
            }
            other => out.push(other),
        }
    }
    Ok(out)
}

/// The name of a tagged union whose variants are replaced.
fn tagged_union(item: &Item, facts: &Facts) -> Option<String> {
    let Item::Enum(item) = item else { return None };
    let name = item.ident.to_string();
    (unions::is_tagged(item) && facts.unions.contains_key(&name)).then_some(name)
}

/// A struct of no fields for what the generator makes a map of.
fn without_fields(
    item: &ItemStruct,
    facts: &Facts,
    core: &TokenStream,
) -> Result<Vec<Item>, Error> {
    let (name, docs) = (&item.ident, documentation(&item.attrs));
    let mut item: ItemStruct = syn::parse_quote! {
        #(#docs)*
        #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name {}
    };
    derive_schema(&mut item.attrs);
    let mut read = None;
    if facts.responses.contains(&item.ident.to_string()) {
        read = objects::read_tolerantly(&mut item, core)?;
    }
    Ok([Item::Struct(item)].into_iter().chain(read).collect())
}

/// Whether an impl converts a map that is [`without_fields`] now into others.
fn converts_empty(item: &syn::ItemImpl, facts: &Facts) -> bool {
    let of = item
        .trait_
        .as_ref()
        .and_then(|(_, of, _)| of.segments.last());
    let from = of.and_then(|of| match &of.arguments {
        syn::PathArguments::AngleBracketed(from) => from.args.first(),
        _ => None,
    });
    matches!(from, Some(syn::GenericArgument::Type(syn::Type::Path(from)))
        if from.path.get_ident().is_some_and(|name| facts.empty.contains(&name.to_string())))
}

/// Reads the absent or null state of a job as the empty text, which is not sent
/// either.
fn states(item: &mut ItemStruct, facts: &Facts, core: &TokenStream) {
    let Some(states) = facts.states.get(&item.ident.to_string()) else {
        return;
    };
    let path = |name: TokenStream| quote!(#core::de::#name).to_string().replace(' ', "");
    let is_unset = path(quote!(is_unset));
    for field in &mut item.fields {
        let ident = field.ident.as_ref().map(ToString::to_string);
        let wire = serde_rename(&field.attrs).or(ident).unwrap_or_default();
        if states.contains(&wire) {
            let ty = &field.ty;
            let unset = path(quote!(unset::<#ty>));
            field.attrs.push(
                syn::parse_quote!(#[serde(default = #unset, skip_serializing_if = #is_unset)]),
            );
        }
    }
}

/// Sorts fields, and so their serialisation, in the order of the document.
fn in_document_order(item: &mut ItemStruct, facts: &Facts) {
    let Some(order) = facts.properties.get(&item.ident.to_string()) else {
        return;
    };
    let Fields::Named(fields) = &mut item.fields else {
        return;
    };
    let position = |field: &syn::Field| {
        let ident = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let name = serde_rename(&field.attrs).unwrap_or(ident);
        order
            .iter()
            .position(|property| *property == name)
            .unwrap_or(usize::MAX)
    };
    let mut sorted: Vec<_> = std::mem::take(&mut fields.named).into_iter().collect();
    sorted.sort_by_cached_key(position);
    fields.named = sorted.into_iter().collect();
}
