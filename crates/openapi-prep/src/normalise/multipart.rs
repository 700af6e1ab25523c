//! Bodies of several parts, such as uploads: one object whose properties are
//! the parts, and a mark that says how each is sent.

use serde_json::{Map, Value, json};

use super::{names::type_name, rule, strip::NAME};
use crate::{Pointer, Report, Subject, media, schema};

/// The mark on a body of several parts:
/// `{"schema": reference, "parts": {name: {"file": true, "contentType": type}}}`.
/// There is no schema where any parts may be sent.
pub(crate) const MARK: &str = "x-multipart";

type Schemas = Map<String, Value>;

/// References that are followed to find the parts.
const MAX_DEPTH: u8 = 16;

/// Whether any part of a body is a file.
pub(super) fn has_file(body: &Value, schemas: &Schemas) -> bool {
    let mut parts = Parts::default();
    parts.collect(&body["schema"], schemas, true, MAX_DEPTH);
    parts
        .properties
        .iter()
        .any(|(name, part)| file(part, &body["encoding"][name], schemas, MAX_DEPTH) != File::None)
}

/// Makes the schema of a body one object of its parts, and gives the mark.
pub(super) fn form(
    body: &mut Value,
    id: &str,
    schemas: &Schemas,
    at: &Pointer,
    report: &mut Report,
) -> Value {
    let schema = body.get_mut("schema").map(Value::take).unwrap_or_default();
    let encoding = body
        .get_mut("encoding")
        .map(Value::take)
        .unwrap_or_default();
    let mut parts = Parts::default();
    parts.collect(&schema, schemas, true, MAX_DEPTH);
    let schema_at = at.join("schema");
    if parts.has_variants {
        let note = "which parts may be sent together";
        report.lost(Subject::Constraint, rule("multipart"), &schema_at, note);
    }
    let has_files = parts
        .entries
        .as_ref()
        .is_some_and(|entries| file(entries, &Value::Null, schemas, MAX_DEPTH) != File::None);
    if has_files && !parts.properties.is_empty() {
        let note = "files beside the declared parts: further parts are text";
        report.lost(Subject::Part, rule("multipart"), &schema_at, note);
        parts.entries = Some(json!({"type": "string"}));
    }
    if parts.properties.is_empty() {
        *body = json!({});
        if parts.entries.is_none() && schema.as_object().is_some_and(|schema| !schema.is_empty()) {
            let note = "declares no parts by name: any may be sent";
            report.lost(Subject::Type, rule("multipart"), &schema_at, note);
        }
        return json!({"parts": {}});
    }
    report.changed(rule("multipart"), at, "sent as parts");
    if let Some(name) = schema::ref_name(&schema) {
        let component = Pointer::root().joins(["components", "schemas", name]);
        report.moved(&schema_at, &component);
    }
    let mut marks = Map::new();
    for (name, part) in &mut parts.properties {
        let encoding_at = at.join("encoding").join(name);
        let mark = mark(part, &encoding[name], schemas, &encoding_at, report);
        if mark.get("file").is_some() && is_nullable(part) {
            parts.required.retain(|required| required != name);
        }
        if mark.get("file").is_some() {
            make_text(part, schemas, &encoding[name]);
        }
        if !mark.is_empty() {
            marks.insert(name.clone(), Value::Object(mark));
        }
    }
    let mut form = Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), Value::Object(parts.properties)),
    ]);
    let name = schema.get(NAME).cloned();
    form.insert(
        NAME.into(),
        name.unwrap_or_else(|| json!(type_name(&format!("{id}-form")))),
    );
    if !parts.required.is_empty() {
        form.insert("required".into(), json!(parts.required));
    }
    form.extend(
        parts
            .entries
            .map(|entries| ("additionalProperties".to_owned(), entries)),
    );
    if let Some(description) = schema.get("description") {
        form.insert("description".into(), description.clone());
    }
    *body = json!({ "schema": form });
    json!({ "parts": marks })
}

