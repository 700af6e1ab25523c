//! `operations.json`: every operation of the document as given, with the
//! function that calls it or why there is none; every tagged union, with its
//! tags.

use std::collections::{BTreeSet, HashMap};

use openapi_prep::{Names, Report, Subject};
use serde_json::{Map, Value, json};

use super::operations;
use crate::codegen::rescue::Loss;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The content of the file.
pub(super) fn of(
    given: &Value,
    lowered: &Value,
    names: &Names,
    report: &Report,
    rescued: &[Loss],
) -> Value {
    let mut reasons: HashMap<&str, &str> = HashMap::new();
    for entry in report
        .losses()
        .filter(|e| e.subject == Some(Subject::Operation))
    {
        reasons.insert(&entry.pointer, &entry.note);
    }
    for loss in rescued.iter().filter(|l| l.subject == Subject::Operation) {
        reasons.insert(&loss.pointer, &loss.note);
    }
    let kept = operations::all(lowered);
    let mut listed = Vec::new();
    for (path, item) in given["paths"].as_object().into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let item = resolved(given, item);
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|o| o.is_object()) else {
                continue;
            };
            let found = kept
                .iter()
                .filter(|o| o.method.eq_ignore_ascii_case(method));
            let found = found
                .clone()
                .find(|o| o.path == *path)
                .or_else(|| found.clone().find(|o| shape(&o.path) == shape(path)));
            let id = operation["operationId"].as_str().or(found.map(|o| o.id));
            let mut entry = Map::new();
            entry.insert("method".into(), json!(method.to_uppercase()));
            entry.insert("path".into(), json!(path));
            entry.insert("operation_id".into(), json!(id));
            if let Some(found) = found {
                entry.insert("function".into(), json!(found.function));
            } else {
                let at = format!("/paths/{}", escape(path));
                let reason = [format!("{at}/{method}"), at]
                    .iter()
                    .find_map(|at| reasons.get(at.as_str()).copied())
                    .unwrap_or("not in the prepared document");
                entry.insert("loss".into(), json!(reason));
            }
            listed.push(Value::Object(entry));
        }
    }
    json!({"operations": listed, "unions": unions(given, lowered, names)})
}

/// A path item, or the one it refers to in this document.
fn resolved<'a>(document: &'a Value, item: &'a Value) -> &'a Value {
    let mut item = item;
    for _ in 0..8 {
        let target = item["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
        match target.and_then(|pointer| document.pointer(pointer)) {
            Some(target) => item = target,
            None => break,
        }
    }
    item
}

/// A path template without the names of its parameters.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside &= c != '}';
        if !inside {
            shape.push(c);
        }
        inside |= c == '{';
    }
    shape
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// The tagged unions of the lowered document.
fn unions(given: &Value, lowered: &Value, names: &Names) -> Vec<Value> {
    let origins = Origins::of(given, lowered, names);
    let schemas = lowered
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| {
            let tag = schema["x-tag"].as_str()?;
            let values: BTreeSet<&String> = schema["x-variants"].as_object()?.keys().collect();
            Some(json!({"pointer": origins.pointer(name, 0), "tag": tag, "values": values}))
        })
        .collect()
}

/// Where the schemas of the lowered document are in the one as given: components
/// under the name they had, others where they were inline.
struct Origins<'a> {
    given: &'a Value,
    /// Old names of components by new ones.
    components: HashMap<String, String>,
    /// The first reference to each schema: the schema that holds it, if one
    /// does, and where below.
    references: HashMap<String, (Option<String>, String)>,
}

impl<'a> Origins<'a> {
    fn of(given: &'a Value, lowered: &Value, names: &Names) -> Self {
        let ledger = names.to_json();
        let components = ledger
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(place, name)| {
                Some((
                    name.as_str()?.to_owned(),
                    place.strip_prefix('#')?.to_owned(),
                ))
            });
        let mut references = HashMap::new();
        for (name, schema) in lowered
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            collect(schema, "", Some(name), &mut references);
        }
        collect(&lowered["paths"], "/paths", None, &mut references);
        Self {
            given,
            components: components.collect(),
            references,
        }
    }

    fn pointer(&self, name: &str, depth: usize) -> String {
        let old = self.components.get(name).map_or(name, String::as_str);
        let component = format!("/components/schemas/{}", escape(old));
        if self.given.pointer(&component).is_some() {
            return component;
        }
        let Some((holder, below)) = self.references.get(name).filter(|_| depth < 64) else {
            return String::new();
        };
        let holder = holder
            .as_ref()
            .map(|holder| self.pointer(holder, depth + 1));
        let mut pointer = holder.unwrap_or_default() + below;
        // Up to what there is in the document as given.
        while self.given.pointer(&pointer).is_none() {
            pointer.truncate(pointer.rfind('/').unwrap_or_default());
        }
        pointer
    }
}

fn collect(
    value: &Value,
    at: &str,
    holder: Option<&String>,
    into: &mut HashMap<String, (Option<String>, String)>,
) {
    match value {
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str);
            if let Some(name) = target.and_then(|r| r.strip_prefix("#/components/schemas/")) {
                into.entry(name.to_owned())
                    .or_insert_with(|| (holder.cloned(), at.to_owned()));
            }
            for (key, value) in object {
                collect(value, &format!("{at}/{}", escape(key)), holder, into);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, &format!("{at}/{index}"), holder, into);
            }
        }
        _ => {}
    }
}
