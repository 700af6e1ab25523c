//! `docs/migrating-from-v2.md`: what replaces the operations that are deprecated, from
//! the documents themselves. The prose is in the template beside this file.

mod fields;

use openapi_prep::{
    Error,
    api::{Api, Location, Operation},
};
use serde_json::Value;

use super::{
    commands::names::kebab,
    files::Tree,
    page::{code, fill, table},
    resources::Ledger,
};

/// The page, from the workspace root.
const PAGE: &str = "docs/migrating-from-v2.md";

const TEMPLATE: &str = include_str!("migrating-from-v2.md");

/// The operation that replaces one, as method and path.
const SUCCESSOR: &str = "x-successor";

/// The day from which an operation is served no longer.
const SUNSET: &str = "x-sunset";

/// A version of the API.
pub(super) struct Version<'a> {
    pub(super) module: &'a str,
    /// The document as corrected, for hints that its typed view leaves out.
    pub(super) corrected: &'a Value,
    pub(super) api: &'a Api,
    /// The names of operations in Rust and on the command line.
    pub(super) names: &'a Ledger,
}

/// An operation that is replaced, and what replaces it.
#[derive(Clone, Copy)]
struct Replaced<'a> {
    old: Call<'a>,
    new: Call<'a>,
}

/// An operation of a version.
#[derive(Clone, Copy)]
struct Call<'a> {
    version: &'a Version<'a>,
    operation: &'a Operation,
}

