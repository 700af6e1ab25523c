//! Unions without a tag in responses: of objects, lists or maps that differ in
//! what they hold.
//!
//! Read tolerantly, each object accepts every object, so a decoder would choose
//! the first variant and drop what only another declares. One object that has
//! the properties of all drops nothing, and so does one list of such objects.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{Names, join::Join, reach, rule, tolerate, unions::TAG};
use crate::{Pointer, Report, Subject, count, schema, walk};

/// How often unions may come of merging unions.
const ROUNDS: usize = 16;

/// Puts one object in place of the objects of a union without a tag, and one
/// list and one map in place of several. What these hold under one name may be
/// such a union in turn.
pub(super) fn merge(document: &mut Value, names: &mut Names, report: &mut Report) {
    let mut known = HashMap::new();
    // What a merged object holds, responses hold already.
    let mut answered = reach::reach(document).responses;
    for _ in 0..ROUNDS {
        match merge_once(document, &answered, names, &mut known, report) {
            Some(added) => answered.extend(added),
            None => return,
        }
    }
    let wanted = |name: &str| answered.contains(name);
    walk::some_of(
        document,
        &wanted,
        &is_untagged,
        &mut |union, at, schemas| {
            if is_ambiguous(union, schemas) {
                let note = "too deep to be read as one; the variant that fits best is chosen";
                report.lost(Subject::Field, rule("union-without-tag"), at, note);
            }
        },
    );
}

fn is_untagged(schema: &Value) -> bool {
    schema.get("oneOf").is_some() && schema.get(TAG).is_none()
}

/// Which objects have been merged, and the name of what came of them.
type Known = HashMap<BTreeSet<String>, String>;

/// Merges each union that stands there now; gives the names of new schemas, or
/// none where there was nothing to merge.
fn merge_once(
    document: &mut Value,
    answered: &HashSet<String>,
    names: &mut Names,
    known: &mut Known,
    report: &mut Report,
) -> Option<Vec<String>> {
    let mut added = Map::new();
    let mut merged = false;
    let wanted = |name: &str| answered.contains(name);
    walk::some_of(
        document,
        &wanted,
        &is_untagged,
        &mut |union, at, schemas| {
            if !is_ambiguous(union, schemas) {
                return;
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
            join_lists(holder, &mut join);
            join_objects(holder, &mut join, known);
            put_in_place(holder);
            let here = Pointer::root().joins(["components", "schemas"]);
            for name in added.keys().skip(before) {
                report.moved(&here.join(name), at);
            }
        },
    );
    let new = added.keys().cloned().collect();
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, mut schema) in added {
            if let Value::Object(schema) = &mut schema {
                schema.insert(tolerate::RESPONSE.into(), json!(true));
            }
            schemas.insert(name, schema);
        }
    }
    merged.then_some(new)
}

/// Puts one list in place of several, and one map.
fn join_lists(holder: &mut Map<String, Value>, join: &mut Join<'_>) {
    let Some(Value::Array(arms)) = holder.get_mut("oneOf") else {
        return;
    };
    let kinds = [
        ("array", "items", "item", held_by_list as Held),
        ("object", "additionalProperties", "value", held_by_map),
    ];
    for (kind, key, part, held) in kinds {
        let all: Vec<Value> = arms
            .iter()
            .filter_map(|arm| held(arm, join.schemas))
            .collect();
        if all.len() < 2 {
            continue;
        }
        let note = format!("{} joined to one {kind}", count(all.len(), kind));
        join.report
            .changed(rule("union-without-tag"), join.at, note);
        let (place, owner) = (join.at.to_string(), owner(join.at));
        let joined = join.part(&all, &place, &owner, part, 0);
        let mut joined = Some(json!({"type": kind, key: joined}));
        arms.retain_mut(|arm| match held(arm, join.schemas) {
            None => true,
            Some(_) => joined.take().map(|joined| *arm = joined).is_some(),
        });
    }
}

/// Puts one object in place of several. A map beside it is what the object
/// holds more than it declares.
fn join_objects(holder: &mut Map<String, Value>, join: &mut Join<'_>, known: &mut Known) {
    let Some(Value::Array(arms)) = holder.get("oneOf") else {
        return;
    };
    let is_object = |arm: &Value| object_of(arm, join.schemas);
    let mut objects: Vec<_> = arms.iter().filter_map(is_object).collect();
    let maps: Vec<_> = arms
        .iter()
        .filter_map(|arm| held_by_map(arm, join.schemas))
        .collect();
    if objects.is_empty() || objects.len() + maps.len() < 2 {
        return;
    }
    // What stands beside the union is of every variant.
    let beside = holder.contains_key("properties");
    if beside {
        let mut own = holder.clone();
        own.shift_remove("oneOf");
        objects.insert(0, own);
    }
    let note = format!(
        "{} objects read as one with the properties of all",
        objects.len() + maps.len()
    );
    join.report
        .changed(rule("union-without-tag"), join.at, note);
    for values in &maps {
        if *values != json!({}) {
            let note = "the values of a map beside objects; any value is accepted";
            join.report
                .lost(Subject::Type, rule("union-without-tag"), join.at, note);
        }
        objects.push(Map::from_iter([(
            "additionalProperties".to_owned(),
            json!({}),
        )]));
    }
    let Some(Value::Array(arms)) = holder.get_mut("oneOf") else {
        return;
    };
    let (place, merged_names) = take_objects(arms, join.schemas);
    let owner = owner(join.at);
    let of_names = merged_names.len() == objects.len();
    let is_component = join.at.as_str().matches('/').count() == 3;
    let place_of_all = format!("{} (all objects)", join.at);
    // What came first elsewhere must not rename what has a name here.
    let named = join.names.previous(&place_of_all).is_some();
    let known_as = known.get(&merged_names);
    let known_as = known_as.filter(|_| of_names && !named);
    let name = match known_as {
        Some(name) => name.clone(),
        None => {
            let merged = one_of_all(&objects, &owner, join);
            if arms.is_empty() && is_component {
                holder.shift_remove("oneOf");
                holder.extend(merged);
                if of_names {
                    known.insert(merged_names, owner);
                }
                return;
            }
            let name = join.names.get_or_assign(
                &place_of_all,
                &[format!("{owner} object"), format!("{owner} any object")],
            );
            if of_names {
                known.insert(merged_names, name.clone());
            }
            join.added.insert(name.clone(), Value::Object(merged));
            name
        }
    };
    arms.insert(place.unwrap_or(0), schema::reference(&name));
    if beside {
        for key in ["properties", "required", "additionalProperties", "type"] {
            holder.shift_remove(key);
        }
    }
}

