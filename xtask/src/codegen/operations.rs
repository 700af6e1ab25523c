//! The table of operations: what the runtime of a generated crate looks up by
//! the name of a method of the client.

use openapi_prep::{
    Error,
    api::{Body, Operation},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::resources::pages::Paging;

/// The file with a static for each operation and a lookup by function name.
/// `ty` is the runtime's type of operations; `more` gives the calls that set
/// what only this runtime knows.
pub(super) fn table(
    operations: &[Operation],
    ty: &TokenStream,
    more: &dyn Fn(&Operation) -> Vec<TokenStream>,
) -> Result<syn::File, Error> {
    let mut operations: Vec<_> = operations.iter().collect();
    operations.sort_by(|a, b| a.function.cmp(&b.function));
    let names: Vec<_> = operations.iter().map(|o| &o.function).collect();
    let idents: Vec<_> = names
        .iter()
        .map(|name| format_ident!("{}", name.to_ascii_uppercase()))
        .collect();
    let statics = operations.iter().zip(&idents).map(|(operation, ident)| {
        let (id, method, path) = (&operation.id, &operation.method, &operation.path);
        let about = format!(" `{method} {path}`");
        let setters = more(operation).into_iter().chain(common(operation));
        quote! {
            #[doc = #about]
            pub static #ident: Operation = Operation::new(#id, #method, #path) #(#setters)*;
        }
    });
    syn::parse2(quote! {
        use #ty;

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

/// The calls that set what every runtime knows: how bodies are sent.
fn common(operation: &Operation) -> Vec<TokenStream> {
    let body = operation.body.as_ref();
    let mut setters = Vec::new();
    if let Some(body) = body.filter(|body| body.overrides_content_type) {
        let content_type = &body.content_type;
        setters.push(quote!(.content_type(#content_type)));
    }
    if let Some(accept) = &operation.success.accept {
        setters.push(quote!(.accept(#accept)));
    }
    if body.is_some_and(|body| !body.required) {
        setters.push(quote!(.optional_body()));
    }
    if body.is_some_and(Body::is_multipart) {
        setters.push(quote!(.multipart()));
    }
    setters
}

/// The calls that set what `heygen-core` knows: how long a call may take, how
/// often it may be sent, and whether it is to be used no longer.
pub(super) fn for_core(operation: &Operation) -> Vec<TokenStream> {
    let text = |key: &str| operation.extensions.get(key)?.as_str();
    let mut setters = Vec::new();
    if operation.extensions.get("x-idempotency-key") == Some(&true.into()) {
        setters.push(quote!(.reads_idempotency_key()));
    }
    let timeout = operation.extensions.get("x-timeout");
    if let Some(seconds) = timeout.and_then(serde_json::Value::as_u64) {
        setters.push(quote!(.timeout_secs(#seconds)));
    }
    if operation.deprecated {
        setters.push(quote!(.deprecated()));
    }
    if let Some(date) = text("x-sunset") {
        setters.push(quote!(.sunset(#date)));
    }
    if let Some(successor) = text("x-successor") {
        setters.push(quote!(.successor(#successor)));
    }
    // A malformed one is an error where the resources are made.
    if let Ok(Some(paging)) = Paging::of(operation) {
        let Paging {
            token,
            items,
            next_token,
            has_more,
        } = paging;
        setters.push(quote!(.page(heygen_core::PageSpec {
            token: #token,
            items: #items,
            next_token: #next_token,
            has_more: #has_more,
        })));
    }
    setters
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use quote::ToTokens as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn table_says_what_the_core_needs() {
        let responses = json!({"204": {"description": "Done."}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/v3/videos": {
                "get": {"operationId": "listVideos", "deprecated": true, "x-sunset": "2026-10-31",
                        "x-successor": "GET /v4/videos", "responses": responses},
                "post": {"operationId": "createVideo", "x-idempotency-key": true, "x-timeout": 300,
                         "responses": responses},
            }},
        });
        let document = Document::from_value(document).unwrap();
        let api = prepare(document, &mut Names::new()).unwrap().api;
        let table = table(&api.operations, &quote!(heygen_core::Operation), &for_core).unwrap();
        let table = table.into_token_stream().to_string();
        for wanted in [
            r#"Operation :: new ("listVideos" , "GET" , "/v3/videos") . deprecated () . sunset ("2026-10-31") . successor ("GET /v4/videos") ;"#,
            r#"Operation :: new ("createVideo" , "POST" , "/v3/videos") . reads_idempotency_key () . timeout_secs (300u64) ;"#,
        ] {
            assert!(table.contains(wanted), "{wanted} in {table}");
        }
    }
}
