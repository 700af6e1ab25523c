//! One action of an overlay, applied to a document.

use std::{cell::RefCell, cmp::Reverse, collections::HashSet};

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::format::{Fields, Version};
use crate::{Error, Pointer, error::shown, pointer::remove, text::most_open};

/// How deep brackets may nest in a JSONPath. Its parser calls itself for each
/// level, with work that doubles on the way; no sensible target has ten.
const MAX_DEPTH: usize = 12;

/// How heavy a document may become, by [`weight`]. A list that is copied into
/// itself doubles, so a few lines of an overlay could ask for any size.
const MAX_WEIGHT: usize = 1 << 26;

/// One action, checked.
#[derive(Debug)]
pub(super) struct Action<'a> {
    pub index: usize,
    pub fields: &'a Fields,
    version: Version,
    /// Where the update has hints for what the document does not have.
    pub hints_on_nothing: RefCell<Vec<String>>,
}

impl<'a> Action<'a> {
    pub(super) fn new(index: usize, fields: &'a Fields, version: Version) -> Result<Self, Error> {
        let action = Self {
            index,
            fields,
            version,
            hints_on_nothing: RefCell::default(),
        };
        if fields.copy.is_some() && version == Version::V1_0 {
            return Err(action
                .fail("uses `copy`, which Overlay 1.0 does not have")
                .remedy("write `overlay: 1.1.0` at the top of the overlay"));
        }
        if !fields.remove && fields.update.is_some() && fields.copy.is_some() {
            return Err(action
                .fail("has both `update` and `copy`")
                .remedy("make two actions of it"));
        }
        Ok(action)
    }

    /// What the action does. With `remove: true` an `update` or `copy` beside it
    /// has no effect, as the specification says.
    pub(super) fn rule(&self) -> &'static str {
        match self.fields {
            Fields { remove: true, .. } => "remove",
            Fields {
                update: Some(_), ..
            } => "update",
            Fields { copy: Some(_), .. } => "copy",
            _ => "nothing",
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
        match self.fields {
            Fields { remove: true, .. } => self.remove(document, nodes.clone())?,
            Fields {
                update: Some(value),
                ..
            } => self.update(document, &nodes, value)?,
            Fields {
                copy: Some(source), ..
            } if !nodes.is_empty() => {
                let value = self.source(document, source)?;
                self.update(document, &nodes, &value)?;
            }
            _ => {}
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
        let added = weight(value).saturating_mul(nodes.len());
        if added.saturating_add(weight(document)) > MAX_WEIGHT {
            let most = MAX_WEIGHT >> 20;
            return Err(self
                .fail(format!("would make the document larger than {most} MiB"))
                .remedy("select fewer nodes, or give them less"));
        }
        let type_at = |node: &String| document.pointer(node).map_or("", type_name);
        if let Some(first) = nodes.first()
            && self.version == Version::V1_1
            && let Some(other) = nodes.iter().find(|node| type_at(node) != type_at(first))
        {
            let (one, two) = (type_at(first), type_at(other));
            return Err(self
                .fail(format!(
                    "selects {one} at {} and {two} at {other}",
                    shown(first)
                ))
                .remedy("an update takes nodes of one type; make one action for each"));
        }
        for node in nodes {
            // An update further out may have replaced this one.
            if let Some(held) = document.pointer_mut(node) {
                self.update_node(held, value, node)?;
            }
        }
        Ok(())
    }

    fn update_node(&self, held: &mut Value, value: &Value, at: &str) -> Result<(), Error> {
        match (&mut *held, value) {
            (Value::Array(held), Value::Array(new)) if self.version == Version::V1_1 => {
                held.extend(new.iter().cloned());
            }
            (Value::Array(held), new) => held.push(new.clone()),
            (Value::Object(held), Value::Object(new)) => self.merge(held, new, at)?,
            (held, _) if self.version == Version::V1_0 && !held.is_object() => {
                return Err(self
                    .fail(format!("selects a primitive value, at {}", shown(at)))
                    .remedy(
                        "Overlay 1.0 updates objects and arrays only: select the object around \
                         it, or write `overlay: 1.1.0` at the top",
                    ));
            }
            (held, new) if type_name(held) == type_name(new) => *held = new.clone(),
            (held, new) => {
                let (held, new) = (type_name(held), type_name(new));
                return Err(self
                    .fail(format!(
                        "selects {held} at {} and updates it with {new}",
                        shown(at)
                    ))
                    .remedy("remove it first, then update the object around it"));
            }
        }
        Ok(())
    }

    /// Merges an object into another: lists are joined, what else both have is
    /// replaced. Overlay 1.1 merges like with like only. Hints make nothing: an
    /// operation or a schema of extensions alone would be one that was removed.
    fn merge(
        &self,
        held: &mut Map<String, Value>,
        new: &Map<String, Value>,
        at: &str,
    ) -> Result<(), Error> {
        for (key, new) in new {
            let at = || format!("{at}{}", Pointer::root().join(key));
            match (held.get_mut(key), new) {
                (Some(Value::Object(held)), Value::Object(new)) => self.merge(held, new, &at())?,
                (Some(Value::Array(held)), Value::Array(new)) => held.extend(new.iter().cloned()),
                (Some(held), new)
                    if self.version == Version::V1_1 && type_name(held) != type_name(new) =>
                {
                    let (held, new) = (type_name(held), type_name(new));
                    return Err(self
                        .fail(format!("would put {new} in place of {held}, at {}", at()))
                        .remedy(
                            "Overlay 1.1 forbids this: remove the old value by an action before",
                        ));
                }
                (None, new) if !is_extension(key) && is_hint(new) => {
                    self.hints_on_nothing.borrow_mut().push(at());
                }
                _ => drop(held.insert(key.clone(), new.clone())),
            }
        }
        Ok(())
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

fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// Whether a value has extensions, at any depth, and nothing else.
fn is_hint(value: &Value) -> bool {
    let Value::Object(entries) = value else {
        return false;
    };
    let mut entries = entries.iter();
    entries.len() > 0 && entries.all(|(key, value)| is_extension(key) || is_hint(value))
}

/// What the specification tells apart; `null` is a primitive.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        _ => "a primitive value",
    }
}

/// About how many bytes a value takes as text.
fn weight(value: &Value) -> usize {
    4 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| key.len() + weight(value))
            .sum(),
        _ => 4,
    }
}
