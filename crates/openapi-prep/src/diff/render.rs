//! A report for people: lines for a terminal, Markdown for a pull request.

use std::fmt::Write;

use super::{
    Diff,
    change::{Change, Class},
};

const NOTHING: &str = "No differences: a user of the crate would notice nothing.\n";

fn counts(diff: &Diff) -> String {
    let counts: Vec<_> = Class::ALL
        .iter()
        .map(|class| format!("{} {}", diff.count(*class), class.as_str()))
        .collect();
    counts.join(", ")
}

fn of_class(diff: &Diff, class: Class) -> Vec<&Change> {
    diff.changes.iter().filter(|c| c.class == class).collect()
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

/// Text without what a terminal would obey.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Lines for a terminal.
pub(super) fn text(diff: &Diff) -> String {
    if diff.is_empty() {
        return NOTHING.to_owned();
    }
    let mut out = counts(diff) + "\n";
    for class in Class::ALL {
        let changes = of_class(diff, class);
        if changes.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{}", class.as_str().to_uppercase());
        for change in changes {
            let operation = change.operation.as_deref().unwrap_or_default();
            let operation = if operation.is_empty() || change.text.contains(operation) {
                String::new()
            } else {
                format!(" [{}]", plain(operation))
            };
            let _ = writeln!(out, "- {}{operation}", plain(&change.text));
            let location = plain(&location(change));
            let _ = writeln!(out, "  {} {location}", change.kind.as_str());
        }
    }
    out
}

/// Markdown for a pull request; what is cosmetic is folded away.
pub(super) fn markdown(diff: &Diff) -> String {
    if diff.is_empty() {
        return NOTHING.to_owned();
    }
    let mut out = format!("**{}**\n", counts(diff));
    for class in Class::ALL {
        let changes = of_class(diff, class);
        if changes.is_empty() {
            continue;
        }
        let word = class.as_str();
        let title = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let folded = class == Class::Cosmetic;
        if folded {
            let count = changes.len();
            let _ = writeln!(out, "\n<details>\n<summary>{title} ({count})</summary>\n");
        } else {
            let _ = writeln!(out, "\n### {title}\n");
        }
        for change in changes {
            let _ = write!(out, "- {} ", change.text);
            if let Some(operation) = &change.operation
                && !change.text.contains(operation.as_str())
            {
                let _ = write!(out, "({}) ", super::compare::code(operation));
            }
            let _ = writeln!(out, "`{}`", change.kind.as_str());
        }
        if folded {
            out.push_str("\n</details>\n");
        }
    }
    out
}
