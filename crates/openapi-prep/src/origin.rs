//! Where things stood in the document that a stage was given.
//!
//! Rules run one after another, and each meets what those before it left:
//! schemas under new names, lists with entries taken out, parts put in place of
//! references. Who reads a report has the document as it was.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
};

use serde_json::Value;

use crate::Pointer;

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
                    let key = if key.contains(['~', '/']) {
                        &key.replace('~', "~0").replace('/', "~1")
                    } else {
                        key
                    };
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

    fn below(&self, at: u64, token: &str) -> u64 {
        self.hasher.hash_one((at, token))
    }

    /// The pointer, up to the last place of it that there is.
    pub(crate) fn nearest<'a>(&self, pointer: &'a str) -> &'a str {
        let mut at = 0;
        let mut end = 0;
        for token in pointer.split('/').skip(1) {
            at = self.below(at, token);
            if !self.known.contains(&at) {
                break;
            }
            end += token.len() + 1;
        }
        &pointer[..end]
    }
}

/// What was moved: where it stands now, and where it stood at first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Moves(HashMap<String, String>);

impl Moves {
    /// Notes that what stood at the second place of each pair stands at the
    /// first, all moved at once.
    pub(crate) fn put(&mut self, moved: &[(Pointer, Pointer)]) {
        let all: Vec<_> = moved
            .iter()
            .map(|(to, from)| (to.to_string(), self.origin(from.as_str())))
            .collect();
        self.0.extend(all);
    }

    /// Notes that what stood at one place stands at another, with all that was
    /// moved inside it before.
    pub(crate) fn put_whole(&mut self, to: &Pointer, from: &Pointer) {
        let inside = format!("{from}/");
        let inner = self.0.iter().filter_map(|(key, first)| {
            let rest = key.strip_prefix(&inside)?;
            Some((format!("{to}/{rest}"), first.clone()))
        });
        let inner: Vec<_> = inner.collect();
        self.0.extend(inner);
        self.put(&[(to.clone(), from.clone())]);
    }

    /// Notes which entries of a list are left, by their old numbers.
    pub(crate) fn renumber(&mut self, list: &Pointer, left: &[usize]) {
        let moved: Vec<_> = left
            .iter()
            .enumerate()
            .filter(|(new, old)| new != *old || !self.0.is_empty())
            .map(|(new, old)| (list.join(new), list.join(old)))
            .collect();
        self.put(&moved);
    }

    /// Where what stood at a place at first may be now: there, or where it was
    /// moved or copied to.
    pub(crate) fn locations(&self, origin: &str) -> Vec<String> {
        let moved = self.0.iter().filter_map(|(to, from)| {
            let rest = origin.strip_prefix(from.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
        });
        moved
            .chain([origin.to_owned()])
            .filter(|location| self.origin(location) == origin)
            .collect()
    }

    /// Where a place was at first, as far as is known.
    pub(crate) fn origin(&self, pointer: &str) -> String {
        let mut end = pointer.len();
        while end > 0 && !self.0.is_empty() {
            if let Some(from) = self.0.get(&pointer[..end]) {
                return format!("{from}{}", &pointer[end..]);
            }
            end = pointer[..end].rfind('/').unwrap_or_default();
        }
        pointer.to_owned()
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

    #[test]
    fn what_moved_is_followed_back() {
        let at = |text: &str| Pointer::parse(text);
        let mut moves = Moves::default();
        assert_eq!(moves.origin("/a/0"), "/a/0");
        moves.renumber(&at("/a"), &[1, 2]);
        moves.renumber(&at("/a"), &[1]);
        assert_eq!(moves.origin("/a/0/x"), "/a/2/x");
        moves.put(&[(at("/named"), at("/a/0/x"))]);
        moves.put(&[(at("/renamed"), at("/named")), (at("/named"), at("/other"))]);
        assert_eq!(moves.origin("/renamed/y"), "/a/2/x/y");
        assert_eq!(moves.origin("/named"), "/other");
        assert_eq!(moves.origin("/renamed2"), "/renamed2");
    }
}
