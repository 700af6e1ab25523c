//! What the stages did to a document, and what they lost.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::{Pointer, Subject, pointer::nearest};

/// Whether an entry of a [`Report`] changed only the form, or lost meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// The same meaning in another form.
    Changed,
    /// Something the document said is not said any more.
    Lost,
}

/// One thing a rule did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// The stage, such as `normalise`.
    pub stage: &'static str,
    /// The rule within the stage, such as `any-of`: the name by which
    /// [`trace()`](crate::trace()) knows it too.
    pub rule: &'static str,
    /// Whether meaning was lost.
    pub effect: Effect,
    /// What was lost, where something was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Where in the document as given to [`prepare()`](crate::prepare) or the
    /// stage, as a JSON pointer which leads to something there: for what a rule
    /// created or moved, to what it was created from.
    pub pointer: String,
    /// What was done, for a reader.
    pub note: String,
}

/// A stage, and a rule of it.
pub(crate) type RuleName = (&'static str, &'static str);

/// What the stages did, in the order they did it. Serialized, a list of
/// [`Entry`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Report {
    entries: Vec<Entry>,
    /// Where things stood at first that rules moved, by where they are now: each
    /// rule meets what those before it left, schemas under new names and lists
    /// with entries taken out.
    #[serde(skip)]
    moves: HashMap<String, String>,
    /// The rule that is running: what is noted is noted of it.
    #[serde(skip)]
    pub(crate) running: RuleName,
}

impl Report {
    /// A report with no entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The entries, in the order in which they were made.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that lost meaning.
    pub fn losses(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|e| e.effect == Effect::Lost)
    }

    /// Takes in the entries of a report that was made after this one.
    pub fn append(&mut self, later: Self) {
        self.entries.extend(later.entries);
    }

    /// Adds what a step did that is not one of this library, such as a generator:
    /// with the subject it lost, or `None` where it lost nothing. The pointer
    /// leads into the document as given.
    pub fn add(
        &mut self,
        (stage, rule): RuleName,
        lost: Option<Subject>,
        pointer: impl Into<String>,
        note: impl Into<String>,
    ) {
        self.entries.push(Entry {
            stage,
            rule,
            effect: lost.map_or(Effect::Changed, |_| Effect::Lost),
            subject: lost,
            pointer: pointer.into(),
            note: note.into(),
        });
    }

    pub(crate) fn changed(&mut self, at: &Pointer, note: impl Into<String>) {
        self.noted(None, at, note);
    }

    pub(crate) fn lost(&mut self, subject: Subject, at: &Pointer, note: impl Into<String>) {
        self.noted(Some(subject), at, note);
    }

    /// Adds what the running rule lost, or changed where it lost nothing.
    pub(crate) fn noted(&mut self, lost: Option<Subject>, at: &Pointer, note: impl Into<String>) {
        self.add(self.running, lost, self.origin(at.as_str()), note);
    }

    /// Notes that what stood at one place stands at another from now on.
    pub(crate) fn moved(&mut self, to: &Pointer, from: &Pointer) {
        self.all_moved(&[(to.clone(), from.clone())]);
    }

    /// Notes that what stood at the second place of each pair stands at the
    /// first from now on: names may have been passed on.
    pub(crate) fn all_moved(&mut self, moved: &[(Pointer, Pointer)]) {
        let moved = moved.iter();
        let moved: Vec<_> = moved
            .map(|(to, from)| (to.to_string(), self.origin(from.as_str())))
            .collect();
        self.moves.extend(moved);
    }

    /// As [`Report::moved`], with all that was moved inside it before.
    pub(crate) fn moved_whole(&mut self, to: &Pointer, from: &Pointer) {
        let inside = format!("{from}/");
        let inner = self.moves.iter().filter_map(|(key, first)| {
            let rest = key.strip_prefix(&inside)?;
            Some((format!("{to}/{rest}"), first.clone()))
        });
        let inner: Vec<_> = inner.collect();
        self.moves.extend(inner);
        self.moved(to, from);
    }

    /// Notes which entries of a list are left, by their old numbers.
    pub(crate) fn renumbered(&mut self, list: &Pointer, left: &[usize]) {
        let moved = left.iter().enumerate();
        let moved: Vec<_> = moved
            .filter(|(new, old)| new != *old || !self.moves.is_empty())
            .map(|(new, old)| (list.join(new), list.join(old)))
            .collect();
        self.all_moved(&moved);
    }

    /// Where what stood at a place of the document as given may be now: there, or
    /// where it was moved or copied to.
    pub(crate) fn locations(&self, origin: &str) -> Vec<String> {
        let moved = self.moves.iter().filter_map(|(to, from)| {
            let rest = origin.strip_prefix(from.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
        });
        moved
            .chain([origin.to_owned()])
            .filter(|location| self.origin(location) == origin)
            .collect()
    }

    /// Where what stands at a place now stood in the document as given, as far as
    /// is known.
    pub(crate) fn origin(&self, location: &str) -> String {
        let mut end = location.len();
        while end > 0 && !self.moves.is_empty() {
            if let Some(from) = self.moves.get(&location[..end]) {
                return format!("{from}{}", &location[end..]);
            }
            end = location[..end].rfind('/').unwrap_or_default();
        }
        location.to_owned()
    }

    /// The report for who has the document that was given: pointers lead to
    /// places that it has.
    pub(crate) fn for_given(mut self, given: &Value) -> Self {
        for entry in &mut self.entries {
            let length = nearest(given, &entry.pointer).len();
            entry.pointer.truncate(length);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moved_is_followed_back() {
        let at = |text: &str| Pointer::parse(text);
        let mut moves = Report::new();
        assert_eq!(moves.origin("/a/0"), "/a/0");
        moves.renumbered(&at("/a"), &[1, 2]);
        moves.renumbered(&at("/a"), &[1]);
        assert_eq!(moves.origin("/a/0/x"), "/a/2/x");
        moves.all_moved(&[(at("/named"), at("/a/0/x"))]);
        moves.all_moved(&[(at("/renamed"), at("/named")), (at("/named"), at("/other"))]);
        assert_eq!(moves.origin("/renamed/y"), "/a/2/x/y");
        assert_eq!(moves.origin("/named"), "/other");
        assert_eq!(moves.origin("/renamed2"), "/renamed2");
    }
}
