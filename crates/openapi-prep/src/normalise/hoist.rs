//! Schemas get names: inline ones move into the components. A generator would
//! else make up names of its own, which change when the document grows, and
//! takes two inline responses of one operation for the same type.
//!
//! First all places that need a name are found, then names are given, then the
//! schemas are moved: only so is it known which names of the ledger still have
//! their place, whatever comes first in the document.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    Names,
    owner::{Owner, title},
    rename::rename_components,
    slots::Slots,
    strip::NAME,
    tolerate::STATE,
};
use crate::{Pointer, Report, pointer::put, reference, schema};

/// Gives every schema of the document a name that is a Rust type, and moves
/// every inline object, union and string enum into the components.
///
/// The name is, in this order: the one that an overlay put there as
/// `x-schema-name`, the one the ledger has for the place, the schema's own name
/// or title where that says more than the property's name, or one made of what
/// holds it, as [`Owner`] tells. Schemas of one `x-schema-name` that are equal
/// are one type.
pub(super) fn name_schemas(document: &mut Value, names: &mut Names, report: &mut Report) {
    let mut slots = Slots::of(document);
    names.start();
    slots.keep_names(names);
    slots.assign_names(document, names, report);

    let renamed = slots.all.iter().filter_map(|slot| {
        let (name, _) = slot.named.as_ref()?;
        Some((slot.component.clone()?, name.clone()))
    });
    let renamed = renamed.collect();
    rename_components(document, &renamed, report);
    move_inline(&slots, document, &renamed, report);
}

impl Slots {
    fn name(&mut self, index: usize, name: String, owner: Owner) {
        let slot = &mut self.all[index];
        let owner = if slot.chosen.is_some() || slot.component.is_some() {
            Owner::named(&name)
        } else {
            owner.called(&name)
        };
        slot.is_copy = *self.by_name.entry(name.clone()).or_insert(index) != index;
        slot.named = Some((name, owner));
    }

    /// Gives each place the name that it has in the ledger, if no other was
    /// chosen.
    fn keep_names(&mut self, names: &mut Names) {
        for index in 0..self.all.len() {
            let Some(place) = self.place(index, names) else {
                continue;
            };
            let chosen = &self.all[index].chosen;
            let name = names.previous(&place);
            let name = name.filter(|name| chosen.as_ref().is_none_or(|chosen| chosen == *name));
            let kept = name.cloned().map(|name| (name, self.owner(index)));
            if let Some((name, Some(owner))) = kept {
                names.assign(&place, &name);
                self.name(index, name, owner);
            }
        }
    }

    /// Gives the other places names of their own, but one to equal schemas for
    /// which the same was chosen.
    fn assign_names(&mut self, document: &Value, names: &mut Names, report: &mut Report) {
        for index in 0..self.all.len() {
            let slot = &self.all[index];
            if slot.named.is_some() {
                continue;
            }
            let place = self.place(index, names);
            let Some((place, owner)) = place.zip(self.owner(index)) else {
                continue;
            };
            let name = match &slot.chosen {
                Some(chosen) if self.is_shared(document, index, chosen) => chosen.clone(),
                Some(chosen) if names.is_free(chosen, &place) => {
                    names.assign(&place, chosen);
                    chosen.clone()
                }
                chosen => {
                    let wanted = match chosen.as_ref().or(slot.component.as_ref()) {
                        Some(name) => vec![name.clone()],
                        None => {
                            let title = slot.title.as_deref().and_then(|said| title(said, &owner));
                            title.into_iter().chain(owner.candidates()).collect()
                        }
                    };
                    names.get_or_assign(&place, &wanted)
                }
            };
            if let Some(chosen) = slot.chosen.as_ref().filter(|chosen| **chosen != name) {
                let note = format!("named {name}: another schema has the name {chosen}");
                report.changed(&slot.at, note);
            }
            self.name(index, name, owner);
        }
    }

