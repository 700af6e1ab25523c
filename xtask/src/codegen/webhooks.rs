//! The enum of what webhooks carry, a variant for each name of an event. The names
//! are the values of the enum that the overlay marks with `x-webhook-names`; those that
//! the document has no webhook for carry any value.

use std::collections::HashMap;

use openapi_prep::{
    Error, Prepared,
    api::{BaseType, Shape, Webhook},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// The mark on the enum of the names of webhooks.
const NAMES: &str = "x-webhook-names";

/// The mark on a property: other names that it is received under.
const ALIASES: &str = "x-aliases";

/// The file, for a document that describes webhooks.
///
/// # Errors
///
/// Where the names are not marked, or a webhook is not among them.
pub(super) fn file(prepared: &Prepared) -> Result<Option<syn::File>, Error> {
    let api = &prepared.api;
    if api.webhooks.is_empty() {
        return Ok(None);
    }
    let schemas = &prepared.document.as_value()["components"]["schemas"];
    let marked = api
        .types
        .iter()
        .find(|(name, _)| schemas[name][NAMES] == true);
    let Some((Shape::Enum { values, .. }, names)) = marked.map(|(_, ty)| (&ty.shape, ty)) else {
        return Err(Error::new("no enum has the names of the webhooks")
            .at("/webhooks")
            .remedy(format!("mark it with `{NAMES}: true` in the overlay")));
    };
    let mut known: HashMap<&str, &Webhook> = HashMap::new();
    for webhook in &api.webhooks {
        if !values.iter().any(|value| value.value == webhook.name) {
            return Err(Error::new(format!("no event is called {}", webhook.name))
                .at(&webhook.pointer)
                .remedy(format!(
                    "add it to the values of {}, or remove it",
                    names.name
                )));
        }
        known.insert(&webhook.name, webhook);
    }
    let mut variants = Vec::new();
    let mut arms = Vec::new();
    for value in values {
        let (wire, variant) = (&value.value, format_ident!("{}", value.rust_name));
        let webhook = known.get(wire.as_str());
        let ty = webhook.and_then(|webhook| match &webhook.ty.base {
            BaseType::Named(name) => Some(name),
            _ => None,
        });
        if let (Some(webhook), Some(name)) = (webhook, ty) {
            let about = webhook.description.as_deref().unwrap_or_default();
            let about = format!(" `{wire}`. {about}");
            let aliases = aliases(&schemas[name]);
            let ty = format_ident!("{name}");
            variants.push(quote!(#[doc = #about] #variant(super::types::#ty)));
            arms.push(quote!(#wire => payload(data, &[#(#aliases),*]).map(Self::#variant)));
        } else {
            let about = format!(" `{wire}`, whose fields are not documented.");
            variants.push(quote!(#[doc = #about] #variant(::serde_json::Value)));
            arms.push(quote!(#wire => Ok(Self::#variant(data))));
        }
    }
    syn::parse2(quote! {
        #![doc = " What webhooks carry."]

        use ::heygen_core::payload;

        #[doc = " What an event carries, by its type."]
        #[doc = ""]
        #[doc = " Links in it expire; the object that it is about, read by its id, has new ones."]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum EventData {
            #(#variants,)*
            #[doc = " An event of a type that is newer than this crate, or whose data is not as"]
            #[doc = " documented."]
            Unknown {
                #[doc = " The type of the event."]
                event_type: String,
                #[doc = " What it carries; null where that is nothing."]
                data: ::serde_json::Value,
            },
        }

        impl EventData {
            #[doc = " Reads what an event of this type carries. Data that does not fit is kept as"]
            #[doc = " JSON, in `Unknown`."]
            pub fn from_json(event_type: &str, data: ::serde_json::Value) -> Self {
                let read = match event_type {
                    #(#arms,)*
                    _ => Err(data),
                };
                read.unwrap_or_else(|data| Self::Unknown { event_type: event_type.to_owned(), data })
            }
        }
    })
    .map(Some)
    .map_err(|e| Error::new(format!("the enum of webhooks is not valid Rust: {e}")))
}

/// The other names of an object's properties, each with the property's own.
fn aliases(schema: &Value) -> Vec<TokenStream> {
    let mut found = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let aliases = property[ALIASES].as_array().into_iter().flatten();
        for alias in aliases.filter_map(Value::as_str) {
            found.push(quote!((#alias, #name)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, PrepareOptions, prepare_with};
    use quote::ToTokens as _;
    use serde_json::json;

    use super::*;

    fn of(webhook: &str, mark: &str) -> Result<String, Error> {
        let body = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Video"}}}});
        let names = json!({"type": "string", "enum": ["video.done", "ping"], mark: true});
        let query = json!({"name": "type", "in": "query", "schema": {"$ref": "#/components/schemas/Names"}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/events": {"get": {
                "operationId": "listEvents",
                "parameters": [query],
                "responses": {"204": {"description": "done"}},
            }}},
            "webhooks": {webhook: {"post": {"summary": "Done.", "requestBody": body}}},
            "components": {"schemas": {
                "Names": names,
                "Video": {"type": "object", "properties": {"url": {"type": "string", "x-aliases": ["link"]}}},
            }},
        });
        let options = PrepareOptions::new().runtime_reads_webhooks();
        let document = Document::from_value(document).unwrap();
        let prepared = prepare_with(document, &mut Names::new(), options).unwrap();
        let file = file(&prepared)?.expect("webhooks are described");
        Ok(file.into_token_stream().to_string().replace(' ', ""))
    }

    #[test]
    fn known_payload_is_typed_and_read_under_all_its_names() {
        let code = of("video.done", NAMES).unwrap();
        for wanted in [
            "VideoDone(super::types::Video)",
            "Ping(::serde_json::Value)",
            r#""video.done"=>payload(data,&[("link","url")]).map(Self::VideoDone)"#,
            r#""ping"=>Ok(Self::Ping(data))"#,
        ] {
            assert!(code.contains(wanted), "{wanted}: {code}");
        }
    }

    #[test]
    fn webhook_without_a_name_in_the_enum_is_an_error() {
        let error = of("video.gone", NAMES).unwrap_err().to_string();
        assert!(error.contains("no event is called video.gone"), "{error}");
        let error = of("video.done", "x-other").unwrap_err().to_string();
        assert!(error.contains("x-webhook-names: true"), "{error}");
    }
}
