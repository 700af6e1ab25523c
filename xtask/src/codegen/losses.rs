//! Losses of our own documents: each is printed, and each that leaves the
//! generated code without something callers could use fails the command unless
//! the overlay accepts it, with a reason:
//!
//! ```yaml
//! x-accepted-losses:
//!   - pointer: /paths/~1v1~1assets/post/requestBody/content/text~1csv
//!     rule: media-type
//!     reason: JSON has all that the other one has.
//! ```
//!
//! What an action of the overlay removes is accepted by its description.

use std::{collections::BTreeSet, fmt::Write as _};

use openapi_prep::{Document, Entry, Error, Report, Subject, count};
use serde_json::Value;

use super::rescue;

const ACCEPTED: &str = "x-accepted-losses";

/// A loss, of whatever stage.
#[derive(Debug)]
struct Loss<'a> {
    pointer: &'a str,
    stage: &'a str,
    rule: &'a str,
    subject: Subject,
    note: &'a str,
}

/// An acceptance in the overlay.
#[derive(Debug)]
struct Acceptance<'a> {
    pointer: &'a str,
    rule: &'a str,
    reason: &'a str,
}

impl<'a> Loss<'a> {
    fn of_stages(entry: &'a Entry) -> Option<Self> {
        Some(Self {
            pointer: &entry.pointer,
            stage: entry.stage,
            rule: entry.rule,
            subject: entry.subject?,
            note: &entry.note,
        })
    }

    fn of_generator(loss: &'a rescue::Loss) -> Self {
        Self {
            pointer: &loss.pointer,
            stage: rescue::STAGE,
            rule: rescue::RULE,
            subject: loss.subject,
            note: &loss.note,
        }
    }

    fn line(&self) -> String {
        let Self {
            pointer,
            stage,
            rule,
            note,
            ..
        } = self;
        format!("{pointer} ({stage} {rule}): {note}")
    }
}

/// The losses of a document, a line each, for the terminal.
///
/// # Errors
///
/// Where one of them needs to be accepted and is not, where an acceptance
/// matches none, and where an action removes something without a description.
pub(super) fn check(
    report: &Report,
    rescued: &[rescue::Loss],
    overlay: Option<&Document>,
) -> Result<Vec<String>, Error> {
    let overlay = overlay.map(Document::as_value);
    removals_have_reasons(overlay)?;
    let acceptances = acceptances(overlay)?;
    let losses: Vec<Loss<'_>> = report
        .losses()
        .filter_map(Loss::of_stages)
        .chain(rescued.iter().map(Loss::of_generator))
        .collect();
    let mut matched = vec![false; acceptances.len()];
    let mut lines = Vec::new();
    let mut refused = Vec::new();
    for loss in &losses {
        let needed = loss.subject.is_missing_from_code();
        let acceptance = acceptances
            .iter()
            .position(|a| needed && a.pointer == loss.pointer && a.rule == loss.rule);
        let mut line = format!("lost: {}", loss.line());
        if let Some(index) = acceptance {
            matched[index] = true;
            let _ = write!(line, " (accepted: {})", acceptances[index].reason);
        } else if needed {
            refused.push(loss);
        }
        lines.push(line);
    }
    if !refused.is_empty() {
        return Err(not_accepted(&refused));
    }
    if let Some(index) = matched.iter().position(|matched| !matched) {
        let Acceptance { pointer, rule, .. } = acceptances[index];
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

fn not_accepted(losses: &[&Loss<'_>]) -> Error {
    let mut details = String::new();
    for loss in losses {
        let _ = writeln!(details, "  - {}", loss.line());
    }
    let _ = writeln!(
        details,
        "To accept them, put into the overlay, with your reasons:\n{ACCEPTED}:"
    );
    let places: BTreeSet<_> = losses.iter().map(|l| (l.pointer, l.rule)).collect();
    for (pointer, rule) in places {
        // A string of JSON is one of YAML, whatever it holds.
        let pointer = Value::from(pointer);
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
fn acceptances(overlay: Option<&Value>) -> Result<Vec<Acceptance<'_>>, Error> {
    let wanted = "an acceptance has pointer, rule and reason, each a string";
    let Some(list) = overlay.and_then(|overlay| overlay.get(ACCEPTED)) else {
        return Ok(Vec::new());
    };
    let list = list.as_array().ok_or_else(|| {
        Error::new("accepted losses are not a list")
            .at(format!("/{ACCEPTED}"))
            .remedy(wanted)
    })?;
    let mut found: Vec<Acceptance<'_>> = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let wrong = |what: String| {
            Error::new(what)
                .at(format!("/{ACCEPTED}/{index}"))
                .remedy(wanted)
        };
        let text = |key: &str| {
            entry[key]
                .as_str()
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .ok_or_else(|| wrong(format!("`{key}` is missing, empty or not a string")))
        };
        let acceptance = Acceptance {
            pointer: text("pointer")?,
            rule: text("rule")?,
            reason: text("reason")?,
        };
        let keys = entry.as_object().into_iter().flatten().map(|(key, _)| key);
        if let Some(key) = keys.into_iter().find(|key| {
            !["pointer", "rule", "reason"].contains(&key.as_str()) && !key.starts_with("x-")
        }) {
            return Err(wrong(format!("`{key}` is not a field of an acceptance")));
        }
        if found
            .iter()
            .any(|other| (other.pointer, other.rule) == (acceptance.pointer, acceptance.rule))
        {
            return Err(wrong("the same loss is accepted twice".into()));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_generator_cannot_take_has_to_be_accepted() {
        let rescued = [rescue::Loss {
            pointer: "/paths/~1a/get".into(),
            subject: Subject::Operation,
            note: "left out: a panic".into(),
        }];
        let error = check(&Report::new(), &rescued, None)
            .unwrap_err()
            .to_string();
        assert!(error.contains("1 loss is not accepted"), "{error}");
        assert!(
            error.contains("/paths/~1a/get (generate rescue): left out: a panic"),
            "{error}"
        );
        let overlay = json!({ACCEPTED: [
            {"pointer": "/paths/~1a/get", "rule": rescue::RULE, "reason": "Never called."},
        ]});
        let overlay = Document::from_value(overlay).unwrap();
        let lines = check(&Report::new(), &rescued, Some(&overlay)).unwrap();
        assert_eq!(
            lines,
            ["lost: /paths/~1a/get (generate rescue): left out: a panic (accepted: Never called.)"]
        );
    }
}
