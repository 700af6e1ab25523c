//! Unions of objects that nothing tells apart, in answers.
//!
//! Read tolerantly, every one of them takes every object, so a decoder would
//! choose the first and drop what only another declares. One object that has
//! the properties of all drops nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{Names, either::Either, reach, rule, tolerate, unions::TAG};
use crate::{Pointer, Report, Subject, schema, walk};

/// How often unions may come of merging unions.
const ROUNDS: usize = 8;

/// Puts one object in place of the objects of a union without a tag. What
/// these hold under one name may be a union of objects in turn.
pub(super) fn merge(document: &mut Value, names: &mut Names, report: &mut Report) {
    let mut known = HashMap::new();
    // What a merged object holds, answers hold already.
    let mut answered = reach::reach(document).responses;
    for _ in 0..ROUNDS {
        let added = merge_once(document, &answered, names, &mut known, report);
        if added.is_empty() {
            return;
        }
        answered.extend(added);
    }
}

/// Which objects have been merged, and the name of what came of them.
type Known = HashMap<BTreeSet<String>, String>;

/// Merges each union that stands there now; gives the names of new objects.
fn merge_once(
    document: &mut Value,
    answered: &HashSet<String>,
    names: &mut Names,
    known: &mut Known,
    report: &mut Report,
) -> Vec<String> {
    let mut added = Map::new();
    let here = Pointer::root().joins(["components", "schemas"]);
    let wanted = |name: &str| answered.contains(name);
    let concerns = |schema: &Value| schema.get("oneOf").is_some() && schema.get(TAG).is_none();
    walk::some_of(document, &wanted, &concerns, &mut |union, at, schemas| {
        let mut objects = objects(union, schemas);
        if objects.len() < 2 {
            return;
        }
        let Value::Object(holder) = union else { return };
        // What stands beside the union is of every variant.
        let beside = holder.contains_key("properties");
        if beside {
            let mut own = holder.clone();
            own.shift_remove("oneOf");
            objects.insert(0, own);
        }
        let Some(Value::Array(arms)) = holder.get_mut("oneOf") else {
            return;
        };
        let owner = owner(at);
        let (place, merged_names) = take_objects(arms, schemas);
        report.changed(
            rule("union-without-tag"),
            at,
            format!(
                "{} objects read as one with the properties of all",
                objects.len()
            ),
        );
        let of_names = merged_names.len() == objects.len();
        let is_component = at.as_str().matches('/').count() == 3;
        let in_place = arms.is_empty() && is_component;
        let place_of_all = format!("{at} (all objects)");
        // What came first elsewhere must not rename what has a name here.
        let named = names.previous(&place_of_all).is_some();
        let known_as = known.get(&merged_names);
        let known_as = known_as.filter(|_| of_names && !beside && !named);
        let name = match known_as {
            Some(name) => name.clone(),
            None => {
                let before = added.len();
                let either = Either {
                    schemas,
                    names,
                    added: &mut added,
                };
                let merged = one_of_all(&objects, at, &owner, either, report);
                for name in added.keys().skip(before) {
                    report.moved(&here.join(name), at);
                }
                if in_place {
                    holder.shift_remove("oneOf");
                    holder.extend(merged);
                    if of_names && !beside {
                        known.insert(merged_names, owner);
                    }
                    return;
                }
                let name = names.get_or_assign(
                    &place_of_all,
                    &[format!("{owner} object"), format!("{owner} any object")],
                );
                if of_names {
                    known.insert(merged_names, name.clone());
                }
                report.moved(&here.join(&name), at);
                added.insert(name.clone(), Value::Object(merged));
                name
            }
        };
        arms.insert(place.unwrap_or(0), schema::reference(&name));
        if beside {
            for key in ["properties", "required", "additionalProperties", "type"] {
                holder.shift_remove(key);
            }
        }
        if let Some([one]) = holder
            .get("oneOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            let one = one.clone();
            holder.shift_remove("oneOf");
            holder.insert("allOf".into(), json!([one]));
        }
    });
    let new = added.keys().cloned().collect();
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, mut schema) in added {
            if let Value::Object(schema) = &mut schema {
                schema.insert(tolerate::RESPONSE.into(), json!(true));
            }
            schemas.insert(name, schema);
        }
    }
    new
}

