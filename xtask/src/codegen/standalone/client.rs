//! The client: the generator's, with the runtime of this workspace in place of
//! the generator's own, and a builder with a method for each security scheme.

use openapi_prep::{
    Error,
    api::{Api, BaseType, Operation},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item};

use super::{
    security::{Placement, Scheme, schemes},
    servers,
};
use crate::codegen::post::{client::with_imports, unexpected};

/// The client's items: other imports, and no constructor of the generator's.
pub(super) fn shape(mut items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let all = items.len();
    items.retain(|item| !matches!(item, Item::Impl(block) if is_constructor(block)));
    if items.len() + 1 != all {
        return Err(unexpected("a client with other constructors"));
    }
    let imports = syn::parse_quote! {
        pub use progenitor_client::{ByteStream, ClientInfo};
        use progenitor_client::OperationInfo;
        pub use runtime::{ClientBuilder, Error, ErrorKind, Operation, ResponseValue, same_origin_redirects};
        use runtime::{ClientHooks, RequestBuilderExt, encode_path};
    };
    with_imports(imports, items)
}

/// Names the types of error responses in the documentation of each method.
pub(super) fn document_errors(items: &mut [Item], api: &Api) {
    let blocks = items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(&mut block.items),
        _ => None,
    });
    for item in blocks.flatten() {
        if let ImplItem::Fn(function) = item
            && let Some(operation) = api.operation(&function.sig.ident.to_string())
            && let Some(text) = error_types(operation, api)
        {
            function.attrs.push(syn::parse_quote!(#[doc = " "]));
            function.attrs.push(syn::parse_quote!(#[doc = #text]));
        }
    }
}

fn error_types(operation: &Operation, api: &Api) -> Option<String> {
    let types = operation.errors.iter().filter_map(|error| {
        let (status, ty) = (&error.status, error.ty.as_ref()?);
        match &ty.base {
            BaseType::Named(name) => api
                .types
                .contains_key(name)
                .then(|| format!("{status}: [`types::{name}`]")),
            BaseType::Any => None,
            _ => Some(format!("{status}: `{ty}`")),
        }
    });
    let types = types.collect::<Vec<_>>().join(", ");
    (!types.is_empty()).then(|| format!(" Errors, as types for [`Error::json`]: {types}."))
}

fn is_constructor(block: &syn::ItemImpl) -> bool {
    block.trait_.is_none()
        && block.items.iter().any(
            |item| matches!(item, ImplItem::Fn(function) if function.sig.ident == "new_with_client"),
        )
}

/// The file with what is made for this document: how clients are built, and
/// how their calls reach the runtime.
pub(super) fn glue(api: &Api) -> Result<syn::File, Error> {
    let server = servers::of_document(api).into_iter().next();
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
    let setters = schemes(api);
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
    let Scheme {
        name,
        setter,
        placement,
    } = scheme;
    let method = format_ident!("{setter}");
    let sent = match placement {
        Placement::Header(header) => quote!(Header(#header)),
        Placement::Query(parameter) => quote!(Query(#parameter)),
        Placement::Cookie(cookie) => quote!(Cookie(#cookie)),
        Placement::Authorization(word) => quote!(Authorization(#word)),
        Placement::Basic => {
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
        placement.describe()
    );
    quote! {
        #[doc = #about]
        pub fn #method(self, secret: impl Into<String>) -> Self {
            let scheme = SecurityScheme { name: #name, placement: Placement::#sent };
            self.credential(scheme, secret.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::api, *};

    #[test]
    fn methods_name_the_types_of_errors() {
        let response = |name: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            json!({"description": "Error.", "content": {"application/json": {"schema": schema}}})
        };
        let mut list = response("Problem");
        let one = list["content"]["application/json"]["schema"].take();
        list["content"]["application/json"]["schema"] = json!({"type": "array", "items": one});
        let api = api(&json!({
            "paths": {"/a": {"get": {"operationId": "getA", "responses": {
                "200": {"description": "Good."}, "404": response("Problem"),
                "4XX": response("Text"), "500": list, "default": {"description": "Error."},
            }}}},
            "components": {"schemas": {
                "Problem": {"type": "object", "properties": {"a": {"type": "string"}}},
                "Text": {"type": "string"},
            }},
        }));
        let mut items = vec![syn::parse_quote!(impl Client { fn get_a() {} fn other() {} })];
        document_errors(&mut items, &api);
        let expected: Item = syn::parse_quote!(impl Client {
            #[doc = " "]
            #[doc = " Errors, as types for [`Error::json`]: 404: [`types::Problem`], 4XX: [`types::Text`], 500: `Vec<Problem>`."]
            fn get_a() {}
            fn other() {}
        });
        assert_eq!(items, [expected]);
    }
}
