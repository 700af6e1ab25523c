//! Request bodies that may be left out. The generator takes them for required:
//! its builders of operations get a method to send none, and those of types
//! convert into what a body is then.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use openapi_prep::{Error, api::Operation};
use quote::format_ident;
use syn::{Item, ItemStruct, Type};

use super::{objects::argument, unexpected};

/// The methods for the builders of operations, and the conversions of the
/// builders of types.
pub(in crate::codegen) fn items(
    operations: &[Operation],
    builders: &[Item],
    type_builders: &[Item],
) -> Result<(Vec<Item>, Vec<Item>), Error> {
    let structs = |items: &'_ [Item]| -> Vec<ItemStruct> {
        let structs = items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some(item.clone()),
            _ => None,
        });
        structs.collect()
    };
    let (builders, type_builders) = (structs(builders), structs(type_builders));
    let (mut methods, mut types) = (Vec::new(), BTreeSet::new());
    let may_lack_body = |o: &&Operation| o.body.as_ref().is_some_and(|body| !body.required);
    for operation in operations.iter().filter(may_lack_body) {
        let name = format_ident!("{}", operation.function.to_pascal_case());
        let builder = builders.iter().find(|builder| builder.ident == name);
        let body = builder.and_then(|builder| {
            let mut fields = builder.fields.iter();
            fields.find(|field| field.ident.as_ref().is_some_and(|ident| ident == "body"))
        });
        let Some(body) = body else {
            return Err(unexpected(&format!("no body of {}", operation.id)));
        };
        methods.push(syn::parse_quote! {
            impl<'a> #name<'a> {
                /// Sends no body.
                pub fn without_body(mut self) -> Self {
                    self.body = Ok(::std::default::Default::default());
                    self
                }
            }
        });
        if let Some(Type::Path(inner)) = value(&body.ty).and_then(|ty| argument(ty, "Option"))
            && let Some(last) = inner.path.segments.last()
            && type_builders
                .iter()
                .any(|builder| builder.ident == last.ident)
        {
            types.insert(last.ident.clone());
        }
    }
    let conversions = types.into_iter().map(|name| {
        syn::parse_quote! {
            impl ::std::convert::TryFrom<builder::#name> for ::std::option::Option<#name> {
                type Error = ::std::string::String;

                fn try_from(
                    value: builder::#name,
                ) -> ::std::result::Result<Self, ::std::string::String> {
                    #name::try_from(value).map(Some).map_err(|error| error.to_string())
                }
            }
        }
    });
    Ok((methods, conversions.collect()))
}

/// The first argument of a `Result`.
fn value(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Result")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}
