//! The names and types in Rust that `Api` has are those of the code that is
//! really generated: of every document that tests have, and of those that are
//! checked in.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod common;

use std::{collections::BTreeMap, fs, path::Path};

use common::Checkout;
use openapi_prep::{
    Document, Report,
    api::{Api, BodyContent, Location, Operation, Shape, Type, Variant},
};
use quote::ToTokens;
use syn::{Fields, FnArg, ImplItem, Item, Pat};

/// What a type is made of: its fields or variants, each with what it holds.
type Parts = Vec<(String, String)>;

/// The named types of generated code, but for those the passes add.
fn generated(code: &syn::File) -> BTreeMap<String, Parts> {
    let mut found = BTreeMap::new();
    for item in &code.items {
        match item {
            Item::Struct(item) => {
                let parts = parts(&item.fields);
                found.insert(item.ident.to_string(), parts);
            }
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| {
                    let held = parts(&variant.fields);
                    let held: Vec<_> = held.into_iter().map(|(_, held)| held).collect();
                    (variant.ident.to_string(), held.join(", "))
                });
                found.insert(item.ident.to_string(), variants.collect());
            }
            _ => {}
        }
    }
    found
}

fn parts(fields: &Fields) -> Parts {
    let one = |field: &syn::Field| {
        let name = field.ident.as_ref().map(ToString::to_string);
        (name.unwrap_or_default(), plain(&field.ty))
    };
    fields.iter().map(one).collect()
}

/// A type without paths and boxes.
fn plain(ty: &syn::Type) -> String {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else if c == ':' {
            word.clear();
        } else {
            out.push_str(&std::mem::take(&mut word));
            out.push(c);
        }
    }
    let out = (out + &word).replace(",>", ">").replace(',', ", ");
    match out.split_once("Box<") {
        // A box holds one named type.
        Some((before, rest)) if before.is_empty() || before.ends_with('<') => {
            before.to_owned() + &rest.replacen('>', "", 1)
        }
        _ => out,
    }
}

/// The same of a type of the `Api`.
fn expected(ty: &Type) -> Parts {
    let unknown = |open: bool, held: &str| open.then(|| ("Unknown".to_owned(), held.to_owned()));
    let variants = |all: &[Variant]| -> Parts {
        let held = |variant: &Variant| (variant.rust_name.clone(), variant.ty.to_string());
        all.iter().map(held).collect()
    };
    match &ty.shape {
        Shape::Struct { fields, additional } => fields
            .iter()
            .map(|field| (field.rust_name.clone(), field.rust_type()))
            .chain(
                additional
                    .iter()
                    .map(|ty| ("extra".to_owned(), ty.to_string())),
            )
            .collect(),
        Shape::Enum { values, open } => values
            .iter()
            .map(|value| (value.rust_name.clone(), String::new()))
            .chain(unknown(*open, "String"))
            .collect(),
        Shape::TaggedUnion {
            variants: all,
            open,
            ..
        } => variants(all)
            .into_iter()
            .chain(unknown(*open, "Value"))
            .collect(),
        Shape::Union { variants: all } => variants(all),
        Shape::Integer { rust_type, .. } => vec![(String::new(), (*rust_type).to_owned())],
        Shape::Alias(ty) => vec![(String::new(), ty.to_string())],
        _ => panic!("{ty:?}"),
    }
}

/// The form of an operation, with its parts.
fn form(operation: &Operation) -> Option<(&String, Parts)> {
    let BodyContent::Multipart { form, parts } = &operation.body.as_ref()?.content else {
        return None;
    };
    let parts = parts
        .iter()
        .map(|part| (part.field.rust_name.clone(), part.rust_type()));
    Some((form.as_ref()?, parts.collect()))
}

/// The methods of impls of a type, with the names of their arguments.
fn methods(code: &syn::File, of: &str) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for item in &code.items {
        let Item::Impl(item) = item else { continue };
        if item.trait_.is_some() || plain(&item.self_ty).split('<').next() != Some(of) {
            continue;
        }
        for item in &item.items {
            if let ImplItem::Fn(function) = item {
                let arguments = function
                    .sig
                    .inputs
                    .iter()
                    .filter_map(|argument| match argument {
                        FnArg::Typed(typed) => match &*typed.pat {
                            Pat::Ident(name) => Some(name.ident.to_string()),
                            _ => None,
                        },
                        FnArg::Receiver(_) => None,
                    });
                found.insert(function.sig.ident.to_string(), arguments.collect());
            }
        }
    }
    found
}

