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

/// What an import may change of the document held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing: what is defined differently is refused.
    Add,
    /// What the files define. What no page has any more is removed.
    Replace,
    /// All of it: the file is the complete document.
    Whole,
}

/// Works out what taking in the files gives.
///
/// A page that is held already with other content, and anything defined
/// differently than in the document held, needs `replace`. What a replaced page
/// says no more goes out of the document, unless another page says it.
pub(super) fn plan(
    held: Held,
    inputs: &[Input],
    mode: Mode,
    today: &str,
) -> Result<Plan, Vec<Error>> {
    if mode == Mode::Whole {
        return whole(held, inputs, today);
    }
    let replace = mode == Mode::Replace;
    let mut errors = Vec::new();
    let mut changes = Vec::new();
    // Of pages that come in anew, what they held before is not rebuilt.
    let rebuilt = held.document.is_none();
    let mut document = match held.document {
        Some(document) => Some(document),
        None => rebuild(&held.pages, inputs).map_err(|error| vec![error])?,
    };
    let differs = |input: &Input| {
        held.pages
            .get(&input.name)
            .is_some_and(|old| *old != input.bytes)
    };
    for input in inputs {
        match merge(document.clone(), &input.page.document, replace) {
            Ok(_) if differs(input) && !replace => errors.push(
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
        for input in inputs.iter().filter(|input| differs(input) && !rebuilt) {
            let before = held_page(&input.name, &held.pages[&input.name]).map_err(|e| vec![e])?;
            let said: Vec<Value> = pages.values().cloned().collect();
            let merged = withdraw(document, &before, &input.page.document, &said);
            document = merged.document;
            changes.extend(merged.changes);
        }
        notes.extend(outdated(&pages, &document, &changes));
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
fn whole(held: Held, inputs: &[Input], today: &str) -> Result<Plan, Vec<Error>> {
    let [input] = inputs else {
        return Err(vec![
            Error::new(format!(
                "{} files cannot each be the complete document",
                inputs.len()
            ))
            .remedy("pass one file with --whole, or --replace to take in several"),
        ]);
    };
    let new = &input.page.document;
    let merged = match held.document {
        Some(document) => replace_whole(&document, new),
        None => {
            merge(None, new, true).map_err(|error| vec![error.in_file(&input.path)])?
        }
    };
    let mut source = held.source;
    source.retain(&input.name);
    source.put(entry(input, today));
    Ok(Plan {
        document: merged.document,
        source,
        changes: merged.changes,
        removed: held
            .pages
            .into_keys()
            .filter(|name| *name != input.name)
            .collect(),
        notes: Vec::new(),
    })
}

fn entry(input: &Input, today: &str) -> Entry {
    Entry {
        name: input.name.clone(),
        form: input.page.form.to_string(),
        date: today.to_owned(),
        sha256: sha256(&input.bytes),
        operations: page::operations(&input.page.document),
    }
}

/// The document of the pages held, save those that come in anew, where the
/// document itself is gone.
fn rebuild(pages: &BTreeMap<String, Vec<u8>>, inputs: &[Input]) -> Result<Option<Value>, Error> {
    let mut document = None;
    for (name, bytes) in pages {
        if inputs.iter().any(|input| input.name == *name) {
            continue;
        }
        let page = held_page(name, bytes)?;
        let merged = merge(document, &page, false).map_err(|error| {
            error.in_file(format!("pages/{name}")).remedy(
                "heygen.json is gone and the pages held disagree; restore it from version control",
            )
        })?;
        document = Some(merged.document);
    }
    Ok(document)
}

/// The documents of all pages as they will be held, by name.
fn all_pages(
    held: &BTreeMap<String, Vec<u8>>,
    inputs: &[Input],
) -> Result<BTreeMap<String, Value>, Error> {
    let mut pages = BTreeMap::new();
    for input in inputs {
        pages.insert(input.name.clone(), input.page.document.clone());
    }
    for (name, bytes) in held {
        if !pages.contains_key(name) {
            pages.insert(name.clone(), held_page(name, bytes)?);
        }
    }
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
    let replaced: Vec<&str> = changes
        .iter()
        .filter(|change| change.before.is_some() && change.after.is_some())
        .map(|change| change.pointer.as_str())
        .filter(|pointer| {
            ["/paths/", "/components/"]
                .iter()
                .any(|top| pointer.starts_with(top))
        })
        .collect();
    let mut notes = Vec::new();
    for (name, page) in pages {
        let page = with_own_defaults(document, page.clone());
        let old = replaced.iter().filter(|pointer| {
            let said = page.pointer(pointer);
            said.is_some_and(|said| {
                document
                    .pointer(pointer)
                    .is_none_or(|now| !equal(said, now))
            })
        });
        let old: Vec<String> = old.map(|pointer| changes::name(pointer, None)).collect();
        if !old.is_empty() {
            notes.push(format!(
                "pages/{name} still describes {} as it was; import its newer version too",
                old.join(", ")
            ));
        }
    }
    notes
}

fn sha256(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        for digit in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_printed_in_hexadecimal() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
