//! Models: those of responses are parsed leniently and non-exhaustive, and
//! enums are open if the document declares them so.

use std::collections::HashSet;

use openapi_prep::Error;
use proc_macro2::TokenStream;
use syn::{Fields, Item, ItemStruct};

use super::{
    derive_schema, enums, explicit_null, facts::Facts, forms, integers, objects, serde_rename,
    unexpected, unions,
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
            Item::Struct(mut item) if facts.forms.contains_key(&item.ident.to_string()) => {
                in_document_order(&mut item, facts);
                let parts = &facts.forms[&item.ident.to_string()];
                out.extend(forms::shape(item, parts, core)?);
            }
            Item::Struct(mut item) => {
                derive_schema(&mut item.attrs);
                in_document_order(&mut item, facts);
                explicit_null::in_struct(&mut item, facts, core);
                let constants = match facts.known_values.get(&item.ident.to_string()) {
                    Some(values) => integers::constants(&mut item, values)?,
                    None => None,
                };
                let mut generated = None;
                if facts.responses.contains(&item.ident.to_string()) {
                    generated = objects::read_tolerantly(&mut item, core)?;
                    if constants.is_none() {
                        item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
                    }
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
                    if facts.responses.contains(&name) {
                        item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
                    }
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
