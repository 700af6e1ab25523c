//! `SOURCE.toml`: which pages a document is made of, as published, and when
//! each was taken in.

use openapi_prep::Error;
use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, Item, Table, Value};

use crate::workspace::no_toml;

const HEADER: &str = "\
# The pages this document is made of, as published; they stand under pages/.
# Written by `cargo xtask spec import`, not by hand.

";

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The file's name under `pages/`.
    pub name: String,
    /// The form it is in, one word.
    pub form: String,
    /// The day it was taken in, in UTC.
    pub date: String,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// The operations that stand on it, such as `GET /v2/avatars`.
    pub operations: Vec<String>,
}

/// All pages, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    entries: Vec<Entry>,
}

impl Source {
    /// Reads the file. It is written by us alone, so anything that would be
    /// lost in writing it again is refused.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let document: DocumentMut = text.parse().map_err(|error| advise(no_toml(&error)))?;
        if let Some((key, _)) = document.iter().find(|(key, _)| *key != "page") {
            return Err(advise(Error::new(format!(
                "has a key `{key}`, which it should not"
            ))));
        }
        let pages = match document.get("page") {
            None => return Ok(Self::default()),
            Some(pages) => pages
                .as_array_of_tables()
                .ok_or_else(|| advise(Error::new("`page` is no list of tables")))?,
        };
        let mut entries = pages
            .iter()
            .enumerate()
            .map(|(index, page)| {
                entry(page).map_err(|error| advise(error.at(format!("/page/{index}"))))
            })
            .collect::<Result<Vec<_>, _>>()?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(advise(Error::new(format!("names {} twice", pair[0].name))));
        }
        Ok(Self { entries })
    }

    /// The text of the file.
    pub(super) fn print(&self) -> String {
        let mut pages = ArrayOfTables::new();
        for entry in &self.entries {
            pages.push(table(entry));
        }
        let mut document = DocumentMut::new();
        document.insert("page", Item::ArrayOfTables(pages));
        format!("{HEADER}{document}")
    }

    /// Drops all pages but one.
    pub(super) fn retain(&mut self, name: &str) {
        self.entries.retain(|entry| entry.name == name);
    }

    /// Puts a page in its place. One that stands there already and is the same
    /// but for the date keeps its date.
    pub(super) fn put(&mut self, entry: Entry) {
        match self
            .entries
            .binary_search_by(|held| held.name.cmp(&entry.name))
        {
            Ok(place) => {
                let held = &mut self.entries[place];
                let same = Entry {
                    date: held.date.clone(),
                    ..entry.clone()
                };
                if *held != same {
                    *held = entry;
                }
            }
            Err(place) => self.entries.insert(place, entry),
        }
    }
}

fn advise(error: Error) -> Error {
    error
        .remedy("the file is written by `cargo xtask spec import`; restore it from version control")
}

fn entry(page: &Table) -> Result<Entry, Error> {
    const KEYS: [&str; 5] = ["name", "form", "date", "sha256", "operations"];
    if let Some((key, _)) = page.iter().find(|(key, _)| !KEYS.contains(key)) {
        return Err(Error::new(format!(
            "has a key `{key}`, which it should not"
        )));
    }
    let wrong = |key: &str| Error::new(format!("`{key}` is missing or of the wrong type"));
    let text = |key: &str| {
        let value = page.get(key).and_then(Item::as_str);
        value.map(str::to_owned).ok_or_else(|| wrong(key))
    };
    let date = page.get("date").and_then(Item::as_datetime);
    let operations = page.get("operations").and_then(Item::as_array);
    Ok(Entry {
        name: text("name")?,
        form: text("form")?,
        date: date.ok_or_else(|| wrong("date"))?.to_string(),
        sha256: text("sha256")?,
        operations: operations
            .ok_or_else(|| wrong("operations"))?
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| wrong("operations"))?,
    })
}

fn table(entry: &Entry) -> Table {
    let mut table = Table::new();
    table.insert("name", text(&entry.name));
    table.insert("form", text(&entry.form));
    // Ours are dates; of another hand's the text is kept.
    table.insert(
        "date",
        match entry.date.parse::<Datetime>() {
            Ok(date) => Item::Value(Value::from(date)),
            Err(_) => text(&entry.date),
        },
    );
    table.insert("sha256", text(&entry.sha256));
    let mut operations: Array = entry.operations.iter().map(String::as_str).collect();
    if operations.len() > 1 {
        // One on a line, so that a change reads as one line.
        for operation in operations.iter_mut() {
            operation.decor_mut().set_prefix("\n    ");
        }
        operations.set_trailing("\n");
        operations.set_trailing_comma(true);
    }
    table.insert("operations", Item::Value(Value::Array(operations)));
    table
}

fn text(text: &str) -> Item {
    Item::Value(Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, date: &str, operations: &[&str]) -> Entry {
        Entry {
            name: name.to_owned(),
            form: "readme".to_owned(),
            date: date.to_owned(),
            sha256: "00ff".to_owned(),
            operations: operations.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_sorted_by_name() {
        let mut source = Source::default();
        source.put(page("b \"quoted\".md", "2026-01-02", &["GET /b"]));
        source.put(page("a.md", "2026-01-03", &["GET /a/{id}", "POST /a"]));
        let text = source.print();
        assert_eq!(
            text,
            format!(
                "{HEADER}[[page]]\nname = \"a.md\"\nform = \"readme\"\ndate = 2026-01-03\n\
                 sha256 = \"00ff\"\noperations = [\n    \"GET /a/{{id}}\",\n    \"POST /a\",\n]\n\n\
                 [[page]]\nname = 'b \"quoted\".md'\nform = \"readme\"\ndate = 2026-01-02\n\
                 sha256 = \"00ff\"\noperations = [\"GET /b\"]\n"
            )
        );
        assert_eq!(Source::parse(&text).unwrap(), source);
    }

    #[test]
    fn a_page_that_did_not_change_keeps_its_date() {
        let mut source = Source::default();
        source.put(page("a.md", "2026-01-02", &["GET /a"]));
        source.put(page("a.md", "2026-05-05", &["GET /a"]));
        assert_eq!(source.entries[0].date, "2026-01-02");
        source.put(page("a.md", "2026-05-05", &["GET /b"]));
        assert_eq!(source.entries[0].date, "2026-05-05");
    }

    #[test]
    fn what_would_be_lost_is_refused_with_its_place() {
        let mut source = Source::default();
        source.put(page("a.md", "2026-01-02", &[]));
        let one = source.print();
        for (text, wanted) in [
            ("x = 1", "`x`"),
            ("page = 1", "list of tables"),
            ("[[page]]\nname = 1", "/page/0"),
            ("[[page]]\nname = \"a\"\nby = \"me\"", "`by`"),
            ("[[page", "is no TOML"),
            (&format!("{one}{one}"), "names a.md twice"),
        ] {
            let error = Source::parse(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
            assert!(error.contains("version control"), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
        assert_eq!(Source::parse("").unwrap(), Source::default());
    }
}
