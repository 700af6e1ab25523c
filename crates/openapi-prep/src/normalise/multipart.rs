//! Bodies of several parts, such as uploads: one object whose properties are
//! the parts, and a mark that says how each is sent.

use serde_json::{Map, Value, json};

use super::{
    content::{MAX_DEPTH, Schemas, take_encoding},
    names::type_name,
    strip::NAME,
};
use crate::{Pointer, Report, Subject, media, schema};

/// The mark on a body of several parts:
/// `{"schema": reference, "parts": {name: {"file": true, "contentType": type}}}`.
/// There is no schema where any parts may be sent.
pub(crate) const MARK: &str = "x-multipart";

/// Whether any part of a body is a file.
pub(super) fn has_file(body: &Value, schemas: &Schemas) -> bool {
    let parts = Parts::of(&body["schema"], schemas).properties;
    let media = |name: &str| body["encoding"][name]["contentType"].as_str();
    let mut parts = parts.iter();
    parts.any(|(name, part)| file(part, media(name), schemas, MAX_DEPTH).is_some())
}

/// Makes the schema of a body one object of its parts, and gives the mark.
pub(super) fn form(
    body: &mut Value,
    id: &str,
    schemas: &Schemas,
    at: &Pointer,
    report: &mut Report,
) -> Value {
    let encoding = take_encoding(body, |_, key, _| key == "contentType", at, report);
    let schema = body["schema"].take();
    let mut parts = Parts::of(&schema, schemas);
    let schema_at = at.join("schema");
    if parts.has_variants {
        let note = "which parts may be sent together";
        report.lost(Subject::Constraint, &schema_at, note);
    }
    let entries = parts.others.get("additionalProperties");
    if parts.properties.is_empty() {
        if entries.is_none() && schema.as_object().is_some_and(|schema| !schema.is_empty()) {
            let note = "declares no parts by name: any may be sent";
            report.lost(Subject::Type, &schema_at, note);
        }
        *body = json!({});
        return json!({"parts": {}});
    }
    if entries.is_some_and(|entries| file(entries, None, schemas, MAX_DEPTH).is_some()) {
        let note = "files beside the declared parts: further parts are text";
        report.lost(Subject::Part, &schema_at, note);
        let text = json!({"type": "string"});
        parts.others.insert("additionalProperties".into(), text);
    }
    report.changed(at, "sent as parts");
    if let Some(name) = schema::ref_name(&schema) {
        let component = Pointer::root().joins(["components", "schemas", name]);
        report.moved(&schema_at, &component);
    }
    let mut marks = Map::new();
    for (name, part) in &mut parts.properties {
        let mut mark = Map::new();
        let mut media = encoding[name]["contentType"].as_str().map(str::to_owned);
        if let Some(is_many) = file(part, media.as_deref(), schemas, MAX_DEPTH) {
            mark.insert("file".into(), json!(true));
            media = media
                .or_else(|| Some(part["contentMediaType"].as_str()?.to_owned()))
                .filter(|media| media::essence(media) != "application/octet-stream");
            if schema::takes_null(part) {
                parts.required.retain(|required| required != name.as_str());
            }
            make_text(part, is_many);
        }
        // Of several types, or of a range, the caller knows which one it is.
        if let Some(media) = media.filter(|m| media::is_concrete(m) && !m.contains(',')) {
            mark.insert("contentType".into(), json!(media.trim()));
        }
        if !mark.is_empty() {
            marks.insert(name.clone(), Value::Object(mark));
        }
    }
    let mut form = parts.others;
    form.insert("type".into(), json!("object"));
    form.insert("properties".into(), Value::Object(parts.properties));
    let name = schema.get(NAME).cloned();
    let name = name.unwrap_or_else(|| json!(type_name(&format!("{id}-form"))));
    form.insert(NAME.into(), name);
    if !parts.required.is_empty() {
        form.insert("required".into(), json!(parts.required));
    }
    *body = json!({ "schema": form });
    json!({ "parts": marks })
}

