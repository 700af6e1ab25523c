//! Many pages become one document.
//!
//! A vendor's pages hold one operation each and repeat what they share. Merging
//! is by definition, not by text: an operation, a component, a tag, a top-level
//! key. What only one side has is taken; what both have must be equal, or
//! [`merge`] refuses it and shows both sides. With `replace` the new side wins,
//! and each thing it changes is listed.
//!
//! Some things say nothing about the API and differ between pages read at
//! different times: `info.version`, descriptions of tags, the keys `x-readme…`
//! of the older site, and the patch number of `openapi`. Of these the first
//! stays, without a word, unless `replace` is set. What is absent at the top
//! level of one side (`servers`, `security`, a key of `info`) says nothing
//! either: the other side's stands.
//!
//! `servers` and `security` at the top hold for every operation. Where the page
//! has others than the document held, its operations get a copy of their own,
//! and those of other pages keep what they have.

mod change;
mod items;
mod withdraw;

use serde_json::{Map, Value};

pub use self::{change::Change, withdraw::withdraw};
pub use crate::equality::equal;
use crate::{Error, Pointer, equality::equal_options, walk::METHODS};

/// Keys at the top of a document that are merged entry by entry.
const ITEM_MAPS: [&str; 2] = ["paths", "webhooks"];

/// Keys at the top of a document that hold for each operation without its own.
const OPERATION_DEFAULTS: [&str; 2] = ["servers", "security"];

/// A merged document, and what became of the one it began with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Merged {
    /// The document.
    pub document: Value,
    /// What was added, changed and removed, in the order of the page.
    pub changes: Vec<Change>,
}

/// Merges a page's document into the one held.
///
/// With no document held, the result is the page's own, key for key. A path
/// template whose parameters are spelled in another way than in the document
/// held counts as the same path defined differently.
///
/// Path items may carry `parameters` and `servers` for all their operations.
/// Where both sides hold operations of one path, these must agree; with
/// `replace`, operations that only the held document has keep what they had by
/// getting a copy of their own.
///
/// # Errors
///
/// Where the page defines something in another way than the document held, all
/// such places in one error; where the two are of OpenAPI 3.0 and 3.1; where
/// the page spells one path in two ways.
pub fn merge(base: Option<Value>, page: &Value, replace: bool) -> Result<Merged, Error> {
    let mut merger = Merger {
        replace,
        changes: Vec::new(),
        conflicts: Vec::new(),
        firm: Vec::new(),
    };
    let first = base.is_none();
    let page = &match &base {
        Some(base) => with_own_defaults(base, page.clone()),
        None => page.clone(),
    };
    let mut document = base.unwrap_or_else(|| Value::Object(Map::new()));
    let (Some(held), Some(new)) = (document.as_object_mut(), page.as_object()) else {
        return Err(Error::new("the document is no JSON object")
            .at(Pointer::root())
            .remedy("give an OpenAPI document"));
    };
    items::check_spellings(new)?;
    merger.top(held, new);
    let changes = merger.finish()?;
    // Key for key the page's own, whatever it holds that merging knows nothing of.
    let document = if first { page.clone() } else { document };
    Ok(Merged { document, changes })
}

/// Replaces the document held by a complete one. What the new document lacks is
/// removed, and listed; what both have keeps its place.
///
/// # Errors
///
/// As [`merge`] with `replace`.
pub fn replace_whole(held: Value, new: &Value) -> Result<Merged, Error> {
    let mut base = held.clone();
    for key in OPERATION_DEFAULTS {
        if let (Some(base), Some(value)) = (base.as_object_mut(), new.get(key)) {
            base.insert(key.to_owned(), value.clone());
        }
    }
    let merged = merge(Some(base), new, true)?;
    let mut merged = {
        let withdrawn = withdraw(merged.document, &held, new, &[]);
        let changes = merged.changes.into_iter().chain(withdrawn.changes);
        Merged {
            document: withdrawn.document,
            changes: changes.collect(),
        }
    };
    for key in OPERATION_DEFAULTS {
        let (old, new) = (held.get(key), new.get(key));
        if new.is_some() && !equal_options(old, new) {
            let at = Pointer::root().join(key);
            merged
                .changes
                .push(Change::new(&at, old.cloned(), new.cloned()));
        }
    }
    // What merging keeps: keys of the top, security schemes, dangling references.
    let rest = Change::new(
        &Pointer::root(),
        Some(merged.document.clone()),
        Some(new.clone()),
    )
    .places();
    if !rest.is_empty() {
        merged.changes.extend(rest);
        merged.document = new.clone();
    }
    Ok(merged)
}

/// A page as it is merged into the document held: where its `servers` or
/// `security` differ from the document's, its operations carry them.
pub fn with_own_defaults(held: &Value, mut page: Value) -> Value {
    for key in OPERATION_DEFAULTS {
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
        for item in items.into_iter().flat_map(Map::values_mut) {
            if key == "servers" && item.get(key).is_some() {
                continue;
            }
            for method in METHODS {
                if let Some(Value::Object(operation)) = item.get_mut(method) {
                    operation.entry(key).or_insert_with(|| value.clone());
                }
            }
        }
    }
    page
}

struct Merger {
    replace: bool,
    changes: Vec<Change>,
    /// Defined differently; `replace` would take the new one.
    conflicts: Vec<Change>,
    /// What `replace` does not solve, in words.
    firm: Vec<Error>,
}

