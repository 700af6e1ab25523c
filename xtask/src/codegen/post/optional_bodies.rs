//! Request bodies that may be left out. The generator takes them for required:
//! its builders of operations send none unless one is set, and those of types
//! convert into what a body is then.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use openapi_prep::{Error, api::Operation};
use quote::format_ident;
use syn::{
    FieldValue, Ident, Item, ItemStruct, Member,
    visit_mut::{self, VisitMut},
};

use super::{
    objects::{argument, arguments, segment},
    unexpected,
};

/// Lets the builders of operations send no body, and gives the conversions of
/// the builders of types.
pub(in crate::codegen) fn leave_out(
    operations: &[Operation],
    builders: &mut Vec<Item>,
    type_builders: &[Item],
) -> Result<Vec<Item>, Error> {
    let mut types = BTreeSet::new();
    let may_lack_body = |o: &&Operation| o.body.as_ref().is_some_and(|body| !body.required);
    for operation in operations.iter().filter(may_lack_body) {
        let name = format_ident!("{}", operation.function.to_pascal_case());
        let body = item_struct(builders, &name).and_then(|builder| {
            let mut fields = builder.fields.iter();
            fields.find(|field| field.ident.as_ref().is_some_and(|ident| ident == "body"))
        });
        let Some(body) = body.map(|field| field.ty.clone()) else {
            return Err(unexpected(&format!("no body of {}", operation.id)));
        };
        for item in &mut *builders {
            if let Item::Impl(methods) = item
                && segment(&methods.self_ty).is_some_and(|last| last.ident == name)
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
        if let Some(value) = arguments(&body, "Result").first()
            && let Some(last) = argument(value, "Option").and_then(segment)
            && item_struct(type_builders, &last.ident).is_some()
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

/// The struct of this name.
fn item_struct<'a>(items: &'a [Item], name: &Ident) -> Option<&'a ItemStruct> {
    items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == *name => Some(item),
        _ => None,
    })
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
