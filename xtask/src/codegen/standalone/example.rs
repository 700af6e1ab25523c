//! An example program: one call of an operation of the document.

use std::{collections::HashSet, fmt::Write as _};

use heck::ToPascalCase;
use serde_json::Value;
use syn::{ImplItem, Item};

use super::{
    document::{self, Kind},
    operations::{self, Operation},
};
use crate::codegen::split;

/// The example, if the document has an operation.
pub(super) fn of(lowered: &Value, code: &syn::File, package: &str) -> Option<String> {
    let operations = operations::all(lowered);
    // What needs least is shown: a read without a body, of few arguments.
    let operation = operations.iter().min_by_key(|o| {
        let writes = o.method != "GET" || o.value.get("requestBody").is_some();
        let open = document::security(lowered, o.value).is_some_and(|all| all.is_empty());
        (o.streams(), writes, open, required(o).count())
    })?;
    let setters = setters(code, &operation.function.to_pascal_case());
    let library = package.replace('-', "_");
    let mut client = match document::servers(lowered).first() {
        Some(_) => format!("{library}::Client::builder()"),
        None => format!("{library}::Client::builder()\n        .base_url(\"https://the.server\")"),
    };
    let schemes = document::schemes(lowered);
    let security = document::security(lowered, operation.value);
    let wanted = |name: &String| match &security {
        None => true,
        Some(alternatives) => {
            let first = alternatives.iter().find(|names| !names.is_empty());
            first.is_some_and(|names| names.contains(name))
        }
    };
    for scheme in schemes.iter().filter(|scheme| wanted(&scheme.name)) {
        let arguments = match scheme.kind {
            Kind::Basic => "\"user\", \"password\"",
            _ => "\"secret\"",
        };
        let _ = write!(client, "\n        .{}({arguments})", scheme.setter);
        if security.is_none() {
            break;
        }
    }
    let mut call = format!("client\n        .{}()", operation.function);
    for parameter in required(operation) {
        let setter = openapi_prep::function_name(parameter["name"].as_str().unwrap_or_default());
        if let Some(value) = value(&parameter["schema"]).filter(|_| setters.contains(&setter)) {
            let _ = write!(call, "\n        .{setter}({value})");
        }
    }
    let shown = if operation.streams() {
        "response.status()"
    } else {
        "response.into_inner()"
    };
    Some(format!(
        "//! Calls `{} {}`.\n\n\
         #[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         \x20   let client = {client}\n        .build()?;\n\
         \x20   let response = {call}\n        .send()\n        .await?;\n\
         \x20   println!(\"{{:#?}}\", {shown});\n\
         \x20   Ok(())\n}}\n",
        operation.method, operation.path
    ))
}

fn required<'a>(operation: &Operation<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    let parameters = operation.value["parameters"]
        .as_array()
        .into_iter()
        .flatten();
    parameters.filter(|parameter| parameter["required"] == true)
}

/// An argument for a simple type.
fn value(schema: &Value) -> Option<&'static str> {
    if schema["nullable"] == true || schema.get("enum").is_some() {
        return None;
    }
    match schema["type"].as_str()? {
        "string" => Some("\"...\""),
        "integer" => Some("1"),
        "boolean" => Some("true"),
        _ => None,
    }
}

/// The methods of an operation's builder.
fn setters(code: &syn::File, builder: &str) -> HashSet<String> {
    let builders = split::Parts::of(code.clone()).builders;
    let methods = builders.iter().filter_map(|item| match item {
        Item::Impl(block) => match &*block.self_ty {
            syn::Type::Path(path)
                if path
                    .path
                    .segments
                    .last()
                    .is_some_and(|s| s.ident == builder) =>
            {
                Some(&block.items)
            }
            _ => None,
        },
        _ => None,
    });
    methods
        .flatten()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        })
        .collect()
}
