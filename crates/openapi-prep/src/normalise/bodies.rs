//! Request bodies: one media type for each operation, as the generator can send
//! it. What it cannot express is left as a mark on the body, for the code around
//! the generated methods.

use serde_json::{Map, Value, json};

use super::{multipart, rule};
use crate::{Pointer, Report, Subject, media, schema, walk};

/// The mark on a body with its `Content-Type`, where that is another than the
/// generator's.
pub(crate) const CONTENT_TYPE: &str = "x-content-type";

/// The mark on a body that may be left out: one that is `null` or empty is not
/// sent.
pub(crate) const OPTIONAL: &str = "x-optional-body";

const BYTES: &str = "application/octet-stream";
const FORM: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "text/plain";

type Schemas = Map<String, Value>;

/// How the generator sends a body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// JSON: the plain media type, one that is JSON too, or a range.
    Json(u8),
    /// A form with files in it.
    Files,
    Form,
    Multipart,
    Text,
    Bytes,
    /// Bytes whose media type the caller chooses.
    Range,
}

/// Leaves one media type for a request body, JSON before others.
pub(super) fn keep_one_body(document: &mut Value, report: &mut Report) {
    walk::beside_schemas(document, |document, schemas| {
        walk::operations(document, &mut |_, _, operation, at| {
            if operation.contains_key("requestBody") {
                one_body(operation, schemas, &at.join("requestBody"), report);
            }
        });
    });
}

fn one_body(
    operation: &mut Map<String, Value>,
    schemas: &Schemas,
    at: &Pointer,
    report: &mut Report,
) {
    let id = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut marks = Map::new();
    let body = &mut operation["requestBody"];
    if !body.is_object() {
        *body = json!({});
    }
    if body.get("required") != Some(&Value::Bool(true)) {
        report.changed(rule("optional-body"), at, "may be left out");
        marks.insert(OPTIONAL.into(), json!(true));
    }
    let content = body.get("content").and_then(Value::as_object);
    let content = content.into_iter().flatten();
    let kept = content
        .map(|(media, body)| (kind(media, body, schemas), media.clone()))
        .min_by_key(|(kind, _)| *kind);
    let Some((kind, kept)) = kept else {
        report.changed(rule("media-type"), at, "declares no content: sent as bytes");
        body["content"] = json!({BYTES: {"schema": bytes()}});
        put_marks(body, marks);
        return;
    };
    let plain = match kind {
        Kind::Json(_) => {
            put_json(body, &kept, at, report);
            "application/json"
        }
        Kind::Form => FORM,
        Kind::Files | Kind::Multipart => "multipart/form-data",
        Kind::Text => TEXT,
        Kind::Bytes | Kind::Range => BYTES,
    };
    let content_at = at.join("content");
    if let (false, Some(Value::Object(content))) =
        (matches!(kind, Kind::Json(_)), body.get_mut("content"))
    {
        let mut one = content.shift_remove(&kept).unwrap_or_default();
        for other in content.keys() {
            let note = format!("{kept} is sent instead");
            report.lost(
                Subject::Body,
                rule("media-type"),
                &content_at.join(other),
                note,
            );
        }
        if !one.is_object() {
            one = json!({});
        }
        let at = content_at.join(&kept);
        match kind {
            Kind::Files | Kind::Multipart => {
                let mark = multipart::form(&mut one, &id, schemas, &at, report);
                marks.insert(multipart::MARK.into(), mark);
            }
            Kind::Form => {
                forget_encoding(&mut one, &at, report);
                if one.get("schema").is_none_or(Value::is_null) {
                    one["schema"] = json!({"type": "object"});
                }
            }
            Kind::Text => put_schema(&mut one, json!({"type": "string"}), schemas, &at, report),
            _ => put_schema(&mut one, bytes(), schemas, &at, report),
        }
        if kept != plain {
            report.moved(&content_at.join(plain), &at);
        }
        *content = Map::from_iter([(plain.to_owned(), one)]);
    } else if let Some(one) = body.pointer_mut("/content/application~1json") {
        forget_encoding(one, &content_at.join(&kept), report);
    }
    if kind == Kind::Range && media::essence(&kept) != "*/*" {
        let note = format!("sent as {BYTES} unless the caller sets the header");
        report.lost(
            Subject::Body,
            rule("content-type"),
            &content_at.join(&kept),
            note,
        );
    }
    if media::is_concrete(&kept) && without_charset(&kept) != plain {
        let note = format!("sent as {kept}");
        report.changed(rule("content-type"), &content_at.join(&kept), note);
        marks.insert(CONTENT_TYPE.into(), json!(kept.trim()));
    }
    put_marks(body, marks);
}

fn put_marks(body: &mut Value, marks: Map<String, Value>) {
    if let Value::Object(body) = body {
        body.extend(marks);
    }
}

fn kind(media: &str, body: &Value, schemas: &Schemas) -> Kind {
    if let Some(rank) = json_rank(media, body, schemas) {
        return Kind::Json(rank);
    }
    match media::essence(media).as_str() {
        "multipart/form-data" if multipart::has_file(body, schemas) => Kind::Files,
        FORM => Kind::Form,
        TEXT => Kind::Text,
        essence if essence.starts_with("multipart/") => Kind::Multipart,
        _ if media::is_concrete(media) => Kind::Bytes,
        _ => Kind::Range,
    }
}

