//! What a schema comes to once references are followed, `allOf` is merged and
//! null is set apart: what a Rust type would be made of.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use super::side::{HOPS, Place, Side, component};
use crate::{Pointer, schema};

/// The keyword by which an overlay chooses a schema's name.
const NAME: &str = "x-schema-name";

/// Keywords that make a schema more than a wrapper around another.
const SHAPE: [&str; 11] = [
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "properties",
    "required",
    "items",
    "prefixItems",
    "additionalProperties",
    "enum",
    "const",
];

/// How many schemas may stand around each other in `allOf`.
const DEPTH: usize = 64;

/// A schema without the wrappers that only name it or let it be null.
#[derive(Debug, Clone)]
pub(super) struct Peeled<'d> {
    /// The schema itself.
    pub(super) place: Place<'d>,
    /// The name its Rust type is made of, where the document gives one.
    pub(super) name: Option<String>,
    /// The named schema it is, if it is one.
    pub(super) component: Option<Place<'d>>,
    /// Whether null is taken as well.
    pub(super) nullable: bool,
    /// Wrappers that belong to the place, not to the named schema.
    pub(super) own: Vec<Place<'d>>,
    /// Wrappers that belong to the schema.
    pub(super) inner: Vec<Place<'d>>,
}

/// Takes the wrappers off a schema.
pub(super) fn peel<'d>(side: &Side<'d>, place: Place<'d>) -> Peeled<'d> {
    let named = |place: &Place<'d>| place.text(NAME).map(str::to_owned);
    let mut peeled = Peeled {
        name: named(&place),
        component: None,
        nullable: false,
        own: Vec::new(),
        inner: Vec::new(),
        place,
    };
    if let Some(name) = component(&peeled.place.at) {
        peeled.name = peeled.name.or(Some(name));
        peeled.component = Some(peeled.place.clone());
    }
    for _ in 0..HOPS {
        let Some((next, null)) = unwrapped(side, &peeled.place) else {
            break;
        };
        peeled.nullable |= null;
        let passed = std::mem::replace(&mut peeled.place, next);
        peeled.inner.push(passed);
        if peeled.component.is_none()
            && let Some(name) = component(&peeled.place.at)
        {
            peeled.name = peeled.name.or_else(|| named(&peeled.place)).or(Some(name));
            peeled.component = Some(peeled.place.clone());
            peeled.own = std::mem::take(&mut peeled.inner);
        } else if peeled.name.is_none() {
            peeled.name = named(&peeled.place);
        }
    }
    peeled.nullable |= takes_null(&peeled.place, 0);
    peeled
}

/// Whether a schema takes null: by itself, or in a variant of it.
fn takes_null(place: &Place<'_>, depth: usize) -> bool {
    let listed = || match place.value.get("enum") {
        Some(Value::Array(values)) => values.contains(&Value::Null),
        _ => true,
    };
    if place.flag("nullable") || schema::is_null(place.value) {
        return true;
    }
    if schema::has_type(place.value, "null") && listed() {
        return true;
    }
    ["anyOf", "oneOf"].iter().any(|key| {
        let arms = place.get(key).map(|arms| arms.items());
        let mut arms = arms.into_iter().flatten();
        depth < HOPS && arms.any(|arm| takes_null(&arm, depth + 1))
    })
}