    /// Whether the name was chosen for another schema that is equal to this one.
    fn is_shared(&self, document: &Value, index: usize, name: &str) -> bool {
        let Some(other) = self.by_name.get(name).map(|other| &self.all[*other]) else {
            return false;
        };
        let shape = |at: &Pointer| {
            let schema = document.pointer(at.as_str())?.clone();
            let mut schema = schema::shape(&schema::without_null(schema).0);
            schema.as_object_mut()?.shift_remove(NAME);
            Some(schema)
        };
        let is_explicit = other.component.is_some() || other.chosen.as_deref() == Some(name);
        is_explicit && shape(&self.all[index].at) == shape(&other.at)
    }
}

/// Moves the inline schemas into the components, whose own have got these
/// names.
fn move_inline(
    slots: &Slots,
    document: &mut Value,
    renamed: &HashMap<String, String>,
    report: &mut Report,
) {
    let schemas = Pointer::root().joins(["components", "schemas"]);
    let mut found = Map::new();
    for slot in slots.inner_first.iter().map(|index| &slots.all[*index]) {
        let at = now(&slot.at, renamed);
        let (Some((name, _)), Some(schema)) = (&slot.named, document.pointer_mut(at.as_str()))
        else {
            continue;
        };
        let (mut inner, nullable) = schema::without_null(schema.take());
        let own = of_place(&mut inner, &at);
        *schema = schema::reference(name);
        if nullable {
            *schema = json!({"anyOf": [schema, {"type": "null"}]});
        }
        if let Value::Object(schema) = schema {
            schema.extend(own);
        }
        report.changed(&at, format!("named {name}"));
        if !slot.is_copy {
            report.moved(&schemas.join(name), &at);
            found.insert(name.clone(), inner);
        }
    }
    if found.is_empty() {
        return;
    }
    match document.pointer_mut("/components/schemas") {
        Some(Value::Object(schemas)) => schemas.extend(found),
        _ => put(document, "/components/schemas", Value::Object(found)),
    }
}

/// What a schema says of the place that it is at, and not of the type: taken out,
/// where it can be said there, of a property, a parameter, or the items of an
/// array or map. A field has the type's description as well.
fn of_place(schema: &mut Value, at: &Pointer) -> Map<String, Value> {
    let mut own = Map::new();
    let Value::Object(schema) = schema else {
        return own;
    };
    schema.shift_remove(NAME);
    let tokens: Vec<&str> = at.as_str().rsplit('/').take(3).collect();
    let is_property = tokens.get(1) == Some(&"properties");
    if is_property && let Some(text) = schema.get("description") {
        own.insert("description".into(), text.clone());
    }
    if is_property
        || matches!(tokens[..], ["items" | "additionalProperties", ..])
        || matches!(tokens[..], ["schema", _, "parameters"])
    {
        for key in ["default", "deprecated", "readOnly", "writeOnly", STATE] {
            own.extend(schema.shift_remove_entry(key));
        }
    }
    own
}

