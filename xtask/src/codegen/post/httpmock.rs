//! Mock helpers, unchanged except that an id may contain any character, and that
//! a list or a map in a query is matched value by value, and that a body may be
//! left out.

use openapi_prep::Error;
use quote::ToTokens as _;
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
    Several.visit_file_mut(&mut file);
    OptionalBody.visit_file_mut(&mut file);
    Ok(file)
}

/// Matches each value of a query parameter that is a list or a map. The helpers
/// would format the whole, which has no `Display`.
struct Several;

impl VisitMut for Several {
    fn visit_impl_item_fn_mut(&mut self, method: &mut syn::ImplItemFn) {
        let signature = method.sig.to_token_stream().to_string();
        let takes = |name: &str| {
            ["& ", "& 'a "]
                .iter()
                .any(|by| signature.contains(&format!("{by}:: std :: {name} <")))
        };
        let is_map = takes("collections :: HashMap");
        if is_map || takes("vec :: Vec") {
            Each { is_map }.visit_block_mut(&mut method.block);
        }
    }
}

struct Each {
    is_map: bool,
}

impl VisitMut for Each {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = &*expr else {
            return;
        };
        if call.method != "query_param" {
            return;
        }
        let (when, name) = (&call.receiver, call.args.first());
        *expr = if self.is_map {
            syn::parse_quote!(value.iter().fold(#when, |when, (name, value)| {
                when.query_param(name, value.to_string())
            }))
        } else {
            syn::parse_quote!(value.iter().fold(#when, |when, value| {
                when.query_param(#name, value.to_string())
            }))
        };
    }
}

/// Matches an empty body where an optional one is none. The helpers would take a
/// reference to a body only.
struct OptionalBody;

impl VisitMut for OptionalBody {
    fn visit_impl_item_fn_mut(&mut self, method: &mut syn::ImplItemFn) {
        let mut inputs = method.sig.inputs.iter();
        let is_optional = inputs.any(|input| match input {
            syn::FnArg::Typed(argument) => {
                super::objects::argument(&argument.ty, "Option").is_some()
            }
            syn::FnArg::Receiver(_) => false,
        });
        let body = method.block.to_token_stream().to_string();
        if method.sig.ident == "body" && is_optional && body.contains("json_body_obj") {
            method.block = syn::parse_quote!({
                Self(match value {
                    Some(value) => self.0.json_body_obj(value),
                    None => self.0.body(""),
                })
            });
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_body_may_be_none() {
        let required: syn::ImplItemFn = syn::parse_quote!(
            pub fn body(self, value: &types::A) -> Self {
                Self(self.0.json_body_obj(value))
            }
        );
        let mut unchanged = required.clone();
        OptionalBody.visit_impl_item_fn_mut(&mut unchanged);
        assert_eq!(unchanged, required);
        let mut optional: syn::ImplItemFn = syn::parse_quote!(
            pub fn body(self, value: Option<&types::A>) -> Self {
                Self(self.0.json_body_obj(value))
            }
        );
        OptionalBody.visit_impl_item_fn_mut(&mut optional);
        let body = optional.block.to_token_stream().to_string();
        assert!(body.contains("None => self . 0 . body (\"\")"), "{body}");
    }

    #[test]
    fn values_of_lists_and_maps_are_matched_one_by_one() {
        let mut methods: [syn::ImplItemFn; 3] = [
            syn::parse_quote!(
                fn ids(self, value: &::std::vec::Vec<i64>) -> Self {
                    Self(self.0.query_param("ids", value.to_string()))
                }
            ),
            syn::parse_quote!(
                fn map<'a, T: Into<Option<&'a ::std::collections::HashMap<String, i64>>>>(
                    self,
                    value: T,
                ) -> Self {
                    Self(self.0.query_param("map", value.to_string()))
                }
            ),
            syn::parse_quote!(
                fn joined(
                    self,
                    value: &::heygen_core::CommaSeparated<::std::vec::Vec<i64>>,
                ) -> Self {
                    Self(self.0.query_param("joined", value.to_string()))
                }
            ),
        ];
        let bodies = methods.each_mut().map(|method| {
            Several.visit_impl_item_fn_mut(method);
            method.block.to_token_stream().to_string().replace(' ', "")
        });
        for (body, wanted) in bodies.iter().zip([
            "value.iter().fold(self.0,|when,value|{when.query_param(\"ids\",value.to_string())})",
            "value.iter().fold(self.0,|when,(name,value)|{when.query_param(name,value.to_string())})",
            "self.0.query_param(\"joined\",value.to_string())",
        ]) {
            assert_eq!(*body, format!("{{Self({wanted})}}"));
        }
    }
}
