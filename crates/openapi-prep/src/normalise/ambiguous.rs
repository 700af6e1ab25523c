//! Unions without a tag in responses: of objects, arrays or maps that differ in
//! what they hold.
//!
//! Read tolerantly, each object accepts every object, so a decoder would choose
//! the first variant and drop what only another declares. One object that has
//! the properties of all drops nothing, and so does one array of such objects.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::{
    Names,
    join::{Join, Kind, Subjects, held, kind, replace},
    reach, shapes, tolerate,
    unions::TAG,
};
use crate::{Pointer, Report, Subject, schema, walk};

/// How often unions may come of merging unions.
const ROUNDS: usize = 16;

/// Which objects have been merged, and the name of what came of them.
type Known = HashMap<BTreeSet<String>, String>;

/// Puts one object in place of the objects of a union without a tag, and one
/// array and one map in place of several. What these hold under one name may be
/// such a union in turn.
pub(super) fn merge(document: &mut Value, names: &mut Names, report: &mut Report) {
    let mut known = Known::new();
    let root = Pointer::root().joins(["components", "schemas"]);
    // What a merged object holds, responses hold already.
    let mut answered = reach::reach(document).responses;
    for round in 0..=ROUNDS {
        let mut added = Map::new();
        let mut merged = false;
        let wanted = |name: &str| answered.contains(name);
        walk::some_of(
            document,
            &wanted,
            &is_ambiguous,
            &mut |union, at, schemas| {
                if round == ROUNDS {
                    let note = "too deep to be read as one; the variant that fits best is chosen";
                    return report.lost(Subject::Field, at, note);
                }
                merged = true;
                let Value::Object(holder) = union else { return };
                let before = added.len();
                let mut join = Join {
                    at,
                    report,
                    schemas,
                    names,
                    added: &mut added,
                };
                merge_variants(holder, &mut join, &mut known);
                shapes::small_unions(holder, at, &mut Report::new());
                for name in added.keys().skip(before) {
                    report.moved(&root.join(name), at);
                }
            },
        );
        let schemas = document.pointer_mut("/components/schemas");
        let Some(Value::Object(schemas)) = schemas.filter(|_| merged) else {
            return;
        };
        for (name, mut schema) in added {
            schema[tolerate::RESPONSE] = json!(true);
            answered.insert(name.clone());
            schemas.insert(name, schema);
        }
    }
}

/// Whether the schema is a union without a tag that several variants of one
/// kind are part of.
pub(super) fn is_ambiguous(union: &Value, schemas: &Map<String, Value>) -> bool {
    let arms = schema::get(union, "oneOf").and_then(Value::as_array);
    let arms = arms.filter(|_| union.get(TAG).is_none());
    let kinds = arms.into_iter().flatten();
    let kinds = kinds.filter_map(|arm| Some(kind(arm, schemas)?.0));
    let (arrays, objects): (Vec<_>, Vec<_>) = kinds.partition(|kind| *kind == Kind::Array);
    arrays.len() > 1 || objects.len() > 1
}

/// Puts one array in place of several, and one map, and one object. A map beside
/// objects is what the one object holds more than it declares.
fn merge_variants(holder: &mut Map<String, Value>, join: &mut Join<'_>, known: &mut Known) {
    let schemas = join.schemas;
    let Some(Value::Array(arms)) = holder.get_mut("oneOf") else {
        return;
    };
    let subjects = Subjects {
        place: join.at.to_string(),
        wanted: owner(join.at),
    };
    join.join_held(arms, &subjects, 0);
    let is_one = |arm: &Value| kind(arm, schemas).is_some_and(|(kind, _)| kind != Kind::Array);
    let (ones, others): (Vec<&Value>, Vec<&Value>) = arms.iter().partition(|arm| is_one(arm));
    let objects = ones.iter().filter_map(|arm| kind(arm, schemas));
    let (kinds, objects): (Vec<Kind>, Vec<_>) = objects.unzip();
    let number = objects.len();
    if !kinds.contains(&Kind::Object) || number < 2 {
        return;
    }
    let note = format!("{number} objects read as one with the properties of all");
    join.report.changed(join.at, note);
    let map = kinds.iter().position(|kind| *kind == Kind::Map);
    if map.is_some_and(|map| held(objects[map], "additionalProperties") != json!({})) {
        let note = "the values of a map beside objects; any value is accepted";
        join.report.lost(Subject::Type, join.at, note);
    }
    let is_whole = join.at.is_component_schema() && others.is_empty();
    let names = ones.iter().filter_map(|arm| schema::ref_name(arm));
    let of: BTreeSet<String> = names.map(str::to_owned).collect();
    let are_named = of.len() == number;
    let place = format!("{} (all objects)", join.at);
    // What came first elsewhere must not rename what has a name here.
    let is_free = are_named && join.names.previous(&place).is_none();
    let one = match known.get(&of).filter(|_| is_free) {
        Some(name) => schema::reference(name),
        None => {
            let mut one = one_of_all(&objects, join);
            let mut name = subjects.wanted;
            if !is_whole {
                let wanted = [format!("{name} object"), format!("{name} any object")];
                name = join.names.get_or_assign(&place, &wanted);
                join.added.insert(name.clone(), one);
                one = schema::reference(&name);
            }
            if are_named {
                known.insert(of, name);
            }
            one
        }
    };
    replace(arms, is_one, one);
}

