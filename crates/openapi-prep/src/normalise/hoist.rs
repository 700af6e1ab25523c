//! Schemas get names: inline ones move into the components. A generator would
//! else make up names of its own, which change when the document grows, and
//! takes two inline responses of one operation for the same type.
//!
//! First all places that need a name are found, then names are given, then the
//! schemas are moved: only so is it known which names of the ledger still have
//! their place, whatever comes first in the document.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Map, Value, json};

use super::{
    Names,
    errors::ERRORS,
    names::{rename_components, type_name},
    owner::{Owner, title},
    rule,
    shapes::KNOWN_VALUES,
    strip::NAME,
};
use crate::{Pointer, Report, schema, walk::METHODS};

/// Gives every schema of the document a name that is a Rust type, and moves
/// every inline object, union and string enum into the components.
///
/// The name is, in this order: the one that an overlay put there as
/// `x-schema-name`, the one the ledger has for the place, the schema's own name
/// or title where that says more than the property's name, or one made of what
/// holds it, as [`Owner`] tells. Schemas of one `x-schema-name` that are equal
/// are one type.
pub(super) fn name_schemas(document: &mut Value, names: &mut Names, report: &mut Report) {
    let mut plan = Plan::of(document);
    names.start();
    plan.keep_names(names);
    plan.assign_names(document, names, report);

    let renamed: HashMap<String, String> = plan
        .slots
        .iter()
        .filter_map(|slot| match &slot.holder {
            Holder::Component(old) => Some((old.clone(), slot.named.as_ref()?.0.clone())),
            _ => None,
        })
        .collect();
    rename_components(document, &renamed, report);
    plan.move_inline(document, &renamed, report);
}

/// A place that needs a name.
struct Slot {
    holder: Holder,
    /// The way from the holder.
    steps: Vec<Step>,
    at: Pointer,
    /// The name that an overlay chose.
    chosen: Option<String>,
    title: Option<String>,
    /// The name, once it has one, and what its parts are named after.
    named: Option<(String, Owner)>,
}

#[derive(Clone)]
enum Holder {
    /// None: the place is a schema of the document with this name.
    Component(String),
    /// A part of the operation with this id: with the word for it in the ledger,
    /// and in names.
    Operation {
        id: String,
        place: String,
        word: String,
    },
    /// Another slot.
    Slot(usize),
}

#[derive(Clone)]
enum Step {
    Property(String),
    Items,
    Values,
    Variant(String),
}

/// All places that need a name, holders before what they hold.
#[derive(Default)]
struct Plan {
    slots: Vec<Slot>,
    /// The slots, what they hold before holders.
    inner_first: Vec<usize>,
    /// The slot that each name is for.
    by_name: HashMap<String, usize>,
}

impl Plan {
    fn of(document: &Value) -> Self {
        let mut plan = Self::default();
        let at = Pointer::root().joins(["components", "schemas"]);
        for (name, schema) in members(document.pointer("/components/schemas")) {
            let at = at.join(name);
            let slot = plan.add(Holder::Component(name.clone()), &[], schema, &at);
            plan.parts(schema, &Holder::Slot(slot), &[], &at);
        }
        let at = Pointer::root().join("paths");
        for (path, item) in members(document.get("paths")) {
            let at = at.join(path);
            for method in METHODS {
                if let Some(operation) = item.get(method).filter(|o| o.is_object()) {
                    plan.operation(operation, &at.join(method));
                }
            }
        }
        plan
    }

