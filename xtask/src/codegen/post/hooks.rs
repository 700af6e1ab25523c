//! The hooks of the generated client, by which the core captures its requests.

use openapi_prep::Error;
use quote::quote;

use super::unexpected;

/// The file with the implementations of the hooks.
pub(in crate::codegen) fn file() -> Result<syn::File, Error> {
    syn::parse2(quote! {
        use heygen_core::{Capture, GeneratedClient};
        use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};

        use super::client::Client;
        use super::operations;

        impl ClientHooks<Capture> for Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                info: &OperationInfo,
            ) -> Result<(), Error<E>> {
                self.inner().take(request, operations::find(info.operation_id))
            }
        }

        impl GeneratedClient for Client {
            fn for_call(base_url: &str, http: reqwest::Client, capture: Capture) -> Self {
                Self::new_with_client(base_url, http, capture)
            }
        }
    })
    .map_err(|_| unexpected("hooks"))
}
