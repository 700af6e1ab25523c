//! The success response of each operation: a generated method has one type for
//! it.

use serde_json::{Map, Value, json};

use super::content::{JSON, Schemas, bytes, json_media, keep_media, put_schema};
use crate::{Pointer, Report, Subject, media, schema, walk};

/// The mark on an operation with the media types that it asks for, where these
/// are not `application/json`.
pub(crate) const ACCEPT: &str = "x-accept";

/// Keeps one success response for each operation, of one media type: JSON
/// before others.
pub(super) fn keep_one_success(document: &mut Value, report: &mut Report) {
    walk::beside_schemas(document, |document, schemas| {
        walk::operations(document, &mut |_, _, operation, at| {
            let responses = match operation.get_mut("responses") {
                Some(Value::Object(responses)) => std::mem::take(responses),
                _ => Map::new(),
            };
            let at = at.join("responses");
            let (status, from, mut response) = success(responses, schemas, &at, report);
            if let Some(accept) = keep_one_type(&mut response, schemas, &at.join(&from), report) {
                operation.insert(ACCEPT.into(), json!(accept));
            }
            if status != from {
                report.moved(&at.join(&status), &at.join(&from));
            }
            operation.insert("responses".into(), json!({ status: response }));
        });
    });
}

/// The success response, its status as generated and as given.
fn success(
    mut responses: Map<String, Value>,
    schemas: &Schemas,
    at: &Pointer,
    report: &mut Report,
) -> (String, String, Value) {
    let is_success = |status: &str| status.starts_with('2');
    let redirects = responses.keys().any(|status| status.starts_with('3'));
    let successes = responses.iter().filter(|(status, _)| is_success(status));
    let best = successes.min_by_key(|(status, response)| {
        let is_json = json_media(response, schemas).is_some();
        let content = response.get("content").and_then(Value::as_object);
        (!is_json, content.is_none_or(Map::is_empty), *status)
    });
    let default = responses.get_key_value("default").filter(|_| !redirects);
    let kept = best.or(default).map(|(status, _)| status.clone());
    let response = kept.as_ref().and_then(|kept| responses.shift_remove(kept));
    let kept_types = || response.as_ref().map(types);
    let mut is_several = false;
    for (status, other) in &responses {
        let at = at.join(status);
        let note = "taken out: a generated method has one success type";
        if !is_success(status) {
            report.changed(&at, note);
        } else if kept_types() == Some(types(other)) {
            is_several = true;
            report.changed(&at, "has the type of another success");
        } else {
            report.lost(Subject::Response, &at, note);
        }
    }
    if let (Some(kept), Some(response)) = (kept, response) {
        let is_one = !is_several && kept.bytes().all(|byte| byte.is_ascii_digit());
        let status = if is_one { kept.clone() } else { "2XX".into() };
        return (status, kept, response);
    }
    report.changed(at, "declares no success; whatever comes is read as bytes");
    let bytes = json!({"description": "Success.", "content": {"*/*": {"schema": bytes()}}});
    ("2XX".into(), "2XX".into(), bytes)
}

/// The media types with their schemas, without documentation.
fn types(response: &Value) -> Value {
    schema::shape(&response["content"])
}

