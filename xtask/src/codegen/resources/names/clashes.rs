//! Names that clash: those of methods within a handle, and those of types within
//! the module that users import from.

use std::collections::{HashMap, HashSet};

use openapi_prep::{Error, api::Api};

use super::{QUERY_HINT, handle, root, set, set_a_name};
use crate::codegen::{resource_path::RESOURCE_HINT, resources::named::Named};

/// Names that a method of a handle cannot have: it would hide one of the traits
/// that every handle has, or its constructor.
const RESERVED: [&str; 12] = [
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "clone_into",
    "fmt",
    "from",
    "into",
    "new",
    "to_owned",
    "try_into",
    "type_id",
];

/// The methods and handles that would have the same name in one handle, and those
/// with a reserved one.
pub(super) fn of_methods(all: &[Named<'_>]) -> Vec<Error> {
    let mut clashes = Vec::new();
    let mut handles: HashMap<&[String], &Named<'_>> = HashMap::new();
    for named in all {
        for length in 1..=named.resource.len() {
            handles.entry(&named.resource[..length]).or_insert(named);
        }
    }
    let mut methods: HashMap<Vec<&String>, &Named<'_>> = HashMap::new();
    for named in all {
        let names = named.resource.iter().chain([&named.method]);
        if let Some(name) = names.clone().find(|name| RESERVED.contains(&name.as_str())) {
            let message = format!(
                "`{name}` is a reserved name, for {}",
                named.operation.title()
            );
            clashes.push(clash(named, message).remedy(set_a_name()));
            continue;
        }
        let path: Vec<&String> = names.collect();
        let own: Vec<String> = path.iter().copied().cloned().collect();
        let other = methods
            .insert(path, named)
            .or_else(|| handles.get(own.as_slice()).copied());
        if let Some(other) = other {
            let message = format!(
                "{} and {} would both be `{}`",
                other.operation.title(),
                named.operation.title(),
                named.call()
            );
            clashes.push(clash(named, message).remedy(set_a_name()));
        }
    }
    clashes
}

/// The handles that have the name of another, and the structs of queries that have
/// the name of a type or a handle. Users have types and structs of queries in one
/// module, and the handles in another: a handle may be called as a type is.
pub(super) fn of_types(api: &Api, module: &str, all: &[Named<'_>]) -> Vec<Error> {
    let mut clashes = Vec::new();
    let mut handles: HashMap<String, String> = HashMap::new();
    let mut seen: HashSet<&[String]> = HashSet::new();
    for named in all {
        for length in 1..=named.resource.len() {
            let resource = &named.resource[..length];
            if !seen.insert(resource) {
                continue;
            }
            let name = handle(resource);
            let what = format!("the handle of `{}`", resource.join("."));
            if let Some(other) = handles.insert(name.clone(), what.clone()) {
                let message = format!("{other} and {what} would both be `{name}`");
                let remedy = set(RESOURCE_HINT, "other handles");
                clashes.push(clash(named, message).remedy(remedy));
            }
        }
    }
    let mut taken = handles;
    taken.insert(root(module), "all resources".to_owned());
    let forms = api
        .operations
        .iter()
        .filter_map(|o| o.body.as_ref()?.form());
    for name in api.types.keys().map(String::as_str).chain(forms) {
        taken.insert(name.to_owned(), "a type of the document".to_owned());
    }
    for named in all {
        let Some(name) = &named.query else { continue };
        let what = format!("the query of {}", named.operation.title());
        if let Some(other) = taken.insert(name.clone(), what.clone()) {
            let message = format!("{other} and {what} would both be `{name}`");
            let remedy = set(QUERY_HINT, "another name");
            clashes.push(clash(named, message).remedy(remedy));
        }
    }
    clashes
}

fn clash(named: &Named<'_>, message: String) -> Error {
    Error::new(message).at(&named.operation.pointer)
}
