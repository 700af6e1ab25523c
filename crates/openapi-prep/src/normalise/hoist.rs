//! Inline schemas get names: a generator would else make up names of its own
//! that change when the document grows, and takes two inline answers of one
//! operation for the same type.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{
    Names,
    errors::ERRORS,
    owner::{Owner, title},
    rule,
    shapes::KNOWN_VALUES,
    strip::NAME,
};
use crate::{Pointer, Report, schema, walk};

/// Moves every inline object, union and enum into the components.
///
/// The name is, in this order: the one the ledger has for the place, the one
/// an overlay put there as `x-schema-name`, the schema's own title where it
/// says more than the property's name, or one made of what holds it, as
/// [`Owner`] tells.
pub(super) fn name_inline_schemas(document: &mut Value, names: &mut Names, report: &mut Report) {
    let mut hoist = Hoist {
        names,
        report,
        found: Map::new(),
        taken: HashSet::new(),
        shapes: HashMap::new(),
        twins: HashMap::new(),
    };
    // Schemas with a name first: their parts are named after them.
    let mut schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
        .map(std::mem::take)
        .unwrap_or_default();
    let at = Pointer::root().joins(["components", "schemas"]);
    for (name, schema) in &mut schemas {
        hoist.parts(schema, name, &Owner::named(name), &at.join(name));
    }
    hoist.taken = schemas.keys().cloned().collect();
    walk::operations(document, &mut |_, _, operation, at| {
        hoist.operation(operation, at);
    });
    for (name, schema) in hoist.found {
        schemas.entry(name).or_insert(schema);
    }
    if schemas.is_empty() {
        return;
    }
    if document.get("components").is_none_or(|c| !c.is_object()) {
        document["components"] = json!({});
    }
    document["components"]["schemas"] = Value::Object(schemas);
}

struct Hoist<'a> {
    names: &'a mut Names,
    report: &'a mut Report,
    /// The schemas that got a name here.
    found: Map<String, Value>,
    /// The names of those that had one, once all of these have been gone through.
    taken: HashSet<String>,
    /// The shape that each name was first given for.
    shapes: HashMap<String, String>,
    /// Names by kind of place and shape.
    twins: HashMap<(String, String), String>,
}

