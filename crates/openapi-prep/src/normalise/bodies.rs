//! Request bodies: one media type for each operation, as the generator can send
//! it. What it cannot express is left as a mark on the body, for the code around
//! the generated methods.

use serde_json::{Value, json};

use super::{
    content::{FORM, JSON, Schemas, bytes, json_rank, keep_media, put_schema, take_encoding},
    multipart,
    parameter_shape::{Shape, resolved},
};
use crate::{Pointer, Report, Subject, media, schema, walk};

/// The mark on a body with its `Content-Type`, where that is another than the
/// generator's.
pub(crate) const CONTENT_TYPE: &str = "x-content-type";

/// The mark on a body that may be left out: one that is `null` or empty is not
/// sent.
pub(crate) const OPTIONAL: &str = "x-optional-body";

const MULTIPART: &str = "multipart/form-data";
const BYTES: &str = "application/octet-stream";
const TEXT: &str = "text/plain";

/// Leaves one media type for a request body, JSON before others.
pub(super) fn keep_one_body(document: &mut Value, report: &mut Report) {
    walk::beside_schemas(document, |document, schemas| {
        walk::operations(document, &mut |_, _, operation, at| {
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.unwrap_or_default().to_owned();
            if let Some(body) = operation.get_mut("requestBody") {
                if !body.is_object() {
                    *body = json!({});
                }
                one_body(body, &id, schemas, &at.join("requestBody"), report);
            }
        });
    });
}

fn one_body(body: &mut Value, id: &str, schemas: &Schemas, at: &Pointer, report: &mut Report) {
    if body.get("required") != Some(&Value::Bool(true)) {
        report.changed(at, "may be left out");
        body[OPTIONAL] = json!(true);
    }
    let content = body.get("content").and_then(Value::as_object);
    let content = content.into_iter().flatten();
    let kept = content
        .map(|(media, body)| (sent_as(media, body, schemas), media.clone()))
        .min_by_key(|((rank, _), _)| *rank);
    let Some(((_, plain), kept)) = kept else {
        report.changed(at, "declares no content: sent as bytes");
        body["content"] = json!({BYTES: {"schema": bytes()}});
        return;
    };
    let at = at.join("content");
    let one = keep_media(Subject::Body, body, &kept, plain, &at, report);
    let at = at.join(&kept);
    match plain {
        MULTIPART => {
            let mark = multipart::form(one, id, schemas, &at, report);
            body[multipart::MARK] = mark;
        }
        FORM => form(one, schemas, &at, report),
        TEXT => put_schema(one, json!({"type": "string"}), schemas, &at, report),
        BYTES => put_schema(one, bytes(), schemas, &at, report),
        _ => drop(take_encoding(one, |_, _, _| false, &at, report)),
    }
    let is_concrete = media::is_concrete(&kept);
    if plain == BYTES && !is_concrete && media::essence(&kept) != "*/*" {
        let note = format!("sent as {BYTES} unless the caller sets the header");
        report.lost(Subject::Body, &at, note);
    }
    let compared = kept.to_ascii_lowercase().replace([' ', '"'], "");
    if is_concrete && compared.trim_end_matches(";charset=utf-8") != plain {
        report.changed(&at, format!("sent as {kept}"));
        body[CONTENT_TYPE] = json!(kept.trim());
    }
}

/// Which media type comes first, and under which one the generator sends it:
/// JSON, a form with files, other forms, text, bytes.
fn sent_as(media: &str, body: &Value, schemas: &Schemas) -> (u8, &'static str) {
    if let Some(rank) = json_rank(media, body, schemas) {
        return (rank, JSON);
    }
    match media::essence(media).as_str() {
        MULTIPART if multipart::has_file(body, schemas) => (10, MULTIPART),
        FORM => (11, FORM),
        essence if essence.starts_with("multipart/") => (12, MULTIPART),
        TEXT => (13, TEXT),
        _ if media::is_concrete(media) => (14, BYTES),
        _ => (15, BYTES),
    }
}

/// Reports the fields of a form that are sent in another way than declared: a
/// list is sent as repeated fields, an object as `name[property]`.
fn form(body: &mut Value, schemas: &Schemas, at: &Pointer, report: &mut Report) {
    let fields = multipart::Parts::of(&body["schema"], schemas).properties;
    let is_object = |field: &Value| {
        let shape = Shape::of(&resolved(field, schemas), schemas);
        matches!(shape, Shape::Flat | Shape::Object)
    };
    let is_deep = |name: &str, key: &str, style: &Value| {
        key == "style" && style == "deepObject" && fields.get(name).is_some_and(is_object)
    };
    let encoding = take_encoding(body, is_deep, at, report);
    for (name, field) in &fields {
        let note = if is_object(field) && encoding[name]["style"] != "deepObject" {
            format!("sent as `{name}[property]`, one field for each property")
        } else if is_object(&resolved(field, schemas)["items"]) {
            format!("items that are objects are sent as `{name}[0][property]`")
        } else {
            continue;
        };
        let at = at.join("schema").join("properties").join(name);
        report.lost(Subject::Part, &at, note);
    }
    if body["schema"].is_null() {
        body["schema"] = json!({"type": "object"});
    }
}

