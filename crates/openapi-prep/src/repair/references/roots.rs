//! The parts of a document that references lead into.
//!
//! While references are settled the document changes, and what they lead to is
//! copied as it came. A copy of these parts alone takes less than one of all.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::DEFINITIONS;
use crate::{Pointer, reference, schema, walk};

/// The parts found so far, each an entry of a section: `/paths/~1a`,
/// `/components/schemas/A`.
#[derive(Debug)]
pub(super) struct Roots<'a> {
    /// The names of schemas.
    named: &'a HashSet<String>,
    found: BTreeSet<String>,
    /// Places whose own references have not been followed.
    open: Vec<String>,
}

impl<'a> Roots<'a> {
    pub(super) fn new(named: &'a HashSet<String>) -> Self {
        Self {
            named,
            found: BTreeSet::new(),
            open: Vec::new(),
        }
    }

    /// Notes where the references of one schema may lead.
    pub(super) fn add(&mut self, schema: &Value, at: &Pointer) {
        for key in ["$ref", "$dynamicRef"] {
            if let Some(target) = schema.get(key).and_then(Value::as_str) {
                self.target(target, at.as_str());
            }
        }
        let mapping = schema.pointer("/discriminator/mapping");
        let targets = mapping.and_then(Value::as_object).into_iter();
        for target in targets.flat_map(Map::values) {
            let target = target.as_str().or_else(|| target.get("$ref")?.as_str());
            if let Some(target) = target.filter(|target| target.starts_with('#')) {
                self.target(target, at.as_str());
            }
        }
    }

    /// Notes the part that a place is in.
    pub(super) fn place(&mut self, pointer: &str) {
        let steps = if pointer.starts_with("/components/") {
            3
        } else {
            2
        };
        let mut ends = pointer.match_indices('/').map(|(end, _)| end);
        let end = ends.nth(steps).unwrap_or(pointer.len());
        self.found.insert(pointer[..end].to_owned());
    }

    fn target(&mut self, target: &str, at: &str) {
        let Some(pointer) = reference::pointer(target) else {
            return;
        };
        let plain = target.strip_prefix(schema::SCHEMAS);
        if let Some(name) = plain.filter(|name| !name.contains('/')) {
            // What has a name is not copied; only whether it is there is asked.
            if !self.named.contains(name) {
                self.place(&pointer);
            }
            return;
        }
        // May be meant for the schema around it.
        if DEFINITIONS
            .iter()
            .any(|key| pointer.starts_with(&format!("/{key}/")))
        {
            self.place(at);
        }
        self.place(&pointer);
        self.open.push(pointer);
    }

    /// A document of the parts that were found, and of those that these lead
    /// into.
    pub(super) fn of(mut self, document: &Value) -> Value {
        let mut seen = BTreeSet::new();
        while let Some(pointer) = self.open.pop() {
            if let Some(place) = document.pointer(&pointer)
                && seen.insert(pointer.clone())
            {
                let at = Pointer::parse(&pointer);
                walk::each(place, &mut |schema| self.add(schema, &at));
            }
        }
        let mut parts = Value::Object(Map::new());
        for pointer in &self.found {
            if put(&mut parts, document, pointer).is_none() {
                return document.clone();
            }
        }
        parts
    }
}

/// Copies one part, if all that it is in are objects.
fn put(parts: &mut Value, document: &Value, pointer: &str) -> Option<()> {
    let mut from = document;
    let mut to = parts;
    for token in pointer.split('/').skip(1) {
        let name = reference::unescaped(token);
        let Some(next) = from.as_object()?.get(&name) else {
            // It leads nowhere, here and there.
            return Some(());
        };
        from = next;
        to = to
            .as_object_mut()?
            .entry(name)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    to.clone_from(from);
    Some(())
}
