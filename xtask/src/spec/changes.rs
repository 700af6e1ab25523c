//! How the changes of an import are printed.

use openapi_prep::merge::Change;
use serde_json::Value;

/// One line for each change, and both sides of what was changed.
pub(super) fn lines(changes: &[Change], is_first: bool) -> Vec<String> {
    let mut out = Vec::new();
    for change in changes {
        let value = change.after.as_ref().or(change.before.as_ref());
        let name = name(&change.pointer, value);
        match (&change.before, &change.after) {
            // A first import lists operations, components and tags only.
            (None, Some(_)) if is_first && name.starts_with('/') => {}
            (None, _) => out.push(format!("+ {name}")),
            (Some(_), None) => out.push(format!("- {name}")),
            (Some(_), Some(_)) => {
                out.push(format!("~ {name}\n{}", change.sides("was", "now")));
            }
        }
    }
    out
}

/// What a pointer leads to, such as `GET /v2/avatars` or `component schemas/Video`.
pub(super) fn name(pointer: &str, value: Option<&Value>) -> String {
    let tokens: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match tokens.as_slice() {
        ["paths", path, key]
            if ["parameters", "servers", "summary", "description"].contains(key) =>
        {
            format!("{key} of the path {path}")
        }
        ["paths", path, method] => format!("{} {path}", method.to_ascii_uppercase()),
        ["components", kind, name] => format!("component {kind}/{name}"),
        ["tags", _] => match value.and_then(|tag| tag.get("name")?.as_str()) {
            Some(name) => format!("tag {name}"),
            None => pointer.to_owned(),
        },
        _ => pointer.to_owned(),
    }
}
