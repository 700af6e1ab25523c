//! What holds for several operations at once: `servers` and `security` of the
//! document, `servers` and `parameters` of a path. Where two sides differ in
//! them, the operations get a copy of their own.

use serde_json::{Value, json};

use super::Object;
use crate::{equality::equal_options, merge::equal, walk::METHODS};

/// A page as it is merged into the document held: where its `servers` or
/// `security` differ from the document's, its operations carry them.
pub fn with_own_defaults(held: &Value, mut page: Value) -> Value {
    for key in ["servers", "security"] {
        let (Some(ours), Some(value)) = (held.get(key), page.get(key).cloned()) else {
            continue;
        };
        if equal(ours, &value) || !ours.is_array() || !value.is_array() {
            continue;
        }
        if let Some(page) = page.as_object_mut() {
            page.shift_remove(key);
        }
        let items = page.get_mut("paths").and_then(Value::as_object_mut);
        let items = items.into_iter().flat_map(|items| items.values_mut());
        for item in items.filter_map(Value::as_object_mut) {
            // The servers of a path stand before those of the document.
            if key == "security" || !item.contains_key(key) {
                hand_down(item, key, &value);
            }
        }
    }
    page
}

/// Gives the operations of a path item a copy of what it or the document shares.
fn hand_down(item: &mut Object, key: &str, shared: &Value) {
    for method in METHODS {
        let Some(Value::Object(operation)) = item.get_mut(method) else {
            continue;
        };
        match (key, operation.get_mut(key), shared) {
            ("parameters", Some(Value::Array(own)), Value::Array(shared)) => {
                let identity = |parameter: &Value| {
                    ["$ref", "in", "name"].map(|key| parameter.get(key).cloned())
                };
                let missing = shared
                    .iter()
                    .filter(|shared| !own.iter().any(|own| identity(own) == identity(shared)));
                let missing: Vec<Value> = missing.cloned().collect();
                own.splice(0..0, missing);
            }
            (_, Some(_), _) => {}
            (_, None, _) => drop(operation.insert(key.to_owned(), shared.clone())),
        }
    }
}

/// Compares what the path items of both sides share among their operations.
pub(super) fn share(document: &mut Value, page: &mut Value) {
    for top in ["paths", "webhooks"] {
        let (Some(Value::Object(held)), Some(Value::Object(new))) =
            (document.get_mut(top), page.get_mut(top))
        else {
            continue;
        };
        for (path, new) in new {
            if let (Some(Value::Object(held)), Value::Object(new)) = (held.get_mut(path), new) {
                share_in(held, new, "parameters");
                share_in(held, new, "servers");
            }
        }
    }
}

/// Absent is as much a statement as present: an operation of the other side
/// would change. Where the two differ, nothing is shared any more.
fn share_in(held: &mut Object, new: &mut Object, key: &str) {
    let shared = |item: &Object| {
        item.get(key)
            .filter(|shared| **shared != json!([]))
            .cloned()
    };
    let (before, after) = (shared(held), shared(new));
    new.shift_remove(key);
    if equal_options(before.as_ref(), after.as_ref()) {
        return;
    }
    held.shift_remove(key);
    for (item, shared) in [(held, before), (new, after)] {
        if let Some(shared) = shared {
            hand_down(item, key, &shared);
        }
    }
}
