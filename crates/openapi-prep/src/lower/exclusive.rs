//! Schemas that refuse what another schema takes.
//!
//! What 3.0 cannot say is widened. Under `not`, a wider schema refuses more;
//! beside others of a `oneOf` it takes what only one of them may take. Both
//! would narrow what is around them, so they have to give way first.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{keywords, null, rule};
use crate::{Pointer, Report, Subject, schema, walk};

/// Takes out each `not`, and lets each `oneOf` be an `anyOf`, that holds a
/// schema which 3.0 cannot say in full.
pub(super) fn give_way(document: &mut Value, report: &mut Report) {
    let wider = wider(document);
    // All are found before the first gives way: each loss counts for those
    // around it.
    let mut found = HashSet::new();
    walk::roots(document, &mut |schema, at| {
        find(schema, at, &wider, &mut found);
    });
    if found.is_empty() {
        return;
    }
    walk::schemas(document, &mut |value, at| {
        let Value::Object(object) = value else {
            return;
        };
        if object.contains_key("not") && found.contains(&at.join("not")) {
            object.shift_remove("not");
            let note = "`not`: what it refuses cannot be said in full; it refuses nothing";
            report.lost(Subject::Constraint, rule("exclusive"), at, note);
        }
        if object.contains_key("oneOf")
            && found.contains(&at.join("oneOf"))
            && let Some(arms) = object.shift_remove("oneOf")
        {
            if object.contains_key("anyOf") {
                null::also(object, json!({"anyOf": arms}));
            } else {
                object.insert("anyOf".into(), arms);
                report.moved(&at.join("anyOf"), &at.join("oneOf"));
            }
            let note = "`oneOf`: its schemas cannot be said in full; several may take a value";
            report.lost(Subject::Constraint, rule("exclusive"), at, note);
        }
    });
}

/// Finds each `not` and `oneOf` that has to give way; tells whether anything in
/// the schema is widened.
fn find(
    schema: &mut Value,
    at: &Pointer,
    wider: &HashSet<String>,
    found: &mut HashSet<Pointer>,
) -> bool {
    let mut lossy = keywords::widened(schema)
        || schema::ref_name(schema).is_some_and(|name| wider.contains(name));
    walk::children(schema, at, &mut |child, inside| {
        if find(child, inside, wider, found) {
            lossy = true;
            let (not, one_of) = (at.join("not"), at.join("oneOf"));
            if *inside == not {
                found.insert(not);
            } else if inside.as_str().starts_with(&format!("{one_of}/")) {
                found.insert(one_of);
            }
        }
    });
    lossy
}

/// The named schemas that are widened, or that refer to one that is.
fn wider(document: &mut Value) -> HashSet<String> {
    let mut wider = HashSet::new();
    let mut users: HashMap<String, Vec<String>> = HashMap::new();
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return wider;
    };
    let mut open = Vec::new();
    for (name, schema) in schemas.iter_mut() {
        let mut lossy = false;
        walk::schema_tree(schema, &Pointer::root(), &mut |inner, _| {
            lossy |= keywords::widened(inner);
            if let Some(target) = schema::ref_name(inner) {
                let used = users.entry(target.to_owned()).or_default();
                used.push(name.clone());
            }
        });
        if lossy {
            open.push(name.clone());
        }
    }
    while let Some(name) = open.pop() {
        open.extend(users.remove(&name).unwrap_or_default());
        wider.insert(name);
    }
    wider
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refuses_gives_way_to_what_is_widened() {
        let mut document = json!({"components": {"schemas": {
            "Wide": {"contains": {"type": "string"}},
            "Uses": {"items": {"$ref": "#/components/schemas/Wide"}},
            "Not": {"type": "array", "not": {"$ref": "#/components/schemas/Uses"}},
            "Both": {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Wide"}],
                     "anyOf": [{"minLength": 1}]},
            "Twice": {"not": {"not": {"$ref": "#/components/schemas/Wide"}}},
            "Fine": {"not": {"type": "string"}, "oneOf": [{"type": "integer"}, {"minimum": 1}]},
        }}});
        let before = document.clone();
        let mut report = Report::new();
        give_way(&mut document, &mut report);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Not"], json!({"type": "array"}));
        assert_eq!(schemas["Twice"], json!({}));
        assert_eq!(
            schemas["Both"],
            json!({
                "anyOf": [{"minLength": 1}],
                "allOf": [{"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Wide"}]}],
            })
        );
        for same in ["Wide", "Uses", "Fine"] {
            assert_eq!(schemas[same], before["components"]["schemas"][same]);
        }
        assert_eq!(report.losses().count(), 4);
    }
}
