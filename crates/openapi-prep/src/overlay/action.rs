//! One action of an overlay, applied to a document.

use std::{cmp::Reverse, collections::HashSet};

use serde_json::Value;
use serde_json_path::JsonPath;

use super::format::{Fields, Version};
use crate::{Error, Pointer, error::shown, pointer::remove, text::most_open};

/// How deep brackets may nest in a JSONPath. Its parser calls itself for each
/// level, with work that doubles on the way; no sensible target has ten.
const MAX_DEPTH: usize = 12;

/// One action, checked.
#[derive(Debug)]
pub(super) struct Action<'a> {
    pub index: usize,
    pub fields: &'a Fields,
    version: Version,
}

impl<'a> Action<'a> {
    pub(super) fn new(index: usize, fields: &'a Fields, version: Version) -> Result<Self, Error> {
        let action = Self {
            index,
            fields,
            version,
        };
        if fields.copy.is_some() && version == Version::V1_0 {
            return Err(action
                .fail("uses `copy`, which Overlay 1.0 does not have")
                .remedy("write `overlay: 1.1.0` at the top of the overlay"));
        }
        match (&fields.update, &fields.copy) {
            _ if fields.remove => Ok(action),
            (Some(_), Some(_)) => Err(action
                .fail("has both `update` and `copy`")
                .remedy("make two actions of it")),
            (None, None) => Err(action
                .fail("does nothing")
                .remedy("give it `update`, `remove: true` or, from Overlay 1.1 on, `copy`")),
            _ => Ok(action),
        }
    }

    /// What the action does. With `remove: true` an `update` or `copy` beside it
    /// has no effect, as the specification says.
    pub(super) fn rule(&self) -> &'static str {
        match self.fields {
            Fields { remove: true, .. } => "remove",
            Fields { copy: Some(_), .. } => "copy",
            _ => "update",
        }
    }

    /// An error that names the action.
    pub(super) fn fail(&self, what: impl std::fmt::Display) -> Error {
        let (index, target) = (self.index, &self.fields.target);
        Error::new(format!("actions[{index}] (target {target}) {what}"))
            .at(Pointer::root().join("actions").join(index))
    }

    /// Does the action. Gives the JSON pointers of the nodes it selected, in
    /// the order of the document, as they were before.
    pub(super) fn run(&self, document: &mut Value) -> Result<Vec<String>, Error> {
        let nodes = self.select(document, &self.fields.target, "target")?;
        if self.fields.remove {
            self.remove(document, nodes.clone())?;
            return Ok(nodes);
        }
        let copied = self.fields.copy.as_ref();
        let copied = copied.map(|source| self.source(document, source));
        for value in copied.transpose()?.iter().chain(&self.fields.update) {
            self.update(document, &nodes, value)?;
        }
        Ok(nodes)
    }

    /// The nodes a JSONPath selects, each once.
    fn select(&self, document: &Value, path: &str, field: &str) -> Result<Vec<String>, Error> {
        if most_open(path, b"([", b")]") > MAX_DEPTH {
            return Err(self
                .fail(format!("has a `{field}` with brackets nested too deep"))
                .remedy(format!("at most {MAX_DEPTH} levels are read")));
        }
        let compiled = JsonPath::parse(path).map_err(|error| {
            self.fail(format!("has a `{field}` that is no JSONPath: {error}"))
                .remedy("JSONPath as in RFC 9535, such as $.paths['/a'].get.parameters[0]")
        })?;
        let mut seen = HashSet::new();
        let nodes = compiled.query_located(document).into_iter();
        let nodes = nodes.map(|node| node.location().to_json_pointer());
        Ok(nodes.filter(|node| seen.insert(node.clone())).collect())
    }

    fn source(&self, document: &Value, path: &str) -> Result<Value, Error> {
        let nodes = self.select(document, path, "copy")?;
        if let [node] = nodes.as_slice() {
            return Ok(document.pointer(node).cloned().unwrap_or_default());
        }
        let count = nodes.len();
        Err(self
            .fail(format!("copies from {path}, which selects {count} nodes"))
            .remedy("the source must select exactly one"))
    }

    fn update(&self, document: &mut Value, nodes: &[String], value: &Value) -> Result<(), Error> {
        for node in nodes {
            // An update further out may have replaced this one.
            match document.pointer_mut(node) {
                Some(Value::Array(held)) if self.version == Version::V1_0 || !value.is_array() => {
                    held.push(value.clone());
                }
                Some(held) if self.version == Version::V1_0 && !held.is_object() => {
                    return Err(self
                        .fail(format!("selects a primitive value, at {}", shown(node)))
                        .remedy(
                            "Overlay 1.0 updates objects and arrays only: select the object \
                             around it, or write `overlay: 1.1.0` at the top",
                        ));
                }
                Some(held) if held.is_object() && !value.is_object() => {
                    return Err(self.other_type(held, value, node));
                }
                Some(held) => self.merge(held, value, node)?,
                None => {}
            }
        }
        Ok(())
    }

    /// Merges a value into another: objects key by key, lists are joined, what else
    /// both have is replaced. Overlay 1.1 merges like with like only.
    fn merge(&self, held: &mut Value, new: &Value, at: &str) -> Result<(), Error> {
        match (held, new) {
            (Value::Object(held), Value::Object(new)) => {
                for (key, new) in new {
                    if let Some(held) = held.get_mut(key) {
                        let at = format!("{at}{}", Pointer::root().join(key));
                        self.merge(held, new, &at)?;
                    } else {
                        held.insert(key.clone(), new.clone());
                    }
                }
            }
            (Value::Array(held), Value::Array(new)) => held.extend(new.iter().cloned()),
            (held, new) if self.version == Version::V1_1 && type_name(held) != type_name(new) => {
                return Err(self.other_type(held, new, at));
            }
            (held, new) => *held = new.clone(),
        }
        Ok(())
    }

    fn other_type(&self, held: &Value, new: &Value, at: &str) -> Error {
        let (held, new, at) = (type_name(held), type_name(new), shown(at));
        self.fail(format!("would put {new} in place of {held}, at {at}"))
            .remedy("remove the old value by an action before, then update the object around it")
    }

    fn remove(&self, document: &mut Value, mut nodes: Vec<String>) -> Result<(), Error> {
        if nodes.iter().any(String::is_empty) {
            return Err(self
                .fail("would remove the whole document")
                .remedy("select what is inside it, such as $.paths"));
        }
        // Inner nodes first, and of a list the last: so every pointer is good
        // when its turn comes.
        nodes.sort_by_cached_key(|node| {
            let last = node.rsplit('/').next().map(str::parse::<usize>);
            Reverse((node.matches('/').count(), last.and_then(Result::ok)))
        });
        for node in nodes {
            remove(document, &node);
        }
        Ok(())
    }
}

/// What the specification tells apart; `null` is a primitive.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        _ => "a primitive value",
    }
}
