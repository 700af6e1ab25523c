//! Unions whose variants are values of one type: the way OpenAPI 3.1 gives
//! each value of an enum a name and a description of its own, and the way
//! documents say "one of these, or any other string".

use serde_json::{Map, Value, json};

use super::{
    enums::{self, VARNAMES},
    strip,
};
use crate::{Pointer, Report, schema};

/// What a variant may say besides its values.
const PLAIN: [&str; 4] = ["type", "const", "enum", "format"];

/// A variant that is a string, a number or a boolean.
struct Scalar {
    kind: String,
    has_null: bool,
    /// The values, where only some are accepted.
    values: Vec<Value>,
    /// What the one value is called, or null.
    title: Value,
    /// What its values are called, for the reader.
    about: Option<String>,
}

/// Reads variants of one type as one variant: listed values as one list, and
/// listed values beside any value as any value.
pub(super) fn one_of_a_kind(holder: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in ["oneOf", "anyOf"] {
        let kind = holder.get("type").cloned();
        let kind = kind.as_ref().and_then(Value::as_str);
        let Some(Value::Array(arms)) = holder.get_mut(key) else {
            continue;
        };
        let scalars = arms.iter().map(|arm| Scalar::of(arm, kind));
        let scalars: Vec<Option<Scalar>> = scalars.collect();
        let mut about: Vec<&str> = Vec::new();
        let before = arms.len();
        let mut index = 0..;
        arms.retain_mut(|arm| {
            let own = index.next().map(|index: usize| scalars[index].as_ref());
            let Some(own) = own.flatten() else {
                return true;
            };
            let same = scalars.iter().flatten();
            let same: Vec<&Scalar> = same.filter(|one| one.kind == own.kind).collect();
            let is_first = std::ptr::eq(same[0], own);
            if is_first && same.len() > 1 {
                about.extend(same.iter().filter_map(|scalar| scalar.about.as_deref()));
                *arm = Scalar::merged(&same);
            }
            is_first
        });
        let after = arms.len();
        if after == before {
            continue;
        }
        if !about.is_empty() {
            strip::tell(holder, &format!("Values: {}.", about.join(", ")));
        }
        let note = format!("variants of one kind read as one; {after} of {before} are left");
        report.changed(at, note);
    }
}

impl Scalar {
    fn of(arm: &Value, of_holder: Option<&str>) -> Option<Self> {
        let (plain, has_null) = schema::without_null(arm.clone());
        let object = plain.as_object()?;
        let is_plain = |key: &str| {
            PLAIN.contains(&key) || schema::PROSE.contains(&key) || key.starts_with("x-")
        };
        if schema::is_null(&plain) || !object.keys().all(|key| is_plain(key)) {
            return None;
        }
        let values = enums::values(object).unwrap_or_default();
        let mut kinds: Vec<_> = values.iter().map(schema::kind_of).collect();
        kinds.dedup();
        let of_values = kinds.first().filter(|_| kinds.len() == 1);
        let kind = object.get("type").and_then(Value::as_str);
        let kind = kind.or(of_holder).or(*of_values.unwrap_or(&None))?;
        let title = object.get("title").filter(|_| values.len() == 1);
        matches!(kind, "string" | "integer" | "number" | "boolean").then(|| Self {
            kind: kind.to_owned(),
            has_null,
            about: (!values.is_empty()).then(|| about(object, values)),
            values: values.to_vec(),
            title: title.cloned().unwrap_or_default(),
        })
    }

    /// The schema of several of one type.
    fn merged(all: &[&Self]) -> Value {
        let mut schema = json!({ "type": all[0].kind });
        if all.iter().all(|one| !one.values.is_empty()) {
            let (mut values, mut titles) = (Vec::new(), Vec::new());
            for one in all {
                for value in &one.values {
                    if !values.contains(value) {
                        values.push(value.clone());
                        titles.push(one.title.clone());
                    }
                }
            }
            schema["enum"] = Value::Array(values);
            if all[0].kind == "integer" && titles.iter().any(Value::is_string) {
                schema[VARNAMES] = Value::Array(titles);
            }
        }
        if all.iter().any(|one| one.has_null) {
            schema::make_nullable(&mut schema);
        }
        schema
    }
}

/// A variant's values with its title, or else its description.
fn about(object: &Map<String, Value>, values: &[Value]) -> String {
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::trim);
    let name = text("title").or(text("description"));
    let values: Vec<String> = values.iter().map(strip::shown).collect();
    let values = format!("`{}`", values.join("`, `").replace('\n', " "));
    match name.and_then(|name| name.lines().next()) {
        Some(name) => format!("{values} ({})", name.trim_end_matches('.')),
        None => values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn read(schema: Value) -> Value {
        let mut document = json!({"components": {"schemas": {"S": schema}}});
        super::super::tests::of_schemas(&mut document, &[one_of_a_kind], &mut Report::new());
        document["components"]["schemas"]["S"].take()
    }

    #[test]
    fn named_values_are_one_list() {
        assert_eq!(
            read(json!({"type": "integer", "oneOf": [
                {"title": "CHAT", "const": 1}, {"description": "The user's own.\nMore.", "const": 2}, {"const": 3}, {"type": "null"}]})),
            json!({"type": "integer", "oneOf": [{"type": "integer", "enum": [1, 2, 3], "x-enum-varnames": ["CHAT", null, null]}, {"type": "null"}],
                   "description": "Values: `1` (CHAT), `2` (The user's own), `3`."})
        );
    }

    #[test]
    fn listed_values_beside_any_are_any() {
        assert_eq!(
            read(
                json!({"anyOf": [{"type": "string"}, {"enum": ["a", "b"]}, {"$ref": "#/components/schemas/X"}]})
            ),
            json!({"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/X"}], "description": "Values: `a`, `b`."})
        );
        assert_eq!(
            read(json!({"oneOf": [{"const": "a"}, {"title": "Both", "enum": ["b", "a"]}]})),
            json!({"oneOf": [{"type": "string", "enum": ["a", "b"]}], "description": "Values: `a`, `b`, `a` (Both)."})
        );
    }

    #[test]
    fn variants_of_other_kinds_are_left() {
        for schema in [
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            json!({"oneOf": [{"type": "array", "items": {}}, {"type": "array", "items": {"type": "string"}}]}),
            json!({"oneOf": [{"const": "a"}, {"const": 1}, {"enum": ["b", 2]}]}),
        ] {
            assert_eq!(read(schema.clone()), schema);
        }
    }
}
