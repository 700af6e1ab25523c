//! Corrections to a document, each with its reason: the OpenAPI Overlay
//! Specification, versions 1.0 and 1.1.
//!
//! Every action sees what the actions before it left. On an error nothing is
//! given back, so a document is never corrected by half.

mod action;
mod format;
mod required;

use serde_json::Value;

use self::{action::Action, format::Overlay};
use crate::{Error, Pointer, Report, Subject, origin::Places};

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
    let (version, actions) = (overlay.version()?, overlay.actions()?);
    let read = |(index, fields)| Action::new(index, fields, version);
    let actions = actions.iter().enumerate().map(read);
    let actions = actions.collect::<Result<Vec<_>, _>>()?;
    let idle = |action: &&Action<'_>| action.rule() == "nothing";
    if let Some(action) = actions.iter().find(idle).filter(|_| must_match) {
        return Err(action
            .fail("does nothing")
            .remedy("give it `update`, `remove: true` or, from Overlay 1.1 on, `copy`"));
    }
    let mut report = Report::new();
    let given = Places::of(&document);
    if let Some(extends) = overlay.extends {
        let note = format!("the overlay says it is made for {extends}; that is not followed");
        report.changed((STAGE, "extends"), &Pointer::root(), note);
    }
    let mut required = Vec::new();
    for action in &actions {
        let nodes = action.run(&mut document)?;
        if let Some(update) = &action.fields.update {
            let added = nodes.iter().flat_map(|node| required::added(node, update));
            required.extend(added.map(|added| (action, added)));
        }
        if nodes.is_empty() && must_match {
            return Err(action.fail("selects nothing").remedy(
                "the document has changed or the target is misspelled: correct the target, or \
                 delete the action if it is not needed any more",
            ));
        }
        let missing = action.hints_on_nothing.take();
        if !missing.is_empty() && must_match {
            return Err(action
                .fail(format!(
                    "has hints for what is not there: {}",
                    missing.join(", ")
                ))
                .remedy("the document has changed: remove them, or move them to its new place"));
        }
        note(&mut report, action, &nodes);
    }
    // A later action may have added the property.
    let is_unknown = |(_, added): &&(_, _)| required::is_unknown(&document, added);
    if let Some((action, (schema, name))) = required.iter().find(is_unknown) {
        return Err(action
            .fail(format!(
                "requires {name:?}, which is no property of {schema}"
            ))
            .remedy("correct the name, or add the property by an action"));
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
        _ if rule == "nothing" => format!("actions[{index}] does nothing: {what}"),
        [] => format!("actions[{index}] selects nothing: {what}"),
        [_] => what,
        nodes => {
            let more = if count > MAX_PLACES { ", ..." } else { "" };
            let listed = nodes[..count.min(MAX_PLACES)].join(", ");
            format!("{what} ({count} places: {listed}{more})")
        }
    };
    let first = nodes.first().filter(|_| rule != "nothing");
    let at = first.map_or_else(Pointer::root, |first| Pointer::parse(first));
    if rule == "remove" && first.is_some() {
        report.lost(Subject::Removal, (STAGE, rule), &at, note);
    } else {
        report.changed((STAGE, rule), &at, note);
    }
}
