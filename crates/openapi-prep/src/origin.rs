//! The places of the document that a stage was given: who reads a report has the
//! document as it was.

use std::collections::HashSet;

use serde_json::Value;

use crate::reference::unescaped;

/// Every place of a document, remembered by its hash: a copy of the document
/// would be many times as large.
#[derive(Debug)]
pub(crate) struct Places {
    known: HashSet<u64>,
}

/// The hash of the root.
const ROOT: u64 = 0xcbf2_9ce4_8422_2325;

impl Places {
    /// The places of a document.
    pub(crate) fn of(document: &Value) -> Self {
        let mut places = Self {
            known: HashSet::new(),
        };
        places.add(document, ROOT);
        places
    }

    fn add(&mut self, value: &Value, at: u64) {
        self.known.insert(at);
        match value {
            Value::Object(entries) => {
                for (key, entry) in entries {
                    self.add(entry, below(at, key));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.add(item, below(at, &index.to_string()));
                }
            }
            _ => {}
        }
    }

    /// The pointer, up to the last place of it that there is.
    pub(crate) fn nearest<'a>(&self, pointer: &'a str) -> &'a str {
        let mut at = ROOT;
        let mut end = 0;
        let mut places = vec![(at, end)];
        for token in pointer.split('/').skip(1) {
            at = if token.contains('~') {
                below(at, &unescaped(token))
            } else {
                below(at, token)
            };
            end += token.len() + 1;
            places.push((at, end));
        }
        // Most pointers lead somewhere whole.
        let mut known = places
            .iter()
            .rev()
            .filter(|(at, _)| self.known.contains(at));
        known.next().map_or("", |(_, end)| &pointer[..*end])
    }
}

/// The hash of a place by that of what is around it (FNV-1a): asked for every
/// place of a document and every step of a report's pointers.
fn below(around: u64, key: &str) -> u64 {
    // No byte of a text in UTF-8 is 255: it ends the key.
    let bytes = key.bytes().chain([0xff]);
    bytes.fold(around, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
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
