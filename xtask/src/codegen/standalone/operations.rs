//! The table of operations: what the runtime has to know of each.

use openapi_prep::Error;
use quote::{format_ident, quote};
use serde_json::Value;

use super::document;

/// An operation of the lowered document.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    /// The method of the generated client.
    pub(super) function: String,
    pub(super) method: String,
    /// The path template as the server has it.
    pub(super) path: String,
    pub(super) value: &'a Value,
}

/// The operations of a lowered document whose path templates are the server's,
/// in its order.
pub(super) fn all(lowered: &Value) -> Vec<Operation<'_>> {
    let paths = lowered["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.filter_map(move |(method, value)| {
                let id = value["operationId"].as_str()?;
                Some(Operation {
                    id,
                    function: openapi_prep::function_name(id),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    value,
                })
            })
        })
        .collect()
}

impl Operation<'_> {
    /// Whether a body of it is a stream of bytes.
    pub(super) fn streams(&self) -> bool {
        let content = |holder: &Value| -> Vec<String> {
            let types = holder["content"].as_object().into_iter().flatten();
            types.map(|(media, _)| media.to_lowercase()).collect()
        };
        let request = content(&self.value["requestBody"]);
        if request
            .iter()
            .any(|media| media.starts_with("application/octet-stream"))
            || self.value["requestBody"].get("x-multipart").is_some()
        {
            return true;
        }
        let responses = self.value["responses"].as_object().into_iter().flatten();
        let mut success = responses
            .filter(|(status, _)| status.starts_with('2') || *status == "default")
            .map(|(_, response)| content(response))
            .peekable();
        // Without a declared success the generator takes any, as a stream.
        success.peek().is_none()
            || success.any(|media| {
                !media.is_empty() && !media.iter().any(|m| m.starts_with("application/json"))
            })
    }

    /// The `Content-Type` of its request body, where the generator's own is
    /// another.
    fn content_type(&self) -> Option<&str> {
        self.value["requestBody"]["x-content-type"]
            .as_str()
            .filter(|text| !text.is_empty() && text.bytes().all(|b| matches!(b, b' '..=b'~')))
    }

    fn has_api_version(&self) -> bool {
        let parameters = self.value["parameters"].as_array().into_iter().flatten();
        parameters
            .filter(|parameter| parameter["in"] == "header")
            .filter_map(|parameter| {
                parameter["x-wire-name"]
                    .as_str()
                    .or(parameter["name"].as_str())
            })
            .any(|name| name.eq_ignore_ascii_case("api-version"))
    }

    /// Its own server, if it has one that is not the document's.
    pub(super) fn server(&self, default: Option<&String>) -> Option<String> {
        let server = document::base_url(self.value["x-server"].as_str()?)?;
        Some(server).filter(|server| Some(server) != default)
    }
}

/// The file with a static for each operation and a lookup by method name.
pub(super) fn table(lowered: &Value) -> Result<syn::File, Error> {
    let operations = all(lowered);
    let default = document::servers(lowered).into_iter().next();
    let names: Vec<_> = operations.iter().map(|o| &o.function).collect();
    let idents: Vec<_> = names
        .iter()
        .map(|name| format_ident!("{}", name.to_ascii_uppercase()))
        .collect();
    let statics = operations.iter().zip(&idents).map(|(o, ident)| {
        let (id, method, path) = (o.id, &o.method, &o.path);
        let about = format!(" `{method} {path}`");
        let mut setters = Vec::new();
        if let Some(server) = o.server(default.as_ref()) {
            setters.push(quote!(.server(#server)));
        }
        if let Some(alternatives) = document::security(lowered, o.value) {
            let alternatives = alternatives.iter().map(|names| quote!(&[#(#names),*]));
            setters.push(quote!(.security(&[#(#alternatives),*])));
        }
        if let Some(content_type) = o.content_type() {
            setters.push(quote!(.content_type(#content_type)));
        }
        if let Some(accept) = o.value["x-accept"].as_str() {
            setters.push(quote!(.accept(#accept)));
        }
        let body = &o.value["requestBody"];
        if body["x-optional-body"] == true {
            setters.push(quote!(.optional_body()));
        }
        if body.get("x-multipart").is_some() {
            setters.push(quote!(.multipart()));
        }
        if o.has_api_version() {
            setters.push(quote!(.has_api_version()));
        }
        if o.streams() {
            setters.push(quote!(.streams()));
        }
        quote! {
            #[doc = #about]
            pub static #ident: Operation = Operation::new(#id, #method, #path) #(#setters)*;
        }
    });
    syn::parse2(quote! {
        #![doc = " What the document says about each operation beside its types."]

        use crate::runtime::Operation;

        #(#statics)*

        /// The operation whose method of the client has this name.
        pub fn find(name: &str) -> Option<&'static Operation> {
            Some(match name {
                #(#names => &#idents,)*
                _ => return None,
            })
        }
    })
    .map_err(|e| Error::new(format!("the table of operations is not valid Rust: {e}")))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn table_says_what_the_runtime_needs() {
        let json_ok = json!({"200": {"content": {"application/json": {"schema": {}}}}});
        let document = json!({
            "servers": [{"url": "https://a.example"}],
            "security": [{"key": []}, {}],
            "paths": {
                "/a/{client}": {
                    "get": {"operationId": "getA", "x-server": "https://files.example", "security": [], "responses": json_ok, "parameters": [
                        {"name": "client", "in": "path"},
                        {"name": "Api-Version", "in": "header"},
                    ]},
                },
                "/c": {"get": {"operationId": "2fa", "responses": json_ok}},
                "/b": {"post": {"operationId": "type", "x-server": "https://a.example/",
                    "x-accept": "image/png",
                    "requestBody": {"x-content-type": "image/png", "x-optional-body": true, "content": {"application/octet-stream": {}}},
                    "responses": {"204": {"description": "done"}}}},
            },
        });
        let table = table(&document).unwrap().to_token_stream().to_string();
        for wanted in [
            r#"pub static GET_A : Operation = Operation :: new ("getA" , "GET" , "/a/{client}") . server ("https://files.example") . security (& []) . has_api_version () ;"#,
            r#"pub static TYPE_ : Operation = Operation :: new ("type" , "POST" , "/b") . security (& [& ["key"] , & []]) . content_type ("image/png") . accept ("image/png") . optional_body () . streams () ;"#,
            r#""type_" => & TYPE_ ,"#,
            "pub static _2FA : Operation",
        ] {
            assert!(table.contains(wanted), "{wanted} in {table}");
        }
    }
}
