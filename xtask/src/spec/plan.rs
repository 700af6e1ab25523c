//! What an import would do, worked out in memory: nothing here touches a file,
//! so whatever goes wrong leaves the checkout as it was.

use std::collections::BTreeMap;

use openapi_prep::{
    Error,
    merge::{Change, equal, merge, replace_whole, with_own_defaults, withdraw},
    page::{self, Page},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use toml_edit::Datetime;

use super::{
    changes,
    source::{Entry, Source},
};

/// What the folder of a document holds.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The document; `None` where there is none yet.
    pub document: Option<Value>,
    /// Where it comes from.
    pub source: Source,
    /// The pages, as published, by file name.
    pub pages: BTreeMap<String, Vec<u8>>,
}

/// A file to take in.
#[derive(Debug)]
pub(super) struct Input {
    /// Its path, as the user gave it.
    pub path: String,
    /// Its name under `pages/`.
    pub name: String,
    /// Its content, as published.
    pub bytes: Vec<u8>,
    /// The document in it.
    pub page: Page,
}

/// What the folder should hold.
#[derive(Debug)]
pub(super) struct Plan {
    /// The document.
    pub document: Value,
    /// Where it comes from.
    pub source: Source,
    /// What differs from the document held.
    pub changes: Vec<Change>,
    /// Names of held pages to remove.
    pub removed: Vec<String>,
    /// What the user should know besides.
    pub notes: Vec<String>,
}

/// Works out what taking in the files gives.
///
/// A page that is held already with other content, and anything defined
/// differently than in the document held, needs `replace`. What a replaced page
/// says no more goes out of the document, unless another page says it.
pub(super) fn plan(
    held: Held,
    inputs: &[Input],
    replace: bool,
    today: Datetime,
) -> Result<Plan, Vec<Error>> {
    let is_read = |name: &&String| inputs.iter().any(|input| input.name == **name);
    if held.document.is_none() && !held.pages.keys().all(|name| is_read(&name)) {
        return Err(vec![
            Error::new("the document is gone, and not all of its pages are imported anew")
                .in_file("heygen.json")
                .remedy("restore it from version control, or import all pages"),
        ]);
    }
    let (mut document, mut changes, mut errors) = (held.document, Vec::new(), Vec::new());
    let old = |input: &Input| {
        let old = held.pages.get(&input.name);
        old.filter(|old| **old != input.bytes)
    };
    for input in inputs {
        match merge(document.clone(), &input.page.document, replace) {
            Ok(_) if old(input).is_some() && !replace => errors.push(
                Error::new(format!(
                    "pages/{} is held already and has other content, though nothing is defined \
                     differently",
                    input.name
                ))
                .in_file(&input.path)
                .remedy(
                    "pass --replace to take the new page, and to drop what only the one held \
                     describes",
                ),
            ),
            Ok(merged) => {
                document = Some(merged.document);
                changes.extend(merged.changes);
            }
            Err(error) => errors.push(error.in_file(&input.path)),
        }
    }
    let (Some(mut document), []) = (document, errors.as_slice()) else {
        return Err(errors);
    };
    let mut notes = Vec::new();
    if replace {
        let pages = all_pages(&held.pages, inputs).map_err(|error| vec![error])?;
        let said: Vec<Value> = pages.values().cloned().collect();
        for input in inputs {
            let Some(old) = old(input) else { continue };
            let before = held_page(&input.name, old).map_err(|error| vec![error])?;
            let merged = withdraw(document, &before, &input.page.document, &said);
            document = merged.document;
            changes.extend(merged.changes);
        }
        notes = outdated(&pages, &document, &changes);
    }
    let mut source = held.source;
    for input in inputs {
        source.put(entry(input, today));
    }
    Ok(Plan {
        document,
        source,
        changes,
        removed: Vec::new(),
        notes,
    })
}

/// Takes one file as the complete document: the pages held are superseded.
pub(super) fn whole(held: Held, input: &Input, today: Datetime) -> Result<Plan, Error> {
    let new = &input.page.document;
    let merged = match held.document {
        Some(document) => replace_whole(&document, new),
        None => merge(None, new, true)?,
    };
    let mut source = held.source;
    source.retain(&input.name);
    source.put(entry(input, today));
    let mut removed = held.pages;
    removed.remove(&input.name);
    Ok(Plan {
        document: merged.document,
        source,
        changes: merged.changes,
        removed: removed.into_keys().collect(),
        notes: Vec::new(),
    })
}

fn entry(input: &Input, today: Datetime) -> Entry {
    let digest = Sha256::digest(&input.bytes);
    Entry {
        name: input.name.clone(),
        form: input.page.form.to_string(),
        date: today,
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        operations: page::operations(&input.page.document),
    }
}

/// The documents of all pages as they will be held, by name.
fn all_pages(
    held: &BTreeMap<String, Vec<u8>>,
    inputs: &[Input],
) -> Result<BTreeMap<String, Value>, Error> {
    let held = held
        .iter()
        .map(|(name, bytes)| Ok((name.clone(), held_page(name, bytes)?)));
    let mut pages: BTreeMap<_, _> = held.collect::<Result<_, Error>>()?;
    let new = inputs.iter();
    pages.extend(new.map(|input| (input.name.clone(), input.page.document.clone())));
    Ok(pages)
}

fn held_page(name: &str, bytes: &[u8]) -> Result<Value, Error> {
    str::from_utf8(bytes)
        .map_err(|error| Error::new(format!("is not text in UTF-8: {error}")))
        .and_then(page::extract)
        .map(|page| page.document)
        .map_err(|error| {
            error
                .in_file(format!("pages/{name}"))
                .remedy("the page held is damaged; restore it from version control")
        })
}

/// Pages that define something that was just replaced differently than the
/// document now does.
fn outdated(pages: &BTreeMap<String, Value>, document: &Value, changes: &[Change]) -> Vec<String> {
    let is_replaced = |change: &&Change| {
        let is_api = ["/paths/", "/components/"].map(|top| change.pointer.starts_with(top));
        change.before.is_some() && change.after.is_some() && is_api.contains(&true)
    };
    let mut notes = Vec::new();
    for (name, page) in pages {
        let page = with_own_defaults(document, page.clone());
        let differs = |change: &&Change| {
            let said = page.pointer(&change.pointer);
            let now = document.pointer(&change.pointer);
            said.is_some_and(|said| now.is_none_or(|now| !equal(said, now)))
        };
        let old = changes.iter().filter(is_replaced).filter(differs);
        let old: Vec<String> = old
            .map(|change| changes::name(&change.pointer, None))
            .collect();
        if !old.is_empty() {
            notes.push(format!(
                "pages/{name} still describes {} as it was; import its newer version too",
                old.join(", ")
            ));
        }
    }
    notes
}
