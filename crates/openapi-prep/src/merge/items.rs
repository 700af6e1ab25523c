//! Merging of path items: by method, with an eye on what an item shares among
//! its operations, and on path templates that differ only in their spelling.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Change, Merger, inner};
use crate::{Error, Pointer, equality::equal_options, walk::METHODS};

/// Keys of a path item that hold for all its operations.
const SHARED: [&str; 2] = ["parameters", "servers"];

type Object = Map<String, Value>;

impl Merger {
    /// Path items by template.
    pub(super) fn items(&mut self, held: &mut Object, new: &Object, at: &Pointer) {
        // A page's own paths are all spelled in one way each.
        let mut spelled: HashMap<String, String> = HashMap::new();
        for path in held.keys() {
            spelled
                .entry(shape(path))
                .or_insert_with(|| path.to_owned());
        }
        for (path, item) in new {
            let at_item = at.join(path);
            let Value::Object(item_new) = item else {
                self.entry(held, path, item, &at_item);
                continue;
            };
            if path.starts_with("x-") {
                self.entry(held, path, item, &at_item);
                continue;
            }
            if let Some(other) = spelled.get(&shape(path))
                && other != path
                && !self.respell(held, other, path, item_new, at)
            {
                continue;
            }
            let fresh = !held.contains_key(path);
            match inner(held, path) {
                Some(held) => self.item(held, item_new, &at_item, fresh),
                None => self.entry(held, path, item, &at_item),
            }
        }
    }

    fn item(&mut self, held: &mut Object, new: &Object, at: &Pointer, fresh: bool) {
        if !fresh {
            for key in SHARED {
                self.shared(held, new, key, &at.join(key), at);
            }
        }
        for (key, value) in new {
            if fresh || !SHARED.contains(&key.as_str()) {
                self.entry(held, key, value, &at.join(key));
            }
        }
    }

    /// A key that holds for all operations of the item. Absent is as much a
    /// statement as present: an operation of the other side would change.
    fn shared(&mut self, held: &mut Object, new: &Object, key: &str, at: &Pointer, item: &Pointer) {
        let says = |side: &Object| {
            let value = side.get(key)?;
            (value.as_array().is_none_or(|list| !list.is_empty())).then(|| value.clone())
        };
        let (before, after) = (says(held), says(new));
        if equal_options(before.as_ref(), after.as_ref()) {
            return;
        }
        let change = Change::new(at, before.clone(), after.clone());
        if !self.replace {
            self.conflicts.push(change);
            return;
        }
        if let Some(before) = before {
            self.hand_down(held, new, key, &before, item);
        }
        match after {
            Some(after) => held.insert(key.to_owned(), after),
            None => held.shift_remove(key),
        };
        self.changes.push(change);
    }

    /// Gives the operations that the new side does not bring a copy of what
    /// the item shared so far.
    fn hand_down(
        &mut self,
        held: &mut Object,
        new: &Object,
        key: &str,
        value: &Value,
        at: &Pointer,
    ) {
        for method in METHODS {
            if new.contains_key(method) {
                continue;
            }
            let Some(Value::Object(operation)) = held.get_mut(method) else {
                continue;
            };
            let before = operation.clone();
            if key == "parameters" {
                hand_down_parameters(operation, value);
            } else if !operation.contains_key(key) {
                operation.insert(key.to_owned(), value.clone());
            }
            if before != *operation {
                self.changes.push(Change::new(
                    &at.join(method),
                    Some(Value::Object(before)),
                    Some(Value::Object(operation.clone())),
                ));
            }
        }
    }

    /// The page spells a held path in another way. Gives whether the page's
    /// item may be taken in.
    fn respell(
        &mut self,
        held: &mut Object,
        old: &str,
        new: &str,
        item: &Object,
        at: &Pointer,
    ) -> bool {
        let left: Vec<&str> = METHODS
            .into_iter()
            .filter(|method| held.get(old).is_some_and(|item| item.get(method).is_some()))
            .filter(|method| !item.contains_key(*method))
            .collect();
        if !self.replace {
            self.conflicts.push(Change::new(
                &at.join(new),
                Some(Value::String(old.to_owned())),
                Some(Value::String(new.to_owned())),
            ));
            return false;
        }
        if !left.is_empty() {
            self.firm.push(
                Error::new(format!(
                    "the document held spells this path {old}, and holds {} there, which the page \
                     does not bring",
                    left.join(", ").to_ascii_uppercase()
                ))
                .at(at.join(new))
                .remedy("import a file that has all operations of the path in the new spelling"),
            );
            return false;
        }
        if let Some(before) = held.shift_remove(old) {
            self.changes
                .push(Change::new(&at.join(old), Some(before), None));
        }
        true
    }
}

/// Refuses a page that spells one path in two ways.
pub(super) fn check_spellings(page: &Object) -> Result<(), Error> {
    let Some(Value::Object(paths)) = page.get("paths") else {
        return Ok(());
    };
    let mut seen: HashMap<String, &String> = HashMap::new();
    for path in paths.keys() {
        let twin = seen.insert(shape(path), path);
        if let Some(twin) = twin {
            return Err(Error::new(format!(
                "the page spells one path in two ways, here and as {twin}"
            ))
            .at(Pointer::root().joins(["paths", path]))
            .remedy("import one of them only; the API cannot tell the two apart"));
        }
    }
    Ok(())
}

/// A template without the names of its parameters: two that match the same
/// addresses have one shape.
fn shape(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{')
        && let Some(close) = rest[open..].find('}')
    {
        out.push_str(&rest[..open]);
        out.push_str("{}");
        rest = &rest[open + close + 1..];
    }
    out + rest
}

/// Puts shared parameters before an operation's own, save those it overrides.
fn hand_down_parameters(operation: &mut Object, shared: &Value) {
    let identity =
        |parameter: &Value| ["$ref", "in", "name"].map(|key| parameter.get(key).cloned());
    let own = match operation.get("parameters") {
        Some(Value::Array(own)) => own.clone(),
        _ => Vec::new(),
    };
    let mut all: Vec<Value> = shared
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| !own.iter().any(|own| identity(own) == identity(parameter)))
        .cloned()
        .collect();
    all.extend(own);
    operation.insert("parameters".to_owned(), Value::Array(all));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_compared_without_the_names_in_them() {
        for (a, b) in [
            ("/a/{id}", "/a/{x}"),
            ("/{a}/b/{c}.json", "/{c}/b/{a}.json"),
        ] {
            assert_eq!(shape(a), shape(b), "{a} {b}");
        }
        for (a, b) in [
            ("/a/{id}", "/a/me"),
            ("/a/{id}", "/a/{id}/b"),
            ("/a/{", "/a/{}"),
            ("/a", "/a/"),
        ] {
            assert_ne!(shape(a), shape(b), "{a} {b}");
        }
    }
}
