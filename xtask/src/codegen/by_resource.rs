//! The generator's code for operations in files by resource, as their handles and
//! types are, so that a reader finds it and no file is endless.

use std::collections::{BTreeMap, HashMap};

use heck::ToPascalCase as _;
use openapi_prep::{Error, api::Api};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item, ItemMod};

use super::{
    files::of_items as file,
    post::unexpected,
    types_by_resource::{file_name, owner},
};

/// Files by name within the folder of the API.
type Files = Vec<(String, syn::File)>;

/// The files of the client: the methods of each resource beside the client itself.
pub(super) fn client(items: Vec<Item>, api: &Api) -> Result<Files, Error> {
    let resources = resources(api, |function| vec![function.to_owned()]);
    let mut methods: BTreeMap<String, Vec<ImplItem>> = BTreeMap::new();
    let mut root = Vec::new();
    for mut item in items {
        if let Item::Impl(of_client) = &mut item
            && of_client.trait_.is_none()
        {
            let all = std::mem::take(&mut of_client.items);
            for method in all {
                let name = match &method {
                    ImplItem::Fn(method) => method.sig.ident.to_string(),
                    _ => String::new(),
                };
                match resources.get(&name) {
                    Some(resource) => methods.entry(resource.clone()).or_default().push(method),
                    None => of_client.items.push(method),
                }
            }
            if of_client.items.is_empty() {
                continue;
            }
        }
        root.push(item);
    }
    let mut out = Files::new();
    for (name, methods) in methods {
        let module = format_ident!("{name}");
        root.push(syn::parse_quote!(
            mod #module;
        ));
        let code = quote! {
            use super::*;

            #[allow(clippy::all)]
            impl Client {
                #(#methods)*
            }
        };
        out.push((format!("client/{name}.rs"), parsed(code)?));
    }
    out.push(("client/mod.rs".to_owned(), file(root)));
    Ok(out)
}

/// The files of the helpers for mocks: what is sent and received for the
/// operations of each resource, beside what starts a mock.
pub(super) fn httpmock(helpers: syn::File, api: &Api) -> Result<Files, Error> {
    let resources = resources(api, |function| {
        let name = function.to_pascal_case();
        ["When", "Then"].map(|end| format!("{name}{end}")).to_vec()
    });
    let mut out = Files::new();
    let mut root = Vec::new();
    for item in helpers.items {
        let Item::Mod(ItemMod {
            attrs,
            ident,
            content: Some((_, items)),
            ..
        }) = item
        else {
            root.push(item);
            continue;
        };
        root.push(syn::parse_quote!(
            pub mod #ident;
        ));
        let mut by_file: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        let mut operations = Vec::new();
        for item in items {
            let resource = owner(&item).and_then(|name| resources.get(&name));
            match resource {
                Some(resource) => by_file.entry(resource.clone()).or_default().push(item),
                None => operations.push(item),
            }
        }
        for (name, items) in by_file {
            let module = format_ident!("{name}");
            operations.push(syn::parse_quote!(
                mod #module;
            ));
            operations.push(syn::parse_quote!(
                pub use #module::*;
            ));
            let code = parsed(quote!(use super::*; #(#items)*))?;
            out.push((format!("httpmock/{ident}/{name}.rs"), code));
        }
        let code = syn::File {
            attrs,
            ..file(operations)
        };
        out.push((format!("httpmock/{ident}/mod.rs"), code));
    }
    let code = syn::File {
        attrs: helpers.attrs,
        ..file(root)
    };
    out.push(("httpmock/mod.rs".to_owned(), code));
    Ok(out)
}

/// The file of what has these names for the function of an operation.
fn resources(api: &Api, names: impl Fn(&str) -> Vec<String>) -> HashMap<String, String> {
    let names = api.operations.iter().flat_map(|operation| {
        let file = file_name(operation);
        let names = names(&operation.function).into_iter();
        names.map(move |name| (name, file.clone()))
    });
    names.collect()
}

fn parsed(code: TokenStream) -> Result<syn::File, Error> {
    syn::parse2(code).map_err(|_| unexpected("code of a resource"))
}
