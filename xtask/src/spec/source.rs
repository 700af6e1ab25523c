//! `SOURCE.toml`: which pages a document is made of, as published, when each was
//! imported, and which operations are written by hand.

use openapi_prep::Error;
use serde::{Deserialize, Serialize};
use toml_edit::{Datetime, DocumentMut, de::from_document, ser::to_string_pretty};

use crate::workspace::no_toml;

const HEADER: &str = "\
# What this document is made of: pages, as published under pages/, and operations
# written by hand, with what they were written from. `cargo xtask spec import` writes
# the pages here, and removes an operation from those written once a page has it.

";

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// The file's name under `pages/`.
    pub name: String,
    /// The form it is in, one word.
    pub form: String,
    /// The day it was taken in, in UTC.
    pub date: Datetime,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// The operations that stand on it, such as `GET /v2/avatars`.
    pub operations: Vec<String>,
}

/// Operations that no page holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What they were written from.
    from: String,
    /// The day of what they were written from.
    date: Datetime,
    /// The operations, such as `GET /v2/avatars`.
    operations: Vec<String>,
}

/// All pages, by name, and what is written by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    #[serde(default, rename = "page", skip_serializing_if = "Vec::is_empty")]
    entries: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    written: Vec<Written>,
}

impl Source {
    /// Reads the file. It is written by us alone, so anything that would be
    /// lost in writing it again is refused.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let read = |text: &str| {
            let document: DocumentMut = text.parse().map_err(|error| no_toml(&error))?;
            let mut source: Self = from_document(document)
                .map_err(|error| Error::new(error.message().replace('\n', ", ")))?;
            source.entries.sort_by(|a, b| a.name.cmp(&b.name));
            let twin = source
                .entries
                .windows(2)
                .find(|pair| pair[0].name == pair[1].name);
            match twin {
                Some(pair) => Err(Error::new(format!("names {} twice", pair[0].name))),
                None => Ok(source),
            }
        };
        read(text).map_err(|error| {
            error.remedy(
                "the file is written by `cargo xtask spec import`; restore it from version control",
            )
        })
    }

    /// The text of the file.
    pub(super) fn print(&self) -> Result<String, Error> {
        let text = to_string_pretty(self)
            .map_err(|error| Error::new(format!("cannot be written as TOML: {error}")))?;
        Ok(format!("{HEADER}{text}"))
    }

    /// Drops everything but one page.
    pub(super) fn retain(&mut self, name: &str) {
        self.entries.retain(|entry| entry.name == name);
        self.written.clear();
    }

    /// Puts a page in its place. One that stands there already and is the same
    /// but for the date keeps its date. The page supersedes what was written of
    /// its operations.
    pub(super) fn put(&mut self, mut entry: Entry) {
        for written in &mut self.written {
            written.operations.retain(|o| !entry.operations.contains(o));
        }
        self.written.retain(|w| !w.operations.is_empty());
        if let Some(place) = self.entries.iter().position(|held| held.name == entry.name) {
            let held = self.entries.remove(place);
            let date = held.date;
            if (Entry {
                date: entry.date,
                ..held
            }) == entry
            {
                entry.date = date;
            }
        }
        self.entries.push(entry);
        self.entries.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, date: &str, operations: &[&str]) -> Entry {
        Entry {
            name: name.to_owned(),
            form: "readme".to_owned(),
            date: date.parse().unwrap(),
            sha256: "00ff".to_owned(),
            operations: operations.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_sorted_by_name() {
        let mut source = Source::default();
        source.put(page("b \"quoted\".md", "2026-01-02", &["GET /b"]));
        source.put(page("a.md", "2026-01-03", &["GET /a/{id}", "POST /a"]));
        let text = source.print().unwrap();
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
    fn page_supersedes_what_was_written_by_hand() {
        let text = "[[written]]\nfrom = \"facts\"\ndate = 2026-01-01\n\
                    operations = [\"GET /a\", \"GET /b\"]\n";
        let mut source = Source::parse(text).unwrap();
        source.put(page("a.md", "2026-01-02", &["GET /a"]));
        assert_eq!(source.written[0].operations, ["GET /b"]);
        assert_eq!(Source::parse(&source.print().unwrap()).unwrap(), source);
        source.put(page("b.md", "2026-01-02", &["GET /b"]));
        assert!(source.written.is_empty());
        let mut source = Source::parse(text).unwrap();
        source.retain("whole.json");
        assert_eq!(source, Source::default());
    }

    #[test]
    fn a_page_that_did_not_change_keeps_its_date() {
        let mut source = Source::default();
        source.put(page("a.md", "2026-01-02", &["GET /a"]));
        source.put(page("a.md", "2026-05-05", &["GET /a"]));
        assert_eq!(source.entries[0].date.to_string(), "2026-01-02");
        source.put(page("a.md", "2026-05-05", &["GET /b"]));
        assert_eq!(source.entries[0].date.to_string(), "2026-05-05");
    }

    #[test]
    fn what_would_be_lost_is_refused_with_its_place() {
        let mut source = Source::default();
        source.put(page("a.md", "2026-01-02", &[]));
        let one = source.print().unwrap();
        for (text, wanted) in [
            ("x = 1", "`x`"),
            ("page = 1", "expected a sequence"),
            ("[[page]]\nname = 1", "expected a string"),
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
