//! Corrections to a document, each with its reason: the OpenAPI Overlay
//! Specification, versions 1.0 and 1.1.
//!
//! Every action sees what the actions before it left. On an error nothing is
//! given back, so a document is never corrected by half.

mod action;
mod required;
mod shape;

use roas_overlay::{v1_0, v1_1};
use serde_json::Value;

use self::action::{Action, Work};
use crate::{Error, Pointer, Report, Subject, origin::Places};

const STAGE: &str = "overlay";

/// How many of the places that an action selects are named in the report.
const MAX_PLACES: usize = 50;

/// The feature sets of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V1_0,
    V1_1,
}

/// Applies an overlay to a document; [`crate::overlay()`] tells how.
pub(crate) fn apply(
    mut document: Value,
    overlay: &Value,
    must_match: bool,
) -> Result<(Value, Report), Error> {
    let version = read_version(overlay)?;
    let actions = shape::check(overlay)?
        .iter()
        .enumerate()
        .map(|(index, action)| Action::read(index, action, version))
        // All are read before the first is done: a slip in the last is told at once.
        .collect::<Result<Vec<_>, _>>()?;
    let mut report = Report::new();
    let given = Places::of(&document);
    if let Some(extends) = overlay.get("extends").and_then(Value::as_str) {
        let note = format!("the overlay says it is made for {extends}; that is not followed");
        report.changed((STAGE, "extends"), &Pointer::root(), note);
    }
    for action in &actions {
        if must_match && matches!(action.work, Work::Nothing) {
            return Err(action
                .fail("does nothing")
                .remedy("give it `update`, `remove: true` or, from Overlay 1.1 on, `copy`"));
        }
    }
    let mut required = Vec::new();
    for action in &actions {
        let nodes = action.run(&mut document)?;
        if let Work::Update(update) = action.work {
            let added = nodes.iter().flat_map(|node| required::added(node, update));
            required.extend(added.map(|added| (action, added)));
        }
        if nodes.is_empty() && must_match {
            return Err(action.fail("selects nothing").remedy(
                "the document has changed or the target is misspelled: correct the target, or \
                 delete the action if it is not needed any more",
            ));
        }
        note(&mut report, action, &nodes);
    }
    // A later action may have added the property.
    for (action, added) in &required {
        if let Some(name) = required::unknown(&document, added) {
            return Err(action
                .fail(format!(
                    "requires {name:?}, which is no property of {}",
                    added.0
                ))
                .remedy("correct the name, or add the property by an action"));
        }
    }
    Ok((document, report.for_given(&given)))
}

fn note(report: &mut Report, action: &Action<'_>, nodes: &[String]) {
    let rule = (STAGE, action.work.name());
    let what = action.description.map_or_else(
        || format!("{} of {}", action.work.name(), action.target),
        |text| text.trim().to_owned(),
    );
    if matches!(action.work, Work::Nothing) {
        let note = format!("actions[{}] does nothing: {what}", action.index);
        return report.changed(rule, &Pointer::root(), note);
    }
    let Some(first) = nodes.first() else {
        let note = format!("actions[{}] selects nothing: {what}", action.index);
        return report.changed(rule, &Pointer::root(), note);
    };
    let note = if nodes.len() == 1 {
        what
    } else {
        let shown = nodes[..nodes.len().min(MAX_PLACES)].join(", ");
        let more = if nodes.len() > MAX_PLACES {
            ", ..."
        } else {
            ""
        };
        format!("{what} ({} places: {shown}{more})", nodes.len())
    };
    let at = first
        .split('/')
        .skip(1)
        .fold(Pointer::root(), |at, token| at.join(unescape(token)));
    match action.work {
        Work::Remove => report.lost(Subject::Removal, rule, &at, note),
        Work::Update(_) | Work::Copy(_) | Work::Nothing => report.changed(rule, &at, note),
    }
}

fn read_version(overlay: &Value) -> Result<Version, Error> {
    let Some(version) = overlay.get("overlay") else {
        return Err(
            Error::new("this is no overlay: the field `overlay` is missing")
                .at(Pointer::root())
                .remedy("begin the file with `overlay: 1.0.0`"),
        );
    };
    match version.as_str() {
        Some(text) if text.parse::<v1_0::Version>().is_ok() => Ok(Version::V1_0),
        Some(text) if text.parse::<v1_1::Version>().is_ok() => Ok(Version::V1_1),
        _ => Err(Error::new(format!(
            "Overlay version {version} is not one this pipeline reads"
        ))
        .at(Pointer::root().join("overlay"))
        .remedy("1.0.x and 1.1.x are read; write it in full, such as 1.0.0")),
    }
}

/// A token of a JSON pointer, unescaped.
fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
