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
    pub pages: BTreeMap<String, Input>,
}

/// A page, to take in or taken in before.
#[derive(Debug)]
pub(super) struct Input {
    /// Its path, as the user gave it, or under `pages/`.
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
        old.filter(|old| old.bytes != input.bytes)
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
        let all = held.pages.values().chain(inputs);
        let pages: BTreeMap<&str, &Value> = all
            .map(|page| (page.name.as_str(), &page.page.document))
            .collect();
        let said: Vec<Value> = pages.values().map(|page| (*page).clone()).collect();
        for input in inputs {
            let Some(old) = old(input) else { continue };
            let merged = withdraw(&document, &old.page.document, &input.page.document, &said);
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
        sha256: digest
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")),
        operations: page::operations(&input.page.document),
    }
}

/// Pages that define something that was just replaced differently than the
/// document now does.
fn outdated(pages: &BTreeMap<&str, &Value>, document: &Value, changes: &[Change]) -> Vec<String> {
    let is_replaced = |change: &&Change| {
        let is_api = ["/paths/", "/components/"].map(|top| change.pointer.starts_with(top));
        change.before.is_some() && change.after.is_some() && is_api.contains(&true)
    };
    let mut notes = Vec::new();
    for (name, page) in pages {
        let page = with_own_defaults(document, (*page).clone());
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
