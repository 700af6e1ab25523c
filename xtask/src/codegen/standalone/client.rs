//! The client: the generator's, with the runtime of this workspace in place of
//! the generator's own, and a builder with a method for each security scheme.

use std::collections::HashMap;

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{ImplItem, Item, UseTree};

use super::{
    document::{Kind, Scheme, schemes, servers},
    operations,
};
use crate::codegen::post::unexpected;

/// What generated code imports of the generator's runtime: it is given ours of
/// the same names instead, or the generator's own where that serves.
const IMPORTS: [&str; 8] = [
    "ByteStream",
    "ClientHooks",
    "ClientInfo",
    "Error",
    "OperationInfo",
    "RequestBuilderExt",
    "ResponseValue",
    "encode_path",
];

/// The client's items: other imports, and no constructor of the generator's.
pub(super) fn shape(items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let mut imported = Vec::new();
    let mut kept = Vec::new();
    let mut constructors = 0;
    for item in items {
        match item {
            Item::Use(import) => names(&import.tree, &mut imported),
            Item::Impl(block) if is_constructor(&block) => constructors += 1,
            other => kept.push(other),
        }
    }
    imported.sort();
    if imported != IMPORTS || constructors != 1 {
        return Err(unexpected("a client with other imports or constructors"));
    }
    let imports: syn::File = syn::parse_quote! {
        pub use progenitor_client::{ByteStream, ClientInfo};
        use progenitor_client::OperationInfo;
        pub use runtime::{ClientBuilder, Error, ErrorKind, Operation, ResponseValue, same_origin_redirects};
        use runtime::{ClientHooks, RequestBuilderExt, encode_path};
    };
    Ok(imports.items.into_iter().chain(kept).collect())
}

