//! The table of operations: what the transport is told, so that it knows no
//! operation by name.

use openapi_prep::Error;
use quote::quote;

use super::post::facts::{Facts, Paging};

/// The file that holds the table and looks rows up in it.
pub(super) fn table(facts: &Facts) -> Result<syn::File, Error> {
    let mut operations: Vec<_> = facts.operations.iter().collect();
    operations.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = operations.into_iter().map(|o| {
        let (id, name, method, path) = (&o.id, &o.name, &o.method, &o.path);
        let (idempotent, key, deprecated) = (o.idempotent, o.idempotency_key, o.deprecated);
        let sunset = match &o.sunset {
            Some(date) => quote!(Some(#date)),
            None => quote!(None),
        };
        let pagination = match &o.pagination {
            Some(Paging { token, limit, items, next }) => {
                let limit = match limit {
                    Some(limit) => quote!(Some(#limit)),
                    None => quote!(None),
                };
                let (items, next) = (format!("/{items}"), format!("/{next}"));
                quote!(Some(Pagination { token_param: #token, limit_param: #limit, items: #items, next_token: #next }))
            }
            None => quote!(None),
        };
        quote! {
            Operation {
                id: #id,
                name: #name,
                method: #method,
                path: #path,
                idempotent: #idempotent,
                idempotency_key: #key,
                pagination: #pagination,
                deprecated: #deprecated,
                sunset: #sunset,
            }
        }
    });
    let import = if facts.operations.iter().any(|o| o.pagination.is_some()) {
        quote!(
            use heygen_transport::{Operation, Pagination};
        )
    } else {
        quote!(
            use heygen_transport::Operation;
        )
    };
    syn::parse2(quote! {
        #import

        /// Every operation, sorted by name.
        pub static OPERATIONS: &[Operation] = &[#(#rows),*];

        /// The operation whose method on the client has this name.
        pub fn find(name: &str) -> Option<&'static Operation> {
            OPERATIONS.binary_search_by(|o| o.name.cmp(name)).ok().map(|at| &OPERATIONS[at])
        }
    })
    .map_err(|e| Error::new(format!("the table of operations is no valid Rust: {e}")))
}
