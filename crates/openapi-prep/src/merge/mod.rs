//! Many pages become one document.
//!
//! A vendor's pages hold one operation each and repeat what they share. Merging
//! is by definition, not by text: an operation, a component, a tag, a top-level
//! key. What only one side has is taken; what both have must be equal, or
//! [`merge`] refuses it and shows both sides. With `replace` the new side wins,
//! and each thing it changes is listed.
//!
//! Some things say nothing about the API and differ between pages read at
//! different times: `info.version`, what is said of a tag, the keys `x-readme…`
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
/// With no document held, the result is the page's own, key for key.
///
/// # Errors
///
/// Where the page defines something in another way than the document held, all
/// such places in one error.
pub fn merge(base: Option<Value>, page: &Value, replace: bool) -> Result<Merged, Error> {
    let is_first = base.is_none();
    let mut document = base.unwrap_or_else(|| Value::Object(Map::new()));
    if !page.is_object() || !document.is_object() {
        return Err(Error::new("the document is no JSON object")
            .at(Pointer::root())
            .remedy("give an OpenAPI document"));
    }
    let mut page = with_own_defaults(&document, page.clone());
    defaults::share(&mut document, &mut page);
    let (mut changes, mut conflicts) = (Vec::new(), Vec::new());
    for new in definitions(&page) {
        let (at, old) = new.find(&document);
        let is_patch = |old| at.as_str() == "/openapi" && series(old) == series(new.value);
        let is_silent = !replace && new.is_no_statement();
        if old.is_some_and(|old| is_silent || is_patch(old) || equal(old, new.value)) {
            continue;
        }
        let change = Change::new(&at, old.cloned(), Some(new.value.clone()));
        if old.is_some() && !replace {
            conflicts.push(change);
        } else {
            put(&mut document, at.as_str(), new.value.clone());
            changes.push(change);
        }
    }
    if !conflicts.is_empty() {
        return Err(refusal(&conflicts));
    }
    Ok(Merged {
        // Key for key the page's own, whatever it holds that merging does not know.
        document: if is_first { page } else { document },
        changes,
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
            definition::remove_empty_path(&mut document, &at);
        }
    }
    Merged { document, changes }
}

/// The `3` and `1` of `3.1.0`.
fn series(version: &Value) -> Option<(&str, &str)> {
    let (major, rest) = version.as_str()?.split_once('.')?;
    Some((major, rest.split('.').next()?))
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
