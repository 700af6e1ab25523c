//! Short paths in our crates: no type of a document has a name of the prelude that
//! generated code uses.

use syn::{
    Attribute, Expr, ExprLit, Item, Lit, Meta, Path, Token,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// The modules and names in them that are in the prelude, and reserved.
const PRELUDE: [(&str, &str); 9] = [
    ("boxed", "Box"),
    ("convert", "From"),
    ("convert", "Into"),
    ("default", "Default"),
    ("iter", "IntoIterator"),
    ("option", "Option"),
    ("result", "Result"),
    ("string", "String"),
    ("vec", "Vec"),
];

/// Writes `::std::option::Option` as `Option`, and likewise what else is in the
/// prelude.
pub(super) fn shorten(item: &mut Item) {
    Shorten.visit_item_mut(item);
}

struct Shorten;

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let [std, module, name, ..] = names.as_slice()
            && std == "std"
            && path.leading_colon.is_some()
            && PRELUDE.contains(&(module.as_str(), name.as_str()))
        {
            path.leading_colon = None;
            let is_variant = |name: &String| ["Some", "None", "Ok", "Err"].contains(&name.as_str());
            let rest = if names.get(3).is_some_and(is_variant) {
                3
            } else {
                2
            };
            path.segments = std::mem::take(&mut path.segments)
                .into_iter()
                .skip(rest)
                .collect();
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if !attribute.path().is_ident("serde") {
            return;
        }
        let parsed = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        let Ok(mut metas) = parsed else { return };
        for meta in &mut metas {
            if let Meta::NameValue(pair) = meta
                && pair.path.is_ident("skip_serializing_if")
                && let Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) = &pair.value
                && let Some(function) = text.value().strip_prefix("::std::option::")
            {
                pair.value = syn::parse_quote!(#function);
            }
        }
        *attribute = syn::parse_quote!(#[serde(#metas)]);
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    use super::*;

    #[test]
    fn variants_of_the_prelude_have_no_type() {
        let mut item: Item = syn::parse_quote!(
            const A: ::std::option::Option<i64> = ::std::option::Option::Some(1);
        );
        shorten(&mut item);
        let expected: Item = syn::parse_quote!(
            const A: Option<i64> = Some(1);
        );
        assert_eq!(
            item.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }

    #[test]
    fn names_of_the_prelude_have_no_path() {
        let mut item: Item = syn::parse_quote! {
            pub struct S {
                #[serde(rename = "A", skip_serializing_if = "::std::option::Option::is_none")]
                pub a: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                pub b: ::std::collections::HashMap<::std::string::String, std::string::String>,
            }
        };
        shorten(&mut item);
        let expected: Item = syn::parse_quote! {
            pub struct S {
                #[serde(rename = "A", skip_serializing_if = "Option::is_none")]
                pub a: Option<Vec<String>>,
                pub b: ::std::collections::HashMap<String, std::string::String>,
            }
        };
        assert_eq!(
            item.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }
}
