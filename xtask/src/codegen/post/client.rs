//! The generated client, unchanged except for the types, which have a file of
//! their own, and its imports: path arguments are encoded by the core.

use openapi_prep::Error;
use syn::{Item, UseTree};

use super::unexpected;

/// What generated code imports of the generator's runtime.
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

/// The client's items. The generator's own function for path arguments does not
/// encode a backslash.
pub(in crate::codegen) fn shape(items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let imports: syn::File = syn::parse_quote! {
        use super::types;
        use heygen_core::encode_path;
        #[allow(unused_imports)]
        pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
        #[allow(unused_imports)]
        use progenitor_client::{ClientHooks, OperationInfo, RequestBuilderExt};
    };
    with_imports(imports, items)
}

/// The client's items with other imports, where the generator's are known.
pub(in crate::codegen) fn with_imports(
    imports: syn::File,
    items: Vec<Item>,
) -> Result<Vec<Item>, Error> {
    let mut imported = Vec::new();
    let mut all = imports.items;
    for item in items {
        match item {
            Item::Use(import) => names(&import.tree, &mut imported),
            other => all.push(other),
        }
    }
    imported.sort();
    if imported != IMPORTS {
        return Err(unexpected("a client with other imports"));
    }
    Ok(all)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_imports_of_the_generator_are_an_error() {
        let good: Item = syn::parse_quote!(
            use progenitor_client::{
                ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, RequestBuilderExt,
                ResponseValue, encode_path,
            };
        );
        assert_eq!(shape(vec![good.clone()]).unwrap().len(), 4);
        let more: Item = syn::parse_quote!(
            use progenitor_client::Other;
        );
        assert!(shape(vec![good, more]).is_err());
    }
}
