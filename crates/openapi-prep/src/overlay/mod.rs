//! Corrections to a document, each with its reason: the OpenAPI Overlay
//! Specification, versions 1.0 and 1.1.
//!
//! Every action sees what the actions before it left. On an error nothing is
//! given back, so a document is never corrected by half.

mod action;
mod fields;
mod required;

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
    let actions = fields::check(overlay)?
        .iter()
        .enumerate()
        .map(|(index, action)| Action::read(index, action, version))
        // All are read before the first is done: a slip in the last is told at once.
        .collect::<Result<Vec<_>, _>>()?;
    let idle = |action: &&Action<'_>| matches!(action.work, Work::Nothing);
    if let Some(action) = actions.iter().find(idle).filter(|_| must_match) {
        return Err(action
            .fail("does nothing")
            .remedy("give it `update`, `remove: true` or, from Overlay 1.1 on, `copy`"));
    }
    let mut report = Report::new();
    let given = Places::of(&document);
    if let Some(extends) = overlay.get("extends").and_then(Value::as_str) {
        let note = format!("the overlay says it is made for {extends}; that is not followed");
        report.changed((STAGE, "extends"), &Pointer::root(), note);
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
    let rule = (STAGE, action.work.name());
    let what = action.description.map_or_else(
        || format!("{} of {}", action.work.name(), action.target),
        |text| text.trim().to_owned(),
    );
    let nothing = match (action.work, nodes) {
        (Work::Nothing, _) => "does nothing",
        (_, []) => "selects nothing",
        (_, [first, more @ ..]) => {
            let note = match more.len() {
                0 => what,
                _ => format!("{what} ({} places: {})", nodes.len(), listed(nodes)),
            };
            let at = &Pointer::parse(first);
            return match action.work {
                Work::Remove => report.lost(Subject::Removal, rule, at, note),
                _ => report.changed(rule, at, note),
            };
        }
    };
    let note = format!("actions[{}] {nothing}: {what}", action.index);
    report.changed(rule, &Pointer::root(), note);
}

fn listed(nodes: &[String]) -> String {
    let more = if nodes.len() > MAX_PLACES {
        ", ..."
    } else {
        ""
    };
    nodes[..nodes.len().min(MAX_PLACES)].join(", ") + more
}

fn read_version(overlay: &Value) -> Result<Version, Error> {
    let Some(version) = overlay.get("overlay") else {
        return Err(
            Error::new("this is no overlay: the field `overlay` is missing")
                .at(Pointer::root())
                .remedy("begin the file with `overlay: 1.0.0`"),
        );
    };
    let patch = |series| version.as_str()?.strip_prefix(series);
    let is_of = |series| patch(series).is_some_and(|patch| patch.parse::<u32>().is_ok());
    match (is_of("1.0."), is_of("1.1.")) {
        (true, _) => Ok(Version::V1_0),
        (_, true) => Ok(Version::V1_1),
        _ => Err(Error::new(format!(
            "Overlay version {version} is not one this pipeline reads"
        ))
        .at(Pointer::root().join("overlay"))
        .remedy("1.0.x and 1.1.x are read; write it in full, such as 1.0.0")),
    }
}
