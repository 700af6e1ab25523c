//! What is called what: the handles that lead to an operation, its method, and
//! the struct of its query. The rule gives a name where neither the overlay nor
//! the ledger does.

mod clashes;
#[cfg(test)]
mod tests;

use heck::ToPascalCase;
use openapi_prep::{
    Error,
    api::{Api, BaseType, Operation},
    function_name,
};
use serde_json::Value;

use super::{
    arguments,
    ledger::Ledger,
    named::Named,
    pages::{self, Returned},
    singular::singular,
};
use crate::codegen::resource_path::{RESOURCE_HINT, action, resource_path};

/// The overlay's hint for the name of a method.
pub(super) const METHOD_HINT: &str = "x-method";

/// The overlay's hint for the name of the struct of a query.
const QUERY_HINT: &str = "x-query";

/// Names all operations.
///
/// # Errors
///
/// Where a hint is malformed, or two names are the same.
pub(super) fn assign<'a>(
    api: &'a Api,
    module: &str,
    ledger: &Ledger,
) -> Result<Vec<Named<'a>>, Error> {
    let (mut all, mut refused) = (Vec::new(), Vec::new());
    for operation in &api.operations {
        match named(api, operation, ledger) {
            Ok(named) => all.push(named),
            Err(error) => refused.push(error.at(&operation.pointer)),
        }
    }
    refused.extend(clashes::of_methods(&all));
    refused.extend(clashes::of_types(api, module, &all));
    match refused.len() {
        0 => Ok(all),
        1 => Err(refused.remove(0)),
        count => {
            let lines = refused.iter().map(|error| format!("  - {error}\n"));
            let message = format!("{count} names of operations are refused:");
            Err(Error::new(message).details(lines.collect::<String>()))
        }
    }
}

fn named<'a>(api: &'a Api, operation: &'a Operation, ledger: &Ledger) -> Result<Named<'a>, Error> {
    let title = operation.title();
    let returned = pages::returned(api, operation)?;
    let (known_resource, known_method) = ledger.method(&title).unzip();
    let resource_hint = resource_hint(operation)?;
    let resource = resource_hint
        .or(known_resource)
        .unwrap_or_else(|| resource_path(operation));
    if resource.is_empty() {
        let message = format!("the path of {title} names no resource");
        return Err(Error::new(message).remedy(set(RESOURCE_HINT, "the handles that lead to it")));
    }
    let method = hint(operation, METHOD_HINT, is_function)?
        .or(known_method)
        .unwrap_or_else(|| method(operation, &returned));
    if let Some(name) = resource
        .iter()
        .chain([&method])
        .find(|name| !is_function(name))
    {
        let message = format!("`{name}` is no name of a method, for {title}");
        return Err(Error::new(message).remedy(set_a_name()));
    }
    let mut named = Named {
        operation,
        resource,
        method,
        query: None,
        returned,
        example: None,
    };
    if !arguments::of_query(operation).is_empty() {
        let given = hint(operation, QUERY_HINT, is_type)?;
        let known = || ledger.query(&title).map(str::to_owned);
        named.query = Some(given.or_else(known).unwrap_or_else(|| query(&named)));
    }
    Ok(named)
}

/// The method by the rule.
fn method(operation: &Operation, returned: &Returned) -> String {
    if let Some(action) = action(operation) {
        return action;
    }
    let is_of_one = is_of_one(operation);
    let is_list = match returned {
        Returned::Page(_) => true,
        Returned::Data(ty) | Returned::Whole(ty) => matches!(ty.base, BaseType::List(_)),
        _ => false,
    };
    match operation.method.as_str() {
        "POST" => "create",
        "GET" if is_list && !is_of_one => "list",
        "GET" => "get",
        "PATCH" | "PUT" => "update",
        "DELETE" => "delete",
        other => return function_name(other),
    }
    .to_owned()
}

/// The struct of a query by the rule: method and resource, in the singular where
/// the path names one of many.
fn query(named: &Named<'_>) -> String {
    let mut resource = handle(&named.resource);
    if let (Some(last), true) = (named.resource.last(), is_of_one(named.operation)) {
        let plural = last.to_pascal_case().len();
        resource.truncate(resource.len() - plural);
        resource.push_str(&singular(last).to_pascal_case());
    }
    named.method.to_pascal_case() + &resource
}

/// Whether the path names one of many: it ends in a parameter.
fn is_of_one(operation: &Operation) -> bool {
    operation.path.trim_end_matches('/').ends_with('}')
}

/// The type of a handle: the words of its resource, all but the last singular.
/// `avatars`, `looks` gives `AvatarLooks`.
pub(super) fn handle(resource: &[String]) -> String {
    let mut words: Vec<String> = resource.iter().map(|word| singular(word)).collect();
    if let (Some(word), Some(last)) = (words.last_mut(), resource.last()) {
        word.clone_from(last);
    }
    words.join("_").to_pascal_case()
}

/// The type of all resources of a module.
pub(in crate::codegen) fn root(module: &str) -> String {
    module.to_pascal_case()
}

/// The chain of handles that the overlay gives.
fn resource_hint(operation: &Operation) -> Result<Option<Vec<String>>, Error> {
    let Some(hint) = operation.extensions.get(RESOURCE_HINT) else {
        return Ok(None);
    };
    let names = hint.as_array().map(Vec::as_slice).unwrap_or_default();
    let texts: Vec<String> = names
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if texts.is_empty() || texts.len() != names.len() {
        let message = format!("`{RESOURCE_HINT}` is not a list of names: {hint}");
        return Err(Error::new(message).remedy("such as `x-resource: [avatars, looks]`"));
    }
    Ok(Some(texts))
}

fn hint(
    operation: &Operation,
    key: &str,
    is_name: fn(&str) -> bool,
) -> Result<Option<String>, Error> {
    match operation.extensions.get(key) {
        None => Ok(None),
        Some(Value::String(name)) if is_name(name) => Ok(Some(name.clone())),
        Some(other) => Err(Error::new(format!("`{key}` is not a Rust name: {other}"))),
    }
}

/// Whether a text is a function name that is neither a keyword nor one with a
/// mark of it.
fn is_function(name: &str) -> bool {
    function_name(name) == name && !name.ends_with('_') && !name.starts_with('_')
}

fn is_type(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok() && name.to_pascal_case() == name
}

fn set_a_name() -> String {
    format!(
        "set `{METHOD_HINT}` or `{RESOURCE_HINT}` on the operation by an action in overlay.yaml"
    )
}

fn set(hint: &str, to: &str) -> String {
    format!("set `{hint}` on the operation, to {to}, by an action in overlay.yaml")
}
