//! What an operation is called, what it may answer and what it may be sent,
//! cut down to what a generator can express.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, walk};

/// Reads a document of 3.0 as one of 3.1, whose words these rules use; those
/// of 3.0 that 3.1 gave up (`nullable`) are understood all the same.
pub(super) fn read_as_31(document: &mut Value, report: &mut Report) {
    let old = document.get("openapi").and_then(Value::as_str);
    if old.is_some_and(|version| version.starts_with("3.0")) {
        document["openapi"] = json!("3.1.0");
        report.changed(
            rule("version"),
            &Pointer::root().join("openapi"),
            "read as 3.1, and lowered again",
        );
    }
}

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

/// Names that a generated client has of its own.
const TAKEN: [&str; 10] = [
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

/// The mark on an operation with the description of each error response.
pub(crate) const ERRORS: &str = "x-errors";

/// Keeps one success response for each operation and takes the others and
/// the errors out: a generator gives one type for success, and errors are
/// read where the request is sent, all in one way.
pub(super) fn keep_one_success(document: &mut Value, report: &mut Report) {
    walk::operations(document, &mut |_, _, operation, at| {
        let at = at.join("responses");
        let responses = match operation.get_mut("responses") {
            Some(Value::Object(responses)) => std::mem::take(responses),
            _ => Map::new(),
        };
        let success = |status: &str| status.starts_with('2');
        let has_json = |response: &Value| json_media(response).is_some();
        let mut chosen: Option<(String, Value)> = None;
        for (status, response) in &responses {
            let better = match &chosen {
                None => success(status) || status == "default",
                Some((kept, held)) => {
                    (success(status) && kept == "default")
                        || (success(status) && has_json(response) && !has_json(held))
                        || (success(status)
                            && has_json(response) == has_json(held)
                            && status < kept)
                }
            };
            if better {
                chosen = Some((status.clone(), response.clone()));
            }
        }
        let kept = chosen.as_ref().map(|(status, _)| status.clone());
        for status in responses.keys().filter(|s| Some(*s) != kept.as_ref()) {
            let note = "taken out: a generated method has one success type, and errors are read by the transport";
            if success(status) {
                report.lost(
                    Subject::Response,
                    rule("one-success"),
                    &at.join(status),
                    note,
                );
            } else {
                report.changed(rule("errors-out"), &at.join(status), note);
            }
        }
        let errors: Map<String, Value> = responses
            .iter()
            .filter(|(status, _)| Some(*status) != kept.as_ref() && !success(status))
            .map(|(status, response)| {
                let description = response.get("description").cloned().unwrap_or_default();
                (status.clone(), json!({ "description": description }))
            })
            .collect();
        if !errors.is_empty() {
            operation.insert(ERRORS.into(), Value::Object(errors));
        }
        let (status, mut response) = chosen.unwrap_or_else(|| {
            report.changed(
                rule("one-success"),
                &at,
                "declares no success; taken to answer any JSON",
            );
            (
                "200".into(),
                json!({"description": "Success.", "content": {"application/json": {"schema": {}}}}),
            )
        });
        keep_json_content(&mut response, &at.join(&status), report);
        let status = if status == "default" || status.contains(['X', 'x']) {
            "200".to_owned()
        } else {
            status
        };
        let mut one = Map::new();
        one.insert(status, response);
        operation.insert("responses".into(), Value::Object(one));
    });
}

/// The media type of a `content` map that holds JSON.
fn json_media(carrier: &Value) -> Option<&str> {
    carrier
        .get("content")?
        .as_object()?
        .keys()
        .map(String::as_str)
        .find(|media| is_json(media))
}

fn is_json(media: &str) -> bool {
    let essence = media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// Leaves only JSON, under its plain name, where JSON is among the answers.
fn keep_json_content(response: &mut Value, at: &Pointer, report: &mut Report) {
    let Some(media) = json_media(response).map(str::to_owned) else {
        return;
    };
    let Some(Value::Object(content)) = response.get_mut("content") else {
        return;
    };
    let Some(mut body) = content.get_mut(&media).map(Value::take) else {
        return;
    };
    if body.get("schema").is_none()
        && let Value::Object(body) = &mut body
    {
        body.insert("schema".into(), json!({}));
    }
    for other in content.keys().filter(|other| **other != media) {
        let note = "JSON is sent and read instead";
        let at = at.join("content").join(other);
        report.lost(Subject::at(&at), rule("media-type"), &at, note);
    }
    *content = Map::new();
    content.insert("application/json".into(), body);
}

/// Media types of request bodies that a generator can express beside JSON.
const OTHER_BODIES: [&str; 3] = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/octet-stream",
];

/// Leaves one media type for a request body, JSON before others, and takes
/// out operations whose body cannot be expressed at all (uploads by
/// `multipart/form-data`, images): those are written by hand.
pub(super) fn keep_json_requests(document: &mut Value, report: &mut Report) {
    let mut doomed = Vec::new();
    walk::operations(document, &mut |path, method, operation, at| {
        let Some(body) = operation.get_mut("requestBody") else {
            return;
        };
        if json_media(body).is_some() {
            keep_json_content(body, &at.join("requestBody"), report);
            let content = body.get_mut("content").and_then(Value::as_object_mut);
            for (_, media) in content.into_iter().flatten() {
                forget_encoding(media, &at.join("requestBody"), report);
            }
            return;
        }
        let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else {
            operation.shift_remove("requestBody");
            let at = at.join("requestBody");
            report.lost(
                Subject::Body,
                rule("inexpressible-body"),
                &at,
                "has no content",
            );
            return;
        };
        if let Some(media) = OTHER_BODIES.iter().find(|m| content.contains_key(**m)) {
            for other in content.keys().filter(|other| other != media) {
                let at = at.join("requestBody").join("content").join(other);
                report.lost(
                    Subject::Body,
                    rule("media-type"),
                    &at,
                    format!("{media} is sent instead"),
                );
            }
            content.retain(|key, _| key == media);
            forget_encoding(&mut content[*media], &at.join("requestBody"), report);
            let schema = &mut content[*media]["schema"];
            match *media {
                "application/octet-stream" => {
                    *schema = json!({"type": "string", "format": "binary"});
                }
                "text/plain" => *schema = json!({"type": "string"}),
                _ if schema.is_null() => *schema = json!({"type": "object"}),
                _ => {}
            }
            return;
        }
        let media: Vec<_> = content.keys().cloned().collect();
        report.lost(
            Subject::Operation,
            rule("inexpressible-body"),
            at,
            format!(
                "taken out: a body of {} is written by hand",
                media.join(", ")
            ),
        );
        doomed.push((path.to_owned(), method.to_owned()));
    });
    leave_out(document, doomed);
}

/// Leaves operations out, by path and method, and paths that hold none then.
pub(super) fn leave_out(document: &mut Value, doomed: Vec<(String, String)>) {
    for (path, method) in doomed {
        if let Some(Value::Object(item)) = document
            .pointer_mut("/paths")
            .and_then(|p| p.get_mut(&path))
        {
            item.shift_remove(&method);
        }
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        paths.retain(|_, item| walk::METHODS.iter().any(|m| item.get(m).is_some()));
    }
}

/// Takes out how single fields of a form are written: generators know one way.
fn forget_encoding(media: &mut Value, at: &Pointer, report: &mut Report) {
    if let Value::Object(media) = media
        && media.shift_remove("encoding").is_some()
    {
        report.lost(
            Subject::Part,
            rule("encoding"),
            at,
            "how single fields are written; lists and objects in a form are refused when sent",
        );
    }
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
    }

    #[test]
    fn one_success_stays_and_it_is_the_one_with_json() {
        let json = json!({"content": {"application/json; charset=utf-8": {"schema": {"type": "object"}}, "text/csv": {}}});
        let (document, report) = after(
            keep_one_success,
            json!({"paths": {
                "/a": {"get": {"responses": {"204": {"description": "none"}, "202": json, "400": {}, "default": {}}}},
                "/b": {"get": {"responses": {"404": {}}}},
                "/c": {"get": {"responses": {"default": {"description": "d"}}}},
            }}),
        );
        assert_eq!(
            document["paths"]["/a"]["get"]["responses"],
            json!({"202": {"content": {"application/json": {"schema": {"type": "object"}}}}})
        );
        assert_eq!(
            document["paths"]["/b"]["get"]["responses"]["200"]["content"]["application/json"]["schema"],
            json!({})
        );
        assert_eq!(
            document["paths"]["/c"]["get"]["responses"],
            json!({"200": {"description": "d"}})
        );
        assert_eq!(report.losses().count(), 2, "{report:?}");
    }

    #[test]
    fn uploads_are_taken_out_and_listed() {
        let (document, report) = after(
            keep_json_requests,
            json!({"paths": {
                "/up": {"post": {"requestBody": {"content": {"multipart/form-data": {}}}}},
                "/both": {"post": {"requestBody": {"content": {"multipart/form-data": {}, "application/json": {}}}}},
            }}),
        );
        assert_eq!(
            document,
            json!({"paths": {"/both": {"post": {"requestBody": {"content": {"application/json": {"schema": {}}}}}}}})
        );
        let at: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(
            at,
            [
                "/paths/~1up/post",
                "/paths/~1both/post/requestBody/content/multipart~1form-data"
            ]
        );
    }
}
