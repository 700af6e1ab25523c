//! One action of an overlay: read, found its nodes, done.
//!
//! JSONPath and the merging of objects are the overlay crate's. Ours is what it
//! refuses or gets wrong: removing and replacing primitives, removing with the
//! order of keys kept, a node selected twice, and what Overlay 1.1 forbids.

use std::collections::HashSet;

use roas_overlay::common::apply::{compile_path, locate, merge_json};
use serde_json::{Map, Value};

use super::Version;
use crate::{Error, Pointer};

/// How deep brackets may nest in a JSONPath. Its parser calls itself for each
/// level, with work that doubles on the way; no sensible target has ten.
const MAX_DEPTH: usize = 12;

/// How heavy a document may become, by [`weight`]. A list that is copied into
/// itself doubles, so a few lines of an overlay could ask for any size.
const MAX_WEIGHT: usize = 1 << 26;

/// What an action does to the nodes it selects.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work<'a> {
    Update(&'a Value),
    Copy(&'a str),
    Remove,
    Nothing,
}

impl Work<'_> {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Update(_) => "update",
            Self::Copy(_) => "copy",
            Self::Remove => "remove",
            Self::Nothing => "nothing",
        }
    }
}

/// One action, read and checked.
#[derive(Debug)]
pub(super) struct Action<'a> {
    pub index: usize,
    pub target: &'a str,
    pub description: Option<&'a str>,
    pub work: Work<'a>,
    version: Version,
}

impl<'a> Action<'a> {
    /// Reads an action. With `remove: true` an `update` or `copy` beside it has
    /// no effect, as the specification says.
    pub(super) fn read(index: usize, action: &'a Value, version: Version) -> Result<Self, Error> {
        let text = |key| action.get(key).and_then(Value::as_str);
        let mut read = Self {
            index,
            target: text("target").unwrap_or_default(),
            description: text("description"),
            work: Work::Remove,
            version,
        };
        for key in action.as_object().into_iter().flat_map(Map::keys) {
            let known = match key.as_str() {
                "copy" if version == Version::V1_0 => {
                    return Err(read
                        .fail("uses `copy`, which Overlay 1.0 does not have")
                        .remedy("write `overlay: 1.1.0` at the top of the overlay"));
                }
                "target" | "description" | "update" | "remove" | "copy" => true,
                key => key.starts_with("x-"),
            };
            if !known {
                return Err(read
                    .fail(format!("has the field `{key}`, which no action has"))
                    .remedy("an action has target, description, and one of update, remove, copy"));
            }
        }
        if action.get("remove") == Some(&Value::Bool(true)) {
            return Ok(read);
        }
        read.work = match (action.get("update"), text("copy")) {
            (Some(_), Some(_)) => {
                return Err(read
                    .fail("has both `update` and `copy`")
                    .remedy("make two actions of it"));
            }
            (Some(update), None) => Work::Update(update),
            (None, Some(source)) => Work::Copy(source),
            (None, None) => Work::Nothing,
        };
        Ok(read)
    }

    /// An error that names the action.
    pub(super) fn fail(&self, what: impl std::fmt::Display) -> Error {
        let Self { index, target, .. } = self;
        Error::new(format!("actions[{index}] (target {target}) {what}"))
            .at(Pointer::root().join("actions").join(index))
    }

    /// Does the action. Gives the JSON pointers of the nodes it selected, in
    /// the order of the document, as they were before.
    pub(super) fn run(&self, document: &mut Value) -> Result<Vec<String>, Error> {
        let nodes = self.select(document, self.target, "target")?;
        match self.work {
            Work::Remove => self.remove(document, &nodes)?,
            Work::Update(value) => self.update(document, &nodes, value)?,
            Work::Copy(source) if !nodes.is_empty() => {
                let value = self.source(document, source)?;
                self.update(document, &nodes, &value)?;
            }
            Work::Copy(_) | Work::Nothing => {}
        }
        Ok(nodes)
    }

    /// The nodes a JSONPath selects, each once.
    fn select(&self, document: &Value, path: &str, field: &str) -> Result<Vec<String>, Error> {
        if depth(path) > MAX_DEPTH {
            return Err(self
                .fail(format!("has a `{field}` with brackets nested too deep"))
                .remedy(format!("at most {MAX_DEPTH} levels are read")));
        }
        let compiled = compile_path(path).map_err(|error| {
            self.fail(format!("has a `{field}` that is no JSONPath: {error}"))
                .remedy("JSONPath as in RFC 9535, such as $.paths['/a'].get.parameters[0]")
        })?;
        let mut seen = HashSet::new();
        let mut nodes = locate(document, &compiled);
        nodes.retain(|node| seen.insert(node.clone()));
        Ok(nodes)
    }

    fn source(&self, document: &Value, path: &str) -> Result<Value, Error> {
        let nodes = self.select(document, path, "copy")?;
        match nodes.as_slice() {
            [node] => Ok(document.pointer(node).cloned().unwrap_or_default()),
            _ => Err(self
                .fail(format!(
                    "copies from {path}, which selects {} nodes",
                    nodes.len()
                ))
                .remedy("the source must select exactly one")),
        }
    }

