//! Media types of bodies and responses: which one is kept, and what its schema
//! is then.

use serde_json::{Map, Value, json};

use super::parameter_shape::{is_union, resolved};
use crate::{Pointer, Report, Subject, media, schema};

pub(super) const JSON: &str = "application/json";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// The named schemas of the document.
pub(super) type Schemas = Map<String, Value>;

/// Which JSON comes first: the plain media type; those that are JSON, too;
/// ranges, if their schema is not text or bytes; errors.
pub(super) fn json_rank(media: &str, body: &Value, schemas: &Schemas) -> Option<u8> {
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
    Some(ranked.min_by_key(|(rank, _)| *rank)?.1.clone())
}

/// Leaves only one media type of a `content` map, under the name `plain`, and
/// gives what is declared of it. `at` is the place of the map.
pub(super) fn keep_media<'a>(
    subject: Subject,
    carrier: &'a mut Value,
    kept: &str,
    plain: &str,
    at: &Pointer,
    report: &mut Report,
) -> &'a mut Value {
    let mut all = match carrier["content"].take() {
        Value::Object(all) => all,
        _ => Map::new(),
    };
    let one = all.shift_remove(kept).filter(Value::is_object);
    let mut one = one.unwrap_or_else(|| json!({}));
    let schema = |body: &Value| body.get("schema").cloned().unwrap_or_else(|| json!({}));
    for (other, body) in &all {
        let at = at.join(other);
        if plain == JSON && media::is_json(other) && schema(body) == schema(&one) {
            report.changed(&at, "has the type of the JSON that is kept");
        } else {
            report.lost(subject, &at, format!("{kept} is sent and read instead"));
        }
    }
    if kept != plain {
        report.moved(&at.join(plain), &at.join(kept));
    }
    if plain == JSON && one.get("schema").is_none() {
        one["schema"] = json!({});
    }
    carrier["content"] = json!({ plain: one });
    &mut carrier["content"][plain]
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
    let lost = is_structured(&schema, schemas).then_some(Subject::Type);
    if lost.is_some() || !schema.is_null() && schema != plain {
        report.noted(lost, at, "read and sent as it is, whatever its schema");
    }
    body["schema"] = plain;
}

/// References that are followed.
pub(super) const MAX_DEPTH: u8 = 16;

/// Whether a schema says more than that a body is text or bytes.
fn is_structured(schema: &Value, schemas: &Schemas) -> bool {
    let whole = resolved(schema, schemas);
    let is_other = |object: &Map<String, Value>| {
        schema::kinds(object).iter().any(|kind| *kind != "string")
            || schema::has_any(object, &["properties", "additionalProperties", "items"])
    };
    is_union(&whole) || whole.as_object().is_some_and(is_other)
}

/// Takes out how single fields of a form are sent, and gives it. What is neither
/// the default nor `followed`, by field and keyword, is reported.
pub(super) fn take_encoding(
    media: &mut Value,
    followed: impl Fn(&str, &str, &Value) -> bool,
    at: &Pointer,
    report: &mut Report,
) -> Value {
    let media = media.as_object_mut();
    let encoding = media.and_then(|media| media.shift_remove("encoding"));
    let encoding = encoding.unwrap_or_default();
    let at = at.join("encoding");
    let defaults = json!({
        "contentType": "text/plain", "headers": {}, "style": "form", "explode": true,
        "allowReserved": false,
    });
    for (name, field) in encoding.as_object().into_iter().flatten() {
        for (key, value) in field.as_object().into_iter().flatten() {
            let is_other = defaults.get(key).is_some_and(|default| default != value);
            if is_other && !followed(name, key, value) {
                let note = format!("`{key}` of a field, which is sent as by default");
                let at = at.join(name).join(key);
                report.lost(Subject::Part, &at, note);
            }
        }
    }
    encoding
}
