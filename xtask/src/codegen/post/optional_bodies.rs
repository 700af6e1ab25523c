//! Request bodies that may be left out. The generator takes them for required:
//! its builders of operations send none unless one is set, and those of types
//! convert into what a body is then.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use openapi_prep::{Error, api::Operation};
use quote::format_ident;
use syn::{
    FieldValue, Item, ItemStruct, Member, Type,
    visit_mut::{self, VisitMut},
};

use super::{objects::argument, unexpected};

/// Lets the builders of operations send no body, and gives the conversions of
/// the builders of types.
pub(in crate::codegen) fn leave_out(
    operations: &[Operation],
    builders: &mut Vec<Item>,
    type_builders: &[Item],
) -> Result<Vec<Item>, Error> {
    let structs = |items: &'_ [Item]| -> Vec<ItemStruct> {
        let structs = items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some(item.clone()),
            _ => None,
        });
        structs.collect()
    };
    let (of_operations, type_builders) = (structs(builders), structs(type_builders));
    let mut types = BTreeSet::new();
    let may_lack_body = |o: &&Operation| o.body.as_ref().is_some_and(|body| !body.required);
    for operation in operations.iter().filter(may_lack_body) {
        let name = format_ident!("{}", operation.function.to_pascal_case());
        let builder = of_operations.iter().find(|builder| builder.ident == name);
        let body = builder.and_then(|builder| {
            let mut fields = builder.fields.iter();
            fields.find(|field| field.ident.as_ref().is_some_and(|ident| ident == "body"))
        });
        let Some(body) = body else {
            return Err(unexpected(&format!("no body of {}", operation.id)));
        };
        let is_of_builder = |ty: &Type| {
            matches!(ty, Type::Path(path)
                if path.path.segments.last().is_some_and(|last| last.ident == name))
        };
        for item in &mut *builders {
            if let Item::Impl(methods) = item
                && is_of_builder(&methods.self_ty)
            {
                NoBody.visit_item_impl_mut(methods);
            }
        }
        builders.push(syn::parse_quote! {
            impl<'a> #name<'a> {
                /// Sends no body, as if none had been set.
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
    Ok(conversions.collect())
}

/// Makes no body the first value of the field `body`.
struct NoBody;

impl VisitMut for NoBody {
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if matches!(&field.member, Member::Named(name) if name == "body") {
            field.expr = syn::parse_quote!(Ok(::std::default::Default::default()));
        }
        visit_mut::visit_field_value_mut(self, field);
    }
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
