//! An example program: one call of an operation of the document.

use std::fmt::Write as _;

use openapi_prep::api::{Api, BaseType, Operation, Parameter, Style};

use super::{
    security::{self, Placement},
    servers,
    setters::streams,
};

/// The example, if the document has an operation.
pub(super) fn of(api: &Api, package: &str) -> Option<String> {
    // The operation that needs least: a GET without a body, of few arguments.
    let operation = api.operations.iter().min_by_key(|operation| {
        let writes = operation.method != "GET" || operation.body.is_some();
        let requirement = security::requirement(api, operation);
        let is_open = requirement.is_some_and(|all| all.is_empty());
        let arguments = required(operation).count();
        (streams(operation), writes, is_open, arguments)
    })?;
    let library = package.replace('-', "_");
    let mut client = format!("{library}::Client::builder()");
    if servers::of_document(api).is_empty() {
        client.push_str("\n        .base_url(\"https://the.server\")");
    }
    let requirement = security::requirement(api, operation);
    // Without a requirement, any one key serves.
    let one = if requirement.is_none() { 1 } else { usize::MAX };
    let mut alternatives = requirement.iter().flatten();
    let wanted = alternatives.find(|names| !names.is_empty());
    let is_wanted = |scheme: &security::Scheme| match &requirement {
        None => true,
        Some(_) => wanted.is_some_and(|names| names.contains(&&scheme.name)),
    };
    for scheme in security::schemes(api)
        .into_iter()
        .filter(is_wanted)
        .take(one)
    {
        let arguments = match scheme.placement {
            Placement::Basic => "\"user\", \"password\"",
            _ => "\"secret\"",
        };
        let _ = write!(client, "\n        .{}({arguments})", scheme.setter);
    }
    let mut call = format!("client\n        .{}()", operation.function);
    for parameter in required(operation) {
        if let Some(value) = value(parameter) {
            let _ = write!(call, "\n        .{}({value})", parameter.rust_name);
        }
    }
    let shown = if streams(operation) {
        "response.status()"
    } else {
        "response.into_inner()"
    };
    Some(format!(
        "//! Calls `{}`.\n\n\
         #[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         \x20   let client = {client}\n        .build()?;\n\
         \x20   let response = {call}\n        .send()\n        .await?;\n\
         \x20   println!(\"{{:#?}}\", {shown});\n\
         \x20   Ok(())\n}}\n",
        operation.title()
    ))
}

fn required(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
}

/// An argument of a simple type.
fn value(parameter: &Parameter) -> Option<&'static str> {
    match &parameter.ty.base {
        _ if parameter.style == Style::Json => None,
        BaseType::String => Some("\"...\""),
        BaseType::Integer(_) => Some("1"),
        BaseType::Boolean => Some("true"),
        _ => None,
    }
}