impl Hoist<'_> {
    fn operation(&mut self, operation: &mut Map<String, Value>, at: &Pointer) {
        let id = operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        if let Some(parameters) = operation.get_mut("parameters") {
            walk::each_item(parameters, &at.join("parameters"), &mut |parameter, at| {
                let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                walk::carrier(parameter, at, &mut |schema, at| {
                    if is_plain(schema) {
                        return;
                    }
                    let owner = Owner::of_operation(&id, &name);
                    self.slot(schema, &format!("{id}:{name}"), &owner, at);
                });
            });
        }
        for (key, place, word) in [
            ("requestBody", "request", "Request"),
            ("responses", "response", "Response"),
        ] {
            let Some(value) = operation.get_mut(key) else {
                continue;
            };
            let at = at.join(key);
            let mut visit = |schema: &mut Value, at: &Pointer| {
                if is_plain(schema) {
                    return;
                }
                let owner = Owner::of_operation(&id, word);
                self.slot(schema, &format!("{id}:{place}"), &owner, at);
            };
            if key == "responses" {
                walk::each_entry(value, &at, &mut |r, at| walk::carrier(r, at, &mut visit));
            } else {
                walk::carrier(value, &at, &mut visit);
            }
        }
        let Some(Value::Object(errors)) = operation.get_mut(ERRORS) else {
            return;
        };
        for (status, response) in errors {
            let at = at.join(ERRORS).join(status);
            let word = match status.as_str() {
                "default" => "error".to_owned(),
                status => format!("error {status}"),
            };
            walk::carrier(response, &at, &mut |schema, at| {
                if !is_plain(schema) {
                    let owner = Owner::of_operation(&id, &word);
                    self.slot(schema, &format!("{id}:{word}"), &owner, at);
                }
            });
        }
    }

    /// A place that holds a schema: names it if it needs a name, else goes on
    /// to its parts.
    fn slot(&mut self, schema: &mut Value, place: &str, wanted: &Owner, at: &Pointer) {
        let (inner, nullable) = schema::without_null(schema.clone());
        let chosen = inner.get(NAME).and_then(Value::as_str).map(str::to_owned);
        if !needs_name(&inner) && chosen.is_none() {
            match only_arm(schema) {
                Some((key, index)) => {
                    let at = at.join(key).join(index);
                    self.slot(&mut schema[key][index], place, wanted, &at);
                }
                None => self.parts(schema, place, wanted, at),
            }
            return;
        }
        let candidates = match (chosen, title(&inner, wanted)) {
            (Some(chosen), _) => vec![chosen],
            (None, Some(title)) => [vec![title], wanted.candidates()].concat(),
            (None, None) => wanted.candidates(),
        };
        let name = self.name(place, &candidates, &inner);
        let mut inner = inner;
        if let Value::Object(object) = &mut inner {
            object.shift_remove(NAME);
        }
        let mut told = Map::new();
        if let Value::Object(object) = &mut inner {
            // What is said of this place is not said of the type.
            for key in [
                "description",
                "default",
                "deprecated",
                "readOnly",
                "writeOnly",
            ] {
                let value = if key == "description" {
                    object.get(key).cloned()
                } else {
                    object.shift_remove(key)
                };
                told.extend(value.map(|value| (key.to_owned(), value)));
            }
        }
        // The parts are named after the name this schema got.
        self.parts(&mut inner, &name, &wanted.called(&name), at);
        self.report
            .changed(rule("inline-schema"), at, format!("named {name}"));
        if !self.found.contains_key(&name) && !self.taken.contains(&name) {
            let schemas = Pointer::root().joins(["components", "schemas"]);
            self.report.moved(&schemas.join(&name), at);
            self.found.insert(name.clone(), inner);
        }
        *schema = if nullable {
            json!({"anyOf": [schema::reference(&name), {"type": "null"}]})
        } else {
            schema::reference(&name)
        };
        if let Value::Object(object) = schema
            && is_documented(at)
        {
            if !is_property(at) {
                told.shift_remove("description");
            }
            object.extend(told);
        }
    }

    /// The name for a schema at a place. Equal shapes at places of the same
    /// kind share one type.
    fn name(&mut self, place: &str, wanted: &[String], schema: &Value) -> String {
        let shape = schema::shape(schema).to_string();
        let kind_of = |name: Option<&String>| kind(name.map_or("", String::as_str));
        let name = if let Some(known) = self.names.known(place) {
            let known = known.to_owned();
            // The ledger may say that two places share a name whose shapes
            // have come apart since: the first keeps it.
            match self.shapes.get(&known) {
                Some(other) if *other != shape => self.names.give_new_of(place, wanted),
                _ => known,
            }
        } else if let Some(twin) = self.twins.get(&(kind_of(wanted.last()), shape.clone())) {
            let twin = twin.clone();
            self.names.share(place, &twin);
            twin
        } else {
            self.names.give_any(place, wanted)
        };
        for kind in [kind(&name), kind_of(wanted.last())] {
            self.twins
                .entry((kind, shape.clone()))
                .or_insert_with(|| name.clone());
        }
        self.shapes.insert(name.clone(), shape);
        name
    }

    /// Goes through the places inside a schema that has a name, or needs none.
    fn parts(&mut self, schema: &mut Value, place: &str, owner: &Owner, at: &Pointer) {
        let Value::Object(object) = schema else {
            return;
        };
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            let at = at.join("properties");
            for (key, property) in properties.iter_mut().filter(|(_, p)| !is_plain(p)) {
                let place = format!("{place}.{key}");
                self.slot(property, &place, &owner.property(key), &at.join(key));
            }
        }
        if let Some(items) = object.get_mut("items").filter(|items| !is_plain(items)) {
            self.slot(
                items,
                &format!("{place}[]"),
                &owner.item(""),
                &at.join("items"),
            );
        }
        let more = object.get_mut("additionalProperties");
        if let Some(entries) = more.filter(|entries| !is_plain(entries)) {
            self.slot(
                entries,
                &format!("{place}{{}}"),
                &owner.item(" value"),
                &at.join("additionalProperties"),
            );
        }
        let tag = object
            .get("discriminator")
            .and_then(|d| d["propertyName"].as_str())
            .map(str::to_owned);
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(arms)) = object.get_mut(key) {
                let at = at.join(key);
                for (index, arm) in arms.iter_mut().enumerate() {
                    if is_plain(arm) {
                        continue;
                    }
                    let word =
                        arm_word(arm, tag.as_deref()).unwrap_or_else(|| (index + 1).to_string());
                    let place = format!("{place}|{word}");
                    self.slot(arm, &place, &owner.part(&word), &at.join(index));
                }
            }
        }
        if let Some(Value::Array(members)) = object.get_mut("allOf") {
            let at = at.join("allOf");
            for (index, member) in members.iter_mut().enumerate() {
                if schema::ref_name(member).is_none() {
                    self.parts(member, place, owner, &at.join(index));
                }
            }
        }
    }
}

