//! References to components that lead nowhere.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::{places, rule};
use crate::{Report, Subject, references};

/// The pointer in a reference, with its percent signs decoded.
fn decoded(target: &str) -> Option<String> {
    references::decoded(target.strip_prefix('#')?)
}

/// References to parameters, answers and the like that lead nowhere in this
/// document, or in a circle.
pub(in crate::lower) fn dangling(document: &mut Value, report: &mut Report) {
    let mut targets = HashSet::new();
    places::shared(document, &mut |kind, part, _| {
        if let Some(target) = part.get("$ref").and_then(Value::as_str) {
            targets.insert((kind.to_owned(), target.to_owned()));
        }
    });
    targets.retain(|(kind, target)| !leads(document, kind, target));
    if targets.is_empty() {
        return;
    }
    places::shared(document, &mut |kind, part, at| {
        let Some(target) = part.get("$ref").and_then(Value::as_str) else {
            return;
        };
        if !targets.contains(&(kind.to_owned(), target.to_owned())) {
            return;
        }
        let note = format!("{target} leads nowhere in this document; taken out");
        report.lost(Subject::at(at), rule("reference"), at, note);
        *part = match kind {
            "responses" => json!({"description": ""}),
            "requestBodies" => json!({"content": {}}),
            _ => Value::Null,
        };
    });
}

/// Whether a reference leads to a part of this section.
fn leads(document: &Value, kind: &str, target: &str) -> bool {
    let mut target = target.to_owned();
    for _ in 0..16 {
        let Some(pointer) = decoded(&target) else {
            return false;
        };
        let Some(found) = document.pointer(&pointer) else {
            return false;
        };
        if !found.is_object() || !holds(&pointer, kind) {
            return false;
        }
        match found.get("$ref").and_then(Value::as_str) {
            Some(next) => next.clone_into(&mut target),
            None => return true,
        }
    }
    false
}

/// Whether a place is one of parts of this section.
fn holds(pointer: &str, kind: &str) -> bool {
    let mut tokens = pointer.rsplit('/');
    let last = tokens.next();
    match (kind, tokens.next()) {
        ("requestBodies", Some("requestBodies")) => true,
        ("requestBodies", _) => last == Some("requestBody"),
        (kind, parent) => parent == Some(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;

    #[test]
    fn what_leads_nowhere_is_taken_out() {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"post": {
                "parameters": [
                    {"$ref": "#/components/parameters/None"}, {"$ref": "other.yaml#/P"},
                    {"$ref": "#/components/schemas/S"}, {"$ref": "#/components/parameters/Fine"},
                ],
                "requestBody": {"$ref": "#/components/requestBodies/Circle"},
                "responses": {"200": {"$ref": "https://example.com/r.json"}},
            }}},
            "components": {
                "requestBodies": {"Circle": {"$ref": "#/components/requestBodies/Circle"}},
                "parameters": {"Fine": {"name": "f", "in": "query", "schema": {}}},
                "schemas": {"S": {}},
            },
        });
        let (document, report) = lower(document).unwrap();
        assert_eq!(
            document["paths"]["/a"]["post"],
            json!({
                "parameters": [{"$ref": "#/components/parameters/Fine"}],
                "requestBody": {"content": {}},
                "responses": {"200": {"description": ""}},
            })
        );
        assert_eq!(report.losses().count(), 6, "{report:#?}");
    }
}
