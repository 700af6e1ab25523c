//! Mock helpers, unchanged except that an id may contain any character.

use openapi_prep::Error;
use syn::{
    Expr, Item,
    visit_mut::{self, VisitMut},
};

use super::unexpected;

/// Adapts the imports and the patterns of the helpers.
pub(in crate::codegen) fn shape(mut file: syn::File, module: &str) -> Result<syn::File, Error> {
    let types: syn::Path = syn::parse_str(&format!("crate::{module}::types"))
        .map_err(|_| unexpected("a module of another name"))?;
    for item in &mut file.items {
        let Item::Mod(operations) = item else {
            continue;
        };
        let Some((_, items)) = &mut operations.content else {
            continue;
        };
        for inner in items.iter_mut() {
            if let Item::Use(imported) = inner {
                *imported = syn::parse_quote!(use #types;);
            }
        }
    }
    Escape.visit_file_mut(&mut file);
    Ok(file)
}

/// Percent-encodes an id in a pattern as the client does, and escapes it for
/// the regex.
struct Escape;

impl VisitMut for Escape {
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        visit_mut::visit_macro_mut(self, call);
        if !call.path.is_ident("format") {
            return;
        }
        let arguments = call
            .parse_body_with(syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated);
        let Ok(mut arguments) = arguments else { return };
        for argument in arguments.iter_mut().skip(1) {
            *argument = syn::parse_quote!(::regex::escape(&::heygen_core::encode_path(&#argument)));
        }
        call.tokens = quote::quote!(#arguments);
    }
}
