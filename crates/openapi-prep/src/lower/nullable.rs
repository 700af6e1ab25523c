//! `null` as the generator reads it: `nullable` speaks of the whole schema,
//! whatever else it holds. A union with null would become a type more.

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject, schema};

/// Replaces null in types, unions and enums by `nullable`. Inner schemas have
/// been lowered before, but for null as a variant, which the union takes out.
pub(super) fn nullable(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    schema::as_schema(object, |schema| {
        if schema::is_null(schema) {
            let variant = matches!(at.holder(), Some("anyOf" | "oneOf"));
            if let (false, Value::Object(object)) = (variant, schema) {
                object.retain(|key, _| !matches!(key.as_str(), "type" | "enum"));
                object.insert("nullable".into(), json!(true));
                let note = "null and nothing else; any value is accepted";
                report.lost(Subject::Constraint, at, note);
            }
        } else if schema::may_take_null(schema) {
            let null = schema::takes_null(schema);
            *schema = schema::without_null(schema.take()).0;
            if null {
                schema["nullable"] = json!(true);
            }
            report.changed(at, "null written as `nullable`");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::tests::check;

    #[test]
    fn null_becomes_nullable() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let nothing = json!({"type": "null"});
        check(
            nullable,
            &[
                (
                    json!({"type": ["string", "null"]}),
                    json!({"nullable": true, "type": "string"}),
                    0,
                ),
                (json!({"type": "null"}), json!({"nullable": true}), 1),
                (
                    json!({"type": ["string", "null"], "enum": ["a", null]}),
                    json!({"type": "string", "enum": ["a"], "nullable": true}),
                    0,
                ),
                // The values do not include null.
                (
                    json!({"type": ["string", "null"], "enum": ["a"]}),
                    json!({"type": "string", "enum": ["a"]}),
                    0,
                ),
                (
                    json!({"enum": ["a", null]}),
                    json!({"enum": ["a"], "nullable": true}),
                    0,
                ),
                (
                    json!({"anyOf": [reference, nothing], "description": "d"}),
                    json!({"description": "d", "nullable": true, "$ref": "#/components/schemas/A"}),
                    0,
                ),
                (
                    json!({"oneOf": [{"type": "string", "description": "inner"}, nothing]}),
                    json!({"nullable": true, "type": "string", "description": "inner"}),
                    0,
                ),
                (
                    json!({"enum": ["a"], "oneOf": [{"type": "string"}, nothing]}),
                    json!({"enum": ["a"], "type": "string", "nullable": true}),
                    0,
                ),
                (
                    json!({"anyOf": [{"type": "string"}, {"type": "integer"}, nothing]}),
                    json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
                    0,
                ),
                // A reference is one of the members of what says more than it.
                (
                    json!({"anyOf": [reference, nothing], "properties": {"a": {}}}),
                    json!({"nullable": true, "properties": {"a": {}}, "allOf": [reference]}),
                    0,
                ),
                (
                    json!({"anyOf": [{"type": "string", "description": "Inner."}, nothing], "description": "Outer."}),
                    json!({"nullable": true, "type": "string", "description": "Outer. Inner."}),
                    0,
                ),
            ],
        );
    }
}
