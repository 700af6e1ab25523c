//! Parameters: named as the path template names them, without credentials.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::rule;
use crate::{PrepareOptions, Report, Subject, walk};

/// The operation's own mark that it documents an `Idempotency-Key`.
pub(super) const IDEMPOTENCY_KEY: &str = "x-idempotency-key";

/// Makes path parameters agree with the path: names without braces, each one
/// required, each one declared, none that the path does not hold. Parameters
/// that are shared, by the path or by reference, count as declared.
pub(super) fn match_path_templates(document: &mut Value, report: &mut Report) {
    let shared = Shared::of(document);
    walk::operations(document, &mut |path, _, operation, at| {
        let at = at.join("parameters");
        let wanted = template_names(path);
        let parameters = parameters_of(operation);
        for (index, parameter) in parameters.iter_mut().enumerate() {
            let at = at.join(index);
            let Some(parameter) = parameter.as_object_mut() else {
                continue;
            };
            let name = parameter
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let bare = name
                .trim()
                .trim_start_matches('{')
                .trim_end_matches('}')
                .trim();
            let is_path = parameter.get("in").and_then(Value::as_str) == Some("path");
            if bare != name && (is_path || wanted.iter().any(|w| w == bare)) {
                let note = format!("renamed from {name:?} to {bare:?}, as the path has it");
                parameter.insert("name".into(), json!(bare.to_owned()));
                report.changed(rule("path-parameter-name"), &at, note);
            }
            if is_path && parameter.get("required") != Some(&Value::Bool(true)) {
                parameter.insert("required".into(), json!(true));
                let note = "a part of the path is always required";
                report.changed(rule("path-parameter-required"), &at, note);
            }
        }
        let mut index = 0;
        let mut left = Vec::new();
        parameters.retain(|p| {
            let stray = path_name(p).filter(|name| !wanted.iter().any(|w| w == name));
            left.extend(stray.is_none().then_some(index));
            index += 1;
            if let Some(name) = stray {
                report.lost(
                    Subject::Parameter,
                    rule("path-parameter-unknown"),
                    &at.join(index - 1),
                    format!("{name:?} does not stand in the path and is left out"),
                );
            }
            stray.is_none()
        });
        report.renumbered(&at, &left);
        let declared: Vec<String> = parameters
            .iter()
            .filter_map(|p| path_name(shared.follow(p)).map(str::to_owned))
            .chain(shared.of_path(path))
            .collect();
        for name in wanted.iter().filter(|name| !declared.contains(name)) {
            parameters.push(
                json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
            );
            report.changed(
                rule("path-parameter-missing"),
                &at,
                format!("{name:?} stands in the path and was not declared; taken as text"),
            );
        }
        if parameters.is_empty() {
            operation.shift_remove("parameters");
        }
    });
}

/// The name of a path parameter.
fn path_name(parameter: &Value) -> Option<&str> {
    let is_path = parameter.get("in")?.as_str()? == "path";
    parameter.get("name")?.as_str().filter(|_| is_path)
}

/// Parameters that several operations share.
struct Shared {
    components: Value,
    of_paths: HashMap<String, Vec<Value>>,
}

impl Shared {
    fn of(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object);
        let of_paths = paths
            .into_iter()
            .flatten()
            .filter_map(|(path, item)| {
                let parameters = item.get("parameters")?.as_array()?;
                Some((path.clone(), parameters.clone()))
            })
            .collect();
        Self {
            components: document
                .pointer("/components/parameters")
                .cloned()
                .unwrap_or_default(),
            of_paths,
        }
    }

    /// The parameter itself, or the one it refers to.
    fn follow<'a>(&'a self, parameter: &'a Value) -> &'a Value {
        parameter
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|target| target.strip_prefix("#/components/parameters"))
            .and_then(|pointer| self.components.pointer(pointer))
            .unwrap_or(parameter)
    }

    /// The path parameters declared for all operations of a path.
    fn of_path(&self, path: &str) -> impl Iterator<Item = String> {
        let parameters = self.of_paths.get(path).into_iter().flatten();
        parameters.filter_map(|p| path_name(self.follow(p)).map(str::to_owned))
    }
}

fn parameters_of(operation: &mut Map<String, Value>) -> &mut Vec<Value> {
    let slot = operation
        .entry("parameters")
        .or_insert_with(|| Value::Array(Vec::new()));
    if !slot.is_array() {
        *slot = Value::Array(Vec::new());
    }
    match slot {
        Value::Array(parameters) => parameters,
        _ => unreachable!("made an array just above"),
    }
}