/// The constants of each type, with their values.
fn constants(code: &syn::File) -> BTreeMap<String, Parts> {
    let mut found = BTreeMap::new();
    for item in &code.items {
        let Item::Impl(item) = item else { continue };
        let constants = item.items.iter().filter_map(|item| match item {
            ImplItem::Const(item) if item.ident != "KNOWN" => {
                let value = item.expr.to_token_stream().to_string().replace(' ', "");
                Some((item.ident.to_string(), value))
            }
            _ => None,
        });
        let constants: Parts = constants.collect();
        if item.trait_.is_none() && !constants.is_empty() {
            found.insert(plain(&item.self_ty), constants);
        }
    }
    found
}

fn arguments(operation: &Operation) -> Vec<String> {
    let mut names: Vec<_> = operation
        .parameters
        .iter()
        .map(|p| p.rust_name.clone())
        .collect();
    names.extend(operation.body.as_ref().map(|_| "body".to_owned()));
    names.sort();
    names
}

/// What the code has otherwise than the view of the prepared document.
fn differences(name: &str, prepared: &Path, types: &[&Path]) -> (Api, Vec<String>) {
    let prepared = Document::parse(&fs::read_to_string(prepared).unwrap()).unwrap();
    let api = Api::read(&prepared, &Report::new(), &prepared);
    let mut code = BTreeMap::new();
    let mut known = BTreeMap::new();
    for path in types {
        let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
        code.extend(generated(&file));
        known.extend(constants(&file));
    }
    let integers = api.types.iter().filter_map(|(name, ty)| match &ty.shape {
        Shape::Integer { constants, .. } => {
            let all = constants.iter();
            let all = all.map(|c| (c.rust_name.clone(), format!("Self({})", c.value)));
            Some((name.clone(), all.collect::<Parts>()))
        }
        _ => None,
    });
    assert_eq!(integers.collect::<BTreeMap<_, _>>(), known, "{name}");
    let mut wrong = Vec::new();
    let types = api.types.iter().map(|(name, ty)| (name, expected(ty)));
    let types = types.chain(api.operations.iter().filter_map(form));
    for (type_name, wanted) in types {
        match code.remove(type_name) {
            Some(parts) if parts == wanted => {}
            other => wrong.push(format!(
                "{name} {type_name}: {wanted:?}, generated {other:?}"
            )),
        }
    }
    wrong.extend(
        code.keys()
            .map(|more| format!("{name}: {more} is generated and not known")),
    );
    (api, wrong)
}

#[test]
fn api_has_the_names_of_generated_code() {
    let checkout = Checkout::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        checkout.ok(&[
            "codegen",
            "--document",
            path.to_str().unwrap(),
            "--out",
            &name,
        ]);
        let out = checkout.path(&name);
        let (api, found) = differences(
            &name,
            &out.join("lowered.json"),
            &[&out.join("src/types.rs")],
        );
        wrong.extend(found);
        let client = syn::parse_file(&fs::read_to_string(out.join("src/lib.rs")).unwrap()).unwrap();
        let functions = methods(&client, "Client");
        let builders = fs::read_to_string(out.join("src/builder.rs")).unwrap();
        let builders = syn::parse_file(&builders).unwrap();
        for operation in &api.operations {
            count += 1;
            if !functions.contains_key(&operation.function) {
                wrong.push(format!("{name}: no method {}", operation.function));
            }
            let words = operation.function.split('_').map(|word| {
                let mut letters = word.chars();
                letters
                    .next()
                    .map(|c| c.to_uppercase().chain(letters).collect::<String>())
            });
            let builder: String = words.flatten().collect();
            let setters = methods(&builders, &builder);
            for argument in arguments(operation) {
                if !setters.contains_key(&argument) {
                    wrong.push(format!("{name}: {builder} has no {argument}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 50, "{count}");
}

#[test]
fn api_has_the_names_of_the_bindings_that_are_checked_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, document, code) in [
        ("v2", "openapi/v2", "crates/heygen-api-gen/src/v2"),
        (
            "v9",
            "tests/fixture-api/openapi/v9",
            "tests/fixture-api/src/v9",
        ),
    ] {
        let code = root.join(code);
        let types = fs::read_dir(code.join("types")).unwrap();
        let types: Vec<_> = types.map(|entry| entry.unwrap().path()).collect();
        let (api, wrong) = differences(
            name,
            &root.join(document).join("lowered.json"),
            &types.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        );
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let client = fs::read_dir(code.join("client")).unwrap();
        let client = client.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
        let client: String = client.collect();
        let functions = methods(&syn::parse_file(&client).unwrap(), "Client");
        for operation in &api.operations {
            let mut names = functions[&operation.function].clone();
            names.sort();
            assert_eq!(names, arguments(operation), "{}", operation.function);
            // Arguments of the path are in the order of the path.
            let of_path = operation.parameters_in(Location::Path);
            let found: Vec<_> = of_path.iter().map(|p| p.rust_name.as_str()).collect();
            assert_eq!(functions[&operation.function][..found.len()], found);
        }
    }
}
