//! One action of an overlay, applied to a document.

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::HashSet,
};

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::{Error, Pointer, error::shown, pointer::remove, text::most_open};

/// How deep brackets may nest in a JSONPath. Its parser calls itself for each
/// level, with work that doubles on the way; no sensible target has ten.
const MAX_DEPTH: usize = 12;

/// How many bytes of text a document may become. A list that is copied into
/// itself doubles, so a few lines of an overlay could ask for any size.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// The fields of an action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    pub target: String,
    pub description: Option<String>,
    #[serde(default, deserialize_with = "value")]
    pub update: Option<Value>,
    pub copy: Option<String>,
    #[serde(default)]
    pub remove: bool,
}

/// A value that is there, `null` too.
fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// One action.
#[derive(Debug)]
pub(super) struct Action<'a> {
    pub index: usize,
    pub fields: Fields,
    /// Whether the overlay is of version 1.1, not 1.0.
    pub is_1_1: bool,
    /// How many bytes of text the actions may still add.
    pub room: &'a Cell<usize>,
    /// Where the update has hints for what the document does not have.
    pub hints_on_nothing: RefCell<Vec<String>>,
}

impl Action<'_> {
    pub(super) fn checked(self) -> Result<Self, Error> {
        let (what, remedy) = match (self.fields.remove, &self.fields.update, &self.fields.copy) {
            (_, _, Some(_)) if !self.is_1_1 => (
                "uses `copy`, which Overlay 1.0 does not have",
                "write `overlay: 1.1.0` at the top of the overlay",
            ),
            (false, Some(_), Some(_)) => ("has both `update` and `copy`", "make two actions of it"),
            (false, None, None) => (
                "does nothing",
                "give it `update`, `remove: true` or, from Overlay 1.1 on, `copy`",
            ),
            _ => return Ok(self),
        };
        Err(self.fail(what, remedy))
    }

    /// What the action does. With `remove: true` an `update` or `copy` beside it
    /// has no effect, as the specification says.
    pub(super) fn rule(&self) -> &'static str {
        match &self.fields {
            Fields { remove: true, .. } => "remove",
            Fields { copy: Some(_), .. } => "copy",
            _ => "update",
        }
    }

    /// An error that names the action, and says what to do.
    pub(super) fn fail(&self, what: impl std::fmt::Display, remedy: &str) -> Error {
        let (index, target) = (self.index, &self.fields.target);
        Error::new(format!("actions[{index}] (target {target}) {what}"))
            .at(Pointer::root().join("actions").join(index))
            .remedy(remedy)
    }

    /// Does the action. Gives the JSON pointers of the nodes it selected, in
    /// the order of the document, as they were before.
    pub(super) fn run(&self, document: &mut Value) -> Result<Vec<String>, Error> {
        let nodes = self.select(document, &self.fields.target, "target")?;
        if self.fields.remove {
            self.remove(document, nodes.clone())?;
        } else if let Some(value) = &self.fields.update {
            self.update(document, &nodes, value)?;
        } else if let Some(source) = &self.fields.copy
            && !nodes.is_empty()
        {
            let value = self.source(document, source)?;
            self.update(document, &nodes, &value)?;
        }
        Ok(nodes)
    }

    /// The nodes a JSONPath selects, each once.
    fn select(&self, document: &Value, path: &str, field: &str) -> Result<Vec<String>, Error> {
        if most_open(path, b"([", b")]") > MAX_DEPTH {
            let what = format!("has a `{field}` with brackets nested too deep");
            return Err(self.fail(what, &format!("at most {MAX_DEPTH} levels are read")));
        }
        let compiled = JsonPath::parse(path).map_err(|error| {
            let what = format!("has a `{field}` that is no JSONPath: {error}");
            let remedy = "JSONPath as in RFC 9535, such as $.paths['/a'].get.parameters[0]";
            self.fail(what, remedy)
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
        let what = format!("copies from {path}, which selects {} nodes", nodes.len());
        Err(self.fail(what, "the source must select exactly one"))
    }

    fn update(&self, document: &mut Value, nodes: &[String], value: &Value) -> Result<(), Error> {
        let added = value.to_string().len().saturating_mul(nodes.len());
        let room = self.room.get().checked_sub(added).ok_or_else(|| {
            let what = format!(
                "would make the document larger than {} MiB",
                MAX_BYTES >> 20
            );
            self.fail(what, "select fewer nodes, or give them less")
        })?;
        self.room.set(room);
        let type_at = |node: &String| document.pointer(node).map_or("", type_name);
        if let Some(first) = nodes.first()
            && self.is_1_1
            && let Some(other) = nodes.iter().find(|node| type_at(node) != type_at(first))
        {
            let (one, two, first) = (type_at(first), type_at(other), shown(first));
            let what = format!("selects {one} at {first} and {two} at {other}");
            let remedy = "an update takes nodes of one type; make one action for each";
            return Err(self.fail(what, remedy));
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
            (Value::Array(held), Value::Array(new)) if self.is_1_1 => {
                held.extend(new.iter().cloned());
            }
            (Value::Array(held), new) => held.push(new.clone()),
            (Value::Object(held), Value::Object(new)) => self.merge(held, new, at)?,
            (held, _) if !self.is_1_1 && !held.is_object() => {
                let remedy = "Overlay 1.0 updates objects and arrays only: select the object \
                              around it, or write `overlay: 1.1.0` at the top";
                let what = format!("selects a primitive value, at {}", shown(at));
                return Err(self.fail(what, remedy));
            }
            (held, new) if type_name(held) == type_name(new) => *held = new.clone(),
            (held, new) => {
                let (held, new, at) = (type_name(held), type_name(new), shown(at));
                let what = format!("selects {held} at {at} and updates it with {new}");
                let remedy = "remove it first, then update the object around it";
                return Err(self.fail(what, remedy));
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
                (Some(held), new) if self.is_1_1 && type_name(held) != type_name(new) => {
                    let (held, new, at) = (type_name(held), type_name(new), at());
                    let what = format!("would put {new} in place of {held}, at {at}");
                    let remedy =
                        "Overlay 1.1 forbids this: remove the old value by an action before";
                    return Err(self.fail(what, remedy));
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
            let remedy = "select what is inside it, such as $.paths";
            return Err(self.fail("would remove the whole document", remedy));
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
