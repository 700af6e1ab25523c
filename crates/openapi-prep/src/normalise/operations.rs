//! Operations: those that a client has a method for, and their names.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject, walk};

/// Methods that an HTTP client has no call for.
const NOT_SENT: [&str; 2] = ["options", "trace"];

/// Takes out operations that a client does not call: webhooks that the runtime
/// does not read and callbacks, which the server calls, and methods that generated clients do not send.
pub(super) fn drop_others(document: &mut Value, report: &mut Report) {
    const BY_SERVER: &str = "calls that the server makes are no operations of a client";
    let mut drop = |holder: &mut Map<String, Value>, at: &Pointer, key, note| {
        if holder.shift_remove(key).is_some() {
            report.lost(Subject::Operation, &at.join(key), note);
        }
    };
    let root = Pointer::root();
    if let Value::Object(document) = document {
        drop(document, &root, "webhooks", BY_SERVER);
    }
    walk::path_items(document, &mut |item, at| {
        let Value::Object(item) = item else { return };
        for method in NOT_SENT {
            let note = "taken out: generated clients do not send it";
            drop(item, at, method, note);
        }
    });
    walk::operations(document, &mut |_, _, operation, at| {
        drop(operation, at, "callbacks", BY_SERVER);
    });
}

/// Names that a generated client has of its own: methods, and types that stand
/// beside the builders of operations.
const TAKEN: &str = "new newwithclient builder baseurl client inner apiversion pre post exec \
    self error bytestream clienthooks clientinfo operationinfo requestbuilderext responsevalue \
    option result string";

/// Gives every operation an `operationId` of its own, made from method and
/// path where it has none.
pub(super) fn name_operations(document: &mut Value, report: &mut Report) {
    let mut seen: HashSet<String> = HashSet::new();
    let mut is_new = |id: &str| {
        let letters = id.chars().filter(char::is_ascii_alphanumeric);
        let id: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        !TAKEN.split(' ').any(|taken| taken == id) && seen.insert(id)
    };
    walk::operations(document, &mut |path, method, operation, at| {
        let own = id_from_path(method, path);
        let given = operation.get("operationId").and_then(Value::as_str);
        let given = given
            .map(str::trim)
            .filter(|id| id.contains(|c: char| c.is_ascii_alphabetic()));
        let (id, why) = match given {
            Some(id) if is_new(id) => (id.to_owned(), None),
            None if is_new(&own) => (own, Some("after method and path".to_owned())),
            taken => {
                let id = taken.unwrap_or(&own);
                let why = format!("{id} is the name of another, or of the client's own");
                (format!("{id}-{own}"), Some(why))
            }
        };
        if let Some(why) = why {
            report.changed(at, format!("named {id}: {why}"));
        }
        operation.insert("operationId".into(), json!(id));
    });
}

/// Method and path in words: `get-a-by-id` for `GET /a/{id}`.
fn id_from_path(method: &str, path: &str) -> String {
    let path = path.replace("/{", "/by/");
    let words = path.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = std::iter::once(method)
        .chain(words.filter(|w| !w.is_empty()))
        .collect();
    words.join("-")
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
