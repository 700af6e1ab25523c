//! The client: made of what a call needs. The generator's own hooks can only
//! pass on what its HTTP library can say, so its calls go by ours instead.

use openapi_prep::Error;
use quote::ToTokens as _;
use syn::{ImplItem, Item};

use super::unexpected;

/// Puts the client into shape.
pub(in crate::codegen) fn shape(items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let mut out: Vec<Item> = vec![
        syn::parse_quote!(
            use progenitor_client::ClientInfo;
        ),
        syn::parse_quote!(
            use super::builder;
        ),
    ];
    let mut made = false;
    for item in items {
        match item {
            Item::Use(_) => {}
            Item::Const(check) if check.to_token_stream().to_string().contains("ClientHooks") => {}
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
    Ok(out)
}
