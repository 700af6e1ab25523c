//! The places of the document that a stage was given: who reads a report has the
//! document as it was.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use serde_json::Value;

use crate::reference::unescaped;

/// Every place of a document, remembered by its hash: a copy of the document
/// would be many times as large.
#[derive(Debug)]
pub(crate) struct Places {
    hasher: RandomState,
    known: HashSet<u64>,
}

impl Places {
    /// The places of a document.
    pub(crate) fn of(document: &Value) -> Self {
        let mut places = Self {
            hasher: RandomState::new(),
            known: HashSet::new(),
        };
        places.add(document, 0);
        places
    }

    fn add(&mut self, value: &Value, at: u64) {
        self.known.insert(at);
        match value {
            Value::Object(entries) => {
                for (key, entry) in entries {
                    self.add(entry, self.below(at, key));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.add(item, self.below(at, &index.to_string()));
                }
            }
            _ => {}
        }
    }

    fn below(&self, at: u64, key: &str) -> u64 {
        self.hasher.hash_one((at, key))
    }

    /// The pointer, up to the last place of it that there is.
    pub(crate) fn nearest<'a>(&self, pointer: &'a str) -> &'a str {
        let mut at = 0;
        let mut end = 0;
        for token in pointer.split('/').skip(1) {
            at = self.below(at, &unescaped(token));
            if !self.known.contains(&at) {
                break;
            }
            end += token.len() + 1;
        }
        &pointer[..end]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointers_end_where_the_document_does() {
        let places = Places::of(&json!({"a/b": [{"~": 1}, 2], "": {}}));
        for (pointer, nearest) in [
            ("", ""),
            ("/", "/"),
            ("/a~1b/0/~0", "/a~1b/0/~0"),
            ("/a~1b/0/~0/more", "/a~1b/0/~0"),
            ("/a~1b/2", "/a~1b"),
            ("/a/b", ""),
        ] {
            assert_eq!(places.nearest(pointer), nearest, "{pointer}");
        }
    }
}