/// Names the types of error responses in the documentation of each method.
pub(super) fn document_errors(items: &mut [Item], types: &[Item], lowered: &Value) {
    let is_type = |name: &str| {
        types.iter().any(|item| match item {
            Item::Struct(item) => item.ident == name,
            Item::Enum(item) => item.ident == name,
            Item::Type(item) => item.ident == name,
            _ => false,
        })
    };
    let operations = operations::all(lowered);
    let errors: HashMap<&str, String> = operations
        .iter()
        .filter_map(|operation| {
            let declared = operation.value["x-errors"].as_object()?;
            let types = declared.iter().filter_map(|(status, response)| {
                let schema = &response["content"]["application/json"]["schema"];
                let name = schema["$ref"].as_str()?.rsplit('/').next()?;
                is_type(name).then(|| format!("{status}: [`types::{name}`]"))
            });
            let types = types.collect::<Vec<_>>().join(", ");
            let text = format!(" Errors, as types for [`Error::json`]: {types}.");
            (!types.is_empty()).then_some((operation.function.as_str(), text))
        })
        .collect();
    let blocks = items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(&mut block.items),
        _ => None,
    });
    for item in blocks.flatten() {
        if let ImplItem::Fn(function) = item
            && let Some(text) = errors.get(function.sig.ident.to_string().as_str())
        {
            function.attrs.push(syn::parse_quote!(#[doc = " "]));
            function.attrs.push(syn::parse_quote!(#[doc = #text]));
        }
    }
}

/// The names that an import brings in.
fn names(tree: &UseTree, into: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => names(&path.tree, into),
        UseTree::Name(name) => into.push(name.ident.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, into)),
        UseTree::Rename(_) | UseTree::Glob(_) => into.push("*".to_owned()),
    }
}

fn is_constructor(block: &syn::ItemImpl) -> bool {
    block.trait_.is_none()
        && block.items.iter().any(
            |item| matches!(item, ImplItem::Fn(function) if function.sig.ident == "new_with_client"),
        )
}

/// The file with what is made for this document: how clients are built, and
/// how their calls reach the runtime.
pub(super) fn glue(lowered: &Value) -> Result<syn::File, Error> {
    let server = servers(lowered).into_iter().next();
    let (default, new) = match &server {
        Some(server) => (
            quote!(Some(#server)),
            quote! {
                /// A client of the document's server, without a key.
                pub fn new() -> Result<Self, Error> {
                    ClientBuilder::new().build()
                }
            },
        ),
        None => (
            quote!(None),
            quote! {
                /// A client of a server, without a key. The document names none.
                pub fn new(base_url: impl Into<String>) -> Result<Self, Error> {
                    ClientBuilder::new().base_url(base_url).build()
                }
            },
        ),
    };
    let setters = schemes(lowered);
    let setters = setters.iter().map(setter);
    syn::parse2(quote! {
        #![doc = " How clients are built, and how their calls reach the runtime."]

        use progenitor_client::{ClientInfo, OperationInfo};

        use crate::{
            Client, operations,
            runtime::{ClientBuilder, ClientHooks, Error, NotSent, Placement, RawResponse, SecurityScheme, Settings},
        };

        impl Client {
            #new

            /// Sets up a client.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::new()
            }
        }

        impl ClientBuilder {
            /// A builder with the document's server, if it names one, and no
            /// key.
            pub fn new() -> Self {
                Self::for_server(#default)
            }

            #(#setters)*

            /// Builds the client.
            ///
            /// # Errors
            ///
            /// Where the base URL or a credential cannot be used.
            pub fn build(self) -> Result<Client, Error> {
                let (baseurl, client, inner) = self.parts()?;
                Ok(Client { baseurl, client, inner })
            }
        }

        impl Default for ClientBuilder {
            fn default() -> Self {
                Self::new()
            }
        }

        impl ClientHooks<Settings> for Client {
            async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), Error<E>> {
                self.inner().prepare(request, operations::find(info.operation_id))
            }

            async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> Result<RawResponse, NotSent> {
                let operation = operations::find(info.operation_id);
                self.inner().send(self.client(), request, operation).await
            }
        }
    })
    .map_err(|e| Error::new(format!("the client is not valid Rust: {e}")))
}

/// The method of the builder that sets a scheme's credential.
fn setter(scheme: &Scheme) -> TokenStream {
    let Scheme { name, setter, kind } = scheme;
    let method = format_ident!("{setter}");
    let placement = match kind {
        Kind::Header(header) => quote!(Header(#header)),
        Kind::Query(parameter) => quote!(Query(#parameter)),
        Kind::Cookie(cookie) => quote!(Cookie(#cookie)),
        Kind::Authorization(word) => quote!(Authorization(#word)),
        Kind::Basic => {
            let about = format!(" Sets user name and password of the security scheme `{name}`.");
            return quote! {
                #[doc = #about]
                pub fn #method(self, user: &str, password: &str) -> Self {
                    self.basic(#name, user, password)
                }
            };
        }
    };
    let about = format!(
        " Sets the credential of the security scheme `{name}`: {}.",
        sent_as(kind)
    );
    quote! {
        #[doc = #about]
        pub fn #method(self, secret: impl Into<String>) -> Self {
            let scheme = SecurityScheme { name: #name, placement: Placement::#placement };
            self.credential(scheme, secret.into())
        }
    }
}

/// How a credential is sent, for documentation.
pub(super) fn sent_as(kind: &Kind) -> String {
    match kind {
        Kind::Header(name) => format!("header `{name}`"),
        Kind::Query(name) => format!("query parameter `{name}`"),
        Kind::Cookie(name) => format!("cookie `{name}`"),
        Kind::Authorization(word) => format!("header `Authorization: {word} ...`"),
        Kind::Basic => "header `Authorization: Basic ...`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn methods_name_the_types_of_errors() {
        let response = |name: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            json!({"description": "Error.", "content": {"application/json": {"schema": schema}}})
        };
        let document = json!({"paths": {"/a": {"get": {"operationId": "getA", "x-errors": {
            "404": response("Problem"), "4XX": response("Gone"), "default": {"description": "Error."},
        }}}}});
        let types: syn::File = syn::parse_quote!(
            struct Problem;
        );
        let mut items = vec![syn::parse_quote!(impl Client { fn get_a() {} fn other() {} })];
        document_errors(&mut items, &types.items, &document);
        let expected: Item = syn::parse_quote!(impl Client {
            #[doc = " "]
            #[doc = " Errors, as types for [`Error::json`]: 404: [`types::Problem`]."]
            fn get_a() {}
            fn other() {}
        });
        assert_eq!(items, [expected]);
    }

    #[test]
    fn other_imports_of_the_generator_are_an_error() {
        let block: Item = syn::parse_quote!(impl Client { pub fn new_with_client() {} });
        let good: Item = syn::parse_quote!(
            use progenitor_client::{
                ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, RequestBuilderExt,
                ResponseValue, encode_path,
            };
        );
        assert_eq!(shape(vec![good.clone(), block.clone()]).unwrap().len(), 4);
        let more: Item = syn::parse_quote!(
            use progenitor_client::Other;
        );
        assert!(shape(vec![good, more, block]).is_err());
    }
}
