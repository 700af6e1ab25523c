//! How callers build a struct: `new` for what it must hold, and a setter for
//! each other field, by the field's name.

use std::collections::HashSet;

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Field, Fields, Ident, Item, ItemStruct, Type};

use super::{documentation, explicit_null, facts::Facts, objects, objects::argument, unexpected};

/// Methods that no setter hides: those of this impl, and of traits that callers
/// use on such values.
const TAKEN: [&str; 10] = [
    "new", "default", "clone", "into", "from", "eq", "ne", "fmt", "borrow", "to_owned",
];

/// The impl of a struct with `new` and setters; none of a newtype. Derives
/// `Default` where nothing is required.
pub(super) fn methods(item: &mut ItemStruct, facts: &Facts) -> Result<Option<Item>, Error> {
    let Fields::Named(fields) = &item.fields else {
        let is_collection = item.fields.iter().all(|field| is_collection(&field.ty));
        if is_collection && !derives_default(&item.attrs) {
            item.attrs.push(syn::parse_quote!(#[derive(Default)]));
        }
        return Ok(None);
    };
    let explicit = facts.explicit_null.get(&item.ident.to_string());
    let names = fields.named.iter().filter_map(|field| field.ident.as_ref());
    let names: HashSet<String> = names.map(ToString::to_string).collect();
    let (mut required, mut others, mut setters) = (Vec::new(), Vec::new(), Vec::new());
    let mut constants = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else {
            return Err(unexpected("a field without a name"));
        };
        if must_be_given(field)? {
            match constant(&field.ty, facts) {
                Some(value) => constants.push(quote!(#ident: #value)),
                None => required.push((ident, &field.ty)),
            }
            continue;
        }
        others.push(ident);
        if explicit_null::is_explicit(field, explicit) {
            let inner = argument(&field.ty, "Option").unwrap_or(&field.ty);
            setters.push(setter(field, inner, &setter_name(ident), true));
            setters.push(clear_method(ident, &clear_name(ident, &names)));
        } else {
            setters.push(setter(field, &field.ty, &setter_name(ident), false));
        }
    }
    let new = new(&required, &constants, &others);
    if required.is_empty() && constants.is_empty() && !derives_default(&item.attrs) {
        item.attrs.push(syn::parse_quote!(#[derive(Default)]));
    }
    let name = &item.ident;
    let tokens = quote! {
        impl #name {
            #new
            #(#setters)*
        }
    };
    let item = syn::parse2(tokens).map_err(|_| unexpected(&format!("a struct {name}")))?;
    Ok(Some(item))
}

/// The setter of a field: its name, with a suffix where another method has it.
pub(in crate::codegen) fn setter_name(field: &Ident) -> Ident {
    if TAKEN.iter().any(|taken| field == taken) {
        return format_ident!("{field}_");
    }
    field.clone()
}

/// The method that sends null for a field, beside setters of these names.
fn clear_name(field: &Ident, setters: &HashSet<String>) -> Ident {
    let mut name = format!("clear_{field}");
    while setters.contains(&name) {
        name.push('_');
    }
    format_ident!("{name}")
}

/// Whether a value without this field cannot be built.
fn must_be_given(field: &Field) -> Result<bool, Error> {
    let arguments = objects::serde_arguments(&field.attrs)?;
    let has = |word: &str| arguments.iter().any(|a| a.path().is_ident(word));
    let may_be_left_out = if argument(&field.ty, "Option").is_some() {
        has("skip_serializing_if")
    } else {
        // The state of a job has a default where it is read, and is never left out
        // where it is made.
        has("flatten") || (has("default") && !has("skip_serializing_if"))
    };
    Ok(!may_be_left_out)
}

fn derives_default(attributes: &[Attribute]) -> bool {
    let mut found = false;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("derive")) {
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("Default");
            Ok(())
        });
    }
    found
}

/// The value of a required field that has one only, such as a tag.
fn constant(ty: &Type, facts: &Facts) -> Option<TokenStream> {
    let Type::Path(path) = ty else { return None };
    let variant = facts.constants.get(&path.path.get_ident()?.to_string())?;
    let variant = format_ident!("{variant}");
    Some(quote!(#ty::#variant))
}

/// The function that makes a value of what is required. `constants` are fields with
/// their values. Where neither is there, the struct has a default.
pub(super) fn new(
    required: &[(&Ident, &Type)],
    constants: &[TokenStream],
    others: &[&Ident],
) -> TokenStream {
    let arguments = required.iter().map(|(ident, ty)| {
        let (ty, _) = accepted(ident, ty);
        quote!(#ident: #ty)
    });
    let values = required.iter().map(|(ident, ty)| {
        let (_, value) = accepted(ident, ty);
        quote!(#ident: #value)
    });
    if required.is_empty() && constants.is_empty() {
        return quote! {
            #[doc = " Creates a value with no field set."]
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    quote! {
        #[doc = " Creates a value with the required fields."]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#constants,)* #(#values,)* #(#others: ::std::default::Default::default(),)* }
        }
    }
}

/// The method that sets a field of this type, or of an option of it. `nullable` is
/// for a field that tells null from absent.
pub(super) fn setter(field: &Field, ty: &Type, method: &Ident, nullable: bool) -> TokenStream {
    let Some(ident) = &field.ident else {
        return TokenStream::new();
    };
    let docs = docs(&field.attrs);
    let inner = argument(ty, "Option");
    let (ty, mut value) = accepted(ident, inner.unwrap_or(ty));
    if inner.is_some() {
        value = quote!(::std::option::Option::Some(#value));
    }
    if nullable {
        value = quote!(::std::option::Option::Some(#value));
    }
    quote! {
        #(#docs)*
        #[must_use]
        pub fn #method(mut self, #ident: #ty) -> Self {
            self.#ident = #value;
            self
        }
    }
}

/// The method that sends null for a field.
fn clear_method(ident: &Ident, method: &Ident) -> TokenStream {
    let about = format!(" Sends null for `{ident}`.");
    quote! {
        #[doc = #about]
        #[must_use]
        pub fn #method(mut self) -> Self {
            self.#ident = ::std::option::Option::Some(::std::option::Option::None);
            self
        }
    }
}

/// The docs of a field, without the sentence on how null is sent: the names of the
/// setters say that.
fn docs(attributes: &[Attribute]) -> Vec<Attribute> {
    let about: Attribute = explicit_null::about();
    let mut lines = documentation(attributes);
    if let Some(at) = lines.iter().position(|line| *line == about) {
        lines.truncate(at);
        let blank: Attribute = syn::parse_quote!(#[doc = ""]);
        lines.pop_if(|line| *line == blank);
    }
    lines
}

/// What a method takes for a value of a type, and how it becomes the value.
pub(super) fn accepted(ident: &Ident, ty: &Type) -> (TokenStream, TokenStream) {
    if let Some(item) = argument(ty, "Vec") {
        let (taken, convert) = inner(item);
        let map = convert.map(|convert| quote!(.map(#convert)));
        return (
            quote!(impl ::std::iter::IntoIterator<Item = #taken>),
            quote!(#ident.into_iter() #map .collect()),
        );
    }
    let entries = argument(ty, "HashMap").or_else(|| argument(ty, "Map"));
    if let Some(item) = entries {
        let (taken, convert) = inner(item);
        let value = match convert {
            Some(_) => quote!(value.into()),
            None => quote!(value),
        };
        return (
            quote!(impl ::std::iter::IntoIterator<Item = (impl ::std::convert::Into<::std::string::String>, #taken)>),
            quote!(#ident.into_iter().map(|(key, value)| (key.into(), #value)).collect()),
        );
    }
    if let Some(held) = argument(ty, "Box") {
        return (
            quote!(impl ::std::convert::Into<#held>),
            quote!(::std::boxed::Box::new(#ident.into())),
        );
    }
    match inner(ty) {
        (taken, Some(_)) => (taken, quote!(#ident.into())),
        (taken, None) => (taken, quote!(#ident)),
    }
}

/// What is taken for a value in another, and the function that converts it.
fn inner(ty: &Type) -> (TokenStream, Option<TokenStream>) {
    if is_plain(ty) {
        return (quote!(#ty), None);
    }
    (
        quote!(impl ::std::convert::Into<#ty>),
        Some(quote!(::std::convert::Into::into)),
    )
}

/// Whether a type is a list or a map, which has an empty value.
fn is_collection(ty: &Type) -> bool {
    ["Vec", "HashMap", "Map"]
        .iter()
        .any(|name| argument(ty, name).is_some())
}

/// Whether a value is taken as it is: numbers, so that a literal has their type,
/// and what holds others.
fn is_plain(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return true };
    let Some(last) = path.path.segments.last() else {
        return true;
    };
    let is_scalar =
        path.path.segments.len() == 1 && last.ident.to_string().starts_with(char::is_lowercase);
    is_scalar || !last.arguments.is_none()
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    use super::*;

    #[test]
    fn required_fields_are_arguments_and_others_have_setters() {
        let mut item = syn::parse_quote! {
            pub struct Create {
                #[doc = " What to say."]
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub script: ::std::option::Option<::std::string::String>,
                pub avatar_id: ::std::string::String,
                pub kind: CreateKind,
                pub note: ::std::option::Option<::std::string::String>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub tags: ::std::option::Option<::std::vec::Vec<Tag>>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub sizes: ::std::option::Option<::std::vec::Vec<i64>>,
                #[serde(rename = "new", skip_serializing_if = "::std::option::Option::is_none")]
                pub new: ::std::option::Option<bool>,
                #[serde(flatten)]
                pub extra: ::std::collections::HashMap<::std::string::String, ::serde_json::Value>,
            }
        };
        let facts = Facts {
            constants: [("CreateKind".to_owned(), "Avatar".to_owned())].into(),
            ..Facts::default()
        };
        let expected: Item = syn::parse_quote! {
            impl Create {
                #[doc = " Creates a value with the required fields."]
                pub fn new(
                    avatar_id: impl ::std::convert::Into<::std::string::String>,
                    note: ::std::option::Option<::std::string::String>
                ) -> Self {
                    Self {
                        kind: CreateKind::Avatar,
                        avatar_id: avatar_id.into(),
                        note: note,
                        script: ::std::default::Default::default(),
                        tags: ::std::default::Default::default(),
                        sizes: ::std::default::Default::default(),
                        new: ::std::default::Default::default(),
                        extra: ::std::default::Default::default(),
                    }
                }
                #[doc = " What to say."]
                #[must_use]
                pub fn script(mut self, script: impl ::std::convert::Into<::std::string::String>) -> Self {
                    self.script = ::std::option::Option::Some(script.into());
                    self
                }
                #[must_use]
                pub fn tags(mut self, tags: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<Tag>>) -> Self {
                    self.tags = ::std::option::Option::Some(tags.into_iter().map(::std::convert::Into::into).collect());
                    self
                }
                #[must_use]
                pub fn sizes(mut self, sizes: impl ::std::iter::IntoIterator<Item = i64>) -> Self {
                    self.sizes = ::std::option::Option::Some(sizes.into_iter().collect());
                    self
                }
                #[must_use]
                pub fn new_(mut self, new: bool) -> Self {
                    self.new = ::std::option::Option::Some(new);
                    self
                }
                #[must_use]
                pub fn extra(
                    mut self,
                    extra: impl ::std::iter::IntoIterator<Item = (impl ::std::convert::Into<::std::string::String>, impl ::std::convert::Into<::serde_json::Value>)>
                ) -> Self {
                    self.extra = extra.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
                    self
                }
            }
        };
        assert_eq!(methods(&mut item, &facts).unwrap(), Some(expected));
    }

    #[test]
    fn newtype_of_a_collection_has_a_default() {
        let mut map = syn::parse_quote!(
            pub struct M(pub ::serde_json::Map<String, ::serde_json::Value>);
        );
        let mut text = syn::parse_quote!(
            pub struct T(pub String);
        );
        for (item, wanted) in [(&mut map, true), (&mut text, false)] {
            assert!(methods(item, &Facts::default()).unwrap().is_none());
            assert_eq!(derives_default(&item.attrs), wanted);
        }
    }

    #[test]
    fn what_may_be_null_can_be_cleared() {
        let about = explicit_null::about();
        let mut item = syn::parse_quote! {
            #[derive(Clone)]
            pub struct Update {
                #[doc = " The title."]
                #[doc = ""]
                #about
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub title: ::std::option::Option<::std::option::Option<String>>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub clear_title: ::std::option::Option<bool>,
            }
        };
        let facts = Facts {
            explicit_null: [("Update".to_owned(), HashSet::from(["title".to_owned()]))].into(),
            ..Facts::default()
        };
        let methods = methods(&mut item, &facts).unwrap();
        let text = methods.unwrap().into_token_stream().to_string();
        let expected = quote! {
            #[doc = " The title."]
            #[must_use]
            pub fn title(mut self, title: impl ::std::convert::Into<String>) -> Self {
                self.title = ::std::option::Option::Some(::std::option::Option::Some(title.into()));
                self
            }
            #[doc = " Sends null for `title`."]
            #[must_use]
            pub fn clear_title_(mut self) -> Self {
                self.title = ::std::option::Option::Some(::std::option::Option::None);
                self
            }
        };
        assert!(text.contains(&expected.to_string()), "{text}");
        assert!(derives_default(&item.attrs), "nothing is required");
    }
}