impl Merger {
    fn top(&mut self, held: &mut Map<String, Value>, new: &Map<String, Value>) {
        let root = Pointer::root();
        for (key, value) in new {
            let at = root.join(key);
            match (key.as_str(), value) {
                ("openapi", _) => self.version(held, value, &at),
                ("info", Value::Object(info)) => {
                    if let Some(held) = inner(held, key) {
                        self.info(held, info, &at);
                    } else {
                        self.entry(held, key, value, &at);
                    }
                }
                ("components", Value::Object(components)) => {
                    if let Some(held) = inner(held, key) {
                        self.components(held, components, &at);
                    } else {
                        self.entry(held, key, value, &at);
                    }
                }
                ("tags", Value::Array(tags)) => self.tags(held, tags, &at),
                (key, Value::Object(items)) if ITEM_MAPS.contains(&key) => {
                    if let Some(held) = inner(held, key) {
                        self.items(held, items, &at);
                    } else {
                        self.entry(held, key, value, &at);
                    }
                }
                (key, _) if key.starts_with("x-readme") => self.note(held, key, value, &at),
                _ => self.entry(held, key, value, &at),
            }
        }
    }

    /// One definition: taken where it is new, else equal or in conflict.
    fn entry(&mut self, held: &mut Map<String, Value>, key: &str, new: &Value, at: &Pointer) {
        let old = held.get(key);
        if equal_options(old, Some(new)) {
            return;
        }
        let change = Change::new(at, old.cloned(), Some(new.clone()));
        if old.is_none() || self.replace {
            held.insert(key.to_owned(), new.clone());
            self.changes.push(change);
        } else {
            self.conflicts.push(change);
        }
    }

    /// Something that says nothing about the API: the first stays.
    fn note(&mut self, held: &mut Map<String, Value>, key: &str, new: &Value, at: &Pointer) {
        if self.replace || !held.contains_key(key) {
            self.entry(held, key, new, at);
        }
    }

    fn version(&mut self, held: &mut Map<String, Value>, new: &Value, at: &Pointer) {
        let old = held.get("openapi");
        match (old.and_then(series), series(new)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => self.firm.push(
                Error::new(format!(
                    "the document held is of OpenAPI {old}, this one of {new}, and the two read \
                     the same words differently"
                ))
                .at(at)
                .remedy("import it into a folder of its own"),
            ),
            _ => self.entry(held, "openapi", new, at),
        }
    }

    fn info(&mut self, held: &mut Map<String, Value>, new: &Map<String, Value>, at: &Pointer) {
        for (key, value) in new {
            if key == "version" {
                self.note(held, key, value, &at.join(key));
            } else {
                self.entry(held, key, value, &at.join(key));
            }
        }
    }

    fn components(
        &mut self,
        held: &mut Map<String, Value>,
        new: &Map<String, Value>,
        at: &Pointer,
    ) {
        for (kind, value) in new {
            let at = at.join(kind);
            match (value, kind.starts_with("x-")) {
                (Value::Object(entries), false) => match inner(held, kind) {
                    Some(held) => {
                        for (name, entry) in entries {
                            self.entry(held, name, entry, &at.join(name));
                        }
                    }
                    None => self.entry(held, kind, value, &at),
                },
                _ => self.entry(held, kind, value, &at),
            }
        }
    }

    /// Tags by name: what a held tag lacks is added, what it says stays.
    fn tags(&mut self, held: &mut Map<String, Value>, new: &[Value], at: &Pointer) {
        let slot = held
            .entry("tags")
            .or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(tags) = slot else {
            return self.entry(held, "tags", &Value::Array(new.to_vec()), at);
        };
        for tag in new {
            let name = tag.get("name");
            let place = tags
                .iter()
                .position(|held| equal(held, tag) || name.is_some() && held.get("name") == name);
            let Some(place) = place else {
                self.changes
                    .push(Change::new(&at.join(tags.len()), None, Some(tag.clone())));
                tags.push(tag.clone());
                continue;
            };
            let before = tags[place].clone();
            if let (Value::Object(held), Value::Object(tag)) = (&mut tags[place], tag) {
                for (key, value) in tag {
                    if self.replace || !held.contains_key(key) {
                        held.insert(key.clone(), value.clone());
                    }
                }
            }
            if !equal(&before, &tags[place]) {
                let after = tags[place].clone();
                self.changes
                    .push(Change::new(&at.join(place), Some(before), Some(after)));
            }
        }
    }

    fn finish(mut self) -> Result<Vec<Change>, Error> {
        if !self.firm.is_empty() {
            return Err(self.firm.swap_remove(0));
        }
        let Some(first) = self.conflicts.first() else {
            return Ok(self.changes);
        };
        let what = match self.conflicts.len() {
            1 => "this definition differs from the one held".to_owned(),
            n => format!("this definition and {} more differ from those held", n - 1),
        };
        let details: Vec<String> = self
            .conflicts
            .iter()
            .map(|conflict| conflict.sides("held", "new "))
            .collect();
        Err(Error::new(what)
            .at(&first.pointer)
            .remedy("pass --replace to take the new definitions")
            .details(details.join("\n")))
    }
}

/// The object under a key, made where there is none; `None` where the key holds
/// something else.
fn inner<'a>(held: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    held.entry(key)
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
}

/// The `3.1` of `3.1.0`.
fn series(version: &Value) -> Option<&str> {
    let text = version.as_str()?;
    let end = text
        .match_indices('.')
        .nth(1)
        .map_or(text.len(), |(at, _)| at);
    Some(&text[..end])
}
