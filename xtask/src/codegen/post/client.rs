//! The client: made of what a call needs, and bound to the hooks.

use openapi_prep::Error;
use syn::{ImplItem, Item};

use super::unexpected;

/// Puts the client into shape, and adds its hooks.
pub(in crate::codegen) fn shape(items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let mut out: Vec<Item> = vec![
        syn::parse_quote!(
            use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
        ),
        syn::parse_quote!(
            use super::builder;
        ),
    ];
    let mut made = false;
    for item in items {
        match item {
            Item::Use(_) => {}
            Item::Impl(mut item) if item.trait_.is_none() => {
                let constructors = ["new", "new_with_client"];
                let before = item.items.len();
                item.items.retain(|i| !matches!(i, ImplItem::Fn(f) if constructors.iter().any(|c| f.sig.ident == c)));
                if item.items.len() != before {
                    made = true;
                    item.items.insert(
                        0,
                        syn::parse_quote! {
                            /// A client for one call, or for many that share their options.
                            pub fn new(inner: crate::hooks::Inner) -> Self {
                                Self {
                                    baseurl: inner.base_url().to_owned(),
                                    client: inner.http().clone(),
                                    inner,
                                }
                            }
                        },
                    );
                }
                out.push(Item::Impl(item));
            }
            other => out.push(other),
        }
    }
    if !made {
        return Err(unexpected("a client without a constructor"));
    }
    out.push(syn::parse_quote! {
        impl ClientHooks<crate::hooks::Inner> for Client {
            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                crate::hooks::exec(&self.inner, super::operations::find(info.operation_id), request).await
            }
        }
    });
    Ok(out)
}
