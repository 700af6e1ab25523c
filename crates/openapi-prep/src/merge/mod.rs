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
//! `servers` and `security` at the top hold for every operation, `servers` and
//! `parameters` of a path for every operation of the path. Where the two sides
//! differ in them, the operations get a copy of their own, so that each means
//! what it meant.

mod change;
mod defaults;
mod definition;
mod paths;

use serde_json::{Map, Value};

use self::definition::{Definition, definitions};
pub use self::{change::Change, defaults::with_own_defaults};
pub use crate::equality::equal;
use crate::{
    Error, Pointer,
    pointer::{put, remove},
};

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
/// # Errors
///
/// Where the page defines something in another way than the document held, all
/// such places in one error; where the two are of OpenAPI 3.0 and 3.1; where
/// the page spells one path in two ways.
pub fn merge(base: Option<Value>, page: &Value, replace: bool) -> Result<Merged, Error> {
    let is_first = base.is_none();
    let mut document = base.unwrap_or_else(|| Value::Object(Map::new()));
    if !page.is_object() || !document.is_object() {
        return Err(Error::new("the document is no JSON object")
            .at(Pointer::root())
            .remedy("give an OpenAPI document"));
    }
    let mut page = with_own_defaults(&document, page.clone());
    let mut merger = Merger {
        replace,
        changes: Vec::new(),
        conflicts: Vec::new(),
    };
    if replace {
        paths::respell(&mut document, &page, &mut merger.changes);
    }
    merger.share(&mut document, &mut page);
    for definition in definitions(&page) {
        merger.define(&mut document, &definition)?;
    }
    if !merger.conflicts.is_empty() {
        return Err(refusal(&merger.conflicts));
    }
    paths::check_spellings(&document)?;
    Ok(Merged {
        // Key for key the page's own, whatever it holds that merging does not know.
        document: if is_first { page } else { document },
        changes: merger.changes,
    })
}

/// Replaces the document held by a complete one: what the new document lacks is
/// removed, and listed.
pub fn replace_whole(held: &Value, new: &Value) -> Merged {
    let mut changes: Vec<Change> = definitions(new)
        .iter()
        .map(|definition| {
            let (at, old) = definition.find(held);
            Change::new(&at, old.cloned(), Some(definition.value.clone()))
        })
        .filter(Change::is_real)
        .collect();
    let gone = definitions(held);
    let gone = gone.iter().filter(|old| old.find(new).1.is_none());
    changes.extend(gone.map(|old| Change::new(&old.at, Some(old.value.clone()), None)));
    Merged {
        document: new.clone(),
        changes,
    }
}

/// Takes out of `document` what a page held before (`before`) and holds no more
/// (`after`), unless one of the other pages (`others`) holds it too: operations,
/// components and tags, and a path with its last operation.
///
/// A component stays while something that stays refers to it; security schemes
/// always stay, being named and not referred to.
pub fn withdraw(mut document: Value, before: &Value, after: &Value, others: &[Value]) -> Merged {
    let stands = |old: &Definition<'_>| {
        let mut pages = std::iter::once(after).chain(others);
        pages.any(|page| old.find(page).1.is_some())
    };
    let (components, mut gone): (Vec<_>, Vec<_>) = definitions(before)
        .into_iter()
        .filter(|old| old.can_be_withdrawn() && !stands(old))
        .partition(Definition::is_component);
    let mut rest = document.clone();
    for old in gone.iter().chain(&components) {
        remove(&mut rest, old.at.as_str());
    }
    gone.extend(definition::unreferenced(rest, components));
    let mut changes = Vec::new();
    for old in gone {
        let (at, _) = old.find(&document);
        if let Some(value) = remove(&mut document, at.as_str()) {
            changes.push(Change::new(&at, Some(value), None));
            paths::remove_empty(&mut document, &at);
        }
    }
    Merged { document, changes }
}

struct Merger {
    replace: bool,
    changes: Vec<Change>,
    /// Defined differently; `replace` would take the new one.
    conflicts: Vec<Change>,
}

impl Merger {
    /// Takes a definition that is new; one that is not must be equal.
    fn define(&mut self, document: &mut Value, new: &Definition<'_>) -> Result<(), Error> {
        let (at, old) = new.find(document);
        let mut value = new.value.clone();
        let mut is_conflict = !self.replace;
        if let Some(old) = old {
            if at.as_str() == "/openapi"
                && let (Some(held), Some(new)) = (series(old), series(&value))
            {
                return if held == new {
                    Ok(())
                } else {
                    Err(other_series(held, new))
                };
            }
            if is_conflict && new.is_tag() {
                is_conflict = false;
                value = with_missing_keys(old, &value);
            }
            if is_conflict && new.is_no_statement() || equal(old, &value) {
                return Ok(());
            }
        } else {
            is_conflict = false;
        }
        let change = Change::new(&at, old.cloned(), Some(value.clone()));
        if is_conflict {
            self.conflicts.push(change);
        } else {
            put(document, at.as_str(), value);
            self.changes.push(change);
        }
        Ok(())
    }
}

/// What a tag says, with what another of its name says besides.
fn with_missing_keys(held: &Value, new: &Value) -> Value {
    let mut tag = held.clone();
    if let (Value::Object(tag), Value::Object(new)) = (&mut tag, new) {
        for (key, value) in new {
            tag.entry(key).or_insert_with(|| value.clone());
        }
    }
    tag
}

/// The `3.1` of `3.1.0`.
fn series(version: &Value) -> Option<&str> {
    let text = version.as_str()?;
    let end = text.match_indices('.').nth(1);
    Some(&text[..end.map_or(text.len(), |(at, _)| at)])
}

fn other_series(held: &str, new: &str) -> Error {
    Error::new(format!(
        "the document held is of OpenAPI {held}, this one of {new}, and the two read the same \
         words differently"
    ))
    .at(Pointer::root().join("openapi"))
    .remedy("import it into a folder of its own")
}

fn refusal(conflicts: &[Change]) -> Error {
    let what = match conflicts.len() {
        1 => "this definition differs from the one held".to_owned(),
        n => format!("this definition and {} more differ from those held", n - 1),
    };
    let sides = conflicts
        .iter()
        .map(|conflict| conflict.sides("held", "new "));
    Error::new(what)
        .at(&conflicts[0].pointer)
        .remedy("pass --replace to take the new definitions")
        .details(sides.collect::<Vec<_>>().join("\n"))
}

type Object = Map<String, Value>;
