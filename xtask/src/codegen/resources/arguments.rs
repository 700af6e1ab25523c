//! The arguments of the generator's methods: in which order they are, and how
//! each value is passed.

use openapi_prep::{
    api::{
        Api, BaseType, Body, BodyContent, Location, Operation, Parameter, Shape, Style, TypeRef,
    },
    function_name,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::rust_type::rust_type;

/// The parameters of an operation's query struct: those of query and header.
pub(super) fn of_query(operation: &Operation) -> Vec<&Parameter> {
    let is_in_struct =
        |parameter: &&Parameter| matches!(parameter.location, Location::Query | Location::Header);
    operation.parameters.iter().filter(is_in_struct).collect()
}

/// The parameters of the path with the arguments for them, in order.
pub(super) fn of_path(operation: &Operation) -> Vec<(&Parameter, Ident)> {
    let parameters = operation.parameters_in(Location::Path).into_iter();
    let named = parameters.map(|parameter| {
        // `query` and `body` are arguments of our own, `api` is in the closure.
        let name = match parameter.rust_name.as_str() {
            name @ ("query" | "body" | "api" | "request") => format_ident!("{name}_"),
            name => format_ident!("{name}"),
        };
        (parameter, name)
    });
    named.collect()
}

/// The arguments of the generator's method, in its order: path, query by name,
/// headers by name, body. `query` is the variable with the query struct.
pub(super) fn passed(api: &Api, operation: &Operation) -> Vec<TokenStream> {
    let mut arguments: Vec<TokenStream> = of_path(operation)
        .into_iter()
        .map(|(parameter, name)| {
            if is_text(parameter) {
                quote!(#name)
            } else {
                value(api, parameter, &quote!(#name))
            }
        })
        .collect();
    arguments.extend(by_name(api, operation, Location::Query));
    arguments.extend(by_name(api, operation, Location::Header));
    arguments.extend(operation.body.as_ref().map(|body| self::body(api, body)));
    arguments
}

/// Whether the argument is a string as it is.
pub(super) fn is_text(parameter: &Parameter) -> bool {
    parameter.style == Style::Plain && parameter.ty.base == BaseType::String
}

/// The parameters at a location in the order of the generator.
fn sorted(operation: &Operation, location: Location) -> Vec<&Parameter> {
    let mut parameters = operation.parameters_in(location);
    parameters.sort_by_key(|parameter| name_for_generator(parameter));
    parameters
}

fn by_name(api: &Api, operation: &Operation, location: Location) -> Vec<TokenStream> {
    let values = sorted(operation, location).into_iter().map(|parameter| {
        let field = format_ident!("{}", parameter.rust_name);
        value(api, parameter, &quote!(query.#field))
    });
    values.collect()
}

/// The name by which the generator sorts: one that was changed because it clashes
/// in Rust ends with a mark.
fn name_for_generator(parameter: &Parameter) -> String {
    if function_name(&parameter.name) == parameter.rust_name {
        parameter.name.clone()
    } else {
        format!("{}--", parameter.rust_name)
    }
}

/// How the value of a parameter is passed.
fn value(api: &Api, parameter: &Parameter, of: &TokenStream) -> TokenStream {
    if parameter.style == Style::Plain {
        return plain(api, &parameter.ty, parameter.required, of);
    }
    let joined = format_ident!("{}", format!("{:?}", parameter.style));
    if parameter.required {
        quote!(&::heygen_core::#joined(#of))
    } else {
        quote!(#of.map(::heygen_core::#joined).as_ref())
    }
}

/// How a value of a type is passed: strings and what is large by reference.
fn plain(api: &Api, ty: &TypeRef, required: bool, of: &TokenStream) -> TokenStream {
    match (&ty.base, required) {
        (BaseType::Boolean | BaseType::Integer(_) | BaseType::Number(_), _) => of.clone(),
        (BaseType::String, true) => quote!(#of.as_str()),
        (BaseType::String, false) => quote!(#of.as_deref()),
        (BaseType::Named(_), _) if is_simple_enum(api, ty) => of.clone(),
        (_, true) => quote!(&#of),
        (_, false) => quote!(#of.as_ref()),
    }
}

/// Whether the generator has an enum without data for a type.
fn is_simple_enum(api: &Api, ty: &TypeRef) -> bool {
    matches!(
        api.resolve(ty).map(|ty| &ty.shape),
        Some(Shape::Enum { .. })
    )
}

/// The type that a method takes as its body, which is converted into it.
pub(super) fn body_type(body: &Body) -> TokenStream {
    match &body.content {
        BodyContent::Json(ty) | BodyContent::Form(ty) => rust_type(ty),
        BodyContent::Text => quote!(String),
        BodyContent::Multipart {
            form: Some(form), ..
        } => {
            let form = format_ident!("{form}");
            quote!(types::#form)
        }
        BodyContent::Multipart { form: None, .. } => quote!(::heygen_core::multipart::Form),
        _ => quote!(::heygen_core::Bytes),
    }
}

/// How the variable `body` is passed.
fn body(api: &Api, body: &Body) -> TokenStream {
    match &body.content {
        BodyContent::Json(ty) | BodyContent::Form(ty) => {
            plain(api, ty, body.required, &quote!(body))
        }
        // The form is given to the request.
        BodyContent::Multipart { .. } => quote!(Vec::new()),
        _ if body.required => quote!(body),
        _ => quote!(body.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;
    use syn::{FnArg, ImplItem, Item, Pat};

    use super::*;
    use crate::codegen::generate;

    /// The arguments of a generated method, without the client.
    fn of_generator(code: &syn::File, function: &str) -> Vec<String> {
        let impls = code.items.iter().filter_map(|item| match item {
            Item::Impl(item) => Some(&item.items),
            _ => None,
        });
        let mut methods = impls.flatten().filter_map(|item| match item {
            ImplItem::Fn(method) => Some(&method.sig),
            _ => None,
        });
        let method = methods.find(|method| method.ident == function).unwrap();
        let names = method.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(argument) => Some(&*argument.pat),
            FnArg::Receiver(_) => None,
        });
        let names = names.map(|name| match name {
            Pat::Ident(name) => name.ident.to_string(),
            _ => panic!("an argument without a name"),
        });
        names.collect()
    }

    #[test]
    fn order_is_that_of_the_generator() {
        let parameter = |name: &str, location: &str| {
            let required = location == "path";
            json!({"name": name, "in": location, "required": required, "schema": {"type": "string"}})
        };
        let queries = [
            "b", "a-b", "aB", "type", "Limit", "limit", "-limit", "_x", "body", "Z",
        ];
        let mut parameters: Vec<_> = queries.map(|name| parameter(name, "query")).into();
        parameters.extend(["X-B", "X-A", "accept-language"].map(|name| parameter(name, "header")));
        parameters.extend(["second", "first"].map(|name| parameter(name, "path")));
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/v1/{first}/things/{second}": {"put": {
                "operationId": "put",
                "parameters": parameters,
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "integer"}}}},
                "responses": {"204": {"description": "done"}},
            }}},
        });
        let document = Document::from_value(document).unwrap();
        let prepared = prepare(document, &mut Names::new()).unwrap();
        let code = generate::for_core(prepared.document.as_value(), "v1").unwrap();
        let operation = &prepared.api.operations[0];
        let mut ours: Vec<&str> = Vec::new();
        for location in [Location::Path, Location::Query, Location::Header] {
            let parameters = match location {
                Location::Path => of_path(operation).into_iter().map(|(p, _)| p).collect(),
                location => sorted(operation, location),
            };
            ours.extend(
                parameters
                    .iter()
                    .map(|parameter| parameter.rust_name.as_str()),
            );
        }
        ours.push("body");
        assert_eq!(ours, of_generator(&code.client, "put"));
        assert_eq!(ours.len(), passed(&prepared.api, operation).len());
    }
}
