//! A list of types: a union with a variant for each, which has the keywords that
//! are of its type.

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject, schema};

/// The type whose values a keyword constrains; none where it is of any type.
pub(super) fn type_of(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedProperties" => "object",
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "contains"
        | "minContains" | "maxContains" | "unevaluatedItems" => "array",
        "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType"
        | "contentSchema" => "string",
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => "number",
        _ => return None,
    })
}

/// Puts a union in place of a list of several types, and its type in place of a
/// list of one. Null beside one other type stays a list.
pub(crate) fn split(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let Some(Value::Array(given)) = schema.get("type") else {
        return;
    };
    let is_number = given.iter().any(|kind| kind == "number");
    // Each integer is a number.
    let is_type = |kind: &&str| *kind != "integer" || !is_number;
    let types = given.iter().filter_map(Value::as_str).filter(is_type);
    let types: Vec<String> = types.map(str::to_owned).collect();
    if types.iter().filter(|kind| *kind != "null").count() < 2 {
        if types.len() > 1 && types.len() == given.len() {
            return;
        }
        match types.as_slice() {
            [] => drop(schema.shift_remove("type")),
            [one] => drop(schema.insert("type".into(), json!(one))),
            several => drop(schema.insert("type".into(), json!(several))),
        }
        return report.changed(at, "a list of one type");
    }
    schema.shift_remove("type");
    if schema::has_any(schema, &["allOf", "anyOf", "oneOf", "$ref"]) {
        let note = "the types beside what the value is made of";
        return report.lost(Subject::Constraint, at, note);
    }
    let of_types;
    (of_types, *schema) = std::mem::take(schema).into_iter().partition(|(key, _)| {
        type_of(key).is_some() || matches!(&**key, "enum" | "const" | "format")
    });
    let variants = types.iter().filter_map(|kind| variant(kind, &of_types));
    schema.insert("oneOf".into(), variants.collect());
    report.changed(at, "a union of these types");
}

/// The schema of one type, with its keywords; none if no value is of it.
fn variant(kind: &str, schema: &Map<String, Value>) -> Option<Value> {
    let of = if kind == "integer" { "number" } else { kind };
    let accepts = |value: &Value| match schema::kind_of(value) {
        Some("integer") => of == "number",
        other => other.unwrap_or("null") == kind,
    };
    let mut variant = json!({ "type": kind });
    for (key, value) in schema {
        match key.as_str() {
            "enum" => {
                let values = value.as_array()?.iter().filter(|value| accepts(value));
                variant["enum"] = values.cloned().collect();
                variant["enum"].get(0)?;
            }
            "const" if !accepts(value) => return None,
            "format" if !is_of(value, of) => {}
            key if type_of(key).is_none_or(|keyword| keyword == of) => {
                variant[key] = value.clone();
            }
            _ => {}
        }
    }
    Some(variant)
}

/// Whether a format is one of this type: those of numbers are few.
fn is_of(format: &Value, kind: &str) -> bool {
    let format = format.as_str().unwrap_or_default();
    let of_numbers = format.starts_with("int")
        || format.starts_with("uint")
        || ["float", "double", "decimal"].contains(&format);
    kind == if of_numbers { "number" } else { "string" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(mut schema: Value) -> (Value, usize) {
        let mut report = Report::new();
        let object = schema.as_object_mut().unwrap();
        split(object, &Pointer::root(), &mut report);
        (schema, report.losses().count())
    }

    #[test]
    fn each_type_has_its_keywords() {
        let given = json!({"type": ["object", "string", "number", "integer", "null"], "description": "Any.",
            "properties": {"x": {}}, "minLength": 1, "minimum": 2, "format": "int64"});
        let (schema, losses) = after(given);
        assert_eq!(
            schema,
            json!({"description": "Any.", "oneOf": [
                {"type": "object", "properties": {"x": {}}},
                {"type": "string", "minLength": 1},
                {"type": "number", "minimum": 2, "format": "int64"},
                {"type": "null"},
            ]})
        );
        assert_eq!(losses, 0);
    }

    #[test]
    fn values_go_to_their_types() {
        let (schema, _) =
            after(json!({"type": ["string", "integer", "boolean"], "enum": ["a", 1]}));
        assert_eq!(
            schema,
            json!({"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "integer", "enum": [1]}]})
        );
    }

    #[test]
    fn one_type_with_null_stays() {
        for schema in [
            json!({"type": ["string", "null"]}),
            json!({"type": "string"}),
        ] {
            assert_eq!(after(schema.clone()), (schema, 0));
        }
        for list in [json!(["number"]), json!(["integer", "number"])] {
            assert_eq!(after(json!({"type": list})), (json!({"type": "number"}), 0));
        }
        let (schema, losses) =
            after(json!({"type": ["string", "integer"], "anyOf": [{"minimum": 1}]}));
        assert_eq!((schema, losses), (json!({"anyOf": [{"minimum": 1}]}), 1));
    }
}
