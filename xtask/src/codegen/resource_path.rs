//! The resource that an operation belongs to: the chain of handles that leads to
//! its method, which is also the folder of the models that only it has.

use openapi_prep::{api::Operation, function_name};
use serde_json::Value;

/// The overlay's hint for a chain: the names of its handles, the outermost first.
pub(super) const RESOURCE_HINT: &str = "x-resource";

/// The verbs that a last segment of a write can start with. Such a segment is a
/// method of the resource before it, not a resource.
const VERBS: [&str; 32] = [
    "accept",
    "activate",
    "apply",
    "approve",
    "archive",
    "cancel",
    "clone",
    "complete",
    "confirm",
    "copy",
    "disable",
    "duplicate",
    "enable",
    "generate",
    "interrupt",
    "move",
    "pause",
    "publish",
    "refresh",
    "reject",
    "rename",
    "reset",
    "restore",
    "resume",
    "retry",
    "revoke",
    "rotate",
    "send",
    "start",
    "stop",
    "train",
    "verify",
];

/// The handles that lead to an operation, the outermost first: the hint, else the
/// literal segments of the path after the version, in snake case, without an
/// [`action`]. `/v3/avatars/looks/{look_id}` gives `avatars`, `looks`. Empty where
/// the path has no literal.
pub(super) fn resource_path(operation: &Operation) -> Vec<String> {
    if let Some(Value::Array(names)) = operation.extensions.get(RESOURCE_HINT) {
        let names = names.iter().filter_map(Value::as_str);
        return names.map(str::to_owned).collect();
    }
    let mut names = literals(operation);
    if action(operation).is_some() {
        names.pop();
    }
    names
}

/// The last literal of a path, in snake case, where it is a verb: `rotate_secret`
/// of `POST /v3/endpoints/{id}/rotate-secret`.
pub(super) fn action(operation: &Operation) -> Option<String> {
    if operation.method != "POST" || operation.path.ends_with('}') {
        return None;
    }
    let mut names = literals(operation);
    let last = names.pop().filter(|_| !names.is_empty())?;
    let verb = last.split('_').next()?;
    VERBS.contains(&verb).then_some(last)
}

/// The literal segments of a path after the version, in snake case.
fn literals(operation: &Operation) -> Vec<String> {
    let mut names = Vec::new();
    for (index, segment) in operation.path.trim_matches('/').split('/').enumerate() {
        let literal = without_parameters(segment);
        let has_name = literal.contains(|c: char| c.is_ascii_alphanumeric());
        if has_name && !(index == 0 && is_version(&literal)) {
            names.push(function_name(&literal));
        }
    }
    names
}

/// A segment without its parameters: `:cancel` of `{id}:cancel`.
fn without_parameters(segment: &str) -> String {
    let mut literal = String::new();
    let mut depth = 0_usize;
    for c in segment.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 => literal.push(c),
            _ => {}
        }
    }
    literal
}

fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    number.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;

    use super::*;

    fn operation(method: &str, path: &str, hint: Option<Value>) -> Operation {
        let mut operation =
            json!({"operationId": "o", "responses": {"204": {"description": "done"}}});
        if let Some(hint) = hint {
            operation[RESOURCE_HINT] = hint;
        }
        let names = path.split('{').skip(1).filter_map(|p| p.split('}').next());
        operation["parameters"] = names
            .map(|name| {
                json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})
            })
            .collect();
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {path: {method: operation}},
        });
        let document = Document::from_value(document).unwrap();
        let mut api = prepare(document, &mut Names::new()).unwrap().api;
        api.operations.remove(0)
    }

    #[test]
    fn path_is_literals_after_the_version() {
        for (path, wanted) in [
            ("/v3/videos", vec!["videos"]),
            ("/v3/avatars/looks/{look_id}", vec!["avatars", "looks"]),
            (
                "/v3/video-agents/{a}/videos/{b}",
                vec!["video_agents", "videos"],
            ),
            ("/v3/users/me", vec!["users", "me"]),
            ("/v2/avatar_group.list", vec!["avatar_group_list"]),
            ("/videos/v2", vec!["videos", "v2"]),
            ("/v3/{id}", vec![]),
        ] {
            assert_eq!(
                resource_path(&operation("get", path, None)),
                wanted,
                "{path}"
            );
        }
    }

    #[test]
    fn last_verb_of_a_write_is_a_method() {
        let rotate = operation("post", "/v3/endpoints/{id}/rotate-secret", None);
        assert_eq!(resource_path(&rotate), ["endpoints"]);
        assert_eq!(action(&rotate).as_deref(), Some("rotate_secret"));
        for (method, path) in [
            ("get", "/v3/endpoints/{id}/rotate-secret"),
            ("post", "/v3/generate"),
            ("post", "/v3/stop/{id}"),
            ("post", "/v3/avatars/{id}/consent"),
        ] {
            assert_eq!(action(&operation(method, path, None)), None, "{path}");
        }
    }

    #[test]
    fn hint_replaces_the_path() {
        let hint = Some(json!(["avatars"]));
        let details = operation("get", "/v2/avatar/{avatar_id}/details", hint);
        assert_eq!(resource_path(&details), ["avatars"]);
    }
}
