//! `operations.json`: every operation of the document as given, with the
//! function that calls it or why there is none; every tagged union, with its
//! tags.

use std::collections::{BTreeSet, HashMap};

use openapi_prep::{
    Report, Subject,
    api::{Api, Shape},
};
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
    api: &Api,
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
    json!({"operations": listed, "unions": unions(lowered, api)})
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

/// The tagged unions of which the code has a type.
fn unions(lowered: &Value, api: &Api) -> Vec<Value> {
    let schemas = &lowered["components"]["schemas"];
    let generated = api
        .types
        .iter()
        .filter(|(name, _)| schemas[name.as_str()].get("oneOf").is_some());
    let mut listed = Vec::new();
    for (_, ty) in generated {
        if let Shape::TaggedUnion { tag, variants, .. } = &ty.shape {
            let values: BTreeSet<&String> = variants.iter().flat_map(|v| &v.tags).collect();
            let union = json!({"pointer": ty.pointer, "tag": tag, "values": values});
            // Requests and responses may have a type each.
            if !listed.contains(&union) {
                listed.push(union);
            }
        }
    }
    listed
}

/// Where operations and types of the lowered document were in the document as
/// given, by their pointers.
pub(super) fn origins(lowered: &Value, api: &Api) -> HashMap<String, String> {
    let paths = lowered["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.filter_map(move |(method, operation)| {
            let id = operation["operationId"].as_str()?;
            let given = api.operations.iter().find(|o| o.id == id)?;
            let at = format!("/paths/{}/{method}", escape(path));
            Some((at, given.pointer.clone()))
        })
    });
    let types = api.types.iter().map(|(name, ty)| {
        let at = format!("/components/schemas/{}", escape(name));
        (at, ty.pointer.clone())
    });
    operations.chain(types).collect()
}

/// A pointer into the lowered document as one into the document as given.
pub(super) fn origin(pointer: &str, origins: &HashMap<String, String>) -> String {
    let mut end = pointer.len();
    loop {
        if let Some(given) = origins.get(&pointer[..end]) {
            return format!("{given}{}", &pointer[end..]);
        }
        match pointer[..end].rfind('/') {
            Some(slash) => end = slash,
            None => return pointer.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointer_of_the_lowered_document_leads_into_the_one_given() {
        let origins = HashMap::from([
            (
                "/components/schemas/PetOwner".to_owned(),
                "/paths/~1a/get".to_owned(),
            ),
            (
                "/components/schemas/Pet".to_owned(),
                "/components/schemas/pet.v1".to_owned(),
            ),
        ]);
        for (lowered, given) in [
            (
                "/components/schemas/Pet/properties/a",
                "/components/schemas/pet.v1/properties/a",
            ),
            ("/components/schemas/PetOwner", "/paths/~1a/get"),
            ("/info", "/info"),
        ] {
            assert_eq!(origin(lowered, &origins), given);
        }
    }
}
