//! Parameters: named as the path template names them, without credentials.

use serde_json::{Map, Value, json};

use crate::{Pointer, PrepareOptions, Report, Subject, walk};

/// The operation's own mark that it documents an `Idempotency-Key`.
pub(super) const IDEMPOTENCY_KEY: &str = "x-idempotency-key";

/// Moves parameters that a path item declares for all its operations into the
/// operations, unless one declares a parameter of that name and location
/// itself.
pub(super) fn of_path_items(document: &mut Value, report: &mut Report) {
    walk::path_items(document, &mut |item, at| {
        let shared = item
            .as_object_mut()
            .and_then(|item| item.shift_remove("parameters"));
        let Some(Value::Array(shared)) = shared else {
            return;
        };
        let shared_at = at.join("parameters");
        for method in walk::METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            let here = at.join(method).join("parameters");
            let own = operation.entry("parameters").or_insert_with(|| json!([]));
            let Value::Array(own) = own else { continue };
            let own_count = own.len();
            let mut origins: Vec<Pointer> = (0..own_count).map(|index| here.join(index)).collect();
            for (index, parameter) in shared.iter().enumerate() {
                let is_same = |own: &Value| ["name", "in"].iter().all(|k| own[k] == parameter[k]);
                if !own.iter().any(is_same) {
                    let place = index.min(own.len());
                    own.insert(place, parameter.clone());
                    origins.insert(place, shared_at.join(index));
                }
            }
            if origins.len() > own_count {
                report.changed(&shared_at, format!("declared by {method} itself"));
            }
            let moved = origins.into_iter().enumerate();
            let moved: Vec<_> = moved.map(|(to, from)| (here.join(to), from)).collect();
            report.all_moved(&moved);
        }
    });
}

/// Makes path parameters agree with the path: names without braces, each one
/// required, each one declared, none that the path does not hold.
pub(super) fn match_path_templates(document: &mut Value, report: &mut Report) {
    walk::operations(document, &mut |path, _, operation, at| {
        let at = at.join("parameters");
        let wanted = template_names(path);
        let mut missing = wanted.clone();
        retain(operation, &at, report, |parameter, at, report| {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let bare = name.trim_matches(|c: char| c.is_whitespace() || "{}".contains(c));
            let is_path = parameter["in"] == "path";
            let is_wanted = wanted.contains(&bare);
            if bare != name && (is_path || is_wanted) {
                let note = format!("renamed from {name:?} to {bare:?}, as the path has it");
                parameter["name"] = json!(bare);
                report.changed(at, note);
            }
            if !is_path {
                return true;
            }
            if parameter["required"] != true {
                parameter["required"] = json!(true);
                report.changed(at, "a part of the path is always required");
            }
            missing.retain(|name| *name != bare);
            if !is_wanted {
                let note = format!("{bare:?} is not in the path and is left out");
                report.lost(Subject::Parameter, at, note);
            }
            is_wanted
        });
        for name in missing {
            let note = format!("{name:?} is in the path and was not declared; taken as text");
            report.changed(&at, note);
            let text = json!({"type": "string"});
            let parameter = json!({"name": name, "in": "path", "required": true, "schema": text});
            if let Value::Array(all) = operation.entry("parameters").or_insert(json!([])) {
                all.push(parameter);
            }
        }
    });
}

/// The names between braces in a path, in order.
pub(super) fn template_names(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let parts = path.split('{').skip(1);
    for (name, _) in parts.filter_map(|rest| rest.split_once('}')) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Takes out parameters that are sent with every call: the credentials of a
/// security scheme, and where the runtime sends them those of usual headers,
/// and the `Idempotency-Key`. Of that the operation gets a mark: one key must
/// serve all attempts of a call, so the transport makes it. Cookies are lost.
pub(super) fn drop_sent(document: &mut Value, options: PrepareOptions, report: &mut Report) {
    let mut sent = credentials(document);
    if options.credentials {
        sent.extend(["authorization", "x-api-key"].map(header));
    }
    let key = options.idempotency_keys.then(|| header("idempotency-key"));
    walk::operations(document, &mut |_, _, operation, at| {
        let mut has_key = false;
        let at = at.join("parameters");
        retain(operation, &at, report, |parameter, at, report| {
            let text = |key: &str| parameter[key].as_str().map(str::to_ascii_lowercase);
            let parameter = (text("in"), text("name"));
            let name = parameter.1.as_deref().unwrap_or_default();
            if sent.contains(&parameter) {
                report.changed(at, format!("{name:?} is sent for a security scheme"));
            } else if Some(&parameter) == key.as_ref() {
                has_key = true;
                report.changed(at, "made and repeated by the transport");
            } else if parameter.0.as_deref() == Some("cookie") {
                let note = format!("the cookie {name:?} is left out");
                report.lost(Subject::Parameter, at, note);
            } else {
                return true;
            }
            false
        });
        if has_key {
            operation.insert(IDEMPOTENCY_KEY.into(), json!(true));
        }
    });
}

/// Location and name of a parameter, in lower case.
type Place = (Option<String>, Option<String>);

fn header(name: &str) -> Place {
    (Some("header".into()), Some(name.into()))
}

/// The parameters that security schemes are sent in.
fn credentials(document: &Value) -> Vec<Place> {
    let schemes = document.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    let of_scheme = schemes.filter_map(|(_, scheme)| match scheme["type"].as_str()? {
        "apiKey" => {
            let text = |key: &str| Some(scheme[key].as_str()?.to_ascii_lowercase());
            Some((text("in"), text("name")))
        }
        "http" | "oauth2" | "openIdConnect" => Some(header("authorization")),
        _ => None,
    });
    of_scheme.collect()
}

/// Keeps the parameters of an operation for which `keep` says so; it may change
/// them.
fn retain(
    operation: &mut Map<String, Value>,
    at: &Pointer,
    report: &mut Report,
    mut keep: impl FnMut(&mut Value, &Pointer, &mut Report) -> bool,
) {
    let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
        return;
    };
    let left = walk::retain_items(parameters, at, &mut |one, at| keep(one, at, report));
    report.renumbered(at, &left);
    if parameters.is_empty() {
        operation.shift_remove("parameters");
    }
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
    fn operations_declare_what_their_path_item_declared() {
        let mut document = json!({"paths": {"/a/{id}": {
            "parameters": [{"name": "id", "in": "path"}],
            "get": {},
            "delete": {"parameters": [{"name": "id", "in": "path", "description": "own"}]},
        }}});
        let mut report = Report::new();
        of_path_items(&mut document, &mut report);
        assert_eq!(
            document["paths"]["/a/{id}"],
            json!({
                "get": {"parameters": [{"name": "id", "in": "path"}]},
                "delete": {"parameters": [{"name": "id", "in": "path", "description": "own"}]},
            })
        );
        assert_eq!(report.losses().count(), 0);
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
            left(|d, r| drop_sent(d, PrepareOptions::new().runtime_sends_credentials(), r)),
            ["token"]
        );
        assert_eq!(
            left(|d, r| drop_sent(d, PrepareOptions::new(), r)),
            ["X-Api-Key", "Authorization", "token"],
            "no scheme sends these"
        );
    }

    #[test]
    fn the_idempotency_key_becomes_a_mark() {
        let (operation, _) = parameters(
            |document, report| {
                let options = PrepareOptions::new().runtime_sends_idempotency_keys();
                drop_sent(document, options, report);
            },
            "/a",
            json!([{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}]),
        );
        assert_eq!(operation, json!({"x-idempotency-key": true}));
    }
}
