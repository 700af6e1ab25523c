//! Parameters whose names generated code cannot use: they are renamed, and
//! `x-wire-name` keeps the name that the server knows.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::rule;
use crate::{
    Pointer, Report,
    rust_names::{self, argument},
    walk,
};

/// The name of a renamed parameter in requests. Generated code has to send it:
/// progenitor sends the name that the document gives.
pub(crate) const WIRE_NAME: &str = "x-wire-name";

/// Names of generated code: methods of a builder or of a mock's matcher, and
/// local variables of the method that makes the call.
const RESERVED: [&str; 17] = [
    "client",
    "encode_path",
    "exec",
    "header_map",
    "info",
    "inner",
    "into_inner",
    "new",
    "query",
    "re",
    "request",
    "response",
    "result",
    "send",
    "stream",
    "url",
    "value",
];

/// Names that the request body takes, where there is one.
const OF_BODY: [&str; 2] = ["body", "body_map"];

/// Whether generated code cannot have an argument of a parameter's name.
pub(crate) fn is_reserved(parameter: &str, has_body: bool) -> bool {
    let name = argument(parameter);
    let name = name.as_str();
    RESERVED.contains(&name)
        || rust_names::is_keyword(name)
        || (has_body && OF_BODY.contains(&name))
}

/// Renames parameters whose Rust name is reserved, or that of another parameter
/// of the operation: `client` becomes `client_param`, or `client_param_2`.
/// Parameters of the path come first, since the path template has their names;
/// of others, the first in the document keeps its name.
pub(super) fn rename(document: &mut Value, report: &mut Report) {
    path_parameters(document, report);
    walk::operations(document, &mut |_, _, operation, at| {
        let has_body = operation.contains_key("requestBody");
        let at = at.join("parameters");
        let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
            return;
        };
        let mut used: HashSet<String> = parameters
            .iter()
            .filter(|p| p["in"] == "path")
            .map(|p| argument(name_of(p)))
            .collect();
        let kept: Vec<bool> = parameters
            .iter()
            .map(|p| {
                p["in"] == "path"
                    || (!is_reserved(name_of(p), has_body) && used.insert(argument(name_of(p))))
            })
            .collect();
        for (index, parameter) in parameters.iter_mut().enumerate().filter(|(i, _)| !kept[*i]) {
            let wire = name_of(parameter).to_owned();
            let name = free_name(&wire, |name| !used.contains(name));
            used.insert(name.clone());
            put(parameter, &wire, &name);
            let note = format!("named {name} in Rust, and sent as {wire:?}");
            report.changed(rule("parameter-name"), &at.join(index), note);
        }
    });
}

/// Renames parameters in path templates, in all operations of a path alike.
fn path_parameters(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().join("paths");
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    let old = std::mem::take(paths);
    let mut taken: HashSet<String> = old.keys().cloned().collect();
    for (path, mut item) in old {
        let names = super::parameters::template_names(&path);
        let has_body = operations(&mut item).any(|(_, o)| o.contains_key("requestBody"));
        let all: HashSet<String> = operations(&mut item)
            .filter_map(|(_, operation)| operation.get("parameters")?.as_array())
            .flatten()
            .map(|p| argument(name_of(p)))
            .collect();
        let mut used = HashSet::new();
        let kept: Vec<bool> = names
            .iter()
            .map(|name| !is_reserved(name, has_body) && used.insert(argument(name)))
            .collect();
        let mut template = path.clone();
        let clashing = names.iter().zip(kept).filter(|(_, kept)| !kept);
        for (wire, _) in clashing {
            let with = |name: &str| template.replace(&braced(wire), &braced(name));
            let name = free_name(wire, |name| {
                !used.contains(name) && !all.contains(name) && !taken.contains(&with(name))
            });
            template = with(&name);
            used.insert(name.clone());
            for (method, operation) in operations(&mut item) {
                let parameters = operation
                    .get_mut("parameters")
                    .and_then(Value::as_array_mut);
                for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                    if parameter["in"] == "path" && name_of(parameter) == wire {
                        put(parameter, wire, &name);
                        let at = at.join(&path).join(method).join("parameters").join(index);
                        let note = format!("named {name} in Rust and in the path template");
                        report.changed(rule("path-parameter-renamed"), &at, note);
                    }
                }
            }
        }
        if template != path {
            report.moved(&at.join(&template), &at.join(&path));
            taken.insert(template.clone());
        }
        paths.insert(template, item);
    }
}