/// Says bodies in the generator's words, once their schemas have names: a form
/// of several parts is bytes with a mark, and a body that may be left out takes
/// `null`.
pub(super) fn for_generator(document: &mut Value, _: &mut Report) {
    walk::operations(document, &mut |_, _, operation, _| {
        let Some(body) = operation.get_mut("requestBody") else {
            return;
        };
        if body.get(multipart::MARK).is_some() {
            let form = body["content"][MULTIPART]["schema"].take();
            if !form.is_null() {
                body[multipart::MARK]["schema"] = form;
            }
            body["content"] = json!({BYTES: {"schema": bytes()}});
        } else if body.get(OPTIONAL).is_some() {
            for media in [JSON, FORM] {
                if let Some(body) = body["content"].get_mut(media) {
                    schema::make_nullable(&mut body["schema"]);
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(body: &Value) -> (Value, Report) {
        let mut report = Report::new();
        let mut document = json!({
            "paths": {"/a": {"post": {"operationId": "a", "requestBody": body}}},
            "components": {"schemas": {"A": {"type": "object", "properties": {"a": {}}}}},
        });
        keep_one_body(&mut document, &mut report);
        for_generator(&mut document, &mut Report::new());
        (
            document["paths"]["/a"]["post"]["requestBody"].take(),
            report,
        )
    }

    fn required(media: &str) -> Value {
        let schema = json!({"$ref": "#/components/schemas/A"});
        json!({"required": true, "content": {media: {"schema": schema}}})
    }

    #[test]
    fn other_media_types_keep_their_content_type() {
        let json = "application/json";
        for (media, generated, content_type, losses) in [
            ("application/json", json, None, 0),
            ("application/JSON; charset=UTF-8", json, None, 0),
            ("*/*", json, None, 0),
            (
                "application/vnd.api+json",
                json,
                Some("application/vnd.api+json"),
                0,
            ),
            (
                "application/merge-patch+json",
                json,
                Some("application/merge-patch+json"),
                0,
            ),
            (
                "application/json; v=2",
                json,
                Some("application/json; v=2"),
                0,
            ),
            ("Application/X-WWW-form-urlencoded", FORM, None, 0),
            ("text/plain; charset=utf-8", TEXT, None, 1),
            ("application/octet-stream", BYTES, None, 1),
            ("image/png", BYTES, Some("image/png"), 1),
            (
                "application/x-ndjson",
                BYTES,
                Some("application/x-ndjson"),
                1,
            ),
            ("image/*", BYTES, None, 2),
        ] {
            let (body, report) = after(&required(media));
            let content = body["content"].as_object().unwrap();
            let keys: Vec<_> = content.keys().collect();
            assert_eq!(keys, [generated], "{media}");
            assert_eq!(body[CONTENT_TYPE].as_str(), content_type, "{media}");
            assert_eq!(report.losses().count(), losses, "{media}: {report:?}");
            assert!(body.get(OPTIONAL).is_none());
        }
    }

    #[test]
    fn one_of_several_media_types_is_kept() {
        let (body, report) = after(&json!({"required": true, "content": {
            "image/png": {}, "text/plain": {}, "application/merge-patch+json": {}, "application/json": {},
        }}));
        assert_eq!(body["content"], json!({"application/json": {"schema": {}}}));
        assert!(body.get(CONTENT_TYPE).is_none());
        let lost: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(
            lost,
            [
                "/paths/~1a/post/requestBody/content/image~1png",
                "/paths/~1a/post/requestBody/content/text~1plain",
            ]
        );
    }

    #[test]
    fn optional_body_takes_null() {
        for (media, schema) in [
            (
                "application/json",
                json!({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}),
            ),
            ("image/png", bytes()),
        ] {
            let mut body = required(media);
            body.as_object_mut().unwrap().shift_remove("required");
            let (body, _) = after(&body);
            assert_eq!(body[OPTIONAL], true, "{media}");
            let content = body["content"].as_object().unwrap();
            let kept = content.values().next().unwrap();
            assert_eq!(kept["schema"], schema, "{media}");
        }
    }

    #[test]
    fn body_without_content_is_bytes() {
        for body in [json!({"content": {}}), json!({})] {
            let (body, report) = after(&body);
            assert_eq!(body["content"], json!({BYTES: {"schema": bytes()}}));
            assert_eq!(body[OPTIONAL], true);
            assert_eq!(report.losses().count(), 0);
        }
    }

    #[test]
    fn form_fields_of_other_forms_are_reported() {
        let form = json!({"required": true, "content": {FORM: {
            "schema": {"type": "object", "properties": {
                "list": {"type": "array", "items": {"type": "string"}},
                "piped": {"type": "array", "items": {"type": "string"}},
                "deep": {"type": "object"},
                "object": {"$ref": "#/components/schemas/A"},
                "objects": {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
            }},
            "encoding": {
                "list": {"style": "form", "explode": true},
                "piped": {"style": "pipeDelimited"},
                "deep": {"style": "deepObject"},
            },
        }}});
        let (body, report) = after(&form);
        assert!(body["content"][FORM].get("encoding").is_none());
        let lost: Vec<_> = report
            .losses()
            .map(|l| l.pointer.rsplit('/').take(2).collect::<Vec<_>>())
            .collect();
        assert_eq!(
            lost,
            [
                ["style", "piped"],
                ["object", "properties"],
                ["objects", "properties"]
            ]
        );
    }
}
