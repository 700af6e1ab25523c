//! Bodies of several parts: one setter for each part, and how it is sent.

use std::collections::HashSet;

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Fields, Ident, Item, ItemStruct, Type,
    visit_mut::{self, VisitMut},
};

use super::{
    documentation,
    facts::{Facts, Part, Parts},
    objects::{argument, segment, serde_arguments},
    serde_rename, setters, unexpected,
};

/// The struct of a form without its serialisation, with `new` for the required
/// parts, a setter for each other, and the conversion into a body. `core` is the
/// crate with the module `multipart`.
pub(super) fn shape(
    mut item: ItemStruct,
    parts: &Parts,
    core: &TokenStream,
) -> Result<Vec<Item>, Error> {
    let name = item.ident.clone();
    let Fields::Named(fields) = &mut item.fields else {
        return Err(unexpected("a form without named fields"));
    };
    let (mut required, mut setters, mut sent) = (Vec::new(), Vec::new(), Vec::new());
    let mut known: HashSet<&str> = parts.keys().map(String::as_str).collect();
    for field in &mut fields.named {
        let Some(ident) = field.ident.clone() else {
            return Err(unexpected("a part without a name"));
        };
        let wire = serde_rename(&field.attrs).unwrap_or_else(|| ident.to_string());
        known.remove(wire.as_str());
        let has = |word: &str| -> Result<bool, Error> {
            let arguments = serde_arguments(&field.attrs)?;
            Ok(arguments.iter().any(|a| a.path().is_ident(word)))
        };
        let (is_default, is_flat) = (has("default")?, has("flatten")?);
        field.attrs.retain(|a| !a.path().is_ident("serde"));
        if is_flat {
            sent.push(quote! {
                for (name, value) in &form.#ident {
                    parts = parts.value(name, value, ::std::option::Option::None);
                }
            });
            setters.push(setters::setter(
                field,
                &field.ty,
                &setters::setter_name(&ident),
                false,
            ));
            continue;
        }
        let part = parts.get(&wire);
        let content_type = match part.and_then(|part| part.content_type.as_deref()) {
            Some(media) => quote!(::std::option::Option::Some(#media)),
            None => quote!(::std::option::Option::None),
        };
        if part.is_some_and(|part: &Part| part.is_file) {
            let mut files = Files(syn::parse_quote!(#core::multipart::Part), 0);
            files.visit_type_mut(&mut field.ty);
            if files.1 != 1 {
                return Err(unexpected(&format!("a file {wire} that is not a string")));
            }
            sent.push(quote!(parts = parts.files(#wire, form.#ident, #content_type);));
        } else {
            sent.push(quote!(parts = parts.value(#wire, &form.#ident, #content_type);));
        }
        if is_default || argument(&field.ty, "Option").is_some() {
            setters.push(setters::setter(
                field,
                &field.ty,
                &setters::setter_name(&ident),
                false,
            ));
        } else {
            required.push((ident, field.ty.clone()));
        }
    }
    if let Some(missing) = known.into_iter().min() {
        return Err(unexpected(&format!("no part {missing} of {name}")));
    }
    let others: Vec<_> = fields
        .named
        .iter()
        .filter_map(|field| field.ident.as_ref())
        .filter(|ident| !required.iter().any(|(required, _)| required == *ident))
        .collect();
    let required: Vec<_> = required.iter().map(|(ident, ty)| (ident, ty)).collect();
    let is_default = required.is_empty();
    let new = setters::new(&required, &[], &others);
    let methods: syn::ItemImpl = syn::parse_quote! {
        impl #name {
            #new

            #(#setters)*
        }
    };
    let body: syn::ItemImpl = syn::parse_quote! {
        impl ::std::convert::From<#name> for #core::multipart::Form {
            fn from(form: #name) -> Self {
                let mut parts = Self::new();
                #(#sent)*
                parts
            }
        }
    };
    let docs = documentation(&item.attrs);
    item.attrs = docs;
    item.attrs
        .push(syn::parse_quote!(#[derive(Clone, Debug, PartialEq)]));
    if is_default {
        item.attrs.push(syn::parse_quote!(#[derive(Default)]));
    }
    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
    Ok(vec![
        Item::Struct(item),
        Item::Impl(methods),
        Item::Impl(body),
    ])
}

/// The conversions of forms into bodies of the generated methods, for clients
/// whose hook finds out their boundary.
pub(in crate::codegen) fn bodies(facts: &Facts) -> Vec<Item> {
    let mut names: Vec<_> = facts.forms.keys().collect();
    names.sort();
    let bodies = names.into_iter().map(|name| {
        let name = format_ident!("{name}");
        syn::parse_quote! {
            impl ::std::convert::From<#name> for ::reqwest::Body {
                fn from(form: #name) -> Self {
                    crate::multipart::Form::from(form).body()
                }
            }
        }
    });
    bodies.collect()
}

/// The generator's builders of types, without those of forms.
pub(in crate::codegen) fn without_builders(items: Vec<Item>, facts: &Facts) -> Vec<Item> {
    let is_form = |ident: &Ident| facts.forms.contains_key(&ident.to_string());
    let is_builder = |item: &Item| match item {
        Item::Struct(item) => is_form(&item.ident),
        Item::Impl(item) => segment(&item.self_ty).is_some_and(|last| is_form(&last.ident)),
        _ => false,
    };
    items.into_iter().filter(|item| !is_builder(item)).collect()
}

/// Replaces the type of texts, and counts how often.
struct Files(Type, usize);

impl VisitMut for Files {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if segment(ty).is_some_and(|last| last.ident == "String") {
            *ty = self.0.clone();
            self.1 += 1;
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    use super::*;

    #[test]
    fn parts_have_setters_and_are_sent() {
        let item: ItemStruct = syn::parse_quote! {
            #[doc = "A form."]
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
            pub struct UploadForm {
                #[doc = "What to store."]
                pub file: ::std::string::String,
                #[serde(rename = "Tags", default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                pub tags: ::std::vec::Vec<::std::string::String>,
                #[serde(default, skip_serializing_if = "::std::option::Option::is_none")]
                pub cover: ::std::option::Option<::std::string::String>,
            }
        };
        let part = |is_file, content_type: Option<&str>| Part {
            is_file,
            content_type: content_type.map(str::to_owned),
        };
        let mut parts = Parts::from([
            ("file".to_owned(), part(true, None)),
            ("Tags".to_owned(), part(false, Some("text/csv"))),
            ("cover".to_owned(), part(true, Some("image/png"))),
        ]);
        let core = quote!(crate);
        let shaped = shape(item.clone(), &parts, &core).unwrap();
        let text: String = shaped
            .iter()
            .map(|i| i.to_token_stream().to_string())
            .collect();
        for wanted in [
            "pub file : crate :: multipart :: Part",
            "pub cover : :: std :: option :: Option < crate :: multipart :: Part >",
            "pub fn new (file : impl :: std :: convert :: Into < crate :: multipart :: Part >)",
            "pub fn tags (mut self , tags : impl :: std :: iter :: IntoIterator",
            r#"parts . files ("file" , form . file , :: std :: option :: Option :: None)"#,
            r#"parts . value ("Tags" , & form . tags , :: std :: option :: Option :: Some ("text/csv"))"#,
            r#"parts . files ("cover" , form . cover , :: std :: option :: Option :: Some ("image/png"))"#,
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
        assert!(!text.contains("serde"), "{text}");

        parts.insert("other".to_owned(), part(true, None));
        let error = shape(item, &parts, &core).unwrap_err().to_string();
        assert!(error.contains("no part other"), "{error}");
    }
}
