//! Documents of any size, made of copies of the six made-up ones: every copy
//! has paths, components and operations of its own, so that what grows is the
//! API and not the use of one part of it.

use std::{fs, path::Path};

use openapi_prep::Document;
use serde_json::{Map, Value, json};

/// The documents that are copied.
const NAMES: [&str; 6] = [
    "chat.json",
    "farm.json",
    "features.json",
    "models.yaml",
    "payments.yaml",
    "studio.yaml",
];

/// A document of about so many bytes as JSON on one line.
pub(crate) fn document(bytes: usize) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("xtask/tests/documents"))
        .find(|folder| folder.is_dir())
        .expect("the documents of xtask's tests");
    let parts: Vec<Map<String, Value>> = NAMES
        .iter()
        .map(|name| {
            let text = fs::read_to_string(folder.join(name)).expect("a document");
            let document = Document::parse(&text).expect("a document");
            match document.into_value() {
                Value::Object(part) => part,
                _ => unreachable!("a document is an object"),
            }
        })
        .collect();
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": {"title": "Many", "version": "1"},
        "paths": {},
        "components": {},
    });
    let mut size = 0;
    for (number, part) in (0..).flat_map(|_| parts.iter()).enumerate() {
        let entries = Value::Object(
            part.iter()
                .filter(|(key, _)| ["paths", "components"].contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        );
        let room = bytes - size;
        let mut copy = renamed(entries, number);
        let length = copy.to_string().len();
        // The last copy is cut to fit, at its paths.
        if length > room
            && let Some(Value::Object(paths)) = copy.get_mut("paths")
        {
            let kept = paths.len() * room / length;
            paths.retain({
                let mut seen = 0;
                move |_, _| {
                    seen += 1;
                    seen <= kept
                }
            });
        }
        put(&mut whole, copy);
        size += length;
        if size >= bytes {
            break;
        }
    }
    whole
}

/// A copy whose paths, operations and components are nobody else's.
fn renamed(mut part: Value, number: usize) -> Value {
    if let Some(Value::Object(paths)) = part.get_mut("paths") {
        *paths = std::mem::take(paths)
            .into_iter()
            .map(|(path, item)| (format!("/c{number}{path}"), item))
            .collect();
    }
    if let Some(Value::Object(kinds)) = part.get_mut("components") {
        for (kind, entries) in kinds
            .iter_mut()
            .filter(|(kind, _)| *kind != "securitySchemes")
        {
            if let Value::Object(entries) = entries {
                let old = std::mem::take(entries).into_iter();
                *entries = old
                    .map(|(name, entry)| (format!("C{number}{name}"), entry))
                    .collect();
            } else {
                unreachable!("{kind} are named");
            }
        }
    }
    follow(&mut part, number);
    part
}

/// Follows references and names of operations to those of the copy.
fn follow(value: &mut Value, number: usize) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                if let (true, Value::String(id)) = (key == "operationId", &mut *value) {
                    *id = format!("{id}C{number}");
                }
                follow(value, number);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| follow(item, number)),
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix("#/paths/~1") {
                *text = format!("#/paths/~1c{number}~1{rest}");
            } else if let Some(rest) = text.strip_prefix("#/components/")
                && let Some((kind, name)) = rest.split_once('/')
            {
                *text = format!("#/components/{kind}/C{number}{name}");
            }
        }
        _ => {}
    }
}

/// Adds paths and components to the whole.
fn put(whole: &mut Value, copy: Value) {
    let (Value::Object(whole), Value::Object(copy)) = (whole, copy) else {
        return;
    };
    for (key, value) in copy {
        match whole.get_mut(&key) {
            Some(Value::Object(held)) if key == "components" => {
                for (kind, entries) in value.as_object().cloned().unwrap_or_default() {
                    match (held.get_mut(&kind), entries) {
                        (Some(Value::Object(held)), Value::Object(entries)) => {
                            held.extend(entries);
                        }
                        (_, entries) => {
                            held.insert(kind, entries);
                        }
                    }
                }
            }
            Some(Value::Object(held)) => {
                held.extend(value.as_object().cloned().unwrap_or_default());
            }
            _ => {
                whole.insert(key, value);
            }
        }
    }
}