/// The one schema that this schema wraps, and whether null is let in.
fn unwrapped<'d>(side: &Side<'d>, place: &Place<'d>) -> Option<(Place<'d>, bool)> {
    let object = place.value.as_object()?;
    let shapes: Vec<&str> = SHAPE
        .into_iter()
        .filter(|key| object.contains_key(*key))
        .collect();
    let nullable = place.flag("nullable");
    match shapes.as_slice() {
        ["$ref"] => Some((side.target(place)?, nullable)),
        ["allOf"] => match place.get("allOf")?.items().as_slice() {
            [one] => Some((one.clone(), nullable)),
            _ => None,
        },
        [key @ ("anyOf" | "oneOf")] => {
            let arms = place.get(key)?.items();
            let others: Vec<_> = arms
                .iter()
                .filter(|arm| !schema::is_null(arm.value))
                .collect();
            match others.as_slice() {
                [one] => Some(((*one).clone(), nullable || arms.len() > 1)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The parts of a type.
#[derive(Debug, Clone, Default)]
pub(super) struct View<'d> {
    /// The JSON types it may have, null left out; empty for any.
    pub(super) kinds: BTreeSet<&'d str>,
    pub(super) binary: bool,
    pub(super) values: Option<Vec<&'d Value>>,
    /// The property that a union says instead, so that it is no field.
    pub(super) tag: Option<String>,
    /// In the order of the document.
    pub(super) properties: Vec<(&'d str, Place<'d>)>,
    pub(super) required: BTreeSet<&'d str>,
    /// The schema of fields that have no name in the document.
    pub(super) extra: Option<Place<'d>>,
    pub(super) items: Option<Place<'d>>,
    /// The items by position, where there are no others.
    pub(super) tuple: Option<Vec<Place<'d>>>,
    /// The items by position.
    pub(super) positions: Option<Place<'d>>,
    /// The variants of a union, null left out.
    pub(super) arms: Vec<Place<'d>>,
    pub(super) discriminator: Option<Place<'d>>,
    /// The schema objects that it is written in.
    pub(super) parts: Vec<Place<'d>>,
}

/// The parts of a schema's type.
pub(super) fn view<'d>(side: &Side<'d>, place: &Place<'d>) -> View<'d> {
    let mut view = View::default();
    view.take(side, place, 0, &mut HashSet::new());
    if view.kinds.is_empty() {
        view.infer();
    }
    view
}

impl<'d> View<'d> {
    fn take(
        &mut self,
        side: &Side<'d>,
        place: &Place<'d>,
        depth: usize,
        seen: &mut HashSet<Pointer>,
    ) {
        if depth > DEPTH || !place.value.is_object() || !seen.insert(place.at.clone()) {
            return;
        }
        if let Some(target) = side.target(place) {
            self.take_other(side, &target, depth, seen);
        }
        self.parts.push(place.clone());
        for member in place.get("allOf").map(|m| m.items()).unwrap_or_default() {
            self.take(side, &member, depth + 1, seen);
        }
        self.take_type(place);
        self.take_fields(place);
        self.take_union(side, place, depth, seen);
    }

    /// Takes what a named schema brings: its words stay its own.
    fn take_other(
        &mut self,
        side: &Side<'d>,
        place: &Place<'d>,
        depth: usize,
        seen: &mut HashSet<Pointer>,
    ) {
        let own = self.parts.len();
        self.take(side, place, depth + 1, seen);
        self.parts.truncate(own);
    }

    fn take_type(&mut self, place: &Place<'d>) {
        let kinds: BTreeSet<&str> = match place.value.get("type") {
            Some(Value::String(one)) => [one.as_str()].into(),
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => BTreeSet::new(),
        };
        let kinds: BTreeSet<&str> = kinds.into_iter().filter(|kind| *kind != "null").collect();
        if !kinds.is_empty() {
            let both: BTreeSet<&str> = self.kinds.intersection(&kinds).copied().collect();
            self.kinds = if both.is_empty() { kinds } else { both };
        }
        self.binary |= place.text("format") == Some("binary")
            || (place.text("contentMediaType") == Some("application/octet-stream")
                && place.text("contentEncoding").is_none());
        let values = match (place.value.get("const"), place.value.get("enum")) {
            (Some(value), _) => vec![value],
            (None, Some(Value::Array(values))) => values.iter().collect(),
            _ => return,
        };
        let values: Vec<_> = values.into_iter().filter(|v| !v.is_null()).collect();
        if !values.is_empty() {
            self.values = Some(values);
        }
    }

    fn take_fields(&mut self, place: &Place<'d>) {
        if let Some(properties) = place.get("properties") {
            for (name, property) in properties.entries() {
                match self.properties.iter_mut().find(|(known, _)| *known == name) {
                    Some(known) => known.1 = property,
                    None => self.properties.push((name, property)),
                }
            }
        }
        if let Some(Value::Array(required)) = place.value.get("required") {
            self.required
                .extend(required.iter().filter_map(Value::as_str));
        }
        if let Some(extra) = place.get("additionalProperties")
            && extra.value.is_object()
        {
            self.extra = Some(extra);
        }
        self.take_items(place);
    }

    /// A list whose items differ by position is a list of any of them where
    /// the document says that there are no others, else a list of anything.
    fn take_items(&mut self, place: &Place<'d>) {
        let items = place.get("items");
        let listed = items.clone().filter(|items| items.value.is_array());
        let (first, rest) = match listed {
            Some(first) => (Some(first), place.get("additionalItems")),
            None => (place.get("prefixItems"), items),
        };
        let Some(first) = first else {
            if rest.is_some() {
                self.items = rest;
            }
            return;
        };
        let mut tuple = first.items();
        match rest {
            Some(rest) if *rest.value == json!(false) || *rest.value == json!({"not": {}}) => {
                self.tuple = Some(tuple);
            }
            Some(rest) if rest.value.as_object().is_some_and(|rest| !rest.is_empty()) => {
                tuple.push(rest);
                self.tuple = Some(tuple);
            }
            _ => {}
        }
        self.positions = Some(first);
    }

    fn take_union(
        &mut self,
        side: &Side<'d>,
        place: &Place<'d>,
        depth: usize,
        seen: &mut HashSet<Pointer>,
    ) {
        for key in ["oneOf", "anyOf"] {
            let Some(arms) = place.get(key) else { continue };
            let arms: Vec<_> = arms
                .items()
                .into_iter()
                .filter(|arm| !schema::is_null(arm.value))
                .collect();
            match arms.as_slice() {
                [] => {}
                [one] => self.take(side, one, depth + 1, seen),
                _ if self.arms.is_empty() => self.arms = arms,
                _ => {}
            }
        }
        if let Some(discriminator) = place.get("discriminator") {
            self.discriminator = Some(discriminator);
        }
    }

    /// The types that a schema without `type` implies.
    fn infer(&mut self) {
        if !self.properties.is_empty() || self.extra.is_some() {
            self.kinds.insert("object");
        } else if self.items.is_some() || self.positions.is_some() {
            self.kinds.insert("array");
        } else if let Some(values) = &self.values {
            self.kinds
                .extend(values.iter().filter_map(|value| match value {
                    Value::Bool(_) => Some("boolean"),
                    Value::Number(n) if n.is_f64() => Some("number"),
                    Value::Number(_) => Some("integer"),
                    Value::String(_) => Some("string"),
                    Value::Array(_) => Some("array"),
                    Value::Object(_) => Some("object"),
                    Value::Null => None,
                }));
        }
    }

    /// The properties that are fields of the Rust type.
    pub(super) fn fields(&self) -> impl Iterator<Item = &(&'d str, Place<'d>)> {
        let tag = self.tag.as_deref();
        self.properties
            .iter()
            .filter(move |(name, _)| Some(*name) != tag)
    }

    /// The schema of a field of the Rust type.
    pub(super) fn field(&self, name: &str) -> Option<&Place<'d>> {
        let found = self.fields().find(|(known, _)| *known == name);
        found.map(|(_, place)| place)
    }

    /// The schema of a property.
    pub(super) fn property(&self, name: &str) -> Option<&Place<'d>> {
        let found = self.properties.iter().find(|(known, _)| *known == name);
        found.map(|(_, place)| place)
    }
}
