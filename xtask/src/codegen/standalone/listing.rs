//! `operations.json`: every operation of the document as given, with the
//! function that calls it or why there is none; every tagged union, with its
//! tags.

use std::collections::{BTreeSet, HashMap};

use openapi_prep::{
    Report, Subject,
    api::{Api, Shape},
};
use serde_json::{Value, json};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The content of the file.
pub(super) fn of(given: &Value, api: &Api, report: &Report) -> Value {
    let losses = report
        .losses()
        .filter(|loss| matches!(loss.subject, Some(Subject::Operation | Subject::Removal)));
    let reasons: HashMap<&str, &str> = losses.map(|l| (&*l.pointer, &*l.note)).collect();
    let generated: HashMap<&str, _> = api.operations.iter().map(|o| (&*o.pointer, o)).collect();
    let mut operations = Vec::new();
    for (path, item) in given["paths"].as_object().into_iter().flatten() {
        let at = format!("/paths/{}", path.replace('~', "~0").replace('/', "~1"));
        let (item_at, item) = resolved(given, at.clone(), item);
        for method in METHODS
            .into_iter()
            .filter(|method| item[method].is_object())
        {
            let pointers = [format!("{at}/{method}"), format!("{item_at}/{method}")];
            let found = pointers.iter().find_map(|at| generated.get(at.as_str()));
            let id = item[method]["operationId"]
                .as_str()
                .or(found.map(|o| &*o.id));
            let (key, value) = match found {
                Some(operation) => ("function", operation.function.as_str()),
                None => {
                    let mut places = pointers.iter().chain([&at, &item_at]);
                    let reason = places.find_map(|at| reasons.get(at.as_str()).copied());
                    ("loss", reason.unwrap_or("not in the prepared document"))
                }
            };
            let method = method.to_uppercase();
            operations
                .push(json!({"method": method, "path": path, "operation_id": id, key: value}));
        }
    }
    json!({"operations": operations, "unions": unions(api)})
}

/// A path item and its pointer, or those of the one it refers to.
fn resolved<'a>(document: &'a Value, mut at: String, mut item: &'a Value) -> (String, &'a Value) {
    for _ in 0..8 {
        let target = item["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
        match target.and_then(|pointer| Some((pointer, document.pointer(pointer)?))) {
            Some((pointer, target)) => (at, item) = (pointer.to_owned(), target),
            None => break,
        }
    }
    (at, item)
}

/// The tagged unions of which the code has a type.
fn unions(api: &Api) -> Vec<Value> {
    let mut unions = Vec::new();
    for ty in api.types.values() {
        if let Shape::TaggedUnion { tag, variants, .. } = &ty.shape {
            let values: BTreeSet<&String> = variants.iter().flat_map(|v| &v.tags).collect();
            let union = json!({"pointer": ty.pointer, "tag": tag, "values": values});
            // Requests and responses may have a type each.
            if !unions.contains(&union) {
                unions.push(union);
            }
        }
    }
    unions
}
