//! Types in files by the resource whose operations have them, so that a reader
//! finds them and no file is endless.

use std::collections::{BTreeMap, HashMap, HashSet};

use openapi_prep::{
    Error,
    api::{Api, BodyContent, Operation, TypeRef},
};
use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{GenericArgument, Item, PathArguments, Type};

use super::{files::of_items, post::surface::Surface, resource_path::resource_path};

/// The file of types that several resources have.
const SHARED: &str = "shared";

/// The file of types that webhooks carry.
const WEBHOOKS: &str = "webhooks";

/// The end of the names of files under the feature `test-util`.
const TEST_UTIL: &str = "_test_util";

/// More lines than this are more than one file.
const MOST_LINES: usize = 1_800;

/// The files of the module `types`, by name within the folder of the API.
pub(super) fn files(surface: Surface, api: &Api) -> Result<Vec<(String, syn::File)>, Error> {
    let resources = resources(api);
    let mut root = Vec::new();
    let mut by_file: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    let types = surface.types.into_iter().map(|item| (item, ""));
    let all = types.chain(surface.test_util.into_iter().map(|item| (item, TEST_UTIL)));
    for (item, end) in all {
        match owner(&item) {
            Some(owner) => {
                let resource = resources.get(&owner).map_or(SHARED, String::as_str);
                by_file
                    .entry(format!("{resource}{end}"))
                    .or_default()
                    .push(item);
            }
            None => root.push(item),
        }
    }
    let mut files = Vec::new();
    let mut modules = Vec::new();
    for (name, items) in by_file {
        for (index, items) in parts(items).into_iter().enumerate() {
            let name = match index {
                0 => name.clone(),
                _ => format!("{name}_{}", index + 1),
            };
            modules.push(module(&name));
            let mut code = vec![syn::parse_quote!(
                use super::*;
            )];
            code.extend(items);
            files.push((format!("types/{name}.rs"), of_items(code)));
        }
    }
    let root = syn::parse2(quote!(#(#modules)* #(#root)*))
        .map_err(|e| Error::new(format!("the list of types is not valid Rust: {e}")))?;
    files.insert(0, ("types/mod.rs".to_owned(), root));
    Ok(files)
}

/// The declaration of a file.
fn module(name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    if name.contains(TEST_UTIL) {
        return quote! {
            #[cfg(feature = "test-util")]
            mod #ident;
        };
    }
    quote! {
        mod #ident;
        pub use #ident::*;
    }
}

/// The resource of each type: that of all operations and webhooks that have it, if
/// it is one.
fn resources(api: &Api) -> HashMap<String, String> {
    let mut found: HashMap<String, String> = HashMap::new();
    let operations = api.operations.iter();
    let operations = operations.map(|operation| (file_name(operation), of_operation(operation)));
    let webhooks = api.webhooks.iter();
    let webhooks = webhooks.map(|webhook| {
        (
            WEBHOOKS.to_owned(),
            named(&webhook.ty).into_iter().collect(),
        )
    });
    for (resource, types) in operations.chain(webhooks) {
        for name in reached(types, api) {
            let known = found.entry(name).or_insert_with(|| resource.clone());
            if *known != resource {
                SHARED.clone_into(known);
            }
        }
    }
    found
}

/// The file of an operation's own types: that of its outermost handle.
pub(super) fn file_name(operation: &Operation) -> String {
    let resource = resource_path(operation).into_iter().next();
    match resource {
        // The name of the list of files, and of another test's file.
        Some(name) if name == "mod" || name.contains(TEST_UTIL) => name + "_",
        Some(name) if syn::parse_str::<syn::Ident>(&name).is_ok() => name,
        Some(name) if syn::parse_str::<syn::Ident>(&format!("{name}_")).is_ok() => name + "_",
        _ => SHARED.to_owned(),
    }
}

/// The named types that an operation sends or receives.
fn of_operation(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter();
    let mut names: Vec<String> = parameters
        .filter_map(|parameter| named(&parameter.ty))
        .chain(operation.success.ty().and_then(named))
        .collect();
    match operation.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::Json(ty) | BodyContent::Form(ty)) => names.extend(named(ty)),
        Some(BodyContent::Multipart { form, parts }) => {
            names.extend(form.clone());
            names.extend(parts.iter().filter_map(|part| named(&part.field.ty)));
        }
        _ => {}
    }
    names
}

fn named(ty: &TypeRef) -> Option<String> {
    ty.name().map(str::to_owned)
}

/// The named types in these, at any depth.
fn reached(mut open: Vec<String>, api: &Api) -> HashSet<String> {
    let mut found = HashSet::new();
    while let Some(name) = open.pop() {
        let held = api.types.get(&name).map(|ty| ty.shape.types());
        if found.insert(name) {
            open.extend(held.into_iter().flatten().filter_map(named));
        }
    }
    found
}