/// What a place is called: the schema, and the property of it.
fn owner(at: &Pointer) -> String {
    let mut tokens = at.as_str().split('/').skip(3);
    let name = tokens.next().unwrap_or_default().to_owned();
    match (tokens.next(), tokens.next()) {
        (Some("properties"), Some(property)) => format!("{name} {property}"),
        _ => name,
    }
}

/// The object that has the properties of all.
fn one_of_all(objects: &[&Map<String, Value>], join: &mut Join<'_>) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    for object in objects {
        let own = object.get("properties").and_then(Value::as_object);
        for (name, property) in own.into_iter().flatten() {
            let all = properties.entry(name).or_insert_with(|| json!([]));
            if let Value::Array(all) = all {
                all.push(property.clone());
            }
        }
    }
    for (name, all) in &mut properties {
        let subjects = Subjects {
            place: format!("{} (all objects)/{name}", join.at),
            wanted: format!("{} {name}", owner(join.at)),
        };
        *all = match all.as_array().map_or(&[][..], Vec::as_slice) {
            [one] => one.clone(),
            several => join.of(several, &subjects, 0),
        };
    }
    let mut one = json!({"type": "object", "properties": properties});
    // A map has no properties.
    let is_open = |object: &&Map<String, Value>| {
        object.contains_key("additionalProperties") || !object.contains_key("properties")
    };
    if objects.iter().any(is_open) {
        one["additionalProperties"] = json!({});
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(union: &Value) -> Value {
        json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/U"}}}}}}}},
            "components": {"schemas": {
                "U": union,
                "A": {"type": "object", "properties": {"a": {"type": "string"}, "kind": {"const": "a"}, "n": {"type": "integer"}, "x": {"type": "string"}}},
                "B": {"type": "object", "properties": {"b": {"type": "string"}, "kind": {"const": "b"}, "n": {"type": ["number", "null"]}, "x": {"type": "array", "items": {}}}},
            }},
        })
    }

    #[test]
    fn objects_that_nothing_tells_apart_are_one() {
        let to = |name: &str| schema::reference(name);
        let mut both = document(&json!({"description": "d", "oneOf": [to("A"), to("B")]}));
        let mut report = Report::new();
        merge(&mut both, &mut Names::new(), &mut report);
        assert_eq!(
            both["components"]["schemas"]["U"],
            json!({"description": "d", "type": "object", "properties": {
                "a": {"type": "string"}, "kind": {"type": "string"}, "n": {"type": ["number", "null"]}, "x": to("Ux"), "b": {"type": "string"}}})
        );
        assert_eq!(
            both["components"]["schemas"]["Ux"],
            json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {}}], "x-response": true})
        );
        assert_eq!(report.losses().count(), 0);

        let mut mixed = document(&json!({"oneOf": [{"type": "string"}, to("A"), to("B")]}));
        merge(&mut mixed, &mut Names::new(), &mut Report::new());
        assert_eq!(
            mixed["components"]["schemas"]["U"]["oneOf"],
            json!([{"type": "string"}, to("UObject")])
        );
        let mut tagged = document(&json!({"x-tag": "kind", "oneOf": [to("A"), to("B")]}));
        let before = tagged.clone();
        merge(&mut tagged, &mut Names::new(), &mut Report::new());
        assert_eq!(tagged, before);
    }
}
