//! Defaults that their schema refuses, which validators hold against the whole
//! document.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::super::rule;
use crate::{Report, Subject, schema, walk};

/// How deep schemas are followed.
const DEPTH: usize = 24;

/// How many schemas are looked at for one default: those that hold each other
/// many times over are more than anybody waits for.
const STEPS: usize = 2_000;

/// What a schema says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Refuses,
    /// It would take a validator to know.
    Unsure,
    Takes,
}

use Verdict::{Refuses, Takes, Unsure};

/// Mends defaults that are written as text, and takes out those that their
/// schema refuses, or may refuse: no default is worth a document.
pub(in crate::lower) fn refused(document: &mut Value, report: &mut Report) {
    let mut found = Vec::new();
    walk::schemas(document, &mut |schema, at| {
        if schema.get("default").is_some() {
            found.push(at.clone());
        }
    });
    let none = Map::new();
    for at in found {
        let schemas = document.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).unwrap_or(&none);
        let judge = Judge {
            schemas,
            steps: Cell::new(STEPS),
        };
        let Some(Value::Object(schema)) = document.pointer(at.as_str()) else {
            continue;
        };
        let default = schema["default"].clone();
        let verdict = judge.of(schema, &default, 0);
        if verdict == Takes {
            continue;
        }
        let text = default.as_str().filter(|_| verdict == Refuses);
        let meant = text
            .and_then(|text| serde_json::from_str::<Value>(text).ok())
            .filter(|value| judge.of(schema, value, 0) == Takes);
        let Some(Value::Object(schema)) = document.pointer_mut(at.as_str()) else {
            continue;
        };
        schema.shift_remove("default");
        let at = at.join("default");
        if let Some(value) = meant {
            schema.insert("default".into(), value);
            let told = "written as text; now a value of its type";
            report.changed(rule("default"), &at, told);
        } else if default.is_null() {
            report.changed(rule("default"), &at, "a default of null taken out");
        } else {
            let refuses = if verdict == Refuses {
                "refuses"
            } else {
                "may refuse"
            };
            let told = format!("the schema {refuses} its default {default}");
            report.lost(Subject::Annotation, rule("default"), &at, told);
        }
    }
}

struct Judge<'a> {
    schemas: &'a Map<String, Value>,
    /// How many schemas may still be looked at.
    steps: Cell<usize>,
}

impl Judge<'_> {
    fn of_any(&self, schema: &Value, value: &Value, depth: usize) -> Verdict {
        match schema {
            Value::Object(schema) => self.of(schema, value, depth),
            Value::Bool(false) => Refuses,
            _ => Takes,
        }
    }

    /// What a schema of 3.0 says of a value.
    fn of(&self, schema: &Map<String, Value>, value: &Value, depth: usize) -> Verdict {
        let left = self.steps.get();
        if depth > DEPTH || left == 0 {
            return Unsure;
        }
        self.steps.set(left - 1);
        if let Some(target) = schema.get("$ref") {
            let name = target
                .as_str()
                .and_then(|t| t.strip_prefix(schema::SCHEMAS));
            let target = name.and_then(|name| self.schemas.get(name));
            return target.map_or(Unsure, |target| self.of_any(target, value, depth + 1));
        }
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return Takes;
        }
        let each = |key: &str| -> Option<Vec<Verdict>> {
            let arms = schema.get(key)?.as_array()?;
            Some(
                arms.iter()
                    .map(|arm| self.of_any(arm, value, depth + 1))
                    .collect(),
            )
        };
        let mut all = vec![own(schema, value), self.inside(schema, value, depth)];
        all.extend(each("allOf").into_iter().flatten());
        if let Some(arms) = each("anyOf") {
            all.push(arms.into_iter().max().unwrap_or(Refuses));
        }
        if let Some(arms) = each("oneOf") {
            let takes = arms.iter().filter(|v| **v == Takes).count();
            all.push(match takes {
                _ if arms.contains(&Unsure) => Unsure,
                1 => Takes,
                _ => Refuses,
            });
        }
        if let Some(not) = schema.get("not") {
            all.push(match self.of_any(not, value, depth + 1) {
                Takes => Refuses,
                Unsure => Unsure,
                Refuses => Takes,
            });
        }
        all.into_iter().min().unwrap_or(Takes)
    }

    /// What a schema says of what is inside a value.
    fn inside(&self, schema: &Map<String, Value>, value: &Value, depth: usize) -> Verdict {
        let mut worst = Takes;
        let mut see = |schema: Option<&Value>, value: &Value| {
            if let Some(schema) = schema {
                worst = worst.min(self.of_any(schema, value, depth + 1));
            }
        };
        match value {
            Value::Array(items) => {
                for item in items {
                    see(schema.get("items"), item);
                }
            }
            Value::Object(entries) => {
                for (name, entry) in entries {
                    let property = schema.get("properties").and_then(|p| p.get(name));
                    see(
                        property.or_else(|| schema.get("additionalProperties")),
                        entry,
                    );
                }
                let required = schema.get("required").and_then(Value::as_array);
                let mut names = required.into_iter().flatten().filter_map(Value::as_str);
                if names.any(|name| !entries.contains_key(name)) {
                    return Refuses;
                }
            }
            _ => {}
        }
        worst
    }
}

