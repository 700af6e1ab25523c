//! Named schemas that take null: a generator makes a type of the name that
//! holds an option of itself. Null belongs to the places that refer to them.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, schema, walk};

/// Moves null from the arms of a union to the union: an arm that takes null
/// would become an option within the union's own type.
pub(super) fn arms(document: &mut Value, _report: &mut Report) {
    walk::schemas(document, &mut |schema, _| {
        for key in ["anyOf", "oneOf"] {
            let Some(Value::Array(arms)) = schema.get_mut(key) else {
                continue;
            };
            let mut took = false;
            for arm in arms.iter_mut().filter(|arm| !schema::is_null(arm)) {
                let (plain, null) = schema::without_null(arm.clone());
                if null {
                    *arm = plain;
                    took = true;
                }
            }
            if took && !arms.iter().any(schema::is_null) {
                arms.push(json!({"type": "null"}));
            }
        }
    });
}

/// Moves null from named schemas to the references to them.
pub(super) fn components(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let mut nullable = HashSet::new();
    for (name, schema) in schemas.iter_mut() {
        // A reference takes null where what it refers to does.
        if schema.get("$ref").is_some() || schema::is_null(schema) {
            continue;
        }
        let (plain, took) = schema::without_null(schema.clone());
        if took {
            *schema = plain;
            nullable.insert(name.clone());
            report.changed(
                rule("nullable-component"),
                &at.join(name),
                "null is said where it is referred to",
            );
        }
    }
    if nullable.is_empty() {
        return;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_goes_from_arms_to_the_union() {
        let mut document = json!({"components": {"schemas": {
            "U": {"oneOf": [{"type": ["boolean", "null"]}, {"type": "number"}]},
        }}});
        arms(&mut document, &mut Report::new());
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
            "Holder": {"type": "object", "properties": {
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
        let holder = &schemas["Holder"]["properties"];
        assert_eq!(
            holder["one"],
            json!({"description": "d", "anyOf": [{"$ref": "#/components/schemas/Old"}, {"type": "null"}]})
        );
        assert!(schema::takes_null(&holder["many"]["items"]));
        assert_eq!(holder["union"]["oneOf"][2], json!({"type": "null"}));
        assert!(schema::takes_null(&schemas["Old"]["properties"]["n"]));
    }
}
