//! A comparison under way: the two APIs, which old type is which new one, and
//! the changes found so far.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    change::{Change, Class},
    members::Renamed,
};
use crate::{
    api::{Annotations, Api},
    equality,
    text::shown,
};

/// What may have changed, and where that is in both documents.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    /// What sentences call it.
    pub(super) what: String,
    pub(super) operation: Option<String>,
    pub(super) type_name: Option<String>,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

impl Subject {
    /// A part of it, at these pointers; none is for the side that does not have it.
    pub(super) fn part(&self, what: &str, old: Option<&str>, new: Option<&str>) -> Self {
        Self {
            what: what.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            ..self.clone()
        }
    }
}

pub(super) struct Compare<'a> {
    pub(super) old: &'a Api,
    pub(super) new: &'a Api,
    pub(super) renamed: Renamed,
    pub(super) rows: Vec<Change>,
}

impl Compare<'_> {
    /// Adds a change that breaks programs.
    pub(super) fn breaking(&mut self, of: &Subject, kind: &str, words: &str) {
        self.value(of, (Class::Breaking, kind), words, ((), ()));
    }

    /// Adds a change with the value on either side; null is none. `words` follow in
    /// the sentence what has changed.
    pub(super) fn value(
        &mut self,
        of: &Subject,
        (class, kind): (Class, impl Into<String>),
        words: &str,
        (was, is): (impl Serialize, impl Serialize),
    ) {
        let present = |value: Value| Some(value).filter(|value| !value.is_null());
        self.rows.push(Change {
            class,
            kind: kind.into(),
            operation: of.operation.clone(),
            type_name: of.type_name.clone(),
            old: of.old.clone(),
            new: of.new.clone(),
            before: present(json!(was)),
            after: present(json!(is)),
            text: format!("{} {words}.", of.what),
        });
    }

    /// Compares types, or what else a program depends on.
    pub(super) fn types(&mut self, of: &Subject, was: &str, is: &str) {
        if was != is {
            let words = format!("was {} and is {} now", code(was), code(is));
            self.value(of, (Class::Breaking, "type-changed"), &words, (was, is));
        }
    }

    /// Compares what is documentation in Rust.
    pub(super) fn documentation<T: Serialize>(&mut self, of: &Subject, key: &str, both: [T; 2]) {
        self.under_key(of, key, key, both.map(|side| json!(side)));
    }

    /// Compares documentation in prose under a key.
    pub(super) fn prose<T: Serialize>(&mut self, of: &Subject, key: &str, both: [T; 2]) {
        self.under_key(of, "documentation", key, both.map(|side| json!(side)));
    }

    fn under_key(&mut self, of: &Subject, kind: &str, key: &str, [was, is]: [Value; 2]) {
        if !equality::equal(&was, &is) {
            let (kind, words) = (format!("{kind}-changed"), format!("differs in its {key}"));
            self.value(of, (Class::Cosmetic, kind), &words, (was, is));
        }
    }

    /// Compares what the documents say of an item beyond its shape.
    pub(super) fn annotations(&mut self, of: &Subject, both: [&Annotations; 2]) {
        let [was, is] = both;
        self.deprecation(of, was.deprecated, is.deprecated);
        self.documentation(of, "default", both.map(|side| &side.default));
        self.documentation(of, "constraints", both.map(|side| &side.constraints));
        self.documentation(of, "examples", both.map(|side| &side.examples));
        // Defaults and constraints are in the description too, as they are written.
        if (&was.default, &was.constraints) == (&is.default, &is.constraints) {
            self.prose(of, "description", both.map(|side| &side.description));
        }
    }

    pub(super) fn deprecation(&mut self, of: &Subject, was: bool, is: bool) {
        if !was && is {
            let change = (Class::Additive, "deprecated");
            self.value(of, change, "is deprecated now", ((), ()));
        } else if was && !is {
            let change = (Class::Cosmetic, "deprecation-lifted");
            self.value(of, change, "is not deprecated any more", ((), ()));
        }
    }
}

/// How many characters of a name a sentence holds.
const LONGEST: usize = 80;

/// A name, set apart from the words around it, on one line.
pub(super) fn code(name: &str) -> String {
    format!("`{}`", shown(&name.replace('`', "'"), LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_marks() {
        assert_eq!(code("a`b\n\u{1b}[1m"), "`a'b??[1m`");
        let long = code(&"x".repeat(500));
        assert_eq!(long.chars().count(), LONGEST + 5);
    }
}
