//! Schemas that contradict the generator: enums whose values have no names in
//! Rust, unions of nothing, what a value must not be, circles of references.

use std::collections::HashSet;

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::{names, rule, strip};
use crate::{Report, graph, schema, walk};

/// Takes out what says only how a value must not look.
pub(super) fn negations(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| {
        let property = at.as_str().rsplit('/').nth(1) == Some("properties");
        if property && *schema == Value::Bool(false) {
            *schema = json!({});
            report.lost(rule("negation"), at, "a property that must not be there");
        }
        let Value::Object(schema) = schema else {
            return;
        };
        if schema
            .get("not")
            .is_some_and(|not| not.is_object() || not.is_boolean())
        {
            schema.shift_remove("not");
            report.lost(rule("negation"), at, "`not`");
        }
    });
}

/// Puts unions of one schema in place of the union, and takes out unions of
/// none.
pub(super) fn small_unions(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| {
        let Value::Object(object) = schema else {
            return;
        };
        for key in ["oneOf", "anyOf", "allOf"] {
            let Some(Value::Array(arms)) = object.get_mut(key) else {
                continue;
            };
            // The same schema twice says nothing new, null least of all.
            let mut seen: Vec<Value> = Vec::new();
            arms.retain(|arm| {
                let new = !seen.contains(arm);
                seen.push(arm.clone());
                new
            });
            match arms.len() {
                0 => {
                    object.shift_remove(key);
                    report.changed(
                        rule("small-union"),
                        at,
                        format!("`{key}` of nothing taken out"),
                    );
                }
                1 if key != "allOf" => {
                    let arm = arms.remove(0);
                    object.shift_remove(key);
                    let clash = arm.as_object().is_none_or(|arm| {
                        arm.contains_key("$ref") || arm.keys().any(|k| object.contains_key(k))
                    });
                    if let (false, Value::Object(arm)) = (clash, &arm) {
                        object.extend(arm.clone());
                    } else {
                        match object.get_mut("allOf") {
                            Some(Value::Array(members)) => members.push(arm),
                            _ => {
                                object.insert("allOf".into(), json!([arm]));
                            }
                        }
                    }
                    report.changed(
                        rule("small-union"),
                        at,
                        format!("`{key}` of one schema put in place"),
                    );
                }
                _ => {}
            }
        }
        // A reference wrapped once and alone is the reference.
        if let Some([member]) = object
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            && object.len() == 1
            && schema::ref_name(member).is_some()
        {
            let member = member.clone();
            *schema = member;
        }
    });
}

/// Reads an enum as its type where its values cannot all be named in Rust, and
/// takes out what stands in it twice.
pub(super) fn unnameable_enums(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| {
        let Value::Object(schema) = schema else {
            return;
        };
        let Some(Value::Array(values)) = schema.get_mut("enum") else {
            return;
        };
        let mut distinct: Vec<Value> = Vec::new();
        for value in values.iter() {
            if !distinct.contains(value) {
                distinct.push(value.clone());
            }
        }
        values.clone_from(&distinct);
        if distinct.is_empty() {
            schema.shift_remove("enum");
            report.lost(rule("enum"), at, "an enum of no values; any value is taken");
            return;
        }
        let texts: Vec<&str> = distinct.iter().filter_map(Value::as_str).collect();
        let null = distinct.iter().filter(|v| v.is_null()).count();
        if texts.len() + null == distinct.len() && nameable(&texts) {
            return;
        }
        if texts.is_empty() && null == distinct.len() {
            return;
        }
        let of_texts = texts.len() + null == distinct.len();
        let known: Vec<String> = distinct
            .iter()
            .filter(|v| !v.is_null())
            .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            .collect();
        let note = if of_texts {
            "values that Rust cannot tell apart; any text is taken"
        } else {
            "values of several types or none that is text; any value of the type is taken"
        };
        schema.shift_remove("enum");
        strip::tell(
            schema,
            &format!("Known values: `{}`.", known.join("`, `").replace('\n', " ")),
        );
        if of_texts && !schema.contains_key("type") {
            let kind = if null > 0 {
                json!(["string", "null"])
            } else {
                json!("string")
            };
            schema.insert("type".into(), kind);
        }
        report.lost(rule("enum"), at, note);
    });
}

/// Leaves out properties that would have the Rust name of one before them.
pub(super) fn clashing_properties(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| {
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            return;
        };
        let mut seen = Vec::new();
        let mut gone = Vec::new();
        properties.retain(|name, _| {
            let field = field_name(name);
            let new = !seen.contains(&field);
            if new {
                seen.push(field);
            } else {
                report.lost(
                    rule("property-name"),
                    &at.join("properties").join(name),
                    "clashes with another property in Rust and is left out",
                );
                gone.push(name.clone());
            }
            new
        });
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|name| !gone.iter().any(|gone| name == gone));
        }
    });
}