/// What the keywords of one schema that hold no others say of a value.
fn own(schema: &Map<String, Value>, value: &Value) -> Verdict {
    let kind = match schema.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    let listed = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(value));
    let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let within = value.as_f64().is_none_or(|n| {
        let above =
            bound("minimum").is_none_or(|min| n > min || (n >= min && !flag("exclusiveMinimum")));
        let below =
            bound("maximum").is_none_or(|max| n < max || (n <= max && !flag("exclusiveMaximum")));
        above && below
    });
    let size = |least: &str, most: &str, size: Option<usize>| {
        let size = size.and_then(|size| u64::try_from(size).ok());
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
        size.is_none_or(|size| {
            limit(least).is_none_or(|least| size >= least)
                && limit(most).is_none_or(|most| size <= most)
        })
    };
    let sized = size(
        "minLength",
        "maxLength",
        value.as_str().map(|s| s.chars().count()),
    ) && size("minItems", "maxItems", value.as_array().map(Vec::len))
        && size(
            "minProperties",
            "maxProperties",
            value.as_object().map(Map::len),
        );
    if !(kind && listed && within && sized) {
        return Refuses;
    }
    let multiple = value.is_number() && schema.contains_key("multipleOf");
    let unique = value.as_array().is_some_and(|a| a.len() > 1) && flag("uniqueItems");
    if multiple || unique {
        return Unsure;
    }
    match value.as_str() {
        Some(text) => of_text(schema, text),
        None => Takes,
    }
}