/// Leaves JSON, under its plain name, if it is among the media types, else
/// bytes. Gives the media types to ask for.
fn keep_one_type(
    response: &mut Value,
    schemas: &Schemas,
    at: &Pointer,
    report: &mut Report,
) -> Option<String> {
    if let Some(kept) = json_media(response, schemas) {
        let at = at.join("content");
        keep_media(Subject::Response, response, &kept, JSON, &at, report);
        let is_plain = media::essence(&kept) == JSON || !media::is_concrete(&kept);
        return (!is_plain).then_some(kept);
    }
    let Some(Value::Object(content)) = response.get_mut("content") else {
        return None;
    };
    let at = at.join("content");
    for (media, body) in content.iter_mut() {
        put_schema(body, bytes(), schemas, &at.join(media), report);
    }
    let concrete: Vec<&str> = content
        .keys()
        .map(|media| media.trim())
        .filter(|media| media::is_concrete(media))
        .collect();
    let is_all = !concrete.is_empty() && concrete.len() == content.len();
    // Servers that send another type than they declare are not refused.
    is_all.then(|| format!("{}, */*;q=0.1", concrete.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(responses: &Value) -> (Value, Report) {
        let mut report = Report::new();
        let mut document = json!({
            "paths": {"/a": {"get": {"responses": responses}}},
            "components": {"schemas": {"A": {"type": "object"}, "Text": {"type": "string"}}},
        });
        keep_one_success(&mut document, &mut report);
        (document["paths"]["/a"]["get"].take(), report)
    }

    fn content(media: &str) -> Value {
        json!({"content": {media: {"schema": {"$ref": "#/components/schemas/A"}}}})
    }

    #[test]
    fn success_with_json_is_kept() {
        let json = json!({"content": {"application/json; charset=utf-8": {"schema": {"type": "object"}}, "text/csv": {}}});
        let (operation, report) =
            after(&json!({"204": {"description": "none"}, "202": json, "400": {}, "default": {}}));
        assert_eq!(
            operation["responses"],
            json!({"202": {"content": {"application/json": {"schema": {"type": "object"}}}}})
        );
        assert_eq!(report.losses().count(), 2, "{report:?}");
    }

    #[test]
    fn ranges_of_statuses_stay_ranges() {
        for (responses, wanted) in [
            (json!({"2xx": content("application/json")}), "2XX"),
            (json!({"default": content("application/json")}), "2XX"),
            (
                json!({"201": content("application/json"), "default": {}}),
                "201",
            ),
            (
                json!({"200": content("application/json"), "201": content("application/json")}),
                "2XX",
            ),
        ] {
            let (operation, report) = after(&responses);
            assert_eq!(
                operation["responses"],
                json!({wanted: content("application/json")}),
                "{responses}"
            );
            assert_eq!(report.losses().count(), 0, "{report:?}");
        }
    }

    #[test]
    fn undeclared_success_is_bytes() {
        for responses in [
            json!({"302": {"description": "there"}}),
            json!({"302": {"description": "there"}, "default": content("application/json")}),
            json!({"404": content("application/json")}),
        ] {
            let (operation, _) = after(&responses);
            let response = &operation["responses"]["2XX"];
            assert_eq!(response["content"]["*/*"]["schema"], bytes(), "{responses}");
        }
    }

    #[test]
    fn json_is_found_under_any_name() {
        for (media, accept) in [
            ("*/*", Value::Null),
            ("application/*", Value::Null),
            ("Application/JSON; charset=utf-8", Value::Null),
            (
                "application/vnd.api+json",
                json!("application/vnd.api+json"),
            ),
            (
                "application/problem+json",
                json!("application/problem+json"),
            ),
        ] {
            let (operation, report) = after(&json!({"200": content(media)}));
            assert_eq!(
                operation["responses"]["200"],
                content("application/json"),
                "{media}"
            );
            assert_eq!(operation["x-accept"], accept, "{media}");
            assert_eq!(report.losses().count(), 0);
        }
        let both = json!({"content": {
            "application/problem+json": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "integer"}},
        }});
        let (operation, _) = after(&json!({ "200": both }));
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(*schema, json!({"type": "integer"}));
    }

    #[test]
    fn other_media_types_are_bytes() {
        let (operation, report) = after(&json!({"200": content("application/x-ndjson")}));
        let response = &operation["responses"]["200"];
        assert_eq!(
            response["content"]["application/x-ndjson"]["schema"],
            bytes()
        );
        assert_eq!(operation["x-accept"], "application/x-ndjson, */*;q=0.1");
        let lost: Vec<_> = report.losses().map(|l| l.subject).collect();
        assert_eq!(lost, [Some(Subject::Type)]);
        for any in [
            json!({"content": {"*/*": {"schema": {"$ref": "#/components/schemas/Text"}}}}),
            json!({"content": {"*/*": {}}}),
        ] {
            let (operation, report) = after(&json!({ "200": any }));
            assert_eq!(
                operation["responses"]["200"]["content"]["*/*"]["schema"],
                bytes()
            );
            assert_eq!(operation.get("x-accept"), None);
            assert_eq!(report.losses().count(), 0);
        }
    }
}
