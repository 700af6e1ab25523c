//! What holds for several operations at once: `servers` and `security` of the
//! document, `servers` and `parameters` of a path. Where two sides differ in
//! them, the operations get a copy of their own.

use serde_json::{Map, Value, json};

use crate::{
    equality::{equal, equal_options},
    walk::METHODS,
};

type Object = Map<String, Value>;

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
        let own = operation.entry(key).or_insert_with(|| shared.clone());
        if key == "parameters"
            && let (Value::Array(own), Value::Array(shared)) = (own, shared)
        {
            let identity =
                |parameter: &Value| ["$ref", "in", "name"].map(|key| parameter.get(key).cloned());
            let is_missing = |shared: &&Value| {
                let mut own = own.iter();
                !own.any(|own| identity(own) == identity(shared))
            };
            let missing: Vec<Value> = shared.iter().filter(is_missing).cloned().collect();
            own.splice(0..0, missing);
        }
    }
}

/// Hands down what path items of both sides share among their operations, where
/// the two differ in it. Absent is as much a statement as present: an operation
/// of the other side would change.
pub(super) fn share(document: &mut Value, page: &mut Value) {
    for top in ["paths", "webhooks"] {
        let new = page.get_mut(top).and_then(Value::as_object_mut);
        for (path, new) in new.into_iter().flatten() {
            let held = document.get_mut(top).and_then(|items| items.get_mut(path));
            let (Some(Value::Object(held)), Value::Object(new)) = (held, new) else {
                continue;
            };
            for key in ["parameters", "servers"] {
                let shared =
                    |item: &Object| item.get(key).filter(|all| **all != json!([])).cloned();
                let (before, after) = (shared(held), shared(new));
                new.shift_remove(key);
                if !equal_options(before.as_ref(), after.as_ref()) {
                    held.shift_remove(key);
                    for (item, shared) in [(&mut *held, before), (&mut *new, after)] {
                        if let Some(shared) = shared {
                            hand_down(item, key, &shared);
                        }
                    }
                }
            }
        }
    }
}