/// The names between braces in a path, in order.
pub(super) fn template_names(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for rest in path.split('{').skip(1) {
        if let Some((name, _)) = rest.split_once('}')
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// Takes out parameters that carry the credentials of a security scheme: they
/// are sent with every call. Where the runtime sends credentials, those of usual headers too.
pub(super) fn drop_credentials(document: &mut Value, options: PrepareOptions, report: &mut Report) {
    let header = |name: &str| ("header".to_owned(), name.to_owned());
    let mut schemes: Vec<(String, String)> = document
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::values)
        .filter_map(|scheme| match scheme["type"].as_str()? {
            "apiKey" => {
                let place = scheme.get("in")?.as_str()?;
                let name = scheme.get("name")?.as_str()?.to_ascii_lowercase();
                Some((place.to_owned(), name))
            }
            "http" | "oauth2" | "openIdConnect" => Some(header("authorization")),
            _ => None,
        })
        .collect();
    if options.credentials {
        schemes.extend([header("authorization"), header("x-api-key")]);
    }
    retain_parameters(document, report, |parameter, at, report, _| {
        let place = parameter
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let name = parameter
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_ascii_lowercase();
        let credential = schemes.iter().any(|(p, n)| p == place && *n == name);
        if credential {
            report.changed(
                rule("credentials"),
                at,
                format!("{name:?} is sent for a security scheme"),
            );
        } else if place == "cookie" {
            report.lost(
                Subject::Parameter,
                rule("cookies"),
                at,
                format!("the cookie {name:?} is left out"),
            );
        }
        !credential && place != "cookie"
    });
}

/// Takes out the `Idempotency-Key` header and marks the operation instead:
/// one key must serve all attempts of a call, so the transport makes it.
pub(super) fn note_idempotency_keys(
    document: &mut Value,
    options: PrepareOptions,
    report: &mut Report,
) {
    if !options.idempotency_keys {
        return;
    }
    retain_parameters(document, report, |parameter, at, report, marks| {
        let named = |key: &str, value: &str| {
            parameter
                .get(key)
                .and_then(Value::as_str)
                .is_some_and(|v| v.eq_ignore_ascii_case(value))
        };
        let key = named("in", "header") && named("name", "idempotency-key");
        if key {
            marks.insert(IDEMPOTENCY_KEY.into(), json!(true));
            report.changed(
                rule("idempotency-key"),
                at,
                "made and repeated by the transport",
            );
        }
        !key
    });
}

/// Keeps the parameters for which `keep` says so; what it puts in the map is
/// added to the operation.
fn retain_parameters(
    document: &mut Value,
    report: &mut Report,
    mut keep: impl FnMut(&Value, &crate::Pointer, &mut Report, &mut Map<String, Value>) -> bool,
) {
    walk::operations(document, &mut |_, _, operation, at| {
        let at = at.join("parameters");
        let mut marks = Map::new();
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            let mut index = 0;
            let mut left = Vec::new();
            parameters.retain(|parameter| {
                let stays = keep(parameter, &at.join(index), report, &mut marks);
                left.extend(stays.then_some(index));
                index += 1;
                stays
            });
            report.renumbered(&at, &left);
        }
        if operation.get("parameters") == Some(&json!([])) {
            operation.shift_remove("parameters");
        }
        operation.extend(marks);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn parameters(rule: fn(&mut Value, &mut Report), path: &str, given: Value) -> (Value, Report) {
        let mut document = json!({"paths": {path: {"get": {"parameters": given}}},
            "components": {"securitySchemes": {"k": {"type": "apiKey", "in": "query", "name": "token"}}}});
        let mut report = Report::new();
        rule(&mut document, &mut report);
        let operation = document["paths"][path]["get"].take();
        (operation, report)
    }

    #[test]
    fn braces_go_from_names() {
        let (operation, report) = parameters(
            match_path_templates,
            "/a/{id}/b",
            json!([{"name": "{id}", "in": "path", "schema": {"type": "string"}}]),
        );
        assert_eq!(
            operation["parameters"],
            json!([{"name": "id", "in": "path", "schema": {"type": "string"}, "required": true}])
        );
        assert_eq!(report.entries().len(), 2);
    }

    #[test]
    fn path_parameters_are_those_of_the_path() {
        let (operation, report) = parameters(
            match_path_templates,
            "/a/{id}:{verb}",
            json!([{"name": "other", "in": "path", "required": true}, {"name": "q", "in": "query"}]),
        );
        assert_eq!(
            operation["parameters"],
            json!([
                {"name": "q", "in": "query"},
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "verb", "in": "path", "required": true, "schema": {"type": "string"}},
            ])
        );
        assert_eq!(report.losses().count(), 1);
    }

    #[test]
    fn shared_parameters_are_declared() {
        let path = |parameters: Value| json!({"get": {"parameters": parameters}});
        let mut document = json!({
            "paths": {"/a/{x}": path(json!([{"$ref": "#/components/parameters/X"}])), "/b/{x}": path(json!([]))},
            "components": {"parameters": {"X": {"name": "x", "in": "path", "required": true}}},
        });
        document["paths"]["/b/{x}"]["parameters"] = json!([{"$ref": "#/components/parameters/X"}]);
        let before = document.clone();
        let mut report = Report::new();
        match_path_templates(&mut document, &mut report);
        assert_eq!(report.entries(), []);
        assert_eq!(document["paths"]["/a/{x}"], before["paths"]["/a/{x}"]);
    }

    #[test]
    fn credentials_are_no_arguments() {
        let given = json!([
            {"name": "X-Api-Key", "in": "header"},
            {"name": "Authorization", "in": "header"},
            {"name": "token", "in": "query"},
            {"name": "token", "in": "header"},
        ]);
        let left = |rule: fn(&mut Value, &mut Report)| {
            let (operation, _) = parameters(rule, "/a", given.clone());
            let left = operation["parameters"].as_array().unwrap().iter();
            left.map(|p| p["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            left(|d, r| drop_credentials(d, PrepareOptions::new().runtime_sends_credentials(), r)),
            ["token"]
        );
        assert_eq!(
            left(|d, r| drop_credentials(d, PrepareOptions::new(), r)),
            ["X-Api-Key", "Authorization", "token"],
            "no scheme sends these"
        );
    }

    #[test]
    fn the_idempotency_key_becomes_a_mark() {
        let (operation, _) = parameters(
            |document, report| {
                let options = PrepareOptions::new().runtime_sends_idempotency_keys();
                note_idempotency_keys(document, options, report);
            },
            "/a",
            json!([{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}]),
        );
        assert_eq!(operation, json!({"x-idempotency-key": true}));
    }
}
