//! A report for people: lines for a terminal, Markdown for a pull request.

use std::fmt::Write;

use super::{
    Diff,
    change::{Change, Class},
    context::code,
};

const NOTHING: &str = "No differences: a user of the crate would notice nothing.\n";

/// What a change is, with its operation where the sentence does not name that.
fn sentence(change: &Change) -> String {
    let operation = change.operation.as_deref();
    let operation = operation.filter(|operation| !change.text.contains(operation));
    let operation = operation.map(|operation| format!(" ({})", code(operation)));
    change.text.clone() + &operation.unwrap_or_default()
}

/// Where a change is: one pointer, or both where they differ.
fn location(change: &Change) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old == new => old.clone(),
        (Some(old), Some(new)) => format!("{old} -> {new}"),
        (Some(old), None) => format!("{old} (old)"),
        (None, Some(new)) => format!("{new} (new)"),
        (None, None) => String::new(),
    }
}

impl Diff {
    fn counts(&self) -> String {
        let all = [Class::Breaking, Class::Additive, Class::Cosmetic];
        let counts = all.map(|class| format!("{} {class}", self.count(class)));
        counts.join(", ")
    }

    /// The report as lines for a terminal, without what one would obey.
    pub fn to_text(&self) -> String {
        let title = |changes: &[Change]| changes[0].class.to_string().to_uppercase();
        self.report(&self.counts(), |out, changes| {
            let _ = writeln!(out, "\n{}", title(changes));
            for change in changes {
                let location = location(change).replace(char::is_control, " ");
                let _ = writeln!(out, "- {}\n  {} {location}", sentence(change), change.kind);
            }
        })
    }

    /// The report as Markdown for a pull request; what is cosmetic is folded away.
    pub fn to_markdown(&self) -> String {
        self.report(&format!("**{}**", self.counts()), |out, changes| {
            let (title, end) = match changes[0].class {
                Class::Breaking => ("### Breaking".to_owned(), ""),
                Class::Additive => ("### Additive".to_owned(), ""),
                Class::Cosmetic => {
                    let summary = format!("<summary>Cosmetic ({})</summary>", changes.len());
                    (format!("<details>\n{summary}"), "\n</details>\n")
                }
            };
            let _ = writeln!(out, "\n{title}\n");
            for change in changes {
                let _ = writeln!(out, "- {} `{}`", sentence(change), change.kind);
            }
            out.push_str(end);
        })
    }

    /// A report of the counts and then the changes of each class that has some.
    fn report(&self, counts: &str, section: impl Fn(&mut String, &[Change])) -> String {
        if self.is_empty() {
            return NOTHING.to_owned();
        }
        let mut out = format!("{counts}\n");
        for changes in self.changes.chunk_by(|one, other| one.class == other.class) {
            section(&mut out, changes);
        }
        out
    }
}