/// Takes the objects out of a union; gives where the first of them stood and
/// the names of those that have one.
fn take_objects(
    arms: &mut Vec<Value>,
    schemas: &Map<String, Value>,
) -> (Option<usize>, BTreeSet<String>) {
    let mut place = None;
    let mut index = 0;
    let mut names = BTreeSet::new();
    arms.retain(|arm| {
        let is_object = object_of(arm, schemas).is_some();
        if is_object {
            place.get_or_insert(index);
            names.extend(schema::ref_name(arm).map(str::to_owned));
        } else {
            index += 1;
        }
        !is_object
    });
    (place, names)
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

/// Whether the schema is a union of objects that nothing tells apart.
pub(super) fn is_ambiguous(union: &Value, schemas: &Map<String, Value>) -> bool {
    objects(union, schemas).len() > 1
}

/// The objects of a union without a tag.
fn objects(union: &Value, schemas: &Map<String, Value>) -> Vec<Map<String, Value>> {
    if union.get(TAG).is_some() {
        return Vec::new();
    }
    let arms = union.get("oneOf").and_then(Value::as_array);
    arms.into_iter()
        .flatten()
        .filter_map(|arm| object_of(arm, schemas))
        .collect()
}

/// The object that an arm is, if it is one with properties.
fn object_of(arm: &Value, schemas: &Map<String, Value>) -> Option<Map<String, Value>> {
    let object = schema::resolved(arm, schemas).as_object()?;
    let properties = object.get("properties")?.as_object()?;
    (!properties.is_empty() && !object.contains_key("oneOf")).then(|| object.clone())
}

fn one_of_all(
    objects: &[Map<String, Value>],
    at: &Pointer,
    owner: &str,
    mut either: Either<'_>,
    report: &mut Report,
) -> Map<String, Value> {
    let mut declared: Map<String, Value> = Map::new();
    let mut ways: HashMap<&str, Vec<&Value>> = HashMap::new();
    let mut more = false;
    for object in objects {
        more |= object.contains_key("additionalProperties");
        let own = object.get("properties").and_then(Value::as_object);
        for (name, property) in own.into_iter().flatten() {
            declared.entry(name.clone()).or_insert(Value::Null);
            ways.entry(name).or_default().push(property);
        }
    }
    for (name, property) in &mut declared {
        let ways = &ways[name.as_str()];
        if let [one] = ways.as_slice() {
            *property = (*one).clone();
            continue;
        }
        let place = format!("{at} (all objects)/{name}");
        let both = either.of(ways, &place, &format!("{owner} {name}"));
        *property = both.unwrap_or_else(|| {
            if ways.iter().all(|way| !is_any(way)) {
                report.lost(
                    Subject::Type,
                    rule("union-without-tag"),
                    at,
                    format!("{name:?} is of several types; any value is taken"),
                );
            }
            json!({})
        });
    }
    let mut merged = Map::new();
    merged.insert("type".into(), json!("object"));
    merged.insert("properties".into(), Value::Object(declared));
    if more {
        merged.insert("additionalProperties".into(), json!(true));
    }
    merged
}

/// Whether a schema says nothing of the type of what it takes.
fn is_any(schema: &Value) -> bool {
    const SAY: [&str; 7] = ["type", "$ref", "allOf", "oneOf", "anyOf", "enum", "const"];
    SAY.iter().all(|key| schema.get(key).is_none())
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
            json!({"oneOf": [{"type": "array", "items": {}}, {"type": "string"}], "x-response": true})
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