/// Whether neither a schema nor anything in it could want a name. Most could
/// not, and names for all would take long.
fn is_plain(schema: &Value) -> bool {
    let members = schema.as_object().into_iter().flatten();
    members.into_iter().all(|(key, value)| match key.as_str() {
        "properties" | "enum" | "oneOf" | "anyOf" | "allOf" | KNOWN_VALUES | NAME => false,
        "items" | "additionalProperties" => is_plain(value),
        _ => true,
    })
}

/// Whether a place is a property of an object: a field, which has
/// documentation of its own.
fn is_property(at: &Pointer) -> bool {
    at.as_str().rsplit('/').nth(1) == Some("properties")
}

/// Whether what is said of the type at a place can be said of the place itself:
/// of a property, a parameter, or the items of an array or map.
fn is_documented(at: &Pointer) -> bool {
    let tokens: Vec<&str> = at.as_str().rsplit('/').take(3).collect();
    is_property(at)
        || matches!(tokens[..], ["items" | "additionalProperties", ..])
        || matches!(tokens[..], ["schema", _, "parameters"])
}

/// The one arm of a union that is not `null`.
fn only_arm(schema: &Value) -> Option<(&'static str, usize)> {
    ["anyOf", "oneOf"].into_iter().find_map(|key| {
        let arms = schema.get(key)?.as_array()?;
        let mut others = (0..arms.len()).filter(|i| !schema::is_null(&arms[*i]));
        let index = others.next()?;
        others.next().is_none().then_some((key, index))
    })
}

/// Whether a generator would make a type of this schema.
fn needs_name(schema: &Value) -> bool {
    let filled = |key: &str| match schema.get(key) {
        Some(Value::Object(entries)) => !entries.is_empty(),
        Some(Value::Array(items)) => items.len() > 1,
        _ => false,
    };
    if schema.get("$ref").is_some() {
        return false;
    }
    let choices = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| {
            values.len() > 1 && values.iter().all(|v| v.is_string() || v.is_null())
        });
    let extended = schema.get("allOf").is_some() && {
        let own = schema.as_object().into_iter().flatten();
        own.map(|(key, _)| key.as_str())
            .any(|key| matches!(key, "required" | "additionalProperties" | "items" | "enum"))
    };
    filled("properties")
        || choices
        || schema.get(KNOWN_VALUES).is_some()
        || filled("oneOf")
        || filled("anyOf")
        || filled("allOf")
        || extended
}

/// The last word of a name: places whose names end alike are of one kind.
fn kind(name: &str) -> String {
    let name = super::names::type_name(name);
    let start = name.rfind(|c: char| c.is_ascii_uppercase()).unwrap_or(0);
    name[start..]
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .to_owned()
}

