//! Unions whose variants are values of one type: the way OpenAPI 3.1 gives
//! each value of an enum a name and a description of its own, and the way
//! documents say "one of these, or any other string".

use serde_json::{Map, Value, json};

use super::{
    enums::{self, VARNAMES},
    rule, strip,
};
use crate::{Pointer, Report, schema};

/// What a variant may say besides its values.
const PLAIN: [&str; 4] = ["type", "const", "enum", "format"];

/// A variant that is a string, a number or a boolean.
struct Scalar {
    kind: String,
    has_null: bool,
    /// The values, where only some are taken, each with its title.
    values: Option<Vec<(Value, Option<String>)>>,
    /// What its values are called, for the reader.
    about: Vec<String>,
}

/// Reads variants of one type as one variant: listed values as one list, and
/// listed values beside any value as any value.
pub(super) fn one_of_a_kind(holder: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let kind = holder
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned);
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(arms)) = holder.get_mut(key) else {
            continue;
        };
        let before = arms.len();
        let mut about = Vec::new();
        let mut kept: Vec<Value> = Vec::new();
        let mut scalars: Vec<(usize, Scalar)> = Vec::new();
        for arm in arms.drain(..) {
            let Some(new) = Scalar::of(&arm, kind.as_deref()) else {
                kept.push(arm);
                continue;
            };
            match scalars.iter_mut().find(|(_, old)| old.kind == new.kind) {
                Some((index, old)) => {
                    about.append(&mut old.about);
                    about.extend(new.about.iter().cloned());
                    old.merge(new);
                    kept[*index] = old.schema();
                }
                None => {
                    scalars.push((kept.len(), new));
                    kept.push(arm);
                }
            }
        }
        let after = kept.len();
        *arms = kept;
        if after == before {
            continue;
        }
        if !about.is_empty() {
            strip::tell(holder, &format!("Values: {}.", about.join(", ")));
        }
        let note = format!("variants of one kind read as one; {after} of {before} are left");
        report.changed(rule("one-of-a-kind"), at, note);
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
        let values = enums::values(object).filter(|values| !values.is_empty());
        let kind = object.get("type").and_then(Value::as_str).or(of_holder);
        let kind = kind.or_else(|| {
            let kind = schema::kind_of(&values?[0]);
            kind.filter(|_| {
                values
                    .iter()
                    .flat_map(|v| v.iter())
                    .all(|v| schema::kind_of(v) == kind)
            })
        })?;
        if !matches!(kind, "string" | "integer" | "number" | "boolean") {
            return None;
        }
        let title = object.get("title").and_then(Value::as_str);
        let title = title.filter(|_| values.is_some_and(|values| values.len() == 1));
        let named = |value: &Value| (value.clone(), title.map(str::to_owned));
        Some(Self {
            kind: kind.to_owned(),
            has_null,
            about: values
                .map(|values| about(object, values))
                .into_iter()
                .collect(),
            values: values.map(|values| values.iter().map(named).collect()),
        })
    }

    fn merge(&mut self, other: Self) {
        self.has_null |= other.has_null;
        self.values = self
            .values
            .take()
            .zip(other.values)
            .map(|(mut ours, theirs)| {
                for (value, title) in theirs {
                    if !ours.iter().any(|(own, _)| *own == value) {
                        ours.push((value, title));
                    }
                }
                ours
            });
    }

    fn schema(&self) -> Value {
        let mut schema = json!({ "type": self.kind });
        if let Some(values) = &self.values {
            let (values, titles): (Vec<_>, Vec<_>) = values.iter().cloned().unzip();
            schema["enum"] = json!(values);
            if self.kind == "integer" && titles.iter().any(Option::is_some) {
                schema[VARNAMES] = json!(titles);
            }
        }
        if self.has_null {
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