/// Where a place is now that the components have these names.
fn now(at: &Pointer, renamed: &HashMap<String, String>) -> Pointer {
    let schemas = Pointer::root().joins(["components", "schemas"]);
    let within = at.as_str().strip_prefix(schemas.as_str());
    let Some(within) = within.and_then(|within| within.strip_prefix('/')) else {
        return at.clone();
    };
    let end = within.find('/').unwrap_or(within.len());
    let old = reference::unescaped(&within[..end]);
    let new = renamed.get(&old).unwrap_or(&old);
    Pointer::parse(&format!("{}{}", schemas.join(new), &within[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hoisted(mut document: Value, names: &mut Names) -> Value {
        name_schemas(&mut document, names, &mut Report::new());
        names.finish();
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
    fn only_a_chosen_name_is_shared() {
        let schema = |text: &str, more: Value| {
            let mut status = json!({"type": "string", "enum": ["a", "b"], "description": text});
            status
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            json!({"type": "object", "properties": {"status": status}})
        };
        let reference = |document: &Value, name: &str| {
            let property = &document["components"]["schemas"][name]["properties"]["status"];
            property["$ref"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        };
        let schemas = |x: Value, y: Value| json!({"components": {"schemas": {"X": x, "Y": y}}});
        let mut names = Names::new();
        let document = schemas(schema("of x", json!({})), schema("of y", json!({})));
        let document = hoisted(document, &mut names);
        assert_eq!(
            (reference(&document, "X"), reference(&document, "Y")),
            ("XStatus".into(), "YStatus".into())
        );

        let chosen = json!({"x-schema-name": "Status"});
        let document = schemas(
            schema("of x", chosen.clone()),
            schema("of y", chosen.clone()),
        );
        let document = hoisted(document, &mut names);
        assert_eq!(
            (reference(&document, "X"), reference(&document, "Y")),
            ("Status".into(), "Status".into())
        );
        assert_eq!(
            names.to_json(),
            json!({"#X": "X", "#Y": "Y", "X.status": "Status"})
        );

        let other = json!({"x-schema-name": "Status", "enum": ["c", "d"]});
        let document = schemas(schema("of x", other), schema("of y", chosen.clone()));
        let document = hoisted(document, &mut names);
        assert_eq!(
            (reference(&document, "X"), reference(&document, "Y")),
            ("Status".into(), "Status2".into())
        );
    }

    #[test]
    fn equal_schemas_of_one_chosen_name_share_their_parts() {
        let schema = json!({"type": "object", "x-schema-name": "Thing", "properties": {
            "state": {"type": "string", "enum": ["a", "b"]}}});
        let mut names = Names::new();
        let paths =
            json!({"/a": {"get": operation("a", &schema)}, "/b": {"get": operation("b", &schema)}});
        let document = hoisted(json!({ "paths": paths }), &mut names);
        let ledger = json!({"a:response": "Thing", "Thing.state": "ThingState"});
        assert_eq!(names.to_json(), ledger);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert_eq!(schemas.len(), 2);
        hoisted(json!({ "paths": paths }), &mut names);
        assert_eq!(names.to_json(), ledger);
    }

    #[test]
    fn names_of_what_is_gone_are_free() {
        let data = json!({"type": "object", "x-schema-name": "Details", "properties": {"a": {}}});
        let schema = json!({"type": "object", "properties": {"data": data}});
        let mut names = Names::new();
        hoisted(
            json!({"paths": {"/a": {"get": operation("get-a", &schema)}}}),
            &mut names,
        );
        // The operation is renamed, and with it the place.
        hoisted(
            json!({"paths": {"/a": {"get": operation("fetch-a", &schema)}}}),
            &mut names,
        );
        assert_eq!(
            names.to_json(),
            json!({"fetch-a:response": "FetchAResponse", "FetchAResponse.data": "Details"})
        );
    }

    #[test]
    fn unions_and_several_bodies_have_names() {
        let document = json!({"paths": {"/a": {"post": {"operationId": "send", "requestBody": {"content": {
            "x/a": {"schema": {"properties": {"limit": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}}}},
            "x/b": {"schema": {"properties": {"w": {}}}},
        }}}}}});
        let mut names = Names::new();
        let document = hoisted(document, &mut names);
        assert_eq!(
            names.to_json(),
            json!({"SendRequest.limit": "SendLimit", "send:request": "SendRequest", "send:request 2": "SendRequest2"})
        );
        assert_eq!(
            document["components"]["schemas"]["SendLimit"],
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]})
        );
    }

    #[test]
    fn default_and_deprecated_are_kept_where_their_place_cannot_say_them() {
        let kept = json!({"type": "object", "properties": {"a": {}}, "default": {"a": 1}, "deprecated": true});
        let document = json!({"paths": {"/a": {"get": operation("get-a", &kept)}}});
        let document = hoisted(document, &mut Names::new());
        assert_eq!(document["components"]["schemas"]["GetAResponse"], kept);
    }
}
