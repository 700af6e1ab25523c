//! Corrections to a document, each with its reason: the OpenAPI Overlay
//! Specification, versions 1.0 and 1.1.
//!
//! Every action sees what the actions before it left. On an error nothing is
//! given back, so a document is never corrected by half.

mod action;
mod format;

use serde_json::Value;

use self::{action::Action, format::Overlay};
use crate::{Error, Pointer, Report, Subject};

const STAGE: &str = "overlay";

/// How many of the places that an action selects are named in the report.
const MAX_PLACES: usize = 50;

/// Applies an overlay to a document; [`crate::overlay()`] tells how.
pub(crate) fn apply(
    mut document: Value,
    overlay: &Value,
    must_match: bool,
) -> Result<(Value, Report), Error> {
    // All actions are read before the first is done: a slip in the last is told
    // at once.
    let overlay = Overlay::read(overlay)?;
    let (is_1_1, actions) = (overlay.is_1_1()?, overlay.actions()?);
    let read = |(index, fields)| Action::new(index, fields, is_1_1);
    let actions = actions.iter().enumerate().map(read);
    let actions = actions.collect::<Result<Vec<_>, _>>()?;
    let mut report = Report::new();
    let given = document.clone();
    if let Some(extends) = overlay.extends {
        let note = format!("the overlay says it is made for {extends}; that is not followed");
        report.changed((STAGE, "extends"), &Pointer::root(), note);
    }
    for action in &actions {
        let nodes = action.run(&mut document)?;
        if nodes.is_empty() && must_match {
            let remedy = "the document has changed or the target is misspelled: correct the \
                          target, or delete the action if it is not needed any more";
            return Err(action.fail("selects nothing", remedy));
        }
        note(&mut report, action, &nodes);
    }
    Ok((document, report.for_given(&given)))
}

fn note(report: &mut Report, action: &Action<'_>, nodes: &[String]) {
    let (rule, fields) = (action.rule(), action.fields);
    let what = match &fields.description {
        Some(description) => description.trim().to_owned(),
        None => format!("{rule} of {}", fields.target),
    };
    let (index, count) = (action.index, nodes.len());
    let note = match nodes {
        [] => format!("actions[{index}] selects nothing: {what}"),
        [_] => what,
        nodes => {
            let more = if count > MAX_PLACES { ", ..." } else { "" };
            let listed = nodes[..count.min(MAX_PLACES)].join(", ");
            format!("{what} ({count} places: {listed}{more})")
        }
    };
    let first = nodes.first();
    let at = first.map_or_else(Pointer::root, |first| Pointer::parse(first));
    if rule == "remove" && first.is_some() {
        report.lost(Subject::Removal, (STAGE, rule), &at, note);
    } else {
        report.changed((STAGE, rule), &at, note);
    }
}