    fn operation(&mut self, operation: &Value, at: &Pointer) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let holder = |place: &str, word: &str| Holder::Operation {
            id: id.to_owned(),
            place: place.to_owned(),
            word: word.to_owned(),
        };
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for (index, parameter) in parameters.enumerate() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let at = at.join("parameters").join(index);
            self.carrier(parameter, &holder(name, name), &at);
        }
        if let Some(body) = operation.get("requestBody") {
            let at = at.join("requestBody");
            self.carrier(body, &holder("request", "Request"), &at);
        }
        for (status, response) in members(operation.get("responses")) {
            let at = at.join("responses").join(status);
            self.carrier(response, &holder("response", "Response"), &at);
        }
        for (status, response) in members(operation.get(ERRORS)) {
            let word = match status.as_str() {
                "default" => "error".to_owned(),
                status => format!("error {status}"),
            };
            let at = at.join(ERRORS).join(status);
            self.carrier(response, &holder(&word, &word), &at);
        }
    }

    /// A parameter, body or response.
    fn carrier(&mut self, carrier: &Value, holder: &Holder, at: &Pointer) {
        if let Some(schema) = carrier.get("schema") {
            self.slot(schema, holder, &[], &at.join("schema"));
        }
        for (media, content) in members(carrier.get("content")) {
            if let Some(schema) = content.get("schema") {
                let at = at.joins(["content", media, "schema"]);
                self.slot(schema, holder, &[], &at);
            }
        }
    }

    /// A place that holds a schema: it needs a name, or its parts may.
    fn slot(&mut self, schema: &Value, holder: &Holder, steps: &[Step], at: &Pointer) {
        if is_plain(schema) {
            return;
        }
        let inner = if schema::may_take_null(schema) {
            Cow::Owned(schema::without_null(schema.clone()).0)
        } else {
            Cow::Borrowed(schema)
        };
        if !needs_name(&inner) && inner.get(NAME).is_none() {
            return self.parts(schema, holder, steps, at);
        }
        let slot = self.add(holder.clone(), steps, &inner, at);
        self.parts(schema, &Holder::Slot(slot), &[], at);
        self.inner_first.push(slot);
    }

    fn add(&mut self, holder: Holder, steps: &[Step], schema: &Value, at: &Pointer) -> usize {
        let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
        self.slots.push(Slot {
            holder,
            steps: steps.to_vec(),
            at: at.clone(),
            chosen: text(NAME).map(|name| type_name(&name)),
            title: text("title"),
            named: None,
        });
        self.slots.len() - 1
    }

    /// The places inside a schema.
    fn parts(&mut self, schema: &Value, holder: &Holder, steps: &[Step], at: &Pointer) {
        let within = |step: Step| [steps, &[step]].concat();
        let beside_null = only_variant_beside_null(schema);
        if let Some((key, index)) = beside_null {
            let at = at.join(key).join(index);
            self.parts(&schema[key][index], holder, steps, &at);
        }
        for (key, property) in members(schema.get("properties")) {
            let at = at.join("properties").join(key);
            let steps = || within(Step::Property(key.clone()));
            if !is_plain(property) {
                self.slot(property, holder, &steps(), &at);
            }
        }
        let lists = [
            ("items", Step::Items),
            ("additionalProperties", Step::Values),
        ];
        for (key, step) in lists {
            if let Some(item) = schema.get(key) {
                self.slot(item, holder, &within(step), &at.join(key));
            }
        }
        let tag = schema.pointer("/discriminator/propertyName");
        let tag = tag.and_then(Value::as_str);
        for key in ["oneOf", "anyOf"] {
            let variants = schema.get(key).and_then(Value::as_array);
            let variants = variants.filter(|_| beside_null.is_none_or(|(other, _)| other != key));
            for (index, variant) in variants.into_iter().flatten().enumerate() {
                let word = variant_word(variant, tag).unwrap_or_else(|| (index + 1).to_string());
                let at = at.join(key).join(index);
                self.slot(variant, holder, &within(Step::Variant(word)), &at);
            }
        }
        let all = schema.get("allOf").and_then(Value::as_array);
        for (index, member) in all.into_iter().flatten().enumerate() {
            self.parts(member, holder, steps, &at.join("allOf").join(index));
        }
    }

    /// The place of a slot in the ledger, and what it is named after, once its
    /// holder has a name.
    fn place(&self, slot: usize, names: &Names) -> Option<(String, Owner)> {
        let Slot { holder, steps, .. } = &self.slots[slot];
        let (mut place, mut owner) = match holder {
            Holder::Component(name) => (format!("#{name}"), Owner::named(name)),
            Holder::Operation { id, place, word } => {
                (format!("{id}:{place}"), Owner::of_operation(id, word))
            }
            Holder::Slot(holder) => self.slots[*holder].named.clone()?,
        };
        for step in steps {
            let (way, part) = match step {
                Step::Property(key) => (format!(".{key}"), owner.property(key)),
                Step::Items => ("[]".to_owned(), owner.item("")),
                Step::Values => ("{}".to_owned(), owner.item(" value")),
                Step::Variant(word) => (format!("|{word}"), owner.part(word)),
            };
            place.push_str(&way);
            owner = part;
        }
        if self.is_copy(slot) {
            return Some((place, owner));
        }
        // Such as the same body in several media types.
        let numbered = (2..).map(|number| format!("{place} {number}"));
        let mut places = std::iter::once(place.clone()).chain(numbered);
        let place = places.find(|place| names.get(place).is_none())?;
        Some((place, owner))
    }

    /// Whether a slot is part of a schema that shares its name with an equal one.
    fn is_copy(&self, slot: usize) -> bool {
        let Holder::Slot(holder) = self.slots[slot].holder else {
            return false;
        };
        let named = self.slots[holder].named.as_ref();
        named.is_some_and(|(name, _)| self.by_name.get(name) != Some(&holder))
    }

    fn name(&mut self, slot: usize, name: String, owner: &Owner) {
        let Slot { holder, chosen, .. } = &self.slots[slot];
        let owner = if chosen.is_some() || matches!(holder, Holder::Component(_)) {
            Owner::named(&name)
        } else {
            owner.called(&name)
        };
        self.by_name.entry(name.clone()).or_insert(slot);
        self.slots[slot].named = Some((name, owner));
    }

    /// Gives each place the name that it has in the ledger, if no other was
    /// chosen.
    fn keep_names(&mut self, names: &mut Names) {
        for slot in 0..self.slots.len() {
            let Some((place, owner)) = self.place(slot, names) else {
                continue;
            };
            let chosen = &self.slots[slot].chosen;
            let name = names.previous(&place);
            let name = name.filter(|name| chosen.as_ref().is_none_or(|chosen| chosen == *name));
            if let Some(name) = name.cloned() {
                names.assign(&place, &name);
                self.name(slot, name, &owner);
            }
        }
    }

    /// Gives the other places names of their own, but one to equal schemas for
    /// which the same was chosen.
    fn assign_names(&mut self, document: &Value, names: &mut Names, report: &mut Report) {
        for index in 0..self.slots.len() {
            let slot = &self.slots[index];
            let Some((place, owner)) = self.place(index, names).filter(|_| slot.named.is_none())
            else {
                continue;
            };
            let wanted = match (&slot.chosen, &slot.holder) {
                (Some(name), _) | (None, Holder::Component(name)) => vec![name.clone()],
                (None, _) => {
                    let title = slot.title.as_deref().and_then(|said| title(said, &owner));
                    title.into_iter().chain(owner.candidates()).collect()
                }
            };
            let name = match &slot.chosen {
                _ if self.is_copy(index) => names.get_or_assign(&place, &wanted),
                Some(chosen) if self.is_shared(document, index, chosen) => chosen.clone(),
                Some(chosen) if names.is_free(chosen, &place) => {
                    names.assign(&place, chosen);
                    chosen.clone()
                }
                _ => names.get_or_assign(&place, &wanted),
            };
            if let Some(chosen) = slot.chosen.as_ref().filter(|chosen| **chosen != name) {
                let note = format!("named {name}: another schema has the name {chosen}");
                report.changed(rule("schema-name"), &slot.at, note);
            }
            self.name(index, name, &owner);
        }
    }

    /// Whether the name was chosen for another schema that is equal to this one.
    fn is_shared(&self, document: &Value, slot: usize, name: &str) -> bool {
        let Some(other) = self.by_name.get(name) else {
            return false;
        };
        let chosen = self.slots[*other].chosen.as_deref();
        let is_component = matches!(self.slots[*other].holder, Holder::Component(_));
        let shape = |slot: usize| {
            let schema = document.pointer(self.slots[slot].at.as_str())?.clone();
            let mut schema = schema::shape(&schema::without_null(schema).0);
            schema.as_object_mut()?.shift_remove(NAME);
            Some(schema)
        };
        (is_component || chosen == Some(name)) && shape(slot) == shape(*other)
    }

    /// Moves the inline schemas into the components, whose own have got these
    /// names.
    fn move_inline(
        &self,
        document: &mut Value,
        renamed: &HashMap<String, String>,
        report: &mut Report,
    ) {
        let schemas = Pointer::root().joins(["components", "schemas"]);
        let mut found = Map::new();
        for slot in &self.inner_first {
            let Slot { at, named, .. } = &self.slots[*slot];
            let at = now(at, renamed);
            let (Some((name, _)), Some(schema)) = (named, document.pointer_mut(at.as_str())) else {
                continue;
            };
            let (mut inner, nullable) = schema::without_null(schema.take());
            let mut own = Map::new();
            if let Value::Object(inner) = &mut inner {
                inner.shift_remove(NAME);
                // What is said of this place is not said of the type.
                if is_property(&at) {
                    let description = inner.get_key_value("description");
                    own.extend(description.map(|(k, v)| (k.clone(), v.clone())));
                }
                if is_documented(&at) {
                    for key in ["default", "deprecated", "readOnly", "writeOnly"] {
                        own.extend(inner.shift_remove(key).map(|value| (key.to_owned(), value)));
                    }
                }
            }
            *schema = if nullable {
                json!({"anyOf": [schema::reference(name), {"type": "null"}]})
            } else {
                schema::reference(name)
            };
            if let Value::Object(schema) = schema {
                schema.extend(own);
            }
            report.changed(rule("inline-schema"), &at, format!("named {name}"));
            if self.by_name.get(name) == Some(slot) {
                report.moved(&schemas.join(name), &at);
                found.insert(name.clone(), inner);
            }
        }
        if found.is_empty() {
            return;
        }
        if !document["components"].is_object() {
            document["components"] = json!({});
        }
        match &mut document["components"]["schemas"] {
            Value::Object(schemas) => schemas.extend(found),
            schemas => *schemas = Value::Object(found),
        }
    }
}

