//! Corrections to a document, each with its reason: the OpenAPI Overlay
//! Specification, versions 1.0 and 1.1.
//!
//! Every action sees what the actions before it left. On an error nothing is
//! given back, so a document is never corrected by half.

mod action;
mod format;
mod required;

use std::cell::Cell;

use self::{
    action::{Action, MAX_BYTES},
    format::Overlay,
};
use crate::{Document, Error, Report, Subject};

const STAGE: &str = "overlay";

/// How many of the places that an action selects are named in the report.
const MAX_PLACES: usize = 50;

/// Corrects a document by an overlay: the OpenAPI Overlay Specification,
/// versions 1.0 and 1.1. The document may be of any kind, and is never
/// corrected by half.
///
/// The report has one entry for every action, in order: the rule is `update`,
/// `remove` or `copy`, the pointer that of the first node selected as it was
/// before the action, and the note gives the action's description and, where
/// several nodes were selected, the pointers of the first of them. An overlay
/// that says which document it `extends` adds an entry of that rule, and is not
/// followed: the caller says which document is meant.
///
/// With `must_match`, an action that selects nothing is an error; else it is noted
/// and has no effect. So are extensions for something that is not there: an update
/// never makes an operation or a schema of extensions alone.
///
/// Where the specification leaves room: with `remove: true` an `update` beside
/// it has no effect; in 1.0 an update may replace a value by one of another
/// kind, in 1.1 it may not; a primitive may be removed in both, and updated in
/// 1.1; a field that no overlay or action has is refused, since a misspelled one
/// would do nothing, and so is an action that does nothing; an overlay without
/// actions changes nothing.
///
/// # Errors
///
/// Where the overlay is none, is of another version, or one of its actions
/// cannot be read or done. The pointer is that of the action in the overlay;
/// the message names its index and target.
pub fn overlay(
    document: Document,
    overlay: &Document,
    must_match: bool,
) -> Result<(Document, Report), Error> {
    let given = document.into_value();
    let room = Cell::new(MAX_BYTES.saturating_sub(given.to_string().len()));
    let overlay = Overlay::read(overlay.as_value())?;
    let actions = overlay.actions(&room)?;
    let (mut document, mut report) = (given.clone(), Report::new());
    if let Some(extends) = overlay.extends {
        let note = format!("the overlay says it is made for {extends}; that is not followed");
        report.add((STAGE, "extends"), None, "", note);
    }
    let mut required = Vec::new();
    for action in &actions {
        let nodes = action.run(&mut document)?;
        if let Some(update) = &action.fields.update {
            let added = nodes.iter().flat_map(|node| required::added(node, update));
            required.extend(added.map(|added| (action, added)));
        }
        if nodes.is_empty() && must_match {
            let remedy = "the document has changed or the target is misspelled: correct the \
                          target, or delete the action if it is not needed any more";
            return Err(action.fail("selects nothing", remedy));
        }
        let missing = action.hints_on_nothing.take();
        if !missing.is_empty() && must_match {
            let what = format!("has hints for what is not there: {}", missing.join(", "));
            let remedy = "the document has changed: remove them, or move them to its new place";
            return Err(action.fail(what, remedy));
        }
        note(&mut report, action, &nodes);
    }
    // A later action may have added the property.
    let is_unknown = |(_, added): &&(_, _)| required::is_unknown(&document, added);
    if let Some((action, (schema, name))) = required.iter().find(is_unknown) {
        let message = format!("requires {name:?}, which is no property of {schema}");
        return Err(action.fail(
            message,
            "correct the name, or add the property by an action",
        ));
    }
    Ok((Document(document), report.for_given(&given)))
}

fn note(report: &mut Report, action: &Action<'_>, nodes: &[String]) {
    let (rule, fields) = (action.rule(), &action.fields);
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
    let lost = (rule == "remove" && first.is_some()).then_some(Subject::Removal);
    let at = first.cloned().unwrap_or_default();
    report.add((STAGE, rule), lost, at, note);
}
