//! The least schema that accepts what either of several accepts: for a property
//! that the variants of a union declare differently, and for items of arrays.

use serde_json::{Map, Value, json};

use super::{Names, rule, tags, unions::TAG};
use crate::{Pointer, Report, Subject, schema};

/// How deep references, unions and arrays are followed.
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

/// What is joined, for the ledger.
#[derive(Debug, Clone)]
pub(super) struct Subjects {
    /// The place that a new name goes by.
    pub(super) place: String,
    /// What a new name should be like.
    pub(super) wanted: String,
}

impl Subjects {
    /// What several of these hold: the `item` of arrays, or the `value` of maps.
    pub(super) fn part(&self, part: &str) -> Self {
        let (place, wanted) = (&self.place, &self.wanted);
        Self {
            place: format!("{place} ({part})"),
            wanted: format!("{wanted} {part}"),
        }
    }
}

impl Join<'_> {
    pub(super) fn lost(&mut self, subject: Subject, note: &str) {
        let rule = rule("union-without-tag");
        self.report.lost(subject, rule, self.at, note);
    }

    pub(super) fn changed(&mut self, note: String) {
        let rule = rule("union-without-tag");
        self.report.changed(rule, self.at, note);
    }

    /// The schema that accepts what either accepts, or any value, as the report
    /// says.
    pub(super) fn of(&mut self, schemas: &[Value], subjects: &Subjects, depth: usize) -> Value {
        let joined = (depth <= DEPTH).then(|| self.least(schemas, subjects, depth));
        joined.flatten().unwrap_or_else(|| {
            if !schemas.iter().any(is_any) {
                let wanted = &subjects.wanted;
                self.lost(
                    Subject::Type,
                    &format!("{wanted:?}: several types; any value is accepted"),
                );
            }
            json!({})
        })
    }

    fn least(&mut self, schemas: &[Value], subjects: &Subjects, depth: usize) -> Option<Value> {
        let all = schemas.iter().cloned().map(schema::without_null);
        let (plain, nulls): (Vec<Value>, Vec<bool>) = all.unzip();
        let mut null = nulls.contains(&true);
        let mut shapes = plain.iter().map(schema::shape);
        let first = shapes.next()?;
        let mut both = if shapes.all(|shape| shape == first) {
            plain.into_iter().next()?
        } else {
            let mut arms = Arms::default();
            for one in &plain {
                arms.take(one, self.schemas, depth)?;
            }
            null |= arms.null;
            self.one_of(arms, subjects, depth)?
        };
        if null {
            schema::make_nullable(&mut both);
        }
        Some(both)
    }

    fn one_of(&mut self, arms: Arms, subjects: &Subjects, depth: usize) -> Option<Value> {
        let mut all = arms.objects;
        if let Some(values) = arms.values {
            let held = self.of(&values, &subjects.part("value"), depth + 1);
            all.push(json!({"type": "object", "additionalProperties": held}));
        }
        if let Some(items) = arms.items {
            let held = self.of(&items, &subjects.part("item"), depth + 1);
            all.push(json!({"type": "array", "items": held}));
        }
        let is_enum = arms.text.as_ref().is_some_and(|values| !values.is_empty());
        all.extend(arms.text.map(|values| {
            let mut text = json!({"type": "string"});
            if is_enum {
                text["enum"] = json!(values);
            }
            text
        }));
        all.extend(arms.number.map(|kind| json!({"type": kind})));
        all.extend(arms.boolean.then(|| json!({"type": "boolean"})));
        let schema = match all.len() {
            0 | 1 if !is_enum => return all.pop(),
            1 => all.remove(0),
            _ => json!({ "oneOf": all }),
        };
        let value = format!("{} value", subjects.wanted);
        let wanted = [subjects.wanted.clone(), value];
        let name = self.names.get_or_assign(&subjects.place, &wanted);
        self.added.insert(name.clone(), schema);
        Some(schema::reference(&name))
    }
}

