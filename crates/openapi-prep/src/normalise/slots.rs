//! Slots: the places of a document that hold a schema which needs a name, each
//! with its place in the ledger and what it may be called after.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Map, Value};

use super::{
    Names,
    enums::{self, KNOWN_VALUES},
    errors::ERRORS,
    names::type_name,
    owner::Owner,
    strip::NAME,
};
use crate::{Pointer, schema, walk};

/// A place that needs a name.
pub(super) struct Slot {
    holder: Holder,
    /// The way from the holder, each step as the ledger writes it.
    steps: Vec<String>,
    pub(super) at: Pointer,
    /// The name in the document, where it is a schema of the components.
    pub(super) component: Option<String>,
    /// The name that an overlay chose.
    pub(super) chosen: Option<String>,
    pub(super) title: Option<String>,
    /// The name, once it has one, and what its parts are named after.
    pub(super) named: Option<(String, Owner)>,
    /// Whether another slot has its name and an equal schema.
    pub(super) is_copy: bool,
}

#[derive(Clone)]
enum Holder {
    /// A schema of the components, by its name.
    Component(String),
    /// A part of the operation with this id, and the word for it.
    Operation(String, String),
    /// Another slot.
    Slot(usize),
}

/// All places that need a name, holders before what they hold.
#[derive(Default)]
pub(super) struct Slots {
    pub(super) all: Vec<Slot>,
    /// Those of inline schemas, what they hold before holders.
    pub(super) inner_first: Vec<usize>,
    /// The slot that each name is for.
    pub(super) by_name: HashMap<String, usize>,
}

/// The keywords with schemas that may need a name, in the order in which they get it,
/// whatever that of the document is.
const PARTS: &str = "properties items additionalProperties oneOf anyOf allOf";

impl Slots {
    pub(super) fn of(document: &mut Value) -> Self {
        let mut slots = Self::default();
        let at = Pointer::root().joins(["components", "schemas"]);
        for (name, schema) in members(document.pointer("/components/schemas")) {
            let at = at.join(name);
            let slot = slots.add(Holder::Component(name.clone()), &[], schema, &at);
            slots.all[slot].component = Some(name.clone());
            slots.parts(schema, &Holder::Slot(slot), &[], &at);
        }
        walk::operations(document, &mut |_, _, operation, at| {
            slots.operation(operation, at);
        });
        slots
    }

