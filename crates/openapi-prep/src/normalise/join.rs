//! The least schema that accepts what either of several accepts: for a property
//! that the variants of a union declare differently, and for items of lists.

use serde_json::{Map, Value, json};

use super::{Names, rule, unions::TAG};
use crate::{Pointer, Report, Subject, schema};

/// How deep references, unions and lists are followed.
const DEPTH: usize = 8;

/// Joins schemas at one location of a document.
pub(super) struct Join<'a> {
    /// The union whose variants are joined.
    pub(super) at: &'a Pointer,
    pub(super) report: &'a mut Report,
    /// The named schemas.
    pub(super) schemas: &'a Map<String, Value>,
    /// The ledger.
    pub(super) names: &'a mut Names,
    /// Schemas named on the way.
    pub(super) added: &'a mut Map<String, Value>,
}

/// The arms of a union by what JSON they take, so that no two take the same.
#[derive(Default)]
struct Arms {
    null: bool,
    /// Text: the values where all are listed.
    #[expect(clippy::option_option, reason = "no text, any text, or these")]
    text: Option<Option<Vec<Value>>>,
    /// A number: whether only whole ones.
    number: Option<bool>,
    boolean: bool,
    /// The items of a list.
    items: Option<Vec<Value>>,
    /// The values of a map.
    values: Option<Vec<Value>>,
    /// References to objects with properties.
    objects: Vec<Value>,
}

impl Join<'_> {
    /// The schema that accepts what either accepts, or any value, as the report
    /// says. `place` is the place of the ledger that a new name goes by, `wanted`
    /// what it should be like, and `what` is said of the schemas in the report.
    pub(super) fn of(
        &mut self,
        schemas: &[&Value],
        place: &str,
        wanted: &str,
        what: &str,
    ) -> Value {
        self.of_depth(schemas, place, wanted, what, 0)
    }

    fn of_depth(
        &mut self,
        schemas: &[&Value],
        place: &str,
        wanted: &str,
        what: &str,
        depth: usize,
    ) -> Value {
        let joined = (depth <= DEPTH).then(|| self.least(schemas, place, wanted, depth));
        joined.flatten().unwrap_or_else(|| {
            if schemas.iter().all(|schema| !is_any(schema)) {
                let note = format!("{what} of several types; any value is accepted");
                self.report
                    .lost(Subject::Type, rule("union-without-tag"), self.at, note);
            }
            json!({})
        })
    }

    fn least(
        &mut self,
        schemas: &[&Value],
        place: &str,
        wanted: &str,
        depth: usize,
    ) -> Option<Value> {
        let (first, rest) = schemas.split_first()?;
        let (plain, _) = schema::without_null((*first).clone());
        let shape = schema::shape(&plain);
        let mut null = false;
        let mut same = true;
        for one in schemas {
            let (other, takes_null) = schema::without_null((*one).clone());
            null |= takes_null;
            same &= schema::shape(&other) == shape;
        }
        let mut both = if rest.is_empty() || same {
            plain
        } else {
            let mut arms = Arms::default();
            for one in schemas {
                arms.take(one, self.schemas, depth)?;
            }
            null |= arms.null;
            self.one_of(arms, place, wanted, depth)?
        };
        if null {
            schema::make_nullable(&mut both);
        }
        Some(both)
    }

    fn one_of(&mut self, arms: Arms, place: &str, wanted: &str, depth: usize) -> Option<Value> {
        let mut all = arms.objects;
        if let Some(values) = arms.values {
            let held = self.part(&values, place, wanted, "value", depth);
            all.push(json!({"type": "object", "additionalProperties": held}));
        }
        if let Some(items) = arms.items {
            let held = self.part(&items, place, wanted, "item", depth);
            all.push(json!({"type": "array", "items": held}));
        }
        let mut listed = false;
        if let Some(values) = arms.text {
            listed = values.is_some();
            let mut text = json!({"type": "string"});
            if listed {
                text["enum"] = json!(values);
            }
            all.push(text);
        }
        if let Some(whole) = arms.number {
            all.push(json!({"type": if whole { "integer" } else { "number" }}));
        }
        if arms.boolean {
            all.push(json!({"type": "boolean"}));
        }
        match all.len() {
            0 => None,
            1 if !listed => Some(all.remove(0)),
            count => {
                let schema = if count == 1 {
                    all.remove(0)
                } else {
                    json!({ "oneOf": all })
                };
                let name = self
                    .names
                    .get_or_assign(place, &[wanted.to_owned(), format!("{wanted} value")]);
                self.added.insert(name.clone(), schema);
                Some(schema::reference(&name))
            }
        }
    }

    /// What lists or maps of several kinds hold: their `item` or `value`.
    pub(super) fn part(
        &mut self,
        held: &[Value],
        place: &str,
        wanted: &str,
        part: &str,
        depth: usize,
    ) -> Value {
        let held: Vec<&Value> = held.iter().collect();
        self.of_depth(
            &held,
            &format!("{place} ({part})"),
            &format!("{wanted} {part}"),
            &format!("{part}s"),
            depth + 1,
        )
    }
}

/// Whether a schema accepts any value.
fn is_any(schema: &Value) -> bool {
    const SAY: [&str; 7] = ["type", "$ref", "allOf", "oneOf", "anyOf", "enum", "const"];
    SAY.iter().all(|key| schema.get(key).is_none())
}

