//! Named schemas that take null: a generator makes a type of the name that
//! holds an option of itself. Null belongs to the places that refer to them.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{rule, strip};
use crate::{Pointer, Report, Subject, schema, walk};

/// `type: null` beside what speaks of other values: 3.0's `nullable`,
/// converted by halves. Taken at its word it would take nothing, or null alone.
pub(super) fn beside_others(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    if let Some(Value::Array(members)) = object.get_mut("allOf")
        && members.iter().any(schema::is_null)
        && !members.iter().all(schema::is_null)
    {
        members.retain(|member| !schema::is_null(member));
        schema::make_nullable(schema);
        report.lost(
            Subject::Constraint,
            rule("null-beside-others"),
            at,
            "null and something else at once; either is taken",
        );
        return;
    }
    if !matches!(object.get("type"), Some(t) if *t == "null" || *t == json!(["null"])) {
        return;
    }
    let union = ["oneOf", "anyOf"].into_iter().find(|key| {
        object
            .get(*key)
            .and_then(Value::as_array)
            .is_some_and(|arms| arms.iter().any(|arm| !schema::is_null(arm)))
    });
    let kind = [("properties", "object"), ("items", "array")]
        .into_iter()
        .find(|(key, _)| object.contains_key(*key));
    if let Some(key) = union {
        object.shift_remove("type");
        if let Some(Value::Array(arms)) = object.get_mut(key)
            && !arms.iter().any(schema::takes_null)
        {
            arms.push(json!({"type": "null"}));
        }
    } else if object.contains_key("$ref") || object.contains_key("allOf") {
        object.shift_remove("type");
        schema::make_nullable(schema);
    } else if let Some((_, kind)) = kind {
        object.insert("type".into(), json!([kind, "null"]));
    } else {
        return;
    }
    report.lost(
        Subject::Constraint,
        rule("null-beside-others"),
        at,
        "null and something else at once; either is taken",
    );
}

/// Moves what the one schema beside null tells a reader to the union of both:
/// it is said of the field, and the schema is put in place or becomes a
/// reference.
pub(super) fn annotations(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(arms)) = object.get_mut(key) else {
            continue;
        };
        if !arms.iter().any(schema::is_null) {
            continue;
        }
        let mut others = arms.iter_mut().filter(|arm| !schema::is_null(arm));
        let (Some(Value::Object(arm)), None) = (others.next(), others.next()) else {
            continue;
        };
        let mut told = Vec::new();
        for key in ANNOTATIONS {
            told.extend(arm.shift_remove(key).map(|value| (key, value)));
        }
        if told.is_empty() {
            continue;
        }
        for (key, inner) in told {
            let ours = object.get(key).and_then(Value::as_str).map(str::to_owned);
            match (ours, inner.as_str()) {
                (Some(ours), Some(inner)) if key == "description" => {
                    if !ours.contains(inner) {
                        strip::tell(object, inner);
                    }
                }
                _ => {
                    object.entry(key).or_insert(inner);
                }
            }
        }
        let note = "what is told of the schema beside null is told of both";
        report.changed(rule("null-annotations"), at, note);
    }
}

/// What is told of a schema, but for its title, which may name a type.
const ANNOTATIONS: [&str; 7] = [
    "description",
    "default",
    "deprecated",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
];

/// Moves null from the arms of a union to the union: an arm that takes null
/// would become an option within the union's own type.
pub(super) fn arms(schema: &mut Value, at: &Pointer, report: &mut Report) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(arms)) = schema.get_mut(key) else {
            continue;
        };
        let mut took = false;
        let others = |arm: &&mut Value| schema::may_take_null(arm) && !schema::is_null(arm);
        for arm in arms.iter_mut().filter(others) {
            let (plain, null) = schema::without_null(arm.clone());
            if null {
                *arm = plain;
                took = true;
            }
        }
        if took {
            report.changed(rule("nullable-variant"), at, "null is said by the union");
        }
        if took && !arms.iter().any(schema::is_null) {
            arms.push(json!({"type": "null"}));
        }
    }
}

/// Moves null from named schemas to the references to them. A union of such
/// references takes null then, and if it has a name, null moves on.
pub(super) fn components(document: &mut Value, report: &mut Report) {
    let mut moved = HashSet::new();
    while move_from_components(document, &mut moved, report) {}
}

