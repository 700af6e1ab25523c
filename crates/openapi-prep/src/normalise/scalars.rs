//! Unions whose variants are values of one kind: the way OpenAPI 3.1 gives
//! each value of an enum a name and a description of its own, and the way
//! documents say "one of these, or any other text".

use serde_json::{Map, Value, json};

use super::{enums::VARNAMES, rule, strip};
use crate::{Pointer, Report, Subject, schema};

/// What a variant may say besides its values.
const PLAIN: [&str; 4] = ["type", "const", "enum", "format"];

/// A variant that is a text, a number or a truth value.
struct Scalar {
    kind: String,
    null: bool,
    /// The values, where only some are taken.
    values: Option<Vec<Value>>,
    /// The title of each value.
    names: Vec<Option<String>>,
    /// What its values are called, for the reader.
    told: Option<String>,
}

/// Reads variants of one kind as one variant: listed values as one list, and
/// listed values beside any value as any value.
pub(super) fn one_of_a_kind(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(holder) = schema else {
        return;
    };
    let kind = holder
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned);
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(arms)) = holder.get_mut(key) else {
            continue;
        };
        let before = arms.len();
        let mut told = Vec::new();
        let mut kept: Vec<Value> = Vec::new();
        let mut scalars: Vec<(usize, Scalar)> = Vec::new();
        for arm in arms.drain(..) {
            match scalar(&arm, kind.as_deref()) {
                None => kept.push(arm),
                Some(new) => match scalars.iter_mut().find(|(_, old)| old.kind == new.kind) {
                    Some((place, old)) => {
                        told.extend(old.told.take());
                        told.extend(new.told.clone());
                        old.take(new);
                        kept[*place] = old.schema();
                    }
                    None => {
                        scalars.push((kept.len(), new));
                        kept.push(arm);
                    }
                },
            }
        }
        let after = kept.len();
        *arms = kept;
        if after != before {
            if !told.is_empty() {
                strip::tell(holder, &format!("Values: {}.", told.join(", ")));
            }
            report.changed(
                rule("one-of-a-kind"),
                at,
                format!("variants of one kind read as one; {after} of {before} are left"),
            );
            if scalars
                .iter()
                .any(|(_, s)| !s.keeps_values() && s.values.is_some())
            {
                report.lost(
                    Subject::EnumValue,
                    rule("one-of-a-kind"),
                    at,
                    "values that are neither strings nor integers; any value of the type is taken",
                );
            }
        }
    }
}

fn scalar(arm: &Value, kind: Option<&str>) -> Option<Scalar> {
    let (plain, null) = schema::without_null(arm.clone());
    let object = plain.as_object()?;
    let says_more = object.keys().any(|key| {
        !PLAIN.contains(&key.as_str())
            && !schema::PROSE.contains(&key.as_str())
            && !key.starts_with("x-")
    });
    if says_more || schema::is_null(&plain) {
        return None;
    }
    let values = match (object.get("const"), object.get("enum")) {
        (Some(value), _) => Some(vec![value.clone()]),
        (None, Some(Value::Array(values))) if !values.is_empty() => Some(values.clone()),
        _ => None,
    };
    let of_values = |values: &Vec<Value>| {
        let kind = schema::kind_of(&values[0])?;
        values
            .iter()
            .all(|v| schema::kind_of(v) == Some(kind))
            .then_some(kind)
    };
    let said = object.get("type").and_then(Value::as_str);
    let kind = said
        .or(kind)
        .or_else(|| values.as_ref().and_then(of_values))?;
    if !matches!(kind, "string" | "integer" | "number" | "boolean") {
        return None;
    }
    Some(Scalar {
        kind: kind.to_owned(),
        null,
        told: told(object, values.as_deref()),
        names: names(object, values.as_deref()),
        values,
    })
}

/// The title of a single value; several values of one variant have none.
fn names(object: &Map<String, Value>, values: Option<&[Value]>) -> Vec<Option<String>> {
    let title = object.get("title").and_then(Value::as_str);
    match values {
        Some([_]) => vec![title.map(str::to_owned)],
        values => vec![None; values.map_or(0, <[Value]>::len)],
    }
}

/// A variant's values with its title, or else its description.
fn told(object: &Map<String, Value>, values: Option<&[Value]>) -> Option<String> {
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::trim);
    let name = text("title")
        .or(text("description"))
        .filter(|t| !t.is_empty());
    let values: Vec<String> = values?
        .iter()
        .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
        .map(|v| format!("`{}`", v.replace(['`', '\n'], " ")))
        .collect();
    let values = values.join(", ");
    Some(match name.and_then(|name| name.lines().next()) {
        Some(name) => format!("{values} ({})", name.trim_end_matches('.')),
        None => values,
    })
}

impl Scalar {
    /// Takes in another of the same kind.
    fn take(&mut self, other: Self) {
        self.null |= other.null;
        self.values = match (self.values.take(), other.values) {
            (Some(mut ours), Some(theirs)) => {
                for (value, name) in theirs.into_iter().zip(other.names) {
                    if !ours.contains(&value) {
                        ours.push(value);
                        self.names.push(name);
                    }
                }
                Some(ours)
            }
            _ => None,
        };
    }

    /// Whether the values are kept as such, not in the description only.
    fn keeps_values(&self) -> bool {
        matches!(self.kind.as_str(), "string" | "integer")
    }

    fn schema(&self) -> Value {
        let mut schema = json!({ "type": self.kind });
        if let Some(values) = self.values.as_ref().filter(|_| self.keeps_values()) {
            schema["enum"] = json!(values);
            if self.kind == "integer" && self.names.iter().any(Option::is_some) {
                schema[VARNAMES] = json!(self.names);
            }
        }
        if self.null {
            schema::make_nullable(&mut schema);
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn read(schema: Value) -> Value {
        let mut document = json!({"components": {"schemas": {"S": schema}}});
        super::super::of_schemas(&mut document, &[one_of_a_kind], &mut Report::new());
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
