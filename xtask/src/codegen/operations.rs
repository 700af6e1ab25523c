//! The table of operations: their metadata, which the core looks up by name.

use heck::ToShoutySnakeCase;
use openapi_prep::Error;
use quote::{format_ident, quote};

use super::post::facts::Facts;

/// The file with a static for each operation and a lookup by name.
pub(super) fn table(facts: &Facts) -> Result<syn::File, Error> {
    let mut operations: Vec<_> = facts.operations.iter().collect();
    operations.sort_by(|a, b| a.name.cmp(&b.name));
    let names: Vec<_> = operations.iter().map(|o| &o.name).collect();
    let idents: Vec<_> = operations
        .iter()
        .map(|o| format_ident!("{}", o.name.to_shouty_snake_case()))
        .collect();
    let statics = operations.iter().zip(&idents).map(|(o, ident)| {
        let (id, method, path) = (&o.id, &o.method, &o.path);
        let about = format!(" `{method} {path}`");
        let mut setters = Vec::new();
        if o.idempotency_key {
            setters.push(quote!(.reads_idempotency_key()));
        }
        if let Some(seconds) = o.timeout {
            setters.push(quote!(.timeout_secs(#seconds)));
        }
        if o.deprecated {
            setters.push(quote!(.deprecated()));
        }
        if let Some(date) = &o.sunset {
            setters.push(quote!(.sunset(#date)));
        }
        if let Some(successor) = &o.successor {
            setters.push(quote!(.successor(#successor)));
        }
        if let Some(media_type) = &o.content_type {
            setters.push(quote!(.content_type(#media_type)));
        }
        if let Some(media_types) = &o.accept {
            setters.push(quote!(.accept(#media_types)));
        }
        if o.optional_body {
            setters.push(quote!(.optional_body()));
        }
        if o.multipart {
            setters.push(quote!(.multipart()));
        }
        quote! {
            #[doc = #about]
            pub static #ident: Operation = Operation::new(#id, #method, #path) #(#setters)*;
        }
    });
    syn::parse2(quote! {
        use heygen_core::Operation;

        #(#statics)*

        /// The operation whose method on the generated client has this name.
        pub fn find(name: &str) -> Option<&'static Operation> {
            Some(match name {
                #(#names => &#idents,)*
                _ => return None,
            })
        }
    })
    .map_err(|e| Error::new(format!("the table of operations is not valid Rust: {e}")))
}
