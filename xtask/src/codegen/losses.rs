//! Losses of our own documents: each is printed, and each that leaves the
//! generated code without something callers could use fails the command unless
//! the overlay accepts it, with a reason:
//!
//! ```yaml
//! x-accepted-losses:
//!   - pointer: /paths/~1v1~1assets/post/requestBody/content/text~1csv
//!     rule: bodies
//!     reason: JSON has all that the other one has.
//! ```
//!
//! What an action of the overlay removes is accepted by its description.

use std::{collections::BTreeSet, fmt::Write as _};

use openapi_prep::{Document, Entry, Error, Report, Subject, count};
use serde::Deserialize;
use serde_json::Value;

const ACCEPTED: &str = "x-accepted-losses";

/// An acceptance in the overlay.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    pointer: String,
    rule: String,
    reason: String,
}

impl Acceptance {
    fn matches(&self, loss: &Entry) -> bool {
        (self.pointer.as_str(), self.rule.as_str()) == (&loss.pointer, loss.rule)
    }
}

fn line(loss: &Entry) -> String {
    let Entry {
        pointer,
        stage,
        rule,
        note,
        ..
    } = loss;
    format!("{pointer} ({stage} {rule}): {note}")
}

/// The losses of a document, a line each, for the terminal.
///
/// # Errors
///
/// Where one of them needs to be accepted and is not, where an acceptance
/// matches none, and where an action removes something without a description.
pub(super) fn check(report: &Report, overlay: Option<&Document>) -> Result<Vec<String>, Error> {
    let overlay = overlay.map(Document::as_value);
    removals_have_reasons(overlay)?;
    let acceptances = acceptances(overlay)?;
    let mut matched = vec![false; acceptances.len()];
    let mut lines = Vec::new();
    let mut refused = Vec::new();
    for loss in report.losses() {
        let needed = loss.subject.is_some_and(Subject::is_missing_from_code);
        let acceptance = acceptances.iter().position(|a| needed && a.matches(loss));
        let mut line = format!("lost: {}", line(loss));
        if let Some(index) = acceptance {
            matched[index] = true;
            let _ = write!(line, " (accepted: {})", acceptances[index].reason.trim());
        } else if needed {
            refused.push(loss);
        }
        lines.push(line);
    }
    if !refused.is_empty() {
        return Err(not_accepted(&refused));
    }
    if let Some(index) = matched.iter().position(|matched| !matched) {
        let Acceptance { pointer, rule, .. } = &acceptances[index];
        return Err(Error::new(format!(
            "accepts the loss of {pointer} by {rule}, which is not lost"
        ))
        .at(format!("/{ACCEPTED}/{index}"))
        .remedy(
            "delete it if the loss is gone; else copy pointer and rule from report.json, where \
             `subject` says what is lost",
        ));
    }
    Ok(lines)
}

fn not_accepted(losses: &[&Entry]) -> Error {
    let mut details = String::new();
    for loss in losses {
        let _ = writeln!(details, "  - {}", line(loss));
    }
    let _ = writeln!(
        details,
        "To accept them, put into the overlay, with your reasons:\n{ACCEPTED}:"
    );
    let places: BTreeSet<_> = losses.iter().map(|l| (&l.pointer, l.rule)).collect();
    for (pointer, rule) in places {
        // A string of JSON is one of YAML, whatever it holds.
        let pointer = Value::from(pointer.as_str());
        let _ = writeln!(
            details,
            "  - pointer: {pointer}\n    rule: {rule}\n    reason: ..."
        );
    }
    let number = count(losses.len(), "loss");
    let verb = if losses.len() == 1 { "is" } else { "are" };
    Error::new(format!("{number} {verb} not accepted"))
        .remedy("correct the document by an action, or accept what is lost")
        .details(details)
}

/// The acceptances of an overlay, in order.
fn acceptances(overlay: Option<&Value>) -> Result<Vec<Acceptance>, Error> {
    let wrong = |at: String, what: String| {
        Error::new(what)
            .at(at)
            .remedy("an acceptance has pointer, rule and reason, each a string")
    };
    let Some(list) = overlay.and_then(|overlay| overlay.get(ACCEPTED)) else {
        return Ok(Vec::new());
    };
    let not_a_list = || {
        wrong(
            format!("/{ACCEPTED}"),
            "accepted losses are not a list".into(),
        )
    };
    let mut found: Vec<Acceptance> = Vec::new();
    for (index, entry) in list.as_array().ok_or_else(not_a_list)?.iter().enumerate() {
        let at = format!("/{ACCEPTED}/{index}");
        let acceptance =
            Acceptance::deserialize(entry).map_err(|e| wrong(at.clone(), e.to_string()))?;
        if acceptance.reason.trim().is_empty() {
            return Err(wrong(at, "`reason` is empty".into()));
        }
        let is_same = |other: &Acceptance| {
            (&other.pointer, &other.rule) == (&acceptance.pointer, &acceptance.rule)
        };
        if found.iter().any(is_same) {
            return Err(wrong(at, "the same loss is accepted twice".into()));
        }
        found.push(acceptance);
    }
    Ok(found)
}

/// An action that removes something says why.
fn removals_have_reasons(overlay: Option<&Value>) -> Result<(), Error> {
    let actions = overlay.and_then(|overlay| overlay["actions"].as_array());
    for (index, action) in actions.into_iter().flatten().enumerate() {
        let reason = action["description"].as_str().map(str::trim);
        if action["remove"] == true && reason.is_none_or(str::is_empty) {
            return Err(Error::new(format!(
                "actions[{index}] removes {} and does not say why",
                action["target"].as_str().unwrap_or_default()
            ))
            .at(format!("/actions/{index}"))
            .remedy("give it a `description`"));
        }
    }
    Ok(())
}
