//! The documentation of handles, methods and queries: what the document says,
//! and what follows from it for a call.

use openapi_prep::{
    Error,
    api::{Api, ErrorResponse, Location, Operation, Parameter},
};
use serde_json::Value;

use super::{
    arguments,
    named::Named,
    names,
    pages::{Paging, Returned},
};

/// Of the root of all resources.
pub(super) fn of_root(api: &Api) -> String {
    let title = if api.title.is_empty() {
        "the API"
    } else {
        &api.title
    };
    format!("Resources of {title}. A handle is a reference to the client, and cheap to copy.")
}

/// Of a handle.
pub(super) fn of_handle(
    api: &Api,
    module: &str,
    path: &[String],
    operations: &[&Named<'_>],
) -> String {
    let holder = match path {
        [_] | [] => names::root(module),
        [outer @ .., _] => names::handle(outer),
    };
    let method = path.last().map_or("", String::as_str);
    // The root is in the file above.
    let holder = match path {
        [_] => format!("[`{holder}::{method}`](super::{holder}::{method})"),
        _ => format!("[`{holder}::{method}`]"),
    };
    let about = of_accessor(api, path, operations);
    format!("{about}\n\nReturned by {holder}.")
}

/// Of the method that gives a handle: what its tag says, or else its methods. The
/// operations of a handle that only leads to others are those below it.
pub(super) fn of_accessor(api: &Api, path: &[String], operations: &[&Named<'_>]) -> String {
    let mut tags = operations.iter().map(|named| named.operation.tags.first());
    let first = tags.next().flatten();
    let is_shared = path.len() == 1 && tags.all(|tag| tag == first);
    let described = api.tags.iter().find(|tag| Some(&tag.name) == first);
    let about = described.and_then(|tag| tag.description.as_deref());
    if let Some(about) = about.filter(|about| is_shared && !about.contains('\n')) {
        return sentence(about);
    }
    let words = heck::AsSnakeCase(names::handle(path)).to_string();
    let words = capitalised(&words.replace('_', " "));
    let own = operations.iter().filter(|named| named.resource == path);
    let methods: Vec<String> = own.map(|named| format!("`{}`", named.method)).collect();
    if methods.is_empty() {
        return sentence(&words);
    }
    sentence(&format!("{words}: {}", methods.join(", ")))
}

/// The vendor's mark of the scopes that a key needs.
const SCOPES: &str = "x-heygen-required-scopes";

/// Of the method of an operation, with what is said of the job that it starts.
pub(super) fn of_method(
    module: &str,
    named: &Named<'_>,
    job: Option<String>,
) -> Result<String, Error> {
    let operation = named.operation;
    let mut paragraphs = Vec::new();
    let said = [&operation.summary, &operation.description];
    let said: Vec<&str> = said.into_iter().flatten().map(|text| text.trim()).collect();
    paragraphs.extend(said.first().map(|text| sentence(text)));
    paragraphs.extend(
        said.get(1)
            .filter(|text| **text != said[0])
            .map(|text| (*text).to_owned()),
    );
    let mut call = format!("Calls `{}`. {}", operation.title(), retries(operation));
    if operation.extensions.get("x-bills") == Some(&Value::Bool(true)) {
        call.push_str(" A call can be billed.");
    }
    let scopes = operation.extensions.get(SCOPES).and_then(Value::as_array);
    let scopes: Vec<&str> = scopes
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !scopes.is_empty() {
        call.extend([" A key with scopes needs `", &scopes.join("`, `"), "`."]);
    }
    paragraphs.push(call);
    if matches!(Paging::of(operation), Ok(Some(_))) {
        let holder = match named.returned {
            Returned::Page(_) => "Returns one page",
            _ => "The response has one page of a list",
        };
        paragraphs.push(format!(
            "{holder}; [`items`](Request::items) returns the items of all pages."
        ));
    }
    paragraphs.extend(job);
    let parameters = path_parameters(operation);
    if !parameters.is_empty() {
        paragraphs.push(parameters);
    }
    paragraphs.extend(deprecation(operation));
    let errors = errors(operation);
    if !errors.is_empty() {
        paragraphs.push(format!("# Errors\n{errors}"));
    }
    if let Some(example) = &named.example {
        paragraphs.push(example.documentation(module)?);
    }
    Ok(paragraphs.join("\n\n"))
}

/// Of the struct of a query.
pub(super) fn of_query(named: &Named<'_>) -> String {
    let handle = names::handle(&named.resource);
    format!(
        "The query of [`{handle}::{method}`].",
        method = named.method
    )
}

/// Of the field and the setter of a parameter.
pub(super) fn of_parameter(parameter: &Parameter) -> String {
    let mut about = match &parameter.annotations.description {
        Some(description) => description.trim().to_owned(),
        None => format!("The parameter `{}`.", parameter.name),
    };
    if parameter.location == Location::Header {
        about = format!("{about}\n\nSent as the header `{}`.", parameter.name);
    }
    if parameter.annotations.deprecated {
        about.push_str("\n\nDeprecated.");
    }
    about
}

/// Whether a call is retried, and why.
fn retries(operation: &Operation) -> &'static str {
    let reads_key = operation.extensions.get("x-idempotency-key") == Some(&Value::Bool(true));
    match operation.method.as_str() {
        "GET" | "HEAD" => "A read: it is retried when the connection fails or the server is busy.",
        _ if reads_key => {
            "Sent with an idempotency key, so that it is retried when the connection fails or the \
             server is busy."
        }
        "POST" | "PATCH" => "Never repeated where the server may have executed it.",
        _ => "Idempotent: it is retried when the connection fails or the server is busy.",
    }
}

/// A list of the documented arguments of the path.
fn path_parameters(operation: &Operation) -> String {
    let documented = arguments::of_path(operation).into_iter();
    let lines = documented.filter_map(|(parameter, name)| {
        let about = parameter.annotations.description.as_ref()?;
        // A line of a list goes on in lines that are indented.
        Some(format!(
            "- `{name}`: {}",
            about.trim().replace('\n', "\n  ")
        ))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// That an operation is to be used no longer, until when, and what instead.
fn deprecation(operation: &Operation) -> Option<String> {
    if !operation.deprecated {
        return None;
    }
    let text = |key: &str| operation.extensions.get(key).and_then(Value::as_str);
    let mut about = match text("x-sunset") {
        Some(date) => format!("Deprecated: the API serves it until {date}."),
        None => "Deprecated.".to_owned(),
    };
    if let Some(successor) = text("x-successor") {
        about.extend([" Its successor is `", successor, "`."]);
    }
    Some(about)
}

/// The errors that a program may want to tell apart.
fn errors(operation: &Operation) -> String {
    let mut lines = Vec::new();
    let is_checked = |(parameter, _): &(&Parameter, _)| arguments::is_text(parameter);
    if arguments::of_path(operation).iter().any(is_checked) {
        lines.push(
            "[`InvalidInput`](::heygen_core::ErrorKind::InvalidInput) for an argument of the path \
             that is empty, `.`, `..`, or has a control character."
                .to_owned(),
        );
    }
    let own = operation.errors.iter().filter(|error| is_own(error));
    let own: Vec<String> = own.map(of_error).collect();
    if !own.is_empty() {
        lines.push(format!(
            "[`Api`](::heygen_core::ErrorKind::Api), as documented:\n{}",
            own.join("\n")
        ));
    }
    lines.join("\n\n")
}

/// Whether an error is not one that every operation can have.
fn is_own(error: &ErrorResponse) -> bool {
    let is_common = ["401", "429", "default", "4XX"].contains(&error.status.as_str());
    !is_common && !error.status.starts_with('5')
}

fn of_error(error: &ErrorResponse) -> String {
    let codes: Vec<String> = error.codes.iter().map(|code| format!("`{code}`")).collect();
    let codes = match codes.as_slice() {
        [] => String::new(),
        codes => format!(", {}", codes.join(" or ")),
    };
    let test = match error.status.as_str() {
        "402" => "is_insufficient_credit",
        "403" => "is_forbidden",
        "404" => "is_not_found",
        "409" => "is_conflict",
        "410" => "is_gone",
        "422" => "is_unprocessable",
        _ => "",
    };
    let test = match test {
        "" => String::new(),
        test => format!(" ([`{test}`](::heygen_core::Error::{test}))"),
    };
    let about = error.description.as_deref().unwrap_or_default().trim();
    let about = about.replace('\n', "\n  ");
    format!("- {}{codes}{test}: {}", error.status, sentence(&about))
}

/// A text with a full stop at its end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
    first.unwrap_or_default() + chars.as_str()
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names};
    use serde_json::json;

    use super::*;
    use crate::codegen::resources::Ledger;

    /// The documentation of the method of an operation, which has an id.
    fn documentation(method: &str, more: &Value) -> String {
        let mut operation = json!({
            "operationId": "o",
            "parameters": [{"name": "id", "in": "path", "required": true, "description": "The id.",
                "schema": {"type": "string"}}],
            "responses": {"204": {"description": "done"}},
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            operation[key] = value.clone();
        }
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/v3/things/{id}": {method: operation}},
        });
        let document = Document::from_value(document).unwrap();
        let options = crate::codegen::core_options();
        let prepared = openapi_prep::prepare_with(document, &mut Names::new(), options).unwrap();
        let named = names::assign(&prepared.api, "v3", &Ledger::default()).unwrap();
        of_method("v3", &named[0], None).unwrap()
    }

    #[test]
    fn method_says_whether_it_is_repeated() {
        let key = json!({"x-idempotency-key": true});
        for (method, more, wanted) in [
            (
                "get",
                Value::Null,
                "Calls `GET /v3/things/{id}`. A read: it is retried",
            ),
            ("delete", Value::Null, "Idempotent: it is retried"),
            (
                "patch",
                Value::Null,
                "Never repeated where the server may have executed it.",
            ),
            ("post", key, "Sent with an idempotency key"),
        ] {
            let text = documentation(method, &more);
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }

    #[test]
    fn method_has_what_the_document_says() {
        let error = |description: &str, code: &str| {
            json!({"description": description, "content": {
            "application/json": {"schema": {"type": "object"}, "example": {"error": {"code": code}}}}})
        };
        let more = json!({
            "summary": "Get a thing",
            "description": "It is what it is.",
            "deprecated": true,
            "x-sunset": "2030-01-31",
            "x-successor": "GET /v4/things/{id}",
            "x-bills": true,
            "x-heygen-required-scopes": ["things:read", "parts:read"],
            "responses": {
                "204": {"description": "done"},
                "401": error("No key", "unauthorized"),
                "404": error("No such thing", "thing_not_found"),
            },
        });
        let text = documentation("get", &more);
        for wanted in [
            "Get a thing.\n\nIt is what it is.\n\nCalls",
            "A call can be billed. A key with scopes needs `things:read`, `parts:read`.",
            "- `id`: The id.",
            "Deprecated: the API serves it until 2030-01-31. Its successor is `GET /v4/things/{id}`.",
            "[`InvalidInput`]",
            "- 404, `thing_not_found` ([`is_not_found`](::heygen_core::Error::is_not_found)): No such thing.",
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
        assert!(!text.contains("unauthorized"), "of every operation: {text}");
    }
}