/// The field a property becomes, as far as it tells two apart.
pub(crate) fn field_name(property: &str) -> String {
    let plain: String = property
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    plain.to_snake_case()
}

/// Whether all values give different names.
pub(crate) fn nameable(values: &[&str]) -> bool {
    let mut seen = Vec::new();
    values.iter().all(|value| {
        let name = names::type_name(value);
        let named = value.chars().any(|c| c.is_ascii_alphanumeric());
        let new = !seen.contains(&name);
        seen.push(name);
        named && new
    })
}

/// Ends circles of references that say nothing: a schema that is only another,
/// which is only the first.
pub(crate) fn circles(document: &mut Value, report: &mut Report) {
    let at = crate::Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let next: graph::Graph<'_> = schemas
        .iter()
        .map(|(name, schema)| (name.as_str(), leads_to(schema)))
        .collect();
    let circles = graph::on_circles(&next).into_iter().map(str::to_owned);
    let circles: HashSet<String> = circles.collect();
    for (name, schema) in schemas.iter_mut() {
        if circles.contains(name) {
            *schema = Value::Object(Map::new());
            report.lost(
                rule("circle"),
                &at.join(name),
                "is only itself; any value is taken",
            );
        }
    }
}

/// The schemas whose content this one takes as its own.
fn leads_to(schema: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = schema::ref_name(schema).into_iter().collect();
    for key in ["allOf", "oneOf", "anyOf"] {
        let members = schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        names.extend(members.flat_map(leads_to));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn after(rule: fn(&mut Value, &mut Report), schemas: Value) -> (Value, usize) {
        let mut document = json!({"components": {"schemas": schemas}});
        let mut report = Report::new();
        rule(&mut document, &mut report);
        (
            document["components"]["schemas"].take(),
            report.losses().count(),
        )
    }

    #[test]
    fn enums_without_names_are_texts() {
        let (schemas, losses) = after(
            unnameable_enums,
            json!({
                "Fine": {"type": "string", "enum": ["16:9", "9:16", "a", "a"]},
                "Same": {"enum": ["en-US", "en_US"]},
                "None": {"type": "string", "enum": ["", "x"]},
                "Mixed": {"enum": [1, "two"]},
                "Empty": {"enum": []},
            }),
        );
        assert_eq!(
            schemas,
            json!({
                "Fine": {"type": "string", "enum": ["16:9", "9:16", "a"]},
                "Same": {"type": "string", "description": "Known values: `en-US`, `en_US`."},
                "None": {"type": "string", "description": "Known values: ``, `x`."},
                "Mixed": {"description": "Known values: `1`, `two`."},
                "Empty": {},
            })
        );
        assert_eq!(losses, 4);
    }

    #[test]
    fn what_must_not_be_may_be() {
        let (schemas, losses) = after(
            negations,
            json!({"A": {"not": {"type": "string"}, "properties": {"no": false, "not": {"type": "string"}}}}),
        );
        assert_eq!(
            schemas,
            json!({"A": {"properties": {"no": {}, "not": {"type": "string"}}}})
        );
        assert_eq!(losses, 2);
    }

    #[test]
    fn fields_are_told_apart() {
        let (schemas, losses) = after(
            clashing_properties,
            json!({"A": {"required": ["a_b", "a-b"], "properties": {"a-b": {}, "a_b": {}, "aB": {}, "type": {}, "@type": {}}}}),
        );
        assert_eq!(
            schemas,
            json!({"A": {"required": ["a-b"], "properties": {"a-b": {}, "type": {}}}})
        );
        assert_eq!(losses, 3);
    }

    #[test]
    fn unions_of_one_and_of_none() {
        let (schemas, _) = after(
            small_unions,
            json!({
                "None": {"oneOf": []},
                "One": {"oneOf": [{"type": "string"}], "description": "d"},
                "Reference": {"anyOf": [{"$ref": "#/components/schemas/One"}]},
                "Twice": {"anyOf": [{"type": "null"}, {"type": "null"}, {"type": "string"}]},
            }),
        );
        assert_eq!(
            schemas,
            json!({
                "None": {},
                "One": {"description": "d", "type": "string"},
                "Reference": {"$ref": "#/components/schemas/One"},
                "Twice": {"anyOf": [{"type": "null"}, {"type": "string"}]},
            })
        );
    }

    #[test]
    fn circles_end() {
        let (schemas, losses) = after(
            circles,
            json!({
                "A": {"$ref": "#/components/schemas/B"}, "B": {"allOf": [{"$ref": "#/components/schemas/A"}]},
                "C": {"properties": {"c": {"$ref": "#/components/schemas/C"}}},
            }),
        );
        assert_eq!(schemas["A"], json!({}));
        assert!(
            schemas["C"].get("properties").is_some(),
            "a tree is no circle"
        );
        assert!(losses >= 1);
    }
}