/// Puts the page into the tree.
///
/// # Errors
///
/// Where a successor does not exist, or a hint of a field does not fit.
pub(super) fn put(versions: &[Version<'_>], tree: &mut Tree) -> Result<(), Error> {
    tree.put(PAGE.to_owned(), page(TEMPLATE, versions)?);
    Ok(())
}

fn page(template: &str, versions: &[Version<'_>]) -> Result<String, Error> {
    let all = replaced(versions)?;
    let rows: Result<Vec<_>, _> = all.iter().map(row).collect();
    let titles = ["HTTP", "In Rust", "On the command line", "Served until"];
    let mut parts = vec![
        ("count".to_owned(), all.len().to_string()),
        ("operations".to_owned(), table(&titles, &rows?)),
    ];
    for replaced in &all {
        if let Some(comparison) = fields::of(replaced)? {
            let title = replaced.old.operation.title();
            parts.push((format!("fields of {title}"), comparison));
        }
    }
    fill(template, &parts).map_err(|e| e.in_file(PAGE))
}

/// The operations that have a successor, in the order of the documents.
fn replaced<'a>(versions: &'a [Version<'a>]) -> Result<Vec<Replaced<'a>>, Error> {
    let all = versions.iter().flat_map(|version| {
        let operations = version.api.operations.iter();
        operations.map(move |operation| Call { version, operation })
    });
    let all: Vec<Call<'_>> = all.collect();
    let mut found = Vec::new();
    for &old in &all {
        let Some(successor) = old.operation.extensions.get(SUCCESSOR) else {
            continue;
        };
        let is_it = |call: &&Call<'_>| *successor == call.operation.title();
        let new = *all.iter().find(is_it).ok_or_else(|| {
            let title = old.operation.title();
            Error::new(format!(
                "the successor of {title} is not in any document: {successor}"
            ))
            .at(&old.operation.pointer)
            .remedy(format!(
                "correct `{SUCCESSOR}` by an action in overlay.yaml"
            ))
        })?;
        found.push(Replaced { old, new });
    }
    Ok(found)
}

/// The row of an operation: in each cell the old one, and below it the new one.
fn row(replaced: &Replaced<'_>) -> Result<Vec<String>, Error> {
    let Replaced { old, new } = replaced;
    let both = |old: &str, new: &str| format!("{}<br>{}", code(old), code(new));
    let sunset = old.operation.extensions.get(SUNSET);
    Ok(vec![
        both(&old.operation.title(), &new.operation.title()),
        both(&old.in_rust()?, &new.in_rust()?),
        both(&old.command()?, &new.command()?),
        sunset
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    ])
}

impl Call<'_> {
    /// The call of its method, with the names of its arguments.
    fn in_rust(&self) -> Result<String, Error> {
        let operation = self.operation;
        let names = self.version.names.method(&operation.title());
        let (handles, method) = names.ok_or_else(|| self.unnamed("method"))?;
        let path = operation.parameters_in(Location::Path).into_iter();
        let mut arguments: Vec<&str> = path.map(|parameter| &*parameter.rust_name).collect();
        arguments.extend(operation.body.is_some().then_some("body"));
        let query = operation.parameters_in(Location::Query);
        arguments.extend((!query.is_empty()).then_some("query"));
        let handles = handles.iter().map(|name| format!(".{name}()"));
        let handles: Vec<String> = handles.collect();
        let (version, handles) = (self.version.module, handles.concat());
        let arguments = arguments.join(", ");
        Ok(format!("client.{version}(){handles}.{method}({arguments})"))
    }

    /// The command, with what it requires.
    fn command(&self) -> Result<String, Error> {
        let operation = self.operation;
        let words = self.version.names.command(&operation.title());
        let mut line = format!("heygen {}", words.ok_or_else(|| self.unnamed("command"))?);
        for parameter in operation.parameters_in(Location::Path) {
            line.extend([format!(" <{}>", kebab(&parameter.name))]);
        }
        let query = operation.parameters_in(Location::Query).into_iter();
        for parameter in query.filter(|parameter| parameter.required) {
            let name = kebab(&parameter.name);
            line.extend([format!(" --{name} <{name}>")]);
        }
        let requires_body = operation.body.as_ref().is_some_and(|body| body.required);
        Ok(line + if requires_body { " -d <json>" } else { "" })
    }

    fn unnamed(&self, what: &str) -> Error {
        let title = self.operation.title();
        Error::new(format!("{title} has no {what}")).at(&self.operation.pointer)
    }
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;

    use super::*;

    /// The page of a template, of an operation that is replaced and whose object has
    /// these properties.
    fn of(template: &str, successor: &str, properties: &Value) -> Result<String, Error> {
        let object = |name: &str, properties: &Value| {
            json!({"type": "object", "properties": {
                "data": {"type": "object", "x-schema-name": name, "properties": properties}
            }})
        };
        let response = |schema: &Value| {
            json!({"200": {
                "description": "ok", "content": {"application/json": {"schema": schema}}
            }})
        };
        let kind = json!({"id": {"type": "string"}, "kind": {"type": "integer"}});
        let (old, new) = (object("Old", properties), object("New", &kind));
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "A", "version": "1"},
            "paths": {
                "/old": {"get": {
                    "operationId": "old", "x-successor": successor, "x-sunset": "2026-10-31",
                    "parameters": [{
                        "name": "thing_id", "in": "query", "required": true,
                        "schema": {"type": "string"},
                    }],
                    "responses": response(&old),
                }},
                "/new/{thing_id}": {"get": {
                    "operationId": "new",
                    "parameters": [{
                        "name": "thing_id", "in": "path", "required": true,
                        "schema": {"type": "string"},
                    }],
                    "responses": response(&new),
                }},
            },
        });
        let document = Document::parse(&document.to_string()).unwrap();
        let prepared = prepare(document.clone(), &mut Names::new()).unwrap();
        let names = Ledger::take_from(&mut json!({
            "methods": {"GET /old": "things.old", "GET /new/{thing_id}": "things.get"},
            "commands": {"GET /old": "old thing", "GET /new/{thing_id}": "thing get"},
        }));
        let version = Version {
            module: "v1",
            corrected: document.as_value(),
            api: &prepared.api,
            names: &names.unwrap(),
        };
        page(template, &[version])
    }

    const SUCCESSOR: &str = "GET /new/{thing_id}";

    #[test]
    fn row_has_calls_and_commands_of_both() {
        let page = of("{{count}}\n{{operations}}", SUCCESSOR, &json!({})).unwrap();
        let row = "| `GET /old`<br>`GET /new/{thing_id}` \
                   | `client.v1().things().old(query)`<br>`client.v1().things().get(thing_id)` \
                   | `heygen old thing --thing-id <thing-id>`<br>`heygen thing get <thing-id>` \
                   | 2026-10-31 |";
        assert!(page.starts_with("1\n") && page.ends_with(row), "{page}");
    }

    #[test]
    fn fields_are_matched_by_name_and_by_hint() {
        let template = "{{count}}{{operations}}\n{{fields of GET /old}}";
        let properties = json!({
            "id": {"type": "string"},
            "type": {"type": "string", "x-renamed-to": "kind", "x-migration": "A `number`."},
            "size": {"type": "number", "x-migration": "Not any more."},
        });
        let page = of(template, SUCCESSOR, &properties).unwrap();
        for row in [
            "| `id` | `Option<String>` | `id` | `Option<String>` | Nothing. |",
            "| `type_` | `Option<String>` | `kind` | `Option<i64>` | Another name, another type. A `number`. |",
            "| `size` | `Option<f64>` |  |  | Gone. Not any more. |",
        ] {
            assert!(page.contains(row), "{row} is not in {page}");
        }
        assert!(!page.contains("What only"), "{page}");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let kind = json!({"type": "string", "x-renamed-to": "kind"});
        for (template, successor, properties, message) in [
            ("", "GET /gone", json!({}), "is not in any document"),
            ("{{count}}", SUCCESSOR, json!({}), "lacks {{operations}}"),
            ("{{other}}", SUCCESSOR, json!({}), "unknown part"),
            (
                "",
                SUCCESSOR,
                json!({"a": {"type": "string"}, "b": kind}),
                "`a` of `Old` is not in",
            ),
            (
                "",
                SUCCESSOR,
                json!({"a": {"type": "string", "x-renamed-to": "b"}}),
                "which `New` has not",
            ),
        ] {
            let error = of(template, successor, &properties)
                .unwrap_err()
                .to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