/// What pattern and format say of a text.
fn of_text(schema: &Map<String, Value>, text: &str) -> Verdict {
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        match regress::Regex::new(pattern) {
            Ok(pattern) if pattern.find(text).is_some() => {}
            Ok(_) => return Refuses,
            Err(_) => return Unsure,
        }
    }
    let digits = |from: usize, to: usize| text.get(from..to).and_then(|d| d.parse::<u32>().ok());
    let fine = match schema.get("format").and_then(Value::as_str) {
        Some("date") => {
            text.len() == 10
                && text.bytes().filter(|b| *b == b'-').count() == 2
                && digits(0, 4).is_some_and(|year| year > 0)
                && digits(5, 7).is_some_and(|month| (1..=12).contains(&month))
                && digits(8, 10).is_some_and(|day| (1..=28).contains(&day))
        }
        Some("uri" | "url" | "uri-reference" | "iri") => {
            let plain = |c: char| c.is_ascii_alphanumeric() || ":/?#@!$&'()*+,;=-._~%".contains(c);
            text.starts_with("http") && text.contains("://") && text.chars().all(plain)
        }
        Some("email") => text.contains('@'),
        // Others that validators look at.
        Some(
            "byte"
            | "color"
            | "date-time"
            | "duration"
            | "hostname"
            | "idn-email"
            | "idn-hostname"
            | "ipv4"
            | "ipv6"
            | "iri-reference"
            | "json-pointer"
            | "regex"
            | "relative-json-pointer"
            | "time"
            | "uri-template"
            | "uuid",
        ) => false,
        _ => true,
    };
    if fine { Takes } else { Unsure }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The default that is left of a schema's, and how many losses are told.
    fn left_of(schema: &Value) -> (Option<Value>, usize) {
        let mut document = json!({"components": {"schemas": {
            "Word": {"type": "string", "enum": ["a"]},
            "Again": {"$ref": "#/components/schemas/Again"},
            "S": schema,
        }}});
        let mut report = Report::new();
        refused(&mut document, &mut report);
        let left = document["components"]["schemas"]["S"].get("default");
        (left.cloned(), report.losses().count())
    }

    #[test]
    fn defaults_are_mended_or_taken_out() {
        for (schema, left, losses) in [
            (
                json!({"type": "integer", "default": "3"}),
                Some(json!(3)),
                0,
            ),
            (
                json!({"type": "boolean", "default": "false"}),
                Some(json!(false)),
                0,
            ),
            (
                json!({"type": "string", "default": "3"}),
                Some(json!("3")),
                0,
            ),
            (json!({"type": "string", "default": null}), None, 0),
            (
                json!({"type": "string", "enum": ["a"], "default": "b"}),
                None,
                1,
            ),
            (
                json!({"type": "integer", "minimum": 1, "default": 0}),
                None,
                1,
            ),
            (
                json!({"type": "number", "minimum": 1, "exclusiveMinimum": true, "default": 1}),
                None,
                1,
            ),
            (
                json!({"type": "array", "items": {"type": "string"}, "default": ["a"]}),
                Some(json!(["a"])),
                0,
            ),
            (
                json!({"type": "array", "items": {"type": "string"}, "default": [1]}),
                None,
                1,
            ),
            (
                json!({"type": "object", "required": ["a"], "default": {}}),
                None,
                1,
            ),
        ] {
            assert_eq!(left_of(&schema), (left, losses), "{schema}");
        }
    }

    #[test]
    fn other_schemas_patterns_and_formats_are_asked() {
        for (schema, left, losses) in [
            (
                json!({"allOf": [{"$ref": "#/components/schemas/Word"}], "default": "a"}),
                Some(json!("a")),
                0,
            ),
            (
                json!({"allOf": [{"$ref": "#/components/schemas/Word"}], "default": "b"}),
                None,
                1,
            ),
            (
                json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "default": 1}),
                Some(json!(1)),
                0,
            ),
            (
                json!({"oneOf": [{"type": "number"}, {"type": "integer"}], "default": 1}),
                None,
                1,
            ),
            (json!({"not": {"type": "string"}, "default": "a"}), None, 1),
            (
                json!({"allOf": [{"$ref": "#/components/schemas/Again"}], "default": 1}),
                None,
                1,
            ),
            (
                json!({"type": "string", "pattern": "^a", "default": "ab"}),
                Some(json!("ab")),
                0,
            ),
            (
                json!({"type": "string", "format": "date", "default": "2024-02-28"}),
                Some(json!("2024-02-28")),
                0,
            ),
            (
                json!({"type": "string", "format": "date", "default": "today"}),
                None,
                1,
            ),
            (
                json!({"type": "string", "format": "uri", "default": "https://a.example/b"}),
                Some(json!("https://a.example/b")),
                0,
            ),
        ] {
            assert_eq!(left_of(&schema), (left, losses), "{schema}");
        }
    }
}