/// Whether there was null to move from a schema that had not lost it before.
fn move_from_components(
    document: &mut Value,
    moved: &mut HashSet<String>,
    report: &mut Report,
) -> bool {
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return false;
    };
    let mut nullable = HashSet::new();
    for (name, schema) in schemas.iter_mut() {
        // A reference takes null where what it refers to does.
        if schema.get("$ref").is_some() || schema::is_null(schema) {
            continue;
        }
        if !schema::may_take_null(schema) {
            continue;
        }
        let (plain, took) = schema::without_null(schema.clone());
        if took {
            *schema = plain;
            // The references to it take null by now.
            if !moved.insert(name.clone()) {
                continue;
            }
            nullable.insert(name.clone());
            report.changed(
                rule("nullable-component"),
                &at.join(name),
                "null is said where it is referred to",
            );
        }
    }
    if nullable.is_empty() {
        return false;
    }
    walk::schemas(document, &mut |schema, at| {
        let refers = schema::ref_name(schema).is_some_and(|name| nullable.contains(name));
        let member = matches!(
            at.as_str().rsplit('/').nth(1),
            Some("anyOf" | "oneOf" | "allOf")
        );
        let component = at.as_str().matches('/').count() == 3
            && at.as_str().starts_with("/components/schemas/");
        if refers && !member && !component {
            schema::make_nullable(schema);
        }
        // A union with an arm that took null takes it itself.
        for key in ["anyOf", "oneOf"] {
            let Some(Value::Array(arms)) = schema.get_mut(key) else {
                continue;
            };
            let took = arms
                .iter()
                .any(|arm| schema::ref_name(arm).is_some_and(|name| nullable.contains(name)));
            if took && !arms.iter().any(schema::is_null) {
                arms.push(json!({"type": "null"}));
            }
        }
    });
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_beside_others_is_one_of_them() {
        for (before, after) in [
            (
                json!({"type": "null", "oneOf": [{"type": "string"}, {"type": "number"}]}),
                json!({"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]}),
            ),
            (
                json!({"type": "null", "$ref": "#/components/schemas/A", "description": "d"}),
                json!({"description": "d", "anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}),
            ),
            (
                json!({"type": "null", "properties": {"a": {}}}),
                json!({"type": ["object", "null"], "properties": {"a": {}}}),
            ),
            (
                json!({"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}),
                json!({"anyOf": [{"allOf": [{"$ref": "#/components/schemas/A"}]}, {"type": "null"}]}),
            ),
            (json!({"type": "null"}), json!({"type": "null"})),
        ] {
            let mut schema = before;
            beside_others(&mut schema, &Pointer::root(), &mut Report::new());
            assert_eq!(schema, after);
        }
    }

    #[test]
    fn what_is_told_beside_null_is_told_of_the_union() {
        for (before, after) in [
            (
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/a", "description": "d"}], "default": "x"}),
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/a"}], "default": "x", "description": "d"}),
            ),
            (
                json!({"anyOf": [{"type": "string", "description": "Format: `date`.", "default": "y"}, {"type": "null"}], "description": "When"}),
                json!({"anyOf": [{"type": "string"}, {"type": "null"}], "description": "When. Format: `date`.", "default": "y"}),
            ),
            (
                json!({"anyOf": [{"type": "string", "description": "a"}, {"type": "integer"}, {"type": "null"}]}),
                json!({"anyOf": [{"type": "string", "description": "a"}, {"type": "integer"}, {"type": "null"}]}),
            ),
        ] {
            let mut schema = before;
            annotations(&mut schema, &Pointer::root(), &mut Report::new());
            assert_eq!(schema, after);
        }
    }

    #[test]
    fn null_goes_from_arms_to_the_union() {
        let mut document = json!({"components": {"schemas": {
            "U": {"oneOf": [{"type": ["boolean", "null"]}, {"type": "number"}]},
        }}});
        super::super::of_schemas(&mut document, &[arms], &mut Report::new());
        assert_eq!(
            document["components"]["schemas"]["U"]["oneOf"],
            json!([{"type": "boolean"}, {"type": "number"}, {"type": "null"}])
        );
    }

    #[test]
    fn null_goes_to_the_references() {
        let mut document = json!({"components": {"schemas": {
            "N": {"oneOf": [{"type": "object", "properties": {"a": {}}}, {"type": "null"}]},
            "Old": {"type": "object", "nullable": true, "properties": {"n": {"$ref": "#/components/schemas/N"}}},
            "Union": {"oneOf": [{"$ref": "#/components/schemas/N"}, {"type": "string"}]},
            "Holder": {"type": "object", "properties": {
                "named": {"$ref": "#/components/schemas/Union"},
                "one": {"$ref": "#/components/schemas/Old", "description": "d"},
                "many": {"type": "array", "items": {"$ref": "#/components/schemas/N"}},
                "union": {"oneOf": [{"$ref": "#/components/schemas/N"}, {"type": "string"}]},
            }},
        }}});
        components(&mut document, &mut Report::new());
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["N"],
            json!({"type": "object", "properties": {"a": {}}})
        );
        assert!(!schema::takes_null(&schemas["Old"]));
        assert!(!schema::takes_null(&schemas["Union"]));
        let holder = &schemas["Holder"]["properties"];
        assert!(schema::takes_null(&holder["named"]));
        assert_eq!(
            holder["one"],
            json!({"description": "d", "anyOf": [{"$ref": "#/components/schemas/Old"}, {"type": "null"}]})
        );
        assert!(schema::takes_null(&holder["many"]["items"]));
        assert_eq!(holder["union"]["oneOf"][2], json!({"type": "null"}));
        assert!(schema::takes_null(&schemas["Old"]["properties"]["n"]));
    }
}
