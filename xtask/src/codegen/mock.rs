//! The documents the mock answers from: copies of the corrected ones, so that
//! the mock's crate holds all it needs.

use openapi_prep::{Document, Error, Format};
use quote::quote;

use super::files::{self, Tree};

/// The folder that holds nothing but these copies.
pub(super) const FOLDER: &str = "crates/heygen-mock/documents/";

/// Puts the documents, and the list of them, into the tree.
pub(super) fn put(
    documents: &[(String, Document)],
    stamp: &str,
    tree: &mut Tree,
) -> Result<(), Error> {
    let mut rows = Vec::new();
    for (module, document) in documents {
        tree.put(
            format!("{FOLDER}{module}.json"),
            document.print(Format::Json)?,
        );
        let path = format!("../documents/{module}.json");
        rows.push(quote!((#module, include_str!(#path))));
    }
    let list = quote! {
        #![doc = "The corrected documents, by the API version they describe."]
        pub(crate) static DOCUMENTS: &[(&str, &str)] = &[#(#rows),*];
    };
    let list = syn::parse2(list)
        .map_err(|e| Error::new(format!("the list of documents is no valid Rust: {e}")))?;
    tree.put(
        "crates/heygen-mock/src/documents.rs".into(),
        files::print(stamp, list)?,
    );
    Ok(())
}