/// What tells an arm of a union from the others: its tag's value.
fn arm_word(arm: &Value, tag: Option<&str>) -> Option<String> {
    let properties = arm.get("properties")?.as_object()?;
    let value_of = |property: &Value| {
        property
            .get("const")
            .or_else(|| {
                property
                    .get("enum")
                    .and_then(|e| e.as_array())
                    .filter(|e| e.len() == 1)
                    .map(|e| &e[0])
            })
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    match tag {
        Some(tag) => value_of(properties.get(tag)?),
        None => properties.values().find_map(value_of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hoisted(mut document: Value, names: &mut Names) -> Value {
        name_inline_schemas(&mut document, names, &mut Report::new());
        document
    }

    fn answer(schema: &Value) -> Value {
        json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}})
    }

    fn operation(id: &str, schema: &Value) -> Value {
        let mut operation = answer(schema);
        operation["operationId"] = json!(id);
        operation
    }

    #[test]
    fn answers_and_their_parts_are_named_after_the_operation() {
        let schema = json!({"type": "object", "properties": {
            "error": {},
            "data": {"type": ["object", "null"], "description": "the thing", "properties": {
                "status": {"type": "string", "enum": ["a", "b"]},
                "tags": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}},
            }},
        }});
        let document = json!({"paths": {"/a": {"get": operation("get-thing", &schema)}}});
        let document = hoisted(document, &mut Names::new());
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let mut keys: Vec<_> = schemas.keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "GetThingData",
                "GetThingDataStatus",
                "GetThingDataTag",
                "GetThingResponse"
            ]
        );
        assert_eq!(
            schemas["GetThingResponse"]["properties"]["data"],
            json!({"anyOf": [{"$ref": "#/components/schemas/GetThingData"}, {"type": "null"}], "description": "the thing"})
        );
        assert_eq!(schemas["GetThingData"]["description"], "the thing");
    }

    #[test]
    fn an_overlay_chooses_and_the_ledger_keeps() {
        let schema = json!({"type": "object", "x-schema-name": "Thing", "properties": {"a": {}}});
        let mut names = Names::new();
        let document = json!({"paths": {"/a": {"get": operation("get-thing", &schema)}}});
        let document = hoisted(document, &mut names);
        assert!(
            document["components"]["schemas"]["Thing"]
                .get(NAME)
                .is_none()
        );
        // A new operation that comes first in the file, and wants the name.
        let other = json!({"type": "object", "x-schema-name": "Thing", "properties": {"b": {}}});
        let grown = json!({"paths": {
            "/0": {"get": operation("first", &other)},
            "/a": {"get": operation("get-thing", &schema)},
        }});
        let grown = hoisted(grown, &mut names);
        assert!(
            grown["components"]["schemas"]["Thing"]["properties"]
                .get("a")
                .is_some()
        );
        assert!(
            grown["components"]["schemas"]["Thing2"]["properties"]
                .get("b")
                .is_some()
        );
    }

    #[test]
    fn equal_shapes_at_places_of_one_kind_share_a_type() {
        let schema = |text: &str| json!({"type": "object", "properties": {"status": {"type": "string", "enum": ["a", "b"], "description": text}}});
        let document =
            json!({"components": {"schemas": {"X": schema("of x"), "Y": schema("of y")}}});
        let mut names = Names::new();
        let document = hoisted(document, &mut names);
        assert_eq!(
            document["components"]["schemas"]["Y"]["properties"]["status"],
            json!({"$ref": "#/components/schemas/XStatus", "description": "of y"})
        );
        // When they come apart, the second gets a name of its own.
        let mut apart =
            json!({"components": {"schemas": {"X": schema("of x"), "Y": schema("of y")}}});
        apart["components"]["schemas"]["Y"]["properties"]["status"]["enum"] = json!(["a", "c"]);
        let apart = hoisted(apart, &mut names);
        assert_eq!(
            apart["components"]["schemas"]["Y"]["properties"]["status"],
            json!({"$ref": "#/components/schemas/YStatus", "description": "of y"})
        );
    }
}