/// How a part is sent, where that does not follow from its type.
fn mark(
    part: &Value,
    encoding: &Value,
    schemas: &Schemas,
    at: &Pointer,
    report: &mut Report,
) -> Map<String, Value> {
    let mut mark = Map::new();
    let is_file = file(part, encoding, schemas, MAX_DEPTH) != File::None;
    if is_file {
        mark.insert("file".into(), json!(true));
    }
    let declared = encoding["contentType"].as_str().or_else(|| {
        let media = part["contentMediaType"].as_str();
        media.filter(|_| is_file)
    });
    // Of several types, or of a range, the caller knows which one it is.
    if let Some(media) = declared.filter(|media| media::is_concrete(media) && !media.contains(','))
        && !(is_file && media::essence(media) == "application/octet-stream")
    {
        mark.insert("contentType".into(), json!(media.trim()));
    }
    // The values by default say nothing.
    for (key, default) in [
        ("headers", json!({})),
        ("style", json!("form")),
        ("explode", json!(true)),
        ("allowReserved", json!(false)),
    ] {
        if encoding.get(key).is_some_and(|value| *value != default) {
            let note = format!("`{key}` of a part");
            report.lost(Subject::Part, rule("encoding"), &at.join(key), note);
        }
    }
    mark
}

/// The parts that a schema declares.
#[derive(Default)]
struct Parts {
    properties: Map<String, Value>,
    required: Vec<String>,
    entries: Option<Value>,
    has_variants: bool,
}

impl Parts {
    fn collect(&mut self, schema: &Value, schemas: &Schemas, is_required: bool, depth: u8) {
        if depth == 0 {
            return;
        }
        if let Some(target) = schema::ref_name(schema).and_then(|name| schemas.get(name)) {
            self.collect(target, schemas, is_required, depth - 1);
        }
        for (name, part) in schema["properties"].as_object().into_iter().flatten() {
            self.properties.entry(name).or_insert_with(|| part.clone());
        }
        if is_required {
            let required = schema["required"].as_array().into_iter().flatten();
            let required = required.filter_map(Value::as_str).map(str::to_owned);
            self.required.extend(required);
        }
        if schema["additionalProperties"].is_object() {
            self.entries = Some(schema["additionalProperties"].clone());
        }
        for (key, is_required) in [("allOf", is_required), ("oneOf", false), ("anyOf", false)] {
            let members = schema[key].as_array().map_or(&[][..], Vec::as_slice);
            let is_choice =
                key != "allOf" && members.iter().filter(|m| !schema::is_null(m)).count() > 1;
            self.has_variants |= is_choice;
            for member in members {
                self.collect(member, schemas, is_required, depth - 1);
            }
        }
    }
}

/// Whether a part is a file, or several of one name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum File {
    None,
    One,
    Many,
}

fn file(part: &Value, encoding: &Value, schemas: &Schemas, depth: u8) -> File {
    if depth == 0 {
        return File::None;
    }
    let inner = |part: &Value| file(part, encoding, schemas, depth - 1);
    if let Some(target) = schema::ref_name(part).and_then(|name| schemas.get(name)) {
        return inner(target);
    }
    if part.get("items").is_some() {
        return match inner(&part["items"]) {
            File::None => File::None,
            _ => File::Many,
        };
    }
    let unions = ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|key| part.get(*key)?.as_array());
    let members = unions
        .flatten()
        .filter(|arm| !schema::is_null(arm))
        .map(inner)
        .max();
    if let Some(found) = members {
        return found;
    }
    let types = part.as_object().map(schema::kinds).unwrap_or_default();
    if types.iter().any(|kind| !matches!(*kind, "string" | "null"))
        || part.get("properties").is_some()
    {
        return File::None;
    }
    let encoded_as_text = part.get("contentEncoding").is_some();
    let media = encoding["contentType"]
        .as_str()
        .or(part["contentMediaType"].as_str());
    let is_file = !encoded_as_text
        && (part["format"] == "binary"
            || media.is_some_and(|media| media.split(',').any(media::is_binary))
            // Without a type any part may be sent, of which a file is one.
            || (types.is_empty() && part.get("enum").is_none() && part.get("const").is_none() && media.is_none()));
    if is_file { File::One } else { File::None }
}

fn is_nullable(part: &Value) -> bool {
    schema::takes_null(part)
}

/// Files are texts to the generator; their type is replaced afterwards.
fn make_text(part: &mut Value, schemas: &Schemas, encoding: &Value) {
    let is_many = file(part, encoding, schemas, MAX_DEPTH) == File::Many;
    let text = json!({"type": "string"});
    let mut plain = if is_many {
        json!({"type": "array", "items": text})
    } else {
        text
    };
    for key in ["description", "deprecated"] {
        if let Some(said) = part.get(key) {
            plain[key] = said.clone();
        }
    }
    *part = plain;
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
