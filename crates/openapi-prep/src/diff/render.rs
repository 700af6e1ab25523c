//! A report for people: lines for a terminal, Markdown for a pull request.

use std::fmt::Write;

use super::{
    Diff,
    change::{Change, Class},
    context::code,
};

const NOTHING: &str = "No differences: a user of the crate would notice nothing.\n";

fn counts(diff: &Diff) -> String {
    let count = |class: &Class| format!("{} {}", diff.count(*class), class.as_str());
    Class::ALL.iter().map(count).collect::<Vec<_>>().join(", ")
}

/// The changes of each class that has some.
fn classes(diff: &Diff) -> impl Iterator<Item = (Class, Vec<&Change>)> {
    let of_class = |class| {
        let changes = diff.changes.iter().filter(move |c| c.class == class);
        (class, changes.collect::<Vec<_>>())
    };
    let all = Class::ALL.iter().copied().map(of_class);
    all.filter(|(_, changes)| !changes.is_empty())
}

/// The operation of a change whose sentence does not name it.
fn operation(change: &Change) -> Option<&str> {
    let operation = change.operation.as_deref();
    operation.filter(|operation| !change.text.contains(operation))
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
    /// The report as lines for a terminal, without what one would obey.
    pub fn to_text(&self) -> String {
        if self.is_empty() {
            return NOTHING.to_owned();
        }
        let mut out = counts(self) + "\n";
        for (class, changes) in classes(self) {
            let _ = writeln!(out, "\n{}", class.as_str().to_uppercase());
            for change in changes {
                let operation = operation(change).map(|operation| format!(" [{operation}]"));
                let sentence = change.text.clone() + &operation.unwrap_or_default();
                let location = format!("{} {}", change.kind.as_str(), location(change));
                for (start, line) in [("- ", sentence), ("  ", location)] {
                    let _ = writeln!(out, "{start}{}", line.replace(char::is_control, " "));
                }
            }
        }
        out
    }

    /// The report as Markdown for a pull request; what is cosmetic is folded away.
    pub fn to_markdown(&self) -> String {
        if self.is_empty() {
            return NOTHING.to_owned();
        }
        let mut out = format!("**{}**\n", counts(self));
        for (class, changes) in classes(self) {
            let (title, end) = match class {
                Class::Breaking => ("### Breaking".to_owned(), ""),
                Class::Additive => ("### Additive".to_owned(), ""),
                Class::Cosmetic => {
                    let summary = format!("<summary>Cosmetic ({})</summary>", changes.len());
                    (format!("<details>\n{summary}"), "\n</details>\n")
                }
            };
            let _ = writeln!(out, "\n{title}\n");
            for change in changes {
                let operation =
                    operation(change).map(|operation| format!("({}) ", code(operation)));
                let (text, operation) = (&change.text, operation.unwrap_or_default());
                let _ = writeln!(out, "- {text} {operation}`{}`", change.kind.as_str());
            }
            out.push_str(end);
        }
        out
    }
}
