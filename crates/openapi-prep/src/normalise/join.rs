//! The least schema that accepts what either of several accepts: for a property
//! that the variants of a union declare differently, and for items of arrays.

use serde_json::{Map, Value, json};

use super::{Names, enums, scalars, tags, unions::TAG};
use crate::{Pointer, Report, Subject, count, schema};

/// How deep references, unions and arrays are followed.
const DEPTH: usize = 8;

/// What a variant is, where others may be the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Array,
    Map,
    /// An object with properties.
    Object,
}

/// The kind of a variant, with its schema.
pub(super) fn kind<'a>(
    arm: &'a Value,
    schemas: &'a Map<String, Value>,
) -> Option<(Kind, &'a Map<String, Value>)> {
    let target = schema::resolved(arm, schemas).as_object()?;
    if schema::has_any(target, &["oneOf", "anyOf", "allOf"]) {
        return None;
    }
    let properties = target.get("properties").and_then(Value::as_object);
    if properties.is_some_and(|properties| !properties.is_empty()) {
        return Some((Kind::Object, target));
    }
    match target.get("type")?.as_str()? {
        "array" => Some((Kind::Array, target)),
        "object" => Some((Kind::Map, target)),
        _ => None,
    }
}

/// What an array or map holds.
pub(super) fn held(target: &Map<String, Value>, key: &str) -> Value {
    let held = target.get(key).filter(|held| held.is_object());
    held.cloned().unwrap_or_else(|| json!({}))
}

/// Puts one variant in place of the first of some, and takes the others out.
pub(super) fn replace(arms: &mut Vec<Value>, is_one: impl Fn(&Value) -> bool, by: Value) {
    let mut by = Some(by);
    arms.retain_mut(|arm| !is_one(arm) || by.take().map(|by| *arm = by).is_some());
}

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

impl Join<'_> {
    /// Puts one array in place of several variants, and one map.
    pub(super) fn join_held(&mut self, arms: &mut Vec<Value>, of: &Subjects, depth: usize) {
        for (wanted, name, key, part) in [
            (Kind::Map, "object", "additionalProperties", "value"),
            (Kind::Array, "array", "items", "item"),
        ] {
            let is_one = |arm: &Value| kind(arm, self.schemas).is_some_and(|(is, _)| is == wanted);
            let all = arms.iter().filter(|arm| is_one(arm));
            let all = all.filter_map(|arm| Some(held(kind(arm, self.schemas)?.1, key)));
            let all: Vec<Value> = all.collect();
            if all.len() > 1 {
                let subjects = Subjects {
                    place: format!("{} ({part})", of.place),
                    wanted: format!("{} {part}", of.wanted),
                };
                let note = format!("{} joined to one {name}", count(all.len(), name));
                self.report.changed(self.at, note);
                let joined = self.of(&all, &subjects, depth + 1);
                let is_one =
                    |arm: &Value| kind(arm, self.schemas).is_some_and(|(is, _)| is == wanted);
                replace(arms, is_one, json!({"type": name, key: joined}));
            }
        }
    }

    /// The schema that accepts what either accepts, or any value, as the report
    /// says.
    pub(super) fn of(&mut self, schemas: &[Value], subjects: &Subjects, depth: usize) -> Value {
        let joined = (depth <= DEPTH).then(|| self.least(schemas, subjects, depth));
        joined.flatten().unwrap_or_else(|| {
            if !schemas.iter().any(is_any) {
                let wanted = &subjects.wanted;
                let note = format!("{wanted:?}: several types; any value is accepted");
                self.report.lost(Subject::Type, self.at, note);
            }
            json!({})
        })
    }

    fn least(&mut self, schemas: &[Value], subjects: &Subjects, depth: usize) -> Option<Value> {
        let all = schemas.iter().cloned().map(schema::without_null);
        let (mut plain, nulls): (Vec<Value>, Vec<bool>) = all.unzip();
        let mut null = nulls.contains(&true);
        plain.dedup_by_key(|schema| schema::shape(schema));
        let mut both = if plain.len() == 1 {
            plain.remove(0)
        } else {
            let mut arms = Vec::new();
            for one in &plain {
                null |= self.add_arms(one, &mut arms, depth)?;
            }
            self.union(arms, subjects, depth)?
        };
        if null {
            schema::make_nullable(&mut both);
        }
        Some(both)
    }

    /// Adds what a schema accepts to the variants of a union: references to
    /// objects, and all else in place. Whether it accepts null; none if what it
    /// accepts cannot be known.
    fn add_arms(&self, schema: &Value, arms: &mut Vec<Value>, depth: usize) -> Option<bool> {
        // Whatever annotations are beside it.
        let plain = schema::ref_name(schema).map(schema::reference);
        let (name, target) = tags::target(plain.as_ref().unwrap_or(schema), self.schemas);
        let (mut arm, mut null) = schema::without_null(target.clone());
        if schema::is_null(&arm) {
            return Some(true);
        }
        let object = arm.as_object()?;
        if depth > DEPTH || is_any(&arm) || schema::has_any(object, &["allOf", TAG]) {
            return None;
        }
        if let Some(inner) = object.get("oneOf").and_then(Value::as_array) {
            for arm in inner {
                null |= self.add_arms(arm, arms, depth + 1)?;
            }
            return Some(null);
        }
        if object.get("properties").is_some_and(Value::is_object) {
            arm = schema::reference(name?);
        } else if let Some([value]) = enums::values(object) {
            // One fixed value is any value of its type in a response.
            arm = json!({"type": schema::kind_of(value)?});
        }
        if !arms.contains(&arm) {
            arms.push(arm);
        }
        Some(null)
    }

    /// A union of variants, of which none accepts what another does: with a name
    /// where it needs one.
    fn union(&mut self, mut arms: Vec<Value>, subjects: &Subjects, depth: usize) -> Option<Value> {
        self.join_held(&mut arms, subjects, depth);
        if arms.iter().any(|arm| arm["type"] == "number") {
            arms.retain(|arm| arm["type"] != "integer");
        }
        let mut schema = json!({ "oneOf": arms });
        scalars::one_of_a_kind(schema.as_object_mut()?, self.at, &mut Report::new());
        let arms = schema["oneOf"].as_array_mut()?;
        if arms.len() < 2 {
            schema = arms.pop()?;
        }
        if !schema::has_any(schema.as_object()?, &["oneOf", "enum"]) {
            return Some(schema);
        }
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
                json!({"oneOf": [to("A"), {"type": "string"}, to("B")]}),
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