/// Where a place is now that the components have these names.
fn now(at: &Pointer, renamed: &HashMap<String, String>) -> Pointer {
    let schemas = Pointer::root().joins(["components", "schemas"]);
    let within = at.as_str().strip_prefix(schemas.as_str());
    let Some(within) = within.and_then(|within| within.strip_prefix('/')) else {
        return at.clone();
    };
    let end = within.find('/').unwrap_or(within.len());
    let old = within[..end].replace("~1", "/").replace("~0", "~");
    let new = renamed.get(&old).unwrap_or(&old);
    Pointer::parse(&format!("{}{}", schemas.join(new), &within[end..]))
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Whether neither a schema nor anything in it could want a name. Most could
/// not, and names for all would take long.
fn is_plain(schema: &Value) -> bool {
    let members = schema.as_object().into_iter().flatten();
    members.into_iter().all(|(key, value)| match key.as_str() {
        "properties" | "required" | "enum" | "oneOf" | "anyOf" | "allOf" | KNOWN_VALUES | NAME => {
            false
        }
        "type" => !is_several_types(value),
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

/// The one variant of a union beside null.
fn only_variant_beside_null(schema: &Value) -> Option<(&'static str, usize)> {
    ["anyOf", "oneOf"].into_iter().find_map(|key| {
        let variants = schema.get(key)?.as_array()?;
        let mut others = (0..variants.len()).filter(|i| !schema::is_null(&variants[*i]));
        let index = others.next()?;
        (others.next().is_none() && variants.len() > 1).then_some((key, index))
    })
}

/// Whether a `type` lists several, which become a union.
fn is_several_types(types: &Value) -> bool {
    let types = types.as_array();
    types.is_some_and(|types| types.iter().filter(|t| *t != "null").count() > 1)
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
    let several_types = schema.get("type").is_some_and(is_several_types);
    let required = schema["required"].as_array();
    filled("properties")
        || required.is_some_and(|names| !names.is_empty())
        || several_types
        || choices
        || schema.get(KNOWN_VALUES).is_some()
        || filled("oneOf")
        || filled("anyOf")
        || filled("allOf")
        || extended
}

/// What distinguishes a variant of a union: its tag's value.
fn variant_word(variant: &Value, tag: Option<&str>) -> Option<String> {
    let properties = variant.get("properties")?.as_object()?;
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
    fn several_types_and_several_bodies_have_names() {
        let document = json!({"paths": {"/a": {"post": {"operationId": "send", "requestBody": {"content": {
            "x/a": {"schema": {"properties": {"limit": {"type": ["string", "integer", "null"]}}}},
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
            json!({"type": ["string", "integer"]})
        );
    }
}