impl Arms {
    /// Takes in what a schema takes; none if that cannot be told.
    fn take(&mut self, schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        let (plain, null) = schema::without_null(schema.clone());
        self.null |= null;
        if schema::is_null(&plain) {
            self.null = true;
            return Some(());
        }
        let object = plain.as_object()?;
        let target = match object.get("allOf").and_then(Value::as_array) {
            Some(members) => match members.as_slice() {
                [one] if !object.contains_key("type") => schema::ref_name(one)?,
                _ => return None,
            },
            None => schema::ref_name(&plain).unwrap_or_default(),
        };
        if !target.is_empty() {
            let found = schemas.get(target)?;
            if found.get("properties").is_some_and(Value::is_object)
                && found.get("oneOf").is_none()
                && found.get("allOf").is_none()
            {
                let reference = schema::reference(target);
                if !self.objects.contains(&reference) {
                    self.objects.push(reference);
                }
                return Some(());
            }
            return self.take(found, schemas, depth + 1);
        }
        if let Some(arms) = object.get("oneOf").and_then(Value::as_array) {
            if object.contains_key(TAG) {
                return None;
            }
            return arms
                .iter()
                .try_for_each(|arm| self.take(arm, schemas, depth + 1));
        }
        self.take_plain(object)
    }

    fn take_plain(&mut self, object: &Map<String, Value>) -> Option<()> {
        let listed = match (object.get("const"), object.get("enum")) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(Value::Array(values))) => Some(values.clone()),
            _ => None,
        };
        let of_text = |v: &Vec<Value>| !v.is_empty() && v.iter().all(Value::is_string);
        let kind = object.get("type").and_then(Value::as_str);
        let kind = kind.or_else(|| listed.as_ref().filter(|v| of_text(v)).map(|_| "string"))?;
        match kind {
            "string" => {
                // One fixed text is any text in an answer.
                let values = listed.filter(|v| v.len() > 1 && of_text(v));
                self.text = Some(match (self.text.take(), values) {
                    (None, values) => values,
                    (Some(Some(mut ours)), Some(theirs)) => {
                        let new: Vec<_> =
                            theirs.into_iter().filter(|v| !ours.contains(v)).collect();
                        ours.extend(new);
                        Some(ours)
                    }
                    _ => None,
                });
            }
            "integer" | "number" => {
                let whole = kind == "integer" && self.number != Some(false);
                self.number = Some(whole);
            }
            "boolean" => self.boolean = true,
            "array" => {
                let items = object.get("items").cloned().unwrap_or_else(|| json!({}));
                self.items.get_or_insert_default().push(items);
            }
            "object" if object.get("properties").is_none() => {
                let more = object.get("additionalProperties").cloned();
                let more = more.filter(Value::is_object).unwrap_or_else(|| json!({}));
                self.values.get_or_insert_default().push(more);
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn either(a: Value, b: Value) -> (Value, Value) {
        let schemas = json!({
            "Text": {"type": "string", "description": "d"},
            "Mode": {"type": "string", "enum": ["a", "b"]},
            "A": {"type": "object", "properties": {"a": {}}},
            "B": {"type": "object", "properties": {"b": {}}},
            "Tagged": {"x-tag": "kind", "oneOf": [schema::reference("A")]},
        });
        let mut added = Map::new();
        let both = Join {
            at: &Pointer::root(),
            report: &mut Report::new(),
            schemas: schemas.as_object().unwrap(),
            names: &mut Names::new(),
            added: &mut added,
        }
        .of(&[&a, &b], "/at", "holder part", "it is");
        (both, Value::Object(added))
    }

    fn to(name: &str) -> Value {
        schema::reference(name)
    }

    #[test]
    fn what_is_of_one_kind_is_said_plainly() {
        let texts = json!({"type": "array", "items": {"type": "string"}});
        for (a, b, wanted) in [
            (
                json!({"type": "integer"}),
                json!({"type": ["number", "null"]}),
                json!({"type": ["number", "null"]}),
            ),
            (
                to("Text"),
                json!({"type": "string"}),
                json!({"type": "string"}),
            ),
            (
                json!({"const": "a"}),
                json!({"const": "b"}),
                json!({"type": "string"}),
            ),
            (
                json!({"type": "string", "const": "c"}),
                to("Mode"),
                json!({"type": "string"}),
            ),
            (
                texts.clone(),
                json!({"type": "array", "items": to("Text")}),
                texts,
            ),
            (
                json!({"type": "array", "items": {}}),
                json!({"type": "array", "items": to("Text")}),
                json!({"type": "array", "items": {}}),
            ),
            (
                json!({"type": "object"}),
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
                json!({"type": "object", "additionalProperties": {}}),
            ),
        ] {
            assert_eq!(either(a, b), (wanted, json!({})));
        }
    }

    #[test]
    fn what_is_of_several_kinds_is_a_named_union() {
        for (a, b, wanted) in [
            (
                json!({"type": "string"}),
                json!({"type": "integer"}),
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            ),
            (to("A"), to("B"), json!({"oneOf": [to("A"), to("B")]})),
            (
                json!({"oneOf": [to("A"), {"type": "string"}]}),
                to("B"),
                json!({"oneOf": [to("A"), to("B"), {"type": "string"}]}),
            ),
            (
                to("A"),
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
                json!({"oneOf": [to("A"), {"type": "object", "additionalProperties": {"type": "string"}}]}),
            ),
            (
                to("Mode"),
                json!({"enum": ["b", "c"]}),
                json!({"type": "string", "enum": ["a", "b", "c"]}),
            ),
        ] {
            assert_eq!(
                either(a, b),
                (to("HolderPart"), json!({"HolderPart": wanted}))
            );
        }
    }

    #[test]
    fn what_cannot_be_told_is_any_value() {
        for (a, b) in [
            (json!({}), json!({"type": "string"})),
            (to("A"), to("Tagged")),
        ] {
            assert_eq!(either(a, b), (json!({}), json!({})));
        }
    }
}
