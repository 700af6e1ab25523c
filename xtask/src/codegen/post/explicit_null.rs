//! Optional fields of requests that may be sent as null: `Option<Option<T>>`,
//! where the outer `None` is not sent.

use std::collections::HashSet;

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Fields, GenericArgument, ImplItem, Item, ItemStruct, PathArguments, Stmt, Type};

use super::{documentation, facts::Facts, objects::argument, serde_rename, unexpected};

/// Makes the fields of a struct explicit. `core` is the crate with the
/// deserialisers.
pub(super) fn in_struct(item: &mut ItemStruct, facts: &Facts, core: &TokenStream) {
    let path = format!("{}::de::explicit_null", core.to_token_stream()).replace(' ', "");
    let properties = facts.explicit_null.get(&item.ident.to_string());
    let Fields::Named(fields) = &mut item.fields else {
        return;
    };
    for field in &mut fields.named {
        if !is_explicit(field, properties) || argument(&field.ty, "Option").is_none() {
            continue;
        }
        let inner = &field.ty;
        field.ty = syn::parse_quote!(::std::option::Option<#inner>);
        let lines = documentation(&field.attrs).len();
        if lines > 0 {
            field.attrs.insert(lines, syn::parse_quote!(#[doc = ""]));
        }
        field.attrs.insert(lines + usize::from(lines > 0), about());
        field
            .attrs
            .push(syn::parse_quote!(#[serde(default, deserialize_with = #path)]));
    }
}

/// What is said of a field that may be null.
pub(super) fn about() -> syn::Attribute {
    syn::parse_quote!(#[doc = " `None` is not sent, `Some(None)` is sent as null."])
}

/// Whether a field is one of these properties.
pub(super) fn is_explicit(field: &syn::Field, properties: Option<&HashSet<String>>) -> bool {
    let ident = field.ident.as_ref().map(ToString::to_string);
    let wire = serde_rename(&field.attrs).or(ident).unwrap_or_default();
    properties.is_some_and(|properties| properties.contains(&wire))
}

/// Makes setters of the builders take what is sent: a value, or `None` for
/// null. A setter that is not called sends nothing. `types` are the types before
/// [`in_struct`].
pub(in crate::codegen) fn in_builders(
    builders: &mut [Item],
    types: &[Item],
    facts: &Facts,
) -> Result<(), Error> {
    let mut explicit: HashSet<(String, String)> = HashSet::new();
    for item in types {
        let Item::Struct(item) = item else { continue };
        let properties = facts.explicit_null.get(&item.ident.to_string());
        for field in &item.fields {
            if is_explicit(field, properties)
                && argument(&field.ty, "Option").is_some()
                && let Some(ident) = &field.ident
            {
                explicit.insert((item.ident.to_string(), ident.to_string()));
            }
        }
    }
    for item in builders {
        match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                for field in &mut item.fields {
                    let ident = field.ident.as_ref().map(ToString::to_string);
                    if explicit.contains(&(name.clone(), ident.unwrap_or_default())) {
                        wrap_result(&mut field.ty)?;
                    }
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let name = item.self_ty.to_token_stream().to_string();
                for member in &mut item.items {
                    if let ImplItem::Fn(setter) = member
                        && explicit.contains(&(name.clone(), setter.sig.ident.to_string()))
                    {
                        wrap_value(setter)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// `Result<T, String>` as `Result<Option<T>, String>`.
fn wrap_result(ty: &mut Type) -> Result<(), Error> {
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
        && let Some(GenericArgument::Type(inner)) = arguments.args.first_mut()
    {
        *inner = syn::parse_quote!(::std::option::Option<#inner>);
        return Ok(());
    }
    Err(unexpected("a field of a builder of another form"))
}

/// `self.field = value` as `self.field = value.map(Some)`.
fn wrap_value(setter: &mut syn::ImplItemFn) -> Result<(), Error> {
    if let Some(Stmt::Expr(Expr::Assign(assign), _)) = setter.block.stmts.first_mut() {
        let value = &assign.right;
        *assign.right = syn::parse2(quote!(#value.map(::std::option::Option::Some)))
            .map_err(|_| unexpected("a setter of another form"))?;
        return Ok(());
    }
    Err(unexpected("a setter of another form"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let names = HashSet::from(["nick-name".to_owned()]);
        Facts {
            explicit_null: [("Patch".to_owned(), names)].into(),
            ..Facts::default()
        }
    }

    fn patch() -> ItemStruct {
        syn::parse_quote! {
            pub struct Patch {
                #[serde(rename = "nick-name", skip_serializing_if = "::std::option::Option::is_none")]
                pub nick_name: ::std::option::Option<String>,
                pub other: ::std::option::Option<String>,
            }
        }
    }

    #[test]
    fn field_is_an_option_of_an_option() {
        let mut item = patch();
        in_struct(&mut item, &facts(), &quote!(::core_crate));
        let expected: ItemStruct = syn::parse_quote! {
            pub struct Patch {
                #[doc = " `None` is not sent, `Some(None)` is sent as null."]
                #[serde(rename = "nick-name", skip_serializing_if = "::std::option::Option::is_none")]
                #[serde(default, deserialize_with = "::core_crate::de::explicit_null")]
                pub nick_name: ::std::option::Option< ::std::option::Option<String>>,
                pub other: ::std::option::Option<String>,
            }
        };
        assert_eq!(
            item.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }

    #[test]
    fn setter_takes_a_value_or_none() {
        let file: syn::File = syn::parse_quote! {
            pub struct Patch {
                nick_name: ::std::result::Result<Option<String>, String>,
            }
            impl Patch {
                pub fn nick_name<T>(mut self, value: T) -> Self {
                    self.nick_name = value.try_into().map_err(|e| format!("{e}"));
                    self
                }
            }
        };
        let mut items = file.items;
        in_builders(&mut items, &[Item::Struct(patch())], &facts()).unwrap();
        let expected: syn::File = syn::parse_quote! {
            pub struct Patch {
                nick_name: ::std::result::Result< ::std::option::Option<Option<String> >, String>,
            }
            impl Patch {
                pub fn nick_name<T>(mut self, value: T) -> Self {
                    self.nick_name = value
                        .try_into()
                        .map_err(|e| format!("{e}"))
                        .map(::std::option::Option::Some);
                    self
                }
            }
        };
        assert_eq!(
            quote!(#(#items)*).to_string(),
            expected.to_token_stream().to_string()
        );
    }
}