fn operations(item: &mut Value) -> impl Iterator<Item = (&str, &mut Map<String, Value>)> {
    item.as_object_mut()
        .into_iter()
        .flatten()
        .filter(|(method, _)| walk::METHODS.contains(&method.as_str()))
        .filter_map(|(method, operation)| Some((method.as_str(), operation.as_object_mut()?)))
}

/// The first of `NAME_param`, `NAME_param_2` and so on that is free.
fn free_name(wire: &str, is_free: impl Fn(&str) -> bool) -> String {
    let first = format!("{}_param", argument(wire));
    let more = (2..).map(|number| format!("{first}_{number}"));
    std::iter::once(first.clone())
        .chain(more)
        .find(|name| is_free(name))
        .unwrap_or(first)
}

fn braced(name: &str) -> String {
    format!("{{{name}}}")
}

fn name_of(parameter: &Value) -> &str {
    parameter["name"].as_str().unwrap_or_default()
}

fn put(parameter: &mut Value, wire: &str, name: &str) {
    parameter["name"] = json!(name);
    parameter[WIRE_NAME] = json!(wire);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(mut document: Value) -> (Value, Report) {
        let mut report = Report::new();
        rename(&mut document, &mut report);
        (document, report)
    }

    fn names(parameters: &Value) -> Vec<(&str, Option<&str>)> {
        let parameters = parameters.as_array().into_iter().flatten();
        parameters
            .map(|p| (name_of(p), p[WIRE_NAME].as_str()))
            .collect()
    }

    #[test]
    fn reserved_and_equal_names_get_a_suffix_and_keep_their_wire_name() {
        let query = |name: &str| json!({"name": name, "in": "query"});
        let (document, report) = renamed(json!({"paths": {"/a": {"post": {
            "requestBody": {},
            "parameters": [query("Client"), query("client"), query("client_param"), query("a[b]"), query("a.b"),
                query("body"), query("type"), query("gen"), query("_url"), query("1"), query("x")],
        }}}}));
        assert_eq!(
            names(&document["paths"]["/a"]["post"]["parameters"]),
            [
                ("client_param_2", Some("Client")),
                ("client_param_3", Some("client")),
                ("client_param", None),
                ("a[b]", None),
                ("a_b_param", Some("a.b")),
                ("body_param", Some("body")),
                ("type_param", Some("type")),
                ("gen_param", Some("gen")),
                ("url_param", Some("_url")),
                ("1", None),
                ("x", None),
            ]
        );
        assert_eq!(report.losses().count(), 0);
        assert_eq!(report.entries().len(), 7);
    }

    #[test]
    fn path_parameters_are_renamed_with_their_template() {
        let path = |name: &str| json!({"name": name, "in": "path", "required": true});
        let (document, _) = renamed(json!({"paths": {
            "/a/{client}/{id}": {
                "get": {"parameters": [path("client"), path("id"), {"name": "id", "in": "query"}]},
                "put": {"parameters": [{"name": "client_param", "in": "query"}, path("client"), path("id")]},
            },
            "/b/{url}": {"get": {"parameters": [path("url")]}},
            "/b/{url_param}": {"get": {"parameters": [path("url_param")]}},
        }}));
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(
            paths.keys().collect::<Vec<_>>(),
            [
                "/a/{client_param_2}/{id}",
                "/b/{url_param_2}",
                "/b/{url_param}"
            ]
        );
        assert_eq!(
            names(&paths["/a/{client_param_2}/{id}"]["get"]["parameters"]),
            [
                ("client_param_2", Some("client")),
                ("id", None),
                ("id_param", Some("id")),
            ]
        );
        assert_eq!(
            names(&paths["/a/{client_param_2}/{id}"]["put"]["parameters"])[0],
            ("client_param", None)
        );
    }

    #[test]
    fn new_names_stay_as_they_are() {
        for name in ["client_param", "client_param_2", "_1_param", "x_param"] {
            assert_eq!(argument(name), name);
            assert!(!is_reserved(name, true));
        }
        assert_eq!(argument("$$"), "x");
    }
}
