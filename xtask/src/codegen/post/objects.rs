//! `Deserialize` implementations of response models: parsed from JSON objects
//! only, `null` array items skipped.

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Field, Fields, GenericArgument, Item, ItemStruct, Meta, PathArguments, PathSegment,
    Type,
};

use super::{literal, underive, unexpected};

/// Removes the derived `Deserialize` of a struct and returns the lenient
/// implementation. `core` is the crate with the macros.
pub(super) fn read_tolerantly(
    item: &mut ItemStruct,
    core: &TokenStream,
) -> Result<Option<Item>, Error> {
    let name = item.ident.clone();
    let call = match &mut item.fields {
        Fields::Named(fields) => {
            let lines: Result<Vec<_>, _> = fields.named.iter().map(line).collect();
            let lines: Option<Vec<_>> = lines?.into_iter().collect();
            // Flattened fields are read from a map by the derive, too.
            let Some(lines) = lines else {
                return read_fields(&mut fields.named, core).map(|()| None);
            };
            quote!(#core::object! { #name { #(#lines;)* } })
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let inner = &fields.unnamed[0].ty;
            let Some(read) = read(inner, &quote!(#core::de)) else {
                return Ok(None);
            };
            quote! {
                impl<'de> ::serde::Deserialize<'de> for #name {
                    fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
                    where
                        __D: ::serde::Deserializer<'de>,
                    {
                        <#read as #core::de::Read<#inner>>::read(deserializer).map(Self)
                    }
                }
            }
        }
        _ => return Ok(None),
    };
    underive(&mut item.attrs, &["Deserialize"])?;
    let call = syn::parse2(call).map_err(|_| unexpected(&format!("a struct {name}")))?;
    Ok(Some(call))
}

/// Has the derive read the fields of a struct as the macro would, but for what is
/// flattened.
fn read_fields(
    fields: &mut Punctuated<Field, syn::Token![,]>,
    core: &TokenStream,
) -> Result<(), Error> {
    let de = quote!(#core::de);
    for field in fields {
        if line(field)?.is_none() {
            continue;
        }
        let optional = argument(&field.ty, "Option");
        let Some(read) = read(optional.unwrap_or(&field.ty), &de) else {
            continue;
        };
        let (presence, default) = match optional {
            Some(_) => (quote!(optional), quote!(default,)),
            None => (quote!(required), quote!()),
        };
        let function = quote!(#de::#presence::<#read, _, _>).to_string();
        let function = function.replace(' ', "");
        field
            .attrs
            .push(syn::parse_quote!(#[serde(#default deserialize_with = #function)]));
    }
    Ok(())
}

/// The macro line of a field, unless it is flattened.
fn line(field: &Field) -> Result<Option<TokenStream>, Error> {
    let Some(ident) = &field.ident else {
        return Err(unexpected("a field without a name"));
    };
    let mut wire = ident.to_string();
    let mut default = None;
    for meta in serde_arguments(&field.attrs)? {
        let value = match &meta {
            Meta::NameValue(pair) => literal(&pair.value),
            _ => None,
        };
        let name = meta.path().to_token_stream().to_string();
        match (name.as_str(), value) {
            ("rename", Some(name)) => wire = name,
            ("default", Some(path)) => {
                let mut path: syn::Path =
                    syn::parse_str(&path).map_err(|_| unexpected("a default of another form"))?;
                // Here the field says of which type the default is.
                if let Some(last) = path.segments.last_mut() {
                    last.arguments = PathArguments::None;
                }
                default = Some(quote!((#path)));
            }
            ("default", None) => default = Some(quote!(default)),
            ("skip_serializing_if", _) => {}
            ("flatten", _) => return Ok(None),
            (other, _) => return Err(unexpected(&format!("the serde attribute {other}"))),
        }
    }
    let (presence, ty) = match (argument(&field.ty, "Option"), default) {
        (Some(inner), _) => (quote!(optional), inner),
        (None, Some(default)) => (default, &field.ty),
        (None, None) => (quote!(required), &field.ty),
    };
    let read = read(ty, &quote!(de));
    Ok(Some(quote!(#wire => #ident: #presence #read)))
}

/// The reader of a type, if it is not `Plain`: integers may be written as
/// floats, and arrays and maps skip `null`, unless their items are nullable.
pub(super) fn read(ty: &Type, de: &TokenStream) -> Option<TokenStream> {
    if matches!(ty, Type::Path(path) if path.path.is_ident("i64") || path.path.is_ident("u64")) {
        return Some(quote!(#de::Integer));
    }
    for (container, reader) in [("Vec", quote!(List)), ("HashMap", quote!(Entries))] {
        let Some(item) = argument(ty, container) else {
            continue;
        };
        if reads_null(item) {
            return None;
        }
        return Some(match read(item, de) {
            Some(item) => quote!(#de::#reader<#item>),
            None => quote!(#de::#reader),
        });
    }
    None
}

/// Whether `null` is a value of the type.
fn reads_null(ty: &Type) -> bool {
    argument(ty, "Option").is_some()
        || matches!(ty, Type::Path(path) if path.path.segments.iter().map(|s| s.ident.to_string()).eq(["serde_json", "Value"]))
}

/// The last argument of a type of this name.
pub(super) fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    arguments(ty, name).pop()
}

/// The types among the arguments of a type of this name.
pub(super) fn arguments<'a>(ty: &'a Type, name: &str) -> Vec<&'a Type> {
    let Some(PathArguments::AngleBracketed(arguments)) = segment(ty)
        .filter(|last| last.ident == name)
        .map(|last| &last.arguments)
    else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// What a type is called within its module.
pub(in crate::codegen) fn segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

pub(super) fn serde_arguments(attributes: &[Attribute]) -> Result<Vec<Meta>, Error> {
    let mut metas = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        let parsed = attribute
            .parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated)
            .map_err(|_| unexpected("a serde attribute of another form"))?;
        metas.extend(parsed);
    }
    Ok(metas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_and_reader_follow_attributes_and_type() {
        let mut item: ItemStruct = syn::parse_quote! {
            #[derive(::serde::Deserialize, Clone)]
            pub struct Model {
                pub id: ::std::string::String,
                #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
                pub type_: ::std::option::Option<i64>,
                #[serde(default)]
                pub tags: ::std::vec::Vec<::std::vec::Vec<::std::string::String>>,
                #[serde(default = "defaults::size")]
                pub size: u64,
                pub map: ::std::option::Option<::std::collections::HashMap<String, bool>>,
                pub holes: ::std::vec::Vec<::std::option::Option<i64>>,
                pub values: ::std::vec::Vec<::serde_json::Value>,
            }
        };
        let generated = read_tolerantly(&mut item, &quote!(crate)).unwrap().unwrap();
        let expected: Item = syn::parse_quote! {
            crate::object! {
                Model {
                    "id" => id: required;
                    "type" => type_: optional de::Integer;
                    "tags" => tags: default de::List<de::List>;
                    "size" => size: (defaults::size) de::Integer;
                    "map" => map: optional de::Entries;
                    "holes" => holes: required;
                    "values" => values: required;
                }
            }
        };
        assert_eq!(
            generated.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
        assert_eq!(
            item.attrs,
            [syn::parse_quote!(#[derive(Clone)])] as [Attribute; 1]
        );
    }

    #[test]
    fn fields_beside_flattened_ones_are_read_leniently() {
        let mut item: ItemStruct = syn::parse_quote! {
            #[derive(::serde::Deserialize)]
            pub struct Model {
                pub count: ::std::option::Option<i64>,
                pub sizes: ::std::vec::Vec<i64>,
                pub name: ::std::option::Option<String>,
                #[serde(flatten)]
                pub extra: ::serde_json::Map<String, ::serde_json::Value>,
            }
        };
        let generated = read_tolerantly(&mut item, &quote!(crate)).unwrap();
        assert!(generated.is_none());
        let expected: ItemStruct = syn::parse_quote! {
            #[derive(::serde::Deserialize)]
            pub struct Model {
                #[serde(default, deserialize_with = "crate::de::optional::<crate::de::Integer,_,_>")]
                pub count: ::std::option::Option<i64>,
                #[serde(deserialize_with = "crate::de::required::<crate::de::List<crate::de::Integer>,_,_>")]
                pub sizes: ::std::vec::Vec<i64>,
                pub name: ::std::option::Option<String>,
                #[serde(flatten)]
                pub extra: ::serde_json::Map<String, ::serde_json::Value>,
            }
        };
        assert_eq!(
            item.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }

    #[test]
    fn array_newtype_skips_null() {
        let mut list: ItemStruct = syn::parse_quote!(
            pub struct Tags(pub Vec<String>);
        );
        let generated = read_tolerantly(&mut list, &quote!(crate)).unwrap().unwrap();
        let text = generated.to_token_stream().to_string();
        assert!(
            text.contains("Deserialize") && text.contains("List"),
            "{text}"
        );
        let mut id: ItemStruct = syn::parse_quote!(
            pub struct Id(pub String);
        );
        assert!(read_tolerantly(&mut id, &quote!(crate)).unwrap().is_none());
    }
}
