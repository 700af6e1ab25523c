//! Ids that calls show, and that the mock knows: those of the document's examples.

use openapi_prep::api::{Api, Operation, Parameter};
use serde_json::Value;

/// A value for a parameter of the path: its own example, else the id in the example of
/// what a GET of the path up to it responds with, or of the list above, else its name.
pub(super) fn of_path(api: &Api, operation: &Operation, parameter: &Parameter) -> String {
    let own = parameter.annotations.examples.first();
    let braces = format!("{{{}}}", parameter.name);
    let in_responses = || {
        let (before, _) = operation.path.split_once(&braces)?;
        let item = data(api, &format!("{before}{braces}"));
        let list = data(api, before.trim_end_matches('/'));
        let first = list.and_then(|list| list.as_array()?.first());
        [item, first].into_iter().flatten().find_map(|object| {
            let id = object.get(&parameter.name).or_else(|| object.get("id"))?;
            id.is_string().then_some(id)
        })
    };
    let id = own.or_else(in_responses);
    id.map_or_else(|| parameter.name.clone(), text)
}

/// The data in the example of what a GET of a path responds with.
fn data<'a>(api: &'a Api, path: &str) -> Option<&'a Value> {
    let mut reads = api.operations.iter();
    let read = reads.find(|operation| operation.method == "GET" && operation.path == path)?;
    read.success.annotations.examples.first()?.get("data")
}

/// A value as one would write it on a command line.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
