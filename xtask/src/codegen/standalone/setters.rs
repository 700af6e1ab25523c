//! What the runtime of stand-alone crates knows of each operation beside what
//! every runtime does.

use openapi_prep::api::{Api, BodyContent, Location, Operation, SuccessContent};
use proc_macro2::TokenStream;
use quote::quote;

use super::{security, servers};

/// The calls that set it.
pub(super) fn of(api: &Api, operation: &Operation) -> Vec<TokenStream> {
    let mut setters = Vec::new();
    if let Some(server) = servers::of_operation(api, operation) {
        setters.push(quote!(.server(#server)));
    }
    if let Some(alternatives) = security::requirement(api, operation) {
        let alternatives = alternatives.iter().map(|names| quote!(&[#(#names),*]));
        setters.push(quote!(.security(&[#(#alternatives),*])));
    }
    let mut headers = operation.parameters_in(Location::Header).into_iter();
    if headers.any(|header| header.name.eq_ignore_ascii_case("api-version")) {
        setters.push(quote!(.has_api_version()));
    }
    if streams(operation) {
        setters.push(quote!(.streams()));
    }
    setters
}

/// Whether a body of it is a stream of bytes.
pub(super) fn streams(operation: &Operation) -> bool {
    let body = operation.body.as_ref().map(|body| &body.content);
    let success = &operation.success.content;
    matches!(
        body,
        Some(BodyContent::Bytes | BodyContent::Multipart { .. })
    ) || !matches!(success, SuccessContent::Json(_) | SuccessContent::None)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use serde_json::json;

    use super::{super::tests::api, *};
    use crate::codegen::operations::table;

    #[test]
    fn table_says_what_the_runtime_needs() {
        let json_ok =
            json!({"200": {"description": "a", "content": {"application/json": {"schema": {}}}}});
        let image = json!({"image/png": {}});
        let header = json!([{"name": "Api-Version", "in": "header", "schema": {"type": "string"}}]);
        let api = api(&json!({
            "servers": [{"url": "https://a.example"}],
            "security": [{"key": []}, {}],
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
            "paths": {
                "/a": {"get": {"operationId": "getA", "security": [], "responses": json_ok,
                    "servers": [{"url": "https://files.example"}], "parameters": header}},
                "/c": {"get": {"operationId": "2fa", "responses": json_ok}},
                "/b": {"post": {"operationId": "type", "servers": [{"url": "https://a.example/"}],
                    "requestBody": {"content": image},
                    "responses": {"200": {"description": "a", "content": image}}}},
            },
        }));
        let table = table(&api.operations, &quote!(a::Operation), &|o| of(&api, o));
        let table = table.unwrap().to_token_stream().to_string();
        for wanted in [
            r#"pub static GET_A : Operation = Operation :: new ("getA" , "GET" , "/a") . server ("https://files.example") . security (& []) . has_api_version () ;"#,
            r#"pub static TYPE_ : Operation = Operation :: new ("type" , "POST" , "/b") . security (& [& ["key"] , & []]) . streams () . content_type ("image/png") . accept ("image/png, */*;q=0.1") . optional_body () ;"#,
            r#""type_" => & TYPE_ ,"#,
            "pub static _2FA : Operation",
        ] {
            assert!(table.contains(wanted), "{wanted} in {table}");
        }
    }
}