/// The type that an item is, or is about; none of a module.
pub(super) fn owner(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Impl(item) => match (&item.trait_, &*item.self_ty) {
            // A conversion into a type outside the document is with what it
            // converts.
            (Some((_, of, _)), Type::Path(path)) if path.path.get_ident().is_none() => {
                let of = of.segments.last()?;
                let PathArguments::AngleBracketed(arguments) = &of.arguments else {
                    return None;
                };
                match arguments.args.first() {
                    Some(GenericArgument::Type(Type::Path(from))) => last(from),
                    _ => None,
                }
            }
            (_, Type::Path(path)) => last(path),
            _ => None,
        },
        // Macros begin with the name of what they are of.
        Item::Macro(item) => item
            .mac
            .tokens
            .clone()
            .into_iter()
            .find_map(|token| match token {
                TokenTree::Ident(name) => Some(name.to_string()),
                _ => None,
            }),
        _ => None,
    }
}

fn last(path: &syn::TypePath) -> Option<String> {
    path.path.segments.last().map(|last| last.ident.to_string())
}

/// The items, in parts that are not too long for a file. What is about a type
/// follows it, and stays with it.
fn parts(items: Vec<Item>) -> Vec<Vec<Item>> {
    if lines(&items) <= MOST_LINES {
        return vec![items];
    }
    let mut parts: Vec<Vec<Item>> = vec![Vec::new()];
    let mut length = 0;
    let mut owner_before = None;
    for item in items {
        let owner = owner(&item);
        let own = lines(std::slice::from_ref(&item));
        length += own;
        let last = parts.len() - 1;
        if length > MOST_LINES && owner != owner_before {
            length = own;
            parts.push(vec![item]);
        } else {
            parts[last].push(item);
        }
        owner_before = owner;
    }
    parts
}

fn lines(items: &[Item]) -> usize {
    prettyplease::unparse(&of_items(items.to_vec()))
        .lines()
        .count()
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;

    use super::*;

    fn surface(code: syn::File, test_util: syn::File) -> Surface {
        Surface {
            types: code.items,
            test_util: test_util.items,
        }
    }

    /// An API of two resources that have a type in common.
    fn api() -> Api {
        let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
        let get = |id: &str, name: &str| {
            let mut response = body(name);
            response["description"] = json!("ok");
            json!({"get": {"operationId": id, "responses": {"200": response}}})
        };
        let object = |of: &str| json!({"type": "object", "properties": {"p": {"$ref": format!("#/components/schemas/{of}")}}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {
                "/v1/voices": get("listVoices", "Voice"),
                "/v1/avatars/looks": get("listLooks", "Look"),
            },
            "components": {"schemas": {
                "Voice": object("Owner"), "Look": object("Owner"),
                "Owner": {"type": "object", "properties": {"name": {"type": "string"}}},
            }},
        });
        let document = Document::from_value(document).unwrap();
        prepare(document, &mut Names::new()).unwrap().api
    }

    #[test]
    fn types_are_with_their_resource_or_shared() {
        let surface = surface(
            syn::parse_quote! {
                pub struct Voice {}
                ::heygen_core::object! { Voice { } }
                pub struct Look {}
                pub struct Owner {}
                impl Owner {}
                impl From<Owner> for ::std::string::String {}
                pub mod error {}
            },
            syn::parse_quote! { impl Look {} },
        );
        let files = files(surface, &api()).unwrap();
        let files: HashMap<_, _> = files
            .into_iter()
            .map(|(name, code)| (name, code.items.len()))
            .collect();
        assert_eq!(
            files,
            [
                // Three modules with their `use`, that of the test's file, and the module.
                ("types/mod.rs", 8),
                ("types/avatars.rs", 2),
                ("types/avatars_test_util.rs", 2),
                ("types/shared.rs", 4),
                ("types/voices.rs", 3),
            ]
            .map(|(name, count)| (name.to_owned(), count))
            .into()
        );
    }

    #[test]
    fn long_file_is_several() {
        let fields: Vec<_> = (0..MOST_LINES / 2).map(|i| format_ident!("f{i}")).collect();
        let code: syn::File = syn::parse_quote! {
            pub struct Voice { #(pub #fields: i64),* }
            pub struct Look { #(pub #fields: i64),* }
            impl Look { pub fn new() {} }
            pub struct Owner {}
        };
        let parts: Vec<_> = parts(code.items).iter().map(Vec::len).collect();
        assert_eq!(parts, [1, 3]);
    }
}