/// The parts that a schema declares.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) properties: Map<String, Value>,
    required: Vec<Value>,
    /// What the schema says of the whole.
    others: Map<String, Value>,
    has_variants: bool,
}

impl Parts {
    pub(super) fn of(schema: &Value, schemas: &Schemas) -> Self {
        let mut parts = Self::default();
        parts.collect(schema, schemas, true, MAX_DEPTH);
        parts
    }

    /// Adds what a schema declares; parts of a variant may all be left out.
    fn collect(&mut self, schema: &Value, schemas: &Schemas, is_whole: bool, depth: u8) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        for (key, value) in schema.as_object().into_iter().flatten() {
            match (key.as_str(), value) {
                ("$ref", _) => {
                    let target = schema::ref_name(schema).and_then(|name| schemas.get(name));
                    self.collect(target.unwrap_or(&Value::Null), schemas, is_whole, depth);
                }
                ("properties", Value::Object(parts)) => {
                    for (name, part) in parts {
                        self.properties.entry(name).or_insert_with(|| part.clone());
                    }
                }
                ("required", Value::Array(names)) if is_whole => {
                    self.required.extend(names.iter().cloned());
                }
                ("allOf" | "oneOf" | "anyOf", Value::Array(members)) => {
                    let is_choice = key != "allOf";
                    let others = members.iter().filter(|member| !schema::is_null(member));
                    self.has_variants |= is_choice && others.count() > 1;
                    for member in members {
                        self.collect(member, schemas, is_whole && !is_choice, depth);
                    }
                }
                ("additionalProperties", Value::Object(_)) => {
                    self.others.insert(key.clone(), value.clone());
                }
                ("additionalProperties" | "required" | "discriminator" | NAME, _) => {}
                _ if is_whole => {
                    self.others.entry(key).or_insert_with(|| value.clone());
                }
                _ => {}
            }
        }
    }
}

/// Whether a part is a file, and may be several of one name then. `media` is
/// its declared content type.
fn file(part: &Value, media: Option<&str>, schemas: &Schemas, depth: u8) -> Option<bool> {
    // Where any value is accepted, a file is, too.
    let any = Map::new();
    let part = schema::resolved(part, schemas).as_object().unwrap_or(&any);
    let inner = |part: &Value| file(part, media, schemas, depth.checked_sub(1)?);
    if let Some(items) = part.get("items") {
        return inner(items).map(|_| true);
    }
    let unions = ["anyOf", "oneOf", "allOf"].iter();
    let members = unions.filter_map(|key| part.get(*key)?.as_array());
    let members = members.flatten();
    let members: Vec<&Value> = members.filter(|arm| !schema::is_null(arm)).collect();
    if !members.is_empty() {
        return members.into_iter().filter_map(inner).max();
    }
    let types = schema::kinds(part);
    let text = |key: &str| part.get(key).and_then(Value::as_str);
    let is_text = types.iter().all(|kind| matches!(*kind, "string" | "null"));
    let is_encoded =
        text("contentEncoding").is_some_and(|code| !matches!(code, "binary" | "8bit" | "7bit"));
    if !is_text || is_encoded || part.contains_key("properties") {
        return None;
    }
    let media = media.or(text("contentMediaType"));
    let is_file = text("format") == Some("binary")
        || media.is_some_and(|media| media.split(',').any(media::is_binary))
        // Without a type any part may be sent, of which a file is one.
        || (types.is_empty() && media.is_none() && !schema::has_any(part, &["enum", "const"]));
    is_file.then_some(false)
}

