//! Many pages become one document.
//!
//! A vendor's pages hold one operation each and repeat what they share. Merging
//! is by definition, not by text: an operation, a component, a tag, a top-level
//! key. What only one side has is taken; what both have must be equal, or
//! [`merge`] refuses it and shows both sides. With `replace` the new side wins,
//! and each thing it changes is listed.
//!
//! Some things say nothing about the API and differ between pages read at
//! different times: `info.version`, what a tag says, the keys `x-readme…`
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
    /// What was added and changed, in the order of the document, and what was removed.
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
    let held = base.unwrap_or_else(|| Value::Object(Map::new()));
    if !page.is_object() || !held.is_object() {
        return Err(Error::new("the document is no JSON object")
            .at(Pointer::root())
            .remedy("give an OpenAPI document"));
    }
    let mut document = held.clone();
    let mut page = with_own_defaults(&held, page.clone());
    if replace {
        paths::respell(&mut document, &page);
    }
    defaults::share(&mut document, &mut page);
    let mut conflicts = Vec::new();
    for definition in definitions(&page) {
        define(&mut document, &definition, replace, &mut conflicts)?;
    }
    if !conflicts.is_empty() {
        return Err(refusal(&conflicts));
    }
    paths::check_spellings(&document)?;
    let changes = changes(&held, &document);
    // Key for key the page's own, whatever it holds that merging does not know.
    let document = if is_first { page } else { document };
    Ok(Merged { document, changes })
}

/// Replaces the document held by a complete one: what the new document lacks is
/// removed, and listed.
pub fn replace_whole(held: &Value, new: &Value) -> Merged {
    Merged {
        document: new.clone(),
        changes: changes(held, new),
    }
}

/// The definitions that are new or differ, in the order of the new document, and
/// those that are gone.
fn changes(held: &Value, new: &Value) -> Vec<Change> {
    let (before, after) = (definitions(held), definitions(new));
    let differ = after.iter().filter_map(|definition| {
        let (at, old) = definition.find(held);
        let is_same = old.is_some_and(|old| equal(old, definition.value));
        // One that is new is where the new document has it.
        let at = old.map_or(&definition.at, |_| &at);
        (!is_same).then(|| Change::new(at, old, Some(definition.value)))
    });
    let gone = before.iter().filter(|old| old.find(new).1.is_none());
    let gone = gone.map(|old| Change::new(&old.at, Some(old.value), None));
    differ.chain(gone).collect()
}

/// Takes out of the document held what a page held before (`before`) and holds no more
/// (`after`), unless one of the other pages (`others`) holds it too: operations,
/// components and tags, and a path with its last operation.
///
/// A component stays while something that stays refers to it; security schemes
/// always stay, being named and not referred to.
pub fn withdraw(held: &Value, before: &Value, after: &Value, others: &[Value]) -> Merged {
    let stands = |old: &Definition<'_>| {
        let mut pages = std::iter::once(after).chain(others);
        pages.any(|page| old.find(page).1.is_some())
    };
    let (components, mut gone): (Vec<_>, Vec<_>) = definitions(before)
        .into_iter()
        .filter(|old| old.can_be_withdrawn() && !stands(old))
        .partition(Definition::is_component);
    let mut document = held.clone();
    for old in gone.iter().chain(&components) {
        remove(&mut document, old.at.as_str());
    }
    gone.extend(definition::unreferenced(document, components));
    let mut document = held.clone();
    for old in gone {
        let (at, _) = old.find(&document);
        if remove(&mut document, at.as_str()).is_some() {
            paths::remove_empty(&mut document, &at);
        }
    }
    let changes = changes(held, &document);
    Merged { document, changes }
}

/// Takes a definition that is new; one that is not must be equal, or replaces it.
fn define(
    document: &mut Value,
    new: &Definition<'_>,
    replace: bool,
    conflicts: &mut Vec<Change>,
) -> Result<(), Error> {
    let (at, old) = new.find(document);
    if let Some(old) = old {
        if at.as_str() == "/openapi"
            && let (Some(held), Some(new)) = (series(old), series(new.value))
        {
            if held == new {
                return Ok(());
            }
            let what = format!(
                "the document held is of OpenAPI {held}, this one of {new}, and the two read the \
                 same words differently"
            );
            let remedy = "import it into a folder of its own";
            return Err(Error::new(what).at(&at).remedy(remedy));
        }
        if equal(old, new.value) || !replace && new.is_no_statement() {
            return Ok(());
        }
        if !replace {
            conflicts.push(Change::new(&at, Some(old), Some(new.value)));
            return Ok(());
        }
    }
    put(document, at.as_str(), new.value.clone());
    Ok(())
}

/// The `3.1` of `3.1.0`.
fn series(version: &Value) -> Option<&str> {
    let text = version.as_str()?;
    let end = text.match_indices('.').nth(1);
    Some(&text[..end.map_or(text.len(), |(at, _)| at)])
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
