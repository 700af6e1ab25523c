//! What the stages did to a document, and what they lost.

use serde::Serialize;

use crate::{
    Pointer, Subject,
    origin::{Moves, Places},
};

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
    /// The rule within the stage, such as `parameter-names`.
    pub rule: &'static str,
    /// Whether meaning was lost.
    pub effect: Effect,
    /// What was lost, where something was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Where in the document that the stage was given, as a JSON pointer which
    /// leads to something there: for what a rule made or put in place, to what
    /// it made it of.
    pub pointer: String,
    /// What was done, for a reader.
    pub note: String,
}

/// What the stages did, in the order they did it. Serialized, a list of
/// [`Entry`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Report {
    entries: Vec<Entry>,
    /// What rules moved, by stage.
    #[serde(skip)]
    moves: Vec<Moves>,
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
        self.moves.extend(later.moves);
    }

    /// Where a location of the document that came out was in the document that
    /// the first stage was given, as far as is known.
    pub(crate) fn origin(&self, pointer: &str) -> String {
        let back = self.moves.iter().rev();
        back.fold(pointer.to_owned(), |at, moves| moves.origin(&at))
    }

    /// What this stage moved.
    fn moves(&mut self) -> &mut Moves {
        if self.moves.is_empty() {
            self.moves.push(Moves::default());
        }
        let last = self.moves.len() - 1;
        &mut self.moves[last]
    }

    pub(crate) fn changed(
        &mut self,
        (stage, rule): (&'static str, &'static str),
        pointer: &Pointer,
        note: impl Into<String>,
    ) {
        self.push(stage, rule, None, pointer, note.into());
    }

    pub(crate) fn lost(
        &mut self,
        subject: Subject,
        (stage, rule): (&'static str, &'static str),
        pointer: &Pointer,
        note: impl Into<String>,
    ) {
        self.push(stage, rule, Some(subject), pointer, note.into());
    }

    fn push(
        &mut self,
        stage: &'static str,
        rule: &'static str,
        subject: Option<Subject>,
        pointer: &Pointer,
        note: String,
    ) {
        self.entries.push(Entry {
            stage,
            rule,
            effect: match subject {
                Some(_) => Effect::Lost,
                None => Effect::Changed,
            },
            subject,
            pointer: self.origin(pointer.as_str()),
            note,
        });
    }

    /// Notes that what stood at one place stands at another from now on.
    pub(crate) fn moved(&mut self, to: &Pointer, from: &Pointer) {
        self.moves().put(&[(to.clone(), from.clone())]);
    }

    /// Notes that what stood at the second place of each pair stands at the
    /// first from now on: names may have been passed on.
    pub(crate) fn all_moved(&mut self, moved: &[(Pointer, Pointer)]) {
        self.moves().put(moved);
    }

    /// Notes which entries of a list are left, by their old numbers.
    pub(crate) fn renumbered(&mut self, list: &Pointer, left: &[usize]) {
        self.moves().renumber(list, left);
    }

    /// The report of a stage that was given a document of these places. Rules
    /// that several stages share are told as those of this one.
    pub(crate) fn of_stage(mut self, stage: &'static str, given: &Places) -> Self {
        for entry in &mut self.entries {
            entry.stage = stage;
            let length = given.nearest(&entry.pointer).len();
            entry.pointer.truncate(length);
        }
        self
    }
}