/// A media type in lower case, without the one charset that is sent.
fn without_charset(media: &str) -> String {
    let mut parts = media.split(';').map(str::trim);
    let mut plain = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts.filter(|part| !part.replace('"', "").eq_ignore_ascii_case("charset=utf-8")) {
        plain.push(';');
        plain.push_str(part);
    }
    plain
}

/// Which JSON comes first: the plain media type; those that are JSON, too;
/// ranges, if their schema is not text or bytes; errors.
fn json_rank(media: &str, body: &Value, schemas: &Schemas) -> Option<u8> {
    match media::essence(media).as_str() {
        "application/json" => Some(0),
        "*/*" | "application/*" => is_structured(&body["schema"], schemas).then_some(2),
        "application/problem+json" => Some(3),
        _ => media::is_json(media).then_some(1),
    }
}

/// The media type of a `content` map that holds JSON.
pub(super) fn json_media(carrier: &Value, schemas: &Schemas) -> Option<String> {
    let content = carrier.get("content")?.as_object()?;
    let ranked = content
        .iter()
        .filter_map(|(media, body)| Some((json_rank(media, body, schemas)?, media)));
    let (_, media) = ranked.min_by_key(|(rank, _)| *rank)?;
    Some(media.clone())
}

/// Leaves only this media type, under the plain name of JSON.
pub(super) fn put_json(carrier: &mut Value, kept: &str, at: &Pointer, report: &mut Report) {
    let Some(Value::Object(content)) = carrier.get_mut("content") else {
        return;
    };
    let mut body = content.shift_remove(kept).unwrap_or_default();
    if !body.is_object() {
        body = json!({});
    }
    if body.get("schema").is_none() {
        body["schema"] = json!({});
    }
    let at = at.join("content");
    for (other, lost) in &*content {
        let at = at.join(other);
        let schema = lost.get("schema").cloned().unwrap_or_else(|| json!({}));
        if media::is_json(other) && schema == body["schema"] {
            report.changed(
                rule("media-type"),
                &at,
                "has the type of the JSON that is kept",
            );
        } else {
            let note = "JSON is sent and read instead";
            report.lost(Subject::at(&at), rule("media-type"), &at, note);
        }
    }
    let plain = "application/json";
    if kept != plain {
        report.moved(&at.join(plain), &at.join(kept));
    }
    *content = Map::from_iter([(plain.to_owned(), body)]);
}

/// The schema of bytes in OpenAPI 3.0.
pub(super) fn bytes() -> Value {
    json!({"type": "string", "format": "binary"})
}

/// Makes a body one of bytes or text, whatever its schema.
pub(super) fn put_schema(
    body: &mut Value,
    plain: Value,
    schemas: &Schemas,
    at: &Pointer,
    report: &mut Report,
) {
    if !body.is_object() {
        *body = json!({});
    }
    let schema = body["schema"].take();
    let note = "read and sent as it is, whatever its schema";
    if is_structured(&schema, schemas) {
        report.lost(Subject::Type, rule("media-type"), at, note);
    } else if !schema.is_null() && schema != plain {
        report.changed(rule("media-type"), at, note);
    }
    body["schema"] = plain;
}

/// Whether a schema says more than that a body is text or bytes.
pub(super) fn is_structured(schema: &Value, schemas: &Schemas) -> bool {
    structured(schema, schemas, 16)
}

fn structured(schema: &Value, schemas: &Schemas, depth: u8) -> bool {
    if depth == 0 {
        return false;
    }
    let inner = |schema: &Value| structured(schema, schemas, depth - 1);
    if let Some(target) = schema::ref_name(schema).and_then(|name| schemas.get(name)) {
        return inner(target);
    }
    let Value::Object(object) = schema else {
        return false;
    };
    let kinds = schema::kinds(object);
    kinds.iter().any(|kind| !matches!(*kind, "string" | "null"))
        || ["properties", "additionalProperties", "items"]
            .iter()
            .any(|key| object.contains_key(*key))
        || ["allOf", "anyOf", "oneOf"].iter().any(|key| {
            let members = object.get(*key).and_then(Value::as_array);
            members.into_iter().flatten().any(inner)
        })
}

/// Takes out how single fields of a form are written: generators know one way.
fn forget_encoding(media: &mut Value, at: &Pointer, report: &mut Report) {
    if let Value::Object(media) = media
        && media.shift_remove("encoding").is_some()
    {
        report.lost(
            Subject::Part,
            rule("encoding"),
            &at.join("encoding"),
            "how single fields are written; lists and objects in a form are refused when sent",
        );
    }
}

/// Says bodies in the generator's words, once their schemas have names: a form
/// of several parts is bytes with a mark, and a body that may be left out takes
/// `null`.
pub(super) fn for_generator(document: &mut Value) {
    walk::operations(document, &mut |_, _, operation, _| {
        let Some(body) = operation.get_mut("requestBody") else {
            return;
        };
        if body.get(multipart::MARK).is_some() {
            let content = body["content"].take();
            let form = content
                .as_object()
                .and_then(|content| content.values().next());
            if let Some(form) = form.and_then(|body| body.get("schema")) {
                body[multipart::MARK]["schema"] = form.clone();
            }
            body["content"] = json!({BYTES: {"schema": bytes()}});
        } else if body.get(OPTIONAL).is_some() {
            for media in ["application/json", FORM] {
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
        for_generator(&mut document);
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
}
