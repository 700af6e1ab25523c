//! What callers of our crates have of the types: ways to build requests, and
//! responses in tests, and no conversions that nobody calls. Stand-alone crates
//! have the generator's builders instead.

use openapi_prep::Error;
use quote::{ToTokens as _, quote};
use syn::{Item, Type};

use super::{enums, facts::Facts, paths, setters, unions};

/// The types of a module of ours.
#[derive(Default)]
pub(in crate::codegen) struct Surface {
    pub(in crate::codegen) types: Vec<Item>,
    /// What builds the types of responses, under the feature `test-util`.
    pub(in crate::codegen) test_util: Vec<Item>,
}

/// The surface of these types, which [`types`](super::types) has adapted.
pub(in crate::codegen) fn of(items: Vec<Item>, facts: &Facts) -> Result<Surface, Error> {
    let mut surface = Surface::default();
    let core = quote!(::heygen_core);
    for item in items {
        match item {
            Item::Struct(mut item) => {
                let name = item.ident.to_string();
                let methods = if facts.forms.contains_key(&name) {
                    None
                } else {
                    setters::methods(&mut item, facts)?
                };
                surface.types.push(Item::Struct(item));
                surface.builds(&name, facts).extend(methods);
            }
            Item::Enum(item) if facts.closed.contains(&item.ident.to_string()) => {
                surface.types.extend(enums::closed(&item, &core)?);
            }
            Item::Enum(item) => {
                let name = item.ident.to_string();
                let union = facts.unions.get(&name).filter(|_| unions::is_tagged(&item));
                let conversions = union.map(|union| unions::conversions(&item, union));
                surface.types.push(Item::Enum(item));
                surface
                    .builds(&name, facts)
                    .extend(conversions.into_iter().flatten());
            }
            Item::Impl(item) if is_unused(&item, facts) => {}
            other => surface.types.push(other),
        }
    }
    let uses_errors = surface
        .types
        .iter()
        .filter(|item| !is_errors(item))
        .any(|item| {
            item.to_token_stream()
                .to_string()
                .contains("ConversionError")
        });
    if !uses_errors {
        surface.types.retain(|item| !is_errors(item));
    }
    for item in surface.types.iter_mut().chain(&mut surface.test_util) {
        paths::shorten(item);
    }
    Ok(surface)
}

impl Surface {
    /// Where what builds this type is.
    fn builds(&mut self, name: &str, facts: &Facts) -> &mut Vec<Item> {
        if facts.requests.contains(name) {
            &mut self.types
        } else {
            &mut self.test_util
        }
    }
}

/// Whether an impl converts from text, or to the text of a closed enum, which has
/// a macro for it.
fn is_unused(item: &syn::ItemImpl, facts: &Facts) -> bool {
    let Some((_, of, _)) = &item.trait_ else {
        return false;
    };
    let of = of.segments.last().map(|last| last.ident.to_string());
    let is_closed = matches!(&*item.self_ty, Type::Path(path)
        if path.path.get_ident().is_some_and(|name| facts.closed.contains(&name.to_string())));
    is_closed || matches!(of.as_deref(), Some("FromStr" | "TryFrom"))
}

/// Whether an item is the module with the errors of conversions.
fn is_errors(item: &Item) -> bool {
    matches!(item, Item::Mod(module) if module.ident == "error")
}
