//! The generated client, unchanged except for the types, which have a file of
//! their own, and the encoding of path arguments, which is the core's.

use openapi_prep::Error;
use syn::{Item, UseTree};

use super::unexpected;

/// Name of the function that the generator's code encodes path arguments by.
const ENCODE_PATH: &str = "encode_path";

/// The client's items. The generator's own function for path arguments does not
/// encode a backslash.
pub(in crate::codegen) fn shape(items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let mut imports = 0;
    let mut out: Vec<Item> = vec![
        syn::parse_quote!(
            use super::types;
        ),
        syn::parse_quote!(
            use heygen_core::encode_path;
        ),
    ];
    for item in items {
        match item {
            Item::Use(mut import) => {
                imports += usize::from(remove(&mut import.tree, ENCODE_PATH));
                out.push(Item::Use(import));
            }
            other => out.push(other),
        }
    }
    if imports != 1 {
        return Err(unexpected("another import of encode_path"));
    }
    Ok(out)
}

/// Removes a name from the groups of an import.
fn remove(tree: &mut UseTree, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => remove(&mut path.tree, name),
        UseTree::Group(group) => {
            let before = group.items.len();
            let items = std::mem::take(&mut group.items);
            group.items = items
                .into_iter()
                .filter(|item| !matches!(item, UseTree::Name(found) if found.ident == name))
                .collect();
            let mut removed = group.items.len() < before;
            for item in &mut group.items {
                removed |= remove(item, name);
            }
            removed
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_encodes_path_arguments() {
        let import: Item = syn::parse_quote!(
            use progenitor_client::{RequestBuilderExt, encode_path};
        );
        let items = shape(vec![import]).unwrap();
        let expected: syn::File = syn::parse_quote! {
            use super::types;
            use heygen_core::encode_path;
            use progenitor_client::{RequestBuilderExt};
        };
        assert_eq!(items, expected.items);
        let error = shape(Vec::new()).unwrap_err().to_string();
        assert!(error.contains("encode_path"), "{error}");
    }
}
