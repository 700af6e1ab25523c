//! Operations: those that a client has a method for, and their names.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, walk};

/// Takes out top-level sections that no generator of clients reads.
pub(super) fn drop_unwanted_sections(document: &mut Value, report: &mut Report) {
    let Value::Object(document) = document else {
        return;
    };
    document.shift_remove("x-readme");
    document.shift_remove("x-readme-fauxas");
    if document.shift_remove("webhooks").is_some() {
        report.lost(
            Subject::Operation,
            rule("webhooks"),
            &Pointer::root().join("webhooks"),
            "calls that the server makes are no operations of a client",
        );
    }
}

/// Takes out callbacks: calls that the server makes.
pub(super) fn drop_callbacks(document: &mut Value, report: &mut Report) {
    walk::operations(document, &mut |_, _, operation, at| {
        if operation.shift_remove("callbacks").is_some() {
            report.lost(
                Subject::Operation,
                rule("callbacks"),
                &at.join("callbacks"),
                "calls that the server makes are no operations of a client",
            );
        }
    });
}

/// Takes out operations of methods that an HTTP client has no call for.
pub(super) fn drop_other_methods(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().join("paths");
    if let Some(paths) = document.get_mut("paths") {
        walk::each_entry(paths, &at, &mut |item, at| {
            let Value::Object(item) = item else { return };
            for method in ["options", "trace"] {
                if item.shift_remove(method).is_some() {
                    report.lost(
                        Subject::Operation,
                        rule("method"),
                        &at.join(method),
                        "taken out: generated clients do not send it",
                    );
                }
            }
        });
    }
}

/// Names that a generated client has of its own: methods, and types that stand
/// beside the builders of operations.
const TAKEN: [&str; 21] = [
    "new",
    "newwithclient",
    "builder",
    "baseurl",
    "client",
    "inner",
    "apiversion",
    "pre",
    "post",
    "exec",
    "self",
    "error",
    "bytestream",
    "clienthooks",
    "clientinfo",
    "operationinfo",
    "requestbuilderext",
    "responsevalue",
    "option",
    "result",
    "string",
];

/// Gives every operation an `operationId` of its own, made from method and
/// path where it has none.
pub(super) fn name_operations(document: &mut Value, report: &mut Report) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    walk::operations(document, &mut |path, method, operation, at| {
        let given = operation
            .get("operationId")
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|id| id.chars().any(|c| c.is_ascii_alphabetic()));
        let id = if let Some(id) = given {
            id.to_owned()
        } else {
            let id = id_from_path(method, path);
            report.changed(
                rule("operation-id"),
                at,
                format!("named {id}, after method and path"),
            );
            id
        };
        let plain = |id: &str| -> String {
            let letters = id.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|c| c.to_ascii_lowercase()).collect()
        };
        let id = if TAKEN.contains(&plain(&id).as_str()) {
            let other = format!("{id}-{}", id_from_path(method, path));
            report.changed(
                rule("operation-id"),
                at,
                format!("named {other}: a client has a method {id} of its own"),
            );
            other
        } else {
            id
        };
        let key = plain(&id);
        let times = seen.entry(key).or_insert(0);
        *times += 1;
        let id = if *times == 1 {
            id
        } else {
            let other = format!("{id}-{}", id_from_path(method, path));
            report.changed(
                rule("operation-id"),
                at,
                format!("named {other}: another operation is called {id}"),
            );
            other
        };
        operation.insert("operationId".into(), json!(id));
    });
}

fn id_from_path(method: &str, path: &str) -> String {
    let mut words = vec![method.to_owned()];
    for segment in path.split('/').filter(|s| !s.is_empty()) {
        let parameter = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
        if let Some(parameter) = parameter {
            words.push("by".into());
            words.push(parameter.to_owned());
        } else {
            words.push(segment.to_owned());
        }
    }
    let text: String = words
        .join("-")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    text.split('-')
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(rule: fn(&mut Value, &mut Report), mut document: Value) -> (Value, Report) {
        let mut report = Report::new();
        rule(&mut document, &mut report);
        (document, report)
    }

    #[test]
    fn operations_without_a_name_of_their_own_get_one() {
        let (document, report) = after(
            name_operations,
            json!({"paths": {
                "/v2/a/{id}/details": {"get": {}, "delete": {"operationId": " "}},
                "/b": {"get": {"operationId": "list-things"}, "post": {"operationId": "listThings"}},
            }}),
        );
        let id = |pointer: &str| {
            document
                .pointer(pointer)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(
            id("/paths/~1v2~1a~1{id}~1details/get/operationId"),
            "get-v2-a-by-id-details"
        );
        assert_eq!(
            id("/paths/~1v2~1a~1{id}~1details/delete/operationId"),
            "delete-v2-a-by-id-details"
        );
        assert_eq!(id("/paths/~1b/get/operationId"), "list-things");
        assert_eq!(id("/paths/~1b/post/operationId"), "listThings-post-b");
        assert_eq!(report.entries().len(), 3);
        let taken = json!({"paths": {"/c": {"get": {"operationId": "Error"}}}});
        let (document, _) = after(name_operations, taken);
        assert_eq!(document["paths"]["/c"]["get"]["operationId"], "Error-get-c");
    }
}
