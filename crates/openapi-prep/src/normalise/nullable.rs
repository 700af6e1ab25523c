//! Named schemas that take null: a generator makes a type of the name that
//! holds an option of itself. Null belongs to the places that refer to them.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::several_types::type_of;
use crate::{Pointer, Report, Subject, schema, walk};

/// Null beside what speaks of other values, as a type or a member: 3.0's
/// `nullable`, converted by halves. Taken at its word it would take nothing, or
/// null alone.
pub(super) fn beside(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let null = |kind: &Value| *kind == "null" || *kind == json!(["null"]);
    let is_null = object.get("type").is_some_and(null);
    if is_null && schema::has_any(object, &["$ref", "oneOf", "anyOf", "allOf"]) {
        object.shift_remove("type");
    } else if is_null && let Some(kind) = object.keys().find_map(|key| type_of(key)) {
        object.insert("type".into(), json!(kind));
    } else if let Some(Value::Array(members)) = object.get_mut("allOf")
        && members.iter().any(schema::is_null)
        && !members.iter().all(schema::is_null)
    {
        members.retain(|member| !schema::is_null(member));
    } else {
        return;
    }
    schema::as_schema(object, schema::make_nullable);
    let note = "null and something else at once; either is taken";
    report.lost(Subject::Constraint, at, note);
}

/// Moves null from the arms of a union to the union: an arm that takes null
/// would become an option within the union's own type.
pub(super) fn arms(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(arms)) = schema.get_mut(key) else {
            continue;
        };
        let mut took = false;
        let others = |arm: &&mut Value| schema::may_take_null(arm) && !schema::is_null(arm);
        for arm in arms.iter_mut().filter(others) {
            let null;
            (*arm, null) = schema::without_null(arm.take());
            took |= null;
        }
        if took {
            report.changed(at, "null moved to the union");
        }
        if took && !arms.iter().any(schema::is_null) {
            arms.push(json!({"type": "null"}));
        }
    }
}

/// Moves null from named schemas to the references to them. A union of such
/// references takes null then, and if it has a name, null moves on.
pub(super) fn components(document: &mut Value, report: &mut Report) {
    let here = Pointer::root().joins(["components", "schemas"]);
    let mut moved = HashSet::new();
    loop {
        let mut nullable = HashSet::new();
        // A reference takes null where what it refers to does.
        for (name, schema) in walk::component_schemas(document).filter(|(_, schema)| {
            schema.get("$ref").is_none()
                && !schema::is_null(schema)
                && schema::may_take_null(schema)
        }) {
            let (plain, took) = schema::without_null(schema.take());
            *schema = plain;
            // Others that took null before have references that take it by now.
            if took && moved.insert(name.clone()) {
                report.changed(&here.join(name), "null moved to the references");
                nullable.insert(name.clone());
            }
        }
        if nullable.is_empty() {
            return;
        }
        let took_null =
            |schema: &Value| schema::ref_name(schema).is_some_and(|name| nullable.contains(name));
        walk::schemas(document, &mut |schema, at| {
            let member = matches!(at.holder(), Some("anyOf" | "oneOf" | "allOf"));
            if took_null(schema) && !member && !at.is_component_schema() {
                schema::make_nullable(schema);
            }
            for key in ["anyOf", "oneOf"] {
                if let Some(Value::Array(arms)) = schema.get_mut(key)
                    && arms.iter().any(took_null)
                    && !arms.iter().any(schema::is_null)
                {
                    arms.push(json!({"type": "null"}));
                }
            }
        });
    }
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
            let object = schema.as_object_mut().unwrap();
            beside(object, &Pointer::root(), &mut Report::new());
            assert_eq!(schema, after);
        }
    }

    #[test]
    fn null_goes_from_arms_to_the_union() {
        let mut document = json!({"components": {"schemas": {
            "U": {"oneOf": [{"type": ["boolean", "null"]}, {"type": "number"}]},
        }}});
        super::super::tests::of_schemas(&mut document, &[arms], &mut Report::new());
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