/// Whether a schema accepts any value.
fn is_any(schema: &Value) -> bool {
    const SAY: [&str; 7] = ["type", "$ref", "allOf", "oneOf", "anyOf", "enum", "const"];
    SAY.iter().all(|key| schema.get(key).is_none())
}

/// The arms of a union by what JSON they take, so that no two take the same.
#[derive(Default)]
struct Arms {
    null: bool,
    /// Strings: these, or any if there are none.
    text: Option<Vec<Value>>,
    /// The type of numbers.
    number: Option<&'static str>,
    boolean: bool,
    /// The items of arrays.
    items: Option<Vec<Value>>,
    /// The values of maps.
    values: Option<Vec<Value>>,
    /// References to objects with properties.
    objects: Vec<Value>,
}

impl Arms {
    /// Takes in what a schema takes; none if that cannot be known.
    fn take(&mut self, schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Option<()> {
        let (plain, null) = schema::without_null(schema.clone());
        let (name, target) = tags::target(&plain, schemas);
        let (target, also_null) = schema::without_null(target.clone());
        self.null |= null || also_null || schema::is_null(&target);
        if schema::is_null(&target) {
            return Some(());
        }
        let object = target.as_object()?;
        if depth > DEPTH || schema::has_any(object, &["allOf", TAG]) {
            return None;
        }
        if let Some(arms) = object.get("oneOf").and_then(Value::as_array) {
            let mut arms = arms.iter();
            return arms.try_for_each(|arm| self.take(arm, schemas, depth + 1));
        }
        if object.get("properties").is_some_and(Value::is_object) {
            let reference = schema::reference(name?);
            if !self.objects.contains(&reference) {
                self.objects.push(reference);
            }
            return Some(());
        }
        let held = |key: &str| object.get(key).filter(|held| held.is_object());
        let held = |key: &str| held(key).cloned().unwrap_or_else(|| json!({}));
        let fixed = object.get("const").map(std::slice::from_ref);
        let listed = object.get("enum").and_then(Value::as_array);
        let listed = fixed.or(listed.map(Vec::as_slice)).unwrap_or_default();
        let is_text = !listed.is_empty() && listed.iter().all(Value::is_string);
        let kind = object.get("type").and_then(Value::as_str);
        match kind.or(is_text.then_some("string"))? {
            "string" => {
                // One fixed text is any text in a response.
                let values = listed.iter().filter(|_| is_text && listed.len() > 1);
                let mut ours = self.text.take();
                let is_any =
                    ours.as_ref().is_some_and(Vec::is_empty) || values.clone().next().is_none();
                let all = ours.get_or_insert_default();
                for value in values {
                    if !all.contains(value) {
                        all.push(value.clone());
                    }
                }
                self.text = ours.map(|all| if is_any { Vec::new() } else { all });
            }
            "integer" if self.number.is_none() => self.number = Some("integer"),
            "integer" => {}
            "number" => self.number = Some("number"),
            "boolean" => self.boolean = true,
            "array" => self.items.get_or_insert_default().push(held("items")),
            "object" => self
                .values
                .get_or_insert_default()
                .push(held("additionalProperties")),
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn either(a: Value, b: Value) -> (Value, Value) {
        let schemas = json!({
            "Text": {"type": "string", "description": "d"},
            "Mode": {"type": "string", "enum": ["a", "b"]},
            "A": {"type": "object", "properties": {"a": {}}},
            "B": {"type": "object", "properties": {"b": {}}},
            "Tagged": {"x-tag": "kind", "oneOf": [schema::reference("A")]},
        });
        let mut added = Map::new();
        let subjects = Subjects {
            place: "/at".into(),
            wanted: "holder part".into(),
        };
        let both = Join {
            at: &Pointer::root(),
            report: &mut Report::new(),
            schemas: schemas.as_object().unwrap(),
            names: &mut Names::new(),
            added: &mut added,
        }
        .of(&[a, b], &subjects, 0);
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
