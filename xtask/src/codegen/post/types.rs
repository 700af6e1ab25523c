//! Models: answers are objects only, may grow, and open what the document
//! says is open.

use std::collections::HashSet;

use openapi_prep::Error;
use syn::{Fields, Item, ItemStruct};

use super::{derive_schema, enums, facts::Facts, serde_rename, unexpected, unions};

/// Puts the types into shape.
pub(in crate::codegen) fn shape(
    items: Vec<Item>,
    builders: bool,
    facts: &Facts,
) -> Result<Vec<Item>, Error> {
    let mut out = Vec::new();
    let mut objects = Vec::new();
    if builders {
        out.push(syn::parse_quote!(
            #[doc = " Builders: of what is sent, and with the feature `httpmock` of what is answered."]
            pub mod builder;
        ));
    }
    let unions: HashSet<String> = items
        .iter()
        .filter_map(|item| tagged_union(item, facts))
        .collect();
    for item in items {
        match item {
            Item::Struct(mut item) => {
                derive_schema(&mut item.attrs);
                in_document_order(&mut item, facts);
                if facts.responses.contains(&item.ident.to_string()) {
                    answer(&mut item, &mut objects);
                }
                out.push(Item::Struct(item));
            }
            Item::Enum(mut item) => {
                let name = item.ident.to_string();
                if facts.open.contains(&name) {
                    out.extend(enums::open(&item)?);
                } else if let Some(union) = facts.unions.get(&name) {
                    out.extend(unions::tagged(
                        item,
                        union,
                        facts.responses.contains(&name),
                    )?);
                } else {
                    derive_schema(&mut item.attrs);
                    if facts.responses.contains(&name) {
                        item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
                    }
                    out.extend(unions::untagged(item)?);
                }
            }
            Item::Impl(mut item) => {
                // Open enums bring their own conversions; a union's variants
                // hold other types by now than those the generator converts.
                let of = self_name(&item)?;
                if facts.open.contains(&of) || (item.trait_.is_some() && unions.contains(&of)) {
                    continue;
                }
                if item.trait_.is_none() && facts.built_by_mocks_only(&of) {
                    item.attrs.push(for_mocks());
                }
                out.push(Item::Impl(item));
            }
            other => out.push(other),
        }
    }
    if !objects.is_empty() {
        out.push(syn::parse_quote!(crate::decode::objects! { #(#objects),* }));
    }
    Ok(out)
}

/// Puts the types' builders into shape. What only answers hold is built by
/// nobody but a mock of the server: most of the code, and for most users none.
pub(in crate::codegen) fn shape_builders(
    mut items: Vec<Item>,
    facts: &Facts,
) -> Result<Vec<Item>, Error> {
    for item in &mut items {
        let (of, attributes) = match item {
            Item::Struct(item) => (item.ident.to_string(), &mut item.attrs),
            Item::Impl(item) => (self_name(item)?, &mut item.attrs),
            _ => continue,
        };
        if facts.built_by_mocks_only(&of) {
            attributes.push(for_mocks());
        }
    }
    Ok(items)
}

fn for_mocks() -> syn::Attribute {
    syn::parse_quote!(#[cfg(feature = "httpmock")])
}

/// The name of a tagged union that is given variants of our own.
fn tagged_union(item: &Item, facts: &Facts) -> Option<String> {
    let Item::Enum(item) = item else { return None };
    let name = item.ident.to_string();
    (unions::is_tagged(item) && facts.unions.contains_key(&name)).then_some(name)
}

/// Fields stand, and are written, as the document has them.
fn in_document_order(item: &mut ItemStruct, facts: &Facts) {
    let Some(order) = facts.properties.get(&item.ident.to_string()) else {
        return;
    };
    let Fields::Named(fields) = &mut item.fields else {
        return;
    };
    let place = |field: &syn::Field| {
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
    sorted.sort_by_key(place);
    fields.named = sorted.into_iter().collect();
}

/// An answer: read from an object and nothing else, and free to grow.
fn answer(item: &mut ItemStruct, objects: &mut Vec<syn::Ident>) {
    if let Fields::Named(_) = item.fields {
        item.attrs
            .push(syn::parse_quote!(#[serde(remote = "Self")]));
        objects.push(item.ident.clone());
    }
    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
}

fn self_name(item: &syn::ItemImpl) -> Result<String, Error> {
    match &*item.self_ty {
        syn::Type::Path(path) => Ok(path
            .path
            .segments
            .last()
            .map(|s| s.ident.to_string())
            .unwrap_or_default()),
        _ => Err(unexpected("an impl for something else than a type")),
    }
}