    fn update(&self, document: &mut Value, nodes: &[String], value: &Value) -> Result<(), Error> {
        self.check_update(document, nodes, value)?;
        for node in nodes {
            // An update further out may have replaced this one.
            match (document.pointer_mut(node), value) {
                (Some(Value::Array(held)), Value::Array(new)) if self.version == Version::V1_1 => {
                    held.extend(new.iter().cloned());
                }
                (Some(Value::Array(held)), new) => held.push(new.clone()),
                (Some(held @ Value::Object(_)), new) => merge_json(held, new),
                (Some(held), new) => *held = new.clone(),
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// Refuses an update that does not suit the nodes, before any is touched.
    fn check_update(&self, document: &Value, nodes: &[String], value: &Value) -> Result<(), Error> {
        let held = |node: &String| document.pointer(node).map_or(Kind::Primitive, Kind::of);
        let added = weight(value).saturating_mul(nodes.len());
        if added.saturating_add(weight(document)) > MAX_WEIGHT {
            return Err(self
                .fail(format!(
                    "would make the document larger than {} MiB",
                    MAX_WEIGHT >> 20
                ))
                .remedy("select fewer nodes, or give them less"));
        }
        if let Some(first) = nodes.first().map(held)
            && self.version == Version::V1_1
            && let Some(other) = nodes.iter().find(|node| held(node) != first)
        {
            return Err(self
                .fail(format!(
                    "selects {} at {} and {} at {other}",
                    first.words(),
                    shown(&nodes[0]),
                    held(other).words()
                ))
                .remedy("an update takes nodes of one kind; make one action for each kind"));
        }
        for node in nodes {
            let new = Kind::of(value);
            match (held(node), new) {
                (Kind::Object, Kind::Object) => {
                    if self.version == Version::V1_1
                        && let Some(held) = document.pointer(node)
                    {
                        self.check_merge(held, value, node)?;
                    }
                }
                (Kind::Primitive, _) if self.version == Version::V1_0 => {
                    return Err(self
                        .fail(format!("selects a primitive value, at {}", shown(node)))
                        .remedy(
                            "Overlay 1.0 updates objects and arrays only: select the object \
                             around it, or write `overlay: 1.1.0` at the top",
                        ));
                }
                (Kind::Array, _) | (Kind::Primitive, Kind::Primitive) => {}
                (held, new) => {
                    return Err(self
                        .fail(format!(
                            "selects {} at {} and updates it with {}",
                            held.words(),
                            shown(node),
                            new.words()
                        ))
                        .remedy("remove it first, then update the object around it"));
                }
            }
        }
        Ok(())
    }

    /// Overlay 1.1 merges like with like only.
    fn check_merge(&self, held: &Value, new: &Value, at: &str) -> Result<(), Error> {
        match (held, new) {
            (Value::Object(held), Value::Object(new)) => {
                for (key, new) in new {
                    if let Some(held) = held.get(key) {
                        let at = format!("{at}{}", Pointer::root().join(key));
                        self.check_merge(held, new, &at)?;
                    }
                }
                Ok(())
            }
            (held, new) if Kind::of(held) == Kind::of(new) => Ok(()),
            (held, new) => Err(self
                .fail(format!(
                    "would put {} in place of {}, at {}",
                    Kind::of(new).words(),
                    Kind::of(held).words(),
                    shown(at)
                ))
                .remedy("Overlay 1.1 forbids this: remove the old value by an action before")),
        }
    }

    fn remove(&self, document: &mut Value, nodes: &[String]) -> Result<(), Error> {
        if nodes.iter().any(String::is_empty) {
            return Err(self
                .fail("would remove the whole document")
                .remedy("select what is inside it, such as $.paths"));
        }
        // The last item of a list first, and what is inside before what is
        // around it: so every pointer is good when its turn comes.
        let mut nodes: Vec<(Vec<Step>, &str)> = nodes
            .iter()
            .map(|node| {
                (
                    node.split('/').skip(1).map(Step::of).collect(),
                    node.as_str(),
                )
            })
            .collect();
        nodes.sort_unstable();
        for (steps, node) in nodes.into_iter().rev() {
            let Some((around, _)) = node.rsplit_once('/') else {
                continue;
            };
            match (document.pointer_mut(around), steps.last()) {
                (Some(Value::Array(items)), Some(Step::Index(index))) if *index < items.len() => {
                    items.remove(*index);
                }
                (Some(Value::Object(entries)), Some(step)) => {
                    entries.shift_remove(&step.key());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What the specification tells apart; `null` is a primitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
    Primitive,
}

impl Kind {
    fn of(value: &Value) -> Self {
        match value {
            Value::Object(_) => Self::Object,
            Value::Array(_) => Self::Array,
            _ => Self::Primitive,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "a list",
            Self::Primitive => "a primitive value",
        }
    }
}

/// One token of a JSON pointer, ordered such that list items come in order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Index(usize),
    Name(String),
}

impl Step {
    fn of(token: &str) -> Self {
        match token.parse() {
            // Only as JSON pointer writes an index: no sign, no leading zero.
            Ok(index) if token == format!("{index}") => Self::Index(index),
            _ => Self::Name(super::unescape(token)),
        }
    }

    fn key(&self) -> String {
        match self {
            Self::Index(index) => index.to_string(),
            Self::Name(name) => name.clone(),
        }
    }
}

/// How deep the brackets of a JSONPath nest at most.
fn depth(path: &str) -> usize {
    let mut now: usize = 0;
    let mut most = 0;
    for c in path.chars() {
        match c {
            '(' | '[' => now += 1,
            ')' | ']' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// About how many bytes a value takes as text.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 4,
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 4,
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| key.len() + 4 + weight(value))
            .sum::<usize>()
            .saturating_add(4),
        _ => 8,
    }
}

fn shown(pointer: &str) -> &str {
    if pointer.is_empty() {
        "the root"
    } else {
        pointer
    }
}