    fn operation(&mut self, operation: &Map<String, Value>, at: &Pointer) {
        let id = operation.get("operationId").and_then(Value::as_str);
        let id = id.unwrap_or_default();
        let parameters = operation.get("parameters").and_then(Value::as_array);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let name = parameter["name"].as_str().unwrap_or_default();
            self.carrier(parameter, id, name, &at.join("parameters").join(index));
        }
        if let Some(body) = operation.get("requestBody") {
            self.carrier(body, id, "request", &at.join("requestBody"));
        }
        for key in ["responses", ERRORS] {
            for (status, response) in members(operation.get(key)) {
                let word = match (key, status.as_str()) {
                    (ERRORS, "default") => "error".to_owned(),
                    (ERRORS, status) => format!("error {status}"),
                    _ => "response".to_owned(),
                };
                self.carrier(response, id, &word, &at.join(key).join(status));
            }
        }
    }

    /// A parameter, body or response of an operation, with the word for it.
    fn carrier(&mut self, carrier: &Value, id: &str, word: &str, at: &Pointer) {
        let holder = Holder::Operation(id.to_owned(), word.to_owned());
        if let Some(schema) = carrier.get("schema") {
            self.inline(schema, &holder, &[], &at.join("schema"));
        }
        for (media, content) in members(carrier.get("content")) {
            if let Some(schema) = content.get("schema") {
                let at = at.joins(["content", media, "schema"]);
                self.inline(schema, &holder, &[], &at);
            }
        }
    }

    /// An inline schema: it needs a name, or its parts may.
    fn inline(&mut self, schema: &Value, holder: &Holder, steps: &[String], at: &Pointer) {
        let inner = if schema::may_take_null(schema) {
            Cow::Owned(schema::without_null(schema.clone()).0)
        } else {
            Cow::Borrowed(schema)
        };
        if !needs_name(&inner) {
            return self.parts(schema, holder, steps, at);
        }
        let slot = self.add(holder.clone(), steps, &inner, at);
        self.parts(schema, &Holder::Slot(slot), &[], at);
        self.inner_first.push(slot);
    }

    fn add(&mut self, holder: Holder, steps: &[String], schema: &Value, at: &Pointer) -> usize {
        let text = |key: &str| schema::get(schema, key).and_then(Value::as_str);
        self.all.push(Slot {
            holder,
            steps: steps.to_vec(),
            at: at.clone(),
            component: None,
            chosen: text(NAME).map(type_name),
            title: text("title").map(str::to_owned),
            named: None,
            is_copy: false,
        });
        self.all.len() - 1
    }

    /// The places inside a schema.
    fn parts(&mut self, schema: &Value, holder: &Holder, steps: &[String], at: &Pointer) {
        let within = |step: String| [steps, &[step]].concat();
        let tag = schema::get(schema, "discriminator");
        let tag = tag.and_then(|one| one.get("propertyName")?.as_str());
        for key in PARTS.split(' ') {
            let Some(value) = schema::get(schema, key) else {
                continue;
            };
            let at = at.join(key);
            for (name, property) in members(Some(value).filter(|_| key == "properties")) {
                if property.as_object().is_some_and(|p| !is_plain(p)) {
                    let steps = within(format!(".{name}"));
                    self.inline(property, holder, &steps, &at.join(name));
                }
            }
            match key {
                "items" => self.inline(value, holder, &within("[]".into()), &at),
                "additionalProperties" => self.inline(value, holder, &within("{}".into()), &at),
                _ => {}
            }
            let variants = value.as_array().map_or(&[][..], Vec::as_slice);
            let others = variants.iter().filter(|one| !schema::is_null(one)).count();
            // What stands beside null only is the schema itself.
            let is_one = key == "allOf" || (others == 1 && variants.len() > 1);
            for (index, variant) in variants.iter().enumerate() {
                let at = at.join(index);
                if is_one {
                    self.parts(variant, holder, steps, &at);
                } else {
                    let word = variant_word(variant, tag).map(str::to_owned);
                    let word = word.unwrap_or_else(|| (index + 1).to_string());
                    self.inline(variant, holder, &within(format!("|{word}")), &at);
                }
            }
        }
    }

    /// The place of a slot in the ledger, once its holder has a name. What a copy
    /// holds is named where it is copied from.
    pub(super) fn place(&self, slot: usize, names: &Names) -> Option<String> {
        let Slot { holder, steps, .. } = &self.all[slot];
        let holder = match holder {
            Holder::Component(name) => format!("#{name}"),
            Holder::Operation(id, word) => format!("{id}:{word}"),
            Holder::Slot(holder) if self.all[*holder].is_copy => return None,
            Holder::Slot(holder) => self.all[*holder].named.as_ref()?.0.clone(),
        };
        let place = holder + &steps.concat();
        // Such as the same body in several media types.
        let numbered = (2..).map(|number| format!("{place} {number}"));
        let mut places = std::iter::once(place.clone()).chain(numbered);
        places.find(|place| names.get(place).is_none())
    }

    /// What a slot that has a place is named after.
    pub(super) fn owner(&self, slot: usize) -> Option<Owner> {
        let Slot { holder, steps, .. } = &self.all[slot];
        let owner = match holder {
            Holder::Component(name) => Owner::named(name),
            Holder::Operation(id, word) => Owner::of_operation(id, word),
            Holder::Slot(holder) => self.all[*holder].named.as_ref()?.1.clone(),
        };
        let part = |owner: Owner, step: &String| match step.as_str() {
            "[]" => owner.item(""),
            "{}" => owner.item(" value"),
            part => owner.part(&part[1..]),
        };
        Some(steps.iter().fold(owner, part))
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Whether a schema and what is inside need no name, as most properties do not.
fn is_plain(schema: &Map<String, Value>) -> bool {
    let plain = |key: &String| matches!(key.as_str(), "type" | "description" | "$ref" | "format");
    schema.keys().all(plain)
}

/// Whether a generator would make a type of this schema, or an overlay chose a
/// name for it.
fn needs_name(schema: &Value) -> bool {
    let Value::Object(schema) = schema else {
        return false;
    };
    let is_extended = schema.contains_key("allOf");
    let of_type = |(key, value): (&String, &Value)| match (key.as_str(), value) {
        (NAME | KNOWN_VALUES, _) => true,
        ("required" | "additionalProperties" | "items" | "enum", _) if is_extended => true,
        ("properties", Value::Object(properties)) => !properties.is_empty(),
        ("required", Value::Array(names)) => !names.is_empty(),
        ("oneOf" | "anyOf" | "allOf", Value::Array(members)) => members.len() > 1,
        ("enum", Value::Array(values)) => {
            values.len() > 1 && values.iter().all(|v| v.is_string() || v.is_null())
        }
        _ => false,
    };
    schema.contains_key(NAME) || !schema.contains_key("$ref") && schema.iter().any(of_type)
}

/// What distinguishes a variant of a union: its tag's value.
fn variant_word<'a>(variant: &'a Value, tag: Option<&str>) -> Option<&'a str> {
    let properties = variant.get("properties")?.as_object()?;
    let only_value = |property: &'a Value| match enums::values(property.as_object()?)? {
        [value] => value.as_str(),
        _ => None,
    };
    match tag {
        Some(tag) => only_value(properties.get(tag)?),
        None => properties.values().find_map(only_value),
    }
}