/// Puts the one variant that is left of a union in its place.
fn put_in_place(holder: &mut Map<String, Value>) {
    let Some(Value::Array(arms)) = holder.get_mut("oneOf") else {
        return;
    };
    if arms.len() != 1 {
        return;
    }
    let one = arms.remove(0);
    holder.shift_remove("oneOf");
    match one {
        Value::Object(one) if !one.contains_key("$ref") => holder.extend(one),
        one => {
            holder.insert("allOf".into(), json!([one]));
        }
    }
}

/// Takes the objects and maps out of a union; gives where the first of them
/// stood and the names of those that have one.
fn take_objects(
    arms: &mut Vec<Value>,
    schemas: &Map<String, Value>,
) -> (Option<usize>, BTreeSet<String>) {
    let mut place = None;
    let mut index = 0;
    let mut names = BTreeSet::new();
    arms.retain(|arm| {
        let is_object = object_of(arm, schemas).is_some() || held_by_map(arm, schemas).is_some();
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

/// Whether the schema is a union without a tag that several variants of one
/// kind are part of.
pub(super) fn is_ambiguous(union: &Value, schemas: &Map<String, Value>) -> bool {
    if !is_untagged(union) {
        return false;
    }
    let arms = union.get("oneOf").and_then(Value::as_array);
    let mut numbers = [0, 0, 0];
    for arm in arms.into_iter().flatten() {
        numbers[0] += usize::from(held_by_list(arm, schemas).is_some());
        numbers[1] += usize::from(held_by_map(arm, schemas).is_some());
        numbers[2] += usize::from(object_of(arm, schemas).is_some());
    }
    numbers[0] > 1 || numbers[1] + numbers[2] > 1
}

/// What a variant is, by whatever names.
fn target<'a>(arm: &'a Value, schemas: &'a Map<String, Value>) -> Option<&'a Map<String, Value>> {
    let target = schema::resolved(arm, schemas);
    let others = ["oneOf", "anyOf", "allOf"];
    target
        .as_object()
        .filter(|target| !schema::has_any(target, &others))
}

/// The object that a variant is, if it is one with properties.
fn object_of(arm: &Value, schemas: &Map<String, Value>) -> Option<Map<String, Value>> {
    let object = target(arm, schemas)?;
    let properties = object.get("properties")?.as_object()?;
    (!properties.is_empty()).then(|| object.clone())
}

/// What a variant holds, if it is of one kind.
type Held = fn(&Value, &Map<String, Value>) -> Option<Value>;

fn held_by_list(arm: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let list = target(arm, schemas)?;
    let is_list = list.get("type").is_some_and(|kind| kind == "array");
    is_list.then(|| list.get("items").cloned().unwrap_or_else(|| json!({})))
}

fn held_by_map(arm: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let map = target(arm, schemas)?;
    let is_map =
        map.get("type").is_some_and(|kind| kind == "object") && object_of(arm, schemas).is_none();
    let values = map
        .get("additionalProperties")
        .filter(|values| values.is_object());
    is_map.then(|| values.cloned().unwrap_or_else(|| json!({})))
}

fn one_of_all(
    objects: &[Map<String, Value>],
    owner: &str,
    join: &mut Join<'_>,
) -> Map<String, Value> {
    let mut ways: Map<String, Value> = Map::new();
    let mut more = false;
    for object in objects {
        more |= object.contains_key("additionalProperties");
        let own = object.get("properties").and_then(Value::as_object);
        for (name, property) in own.into_iter().flatten() {
            let all = ways.entry(name.clone()).or_insert_with(|| json!([]));
            all.as_array_mut()
                .into_iter()
                .for_each(|all| all.push(property.clone()));
        }
    }
    for (name, all) in &mut ways {
        let all_ways = all.take();
        let all_ways: Vec<&Value> = all_ways.as_array().into_iter().flatten().collect();
        *all = match all_ways.as_slice() {
            [one] => (*one).clone(),
            several => {
                let place = format!("{} (all objects)/{name}", join.at);
                let what = format!("{name:?} is");
                join.of(several, &place, &format!("{owner} {name}"), &what)
            }
        };
    }
    let mut merged = Map::new();
    merged.insert("type".into(), json!("object"));
    merged.insert("properties".into(), Value::Object(ways));
    if more {
        merged.insert("additionalProperties".into(), json!({}));
    }
    merged
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