/// Files are texts to the generator; their type is replaced afterwards.
fn make_text(part: &mut Value, is_many: bool) {
    const OF_TYPE: &str = "$ref allOf anyOf oneOf type format contentEncoding contentMediaType";
    let mut text = part.as_object().cloned().unwrap_or_default();
    text.retain(|key, _| !OF_TYPE.split(' ').any(|keyword| keyword == key));
    let kind = if is_many { "array" } else { "string" };
    text.insert("type".into(), json!(kind));
    if is_many {
        make_text(text.entry("items").or_insert(Value::Null), false);
    }
    *part = Value::Object(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formed(schema: &Value, encoding: &Value) -> (Value, Value, Report) {
        let schemas = json!({
            "Meta": {"type": "object", "properties": {"a": {"type": "string"}}},
            "Body": {"type": "object", "required": ["file"], "properties": {
                "file": {"type": "string", "format": "binary", "description": "what"},
            }},
        });
        let mut body = json!({"schema": schema, "encoding": encoding});
        let mut report = Report::new();
        let at = Pointer::root().join("body");
        let schemas = schemas.as_object().unwrap();
        let mark = form(&mut body, "up-load", schemas, &at, &mut report);
        (body["schema"].take(), mark, report)
    }

    #[test]
    fn parts_are_files_or_values() {
        let binary = json!({"type": "string", "format": "binary"});
        let (schema, mark, report) = formed(
            &json!({"type": "object", "required": ["a", "b", "maybe"], "properties": {
                "a": binary,
                "b": {"type": "string"},
                "maybe": {"anyOf": [binary, {"type": "null"}]},
                "list": {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}},
                "or": {"oneOf": [binary, {"type": "string"}]},
                "any": {},
                "image": {"type": "string", "contentMediaType": "image/png"},
                "base64": {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"},
                "meta": {"$ref": "#/components/schemas/Meta"},
                "csv": {"type": "string"},
                "photo": binary,
            }}),
            &json!({
                "csv": {"contentType": "text/csv"},
                "photo": {"contentType": "image/png, image/jpeg", "headers": {"X-A": {}}},
                "a": {"contentType": "application/pdf"},
            }),
        );
        assert_eq!(
            mark["parts"],
            json!({
                "a": {"file": true, "contentType": "application/pdf"},
                "maybe": {"file": true},
                "list": {"file": true},
                "or": {"file": true},
                "any": {"file": true},
                "image": {"file": true, "contentType": "image/png"},
                "csv": {"contentType": "text/csv"},
                "photo": {"file": true},
            })
        );
        assert_eq!(schema["x-schema-name"], "UpLoadForm");
        assert_eq!(schema["required"], json!(["a", "b"]));
        assert_eq!(schema["properties"]["maybe"], json!({"type": "string"}));
        assert_eq!(
            schema["properties"]["list"],
            json!({"type": "array", "items": {"type": "string"}})
        );
        let lost: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(lost, ["/body/encoding/photo/headers"]);
    }

    #[test]
    fn parts_of_references_and_members_are_found() {
        let body = json!({"$ref": "#/components/schemas/Body"});
        let (schema, mark, report) = formed(&body, &json!({}));
        assert_eq!(mark, json!({"parts": {"file": {"file": true}}}));
        assert_eq!(schema["required"], json!(["file"]));
        assert_eq!(
            schema["properties"]["file"],
            json!({"type": "string", "description": "what"})
        );
        assert_eq!(report.losses().count(), 0);

        let other = json!({"properties": {"other": {"type": "integer"}}});
        let (schema, _, report) = formed(&json!({"allOf": [body, other]}), &json!({}));
        assert_eq!(schema["properties"].as_object().unwrap().len(), 2);
        assert_eq!(schema["required"], json!(["file"]));
        assert_eq!(report.losses().count(), 0);

        let (schema, _, report) = formed(&json!({"oneOf": [body, other]}), &json!({}));
        assert_eq!(schema.get("required"), None);
        assert_eq!(report.losses().count(), 1);
    }

    #[test]
    fn body_without_parts_takes_any() {
        for (schema, losses) in [
            (json!({}), 0),
            (Value::Null, 0),
            (json!({"type": "array", "items": {"type": "string"}}), 1),
        ] {
            let (left, mark, report) = formed(&schema, &json!({}));
            assert_eq!((left, mark), (Value::Null, json!({"parts": {}})));
            assert_eq!(report.losses().count(), losses, "{schema}");
        }
    }
}
