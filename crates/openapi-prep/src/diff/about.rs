//! What a document says beside the shapes: prose, examples, bounds, marks.
//! Generated code shows it in its documentation, if at all.

use serde_json::Value;

use super::{
    change::{Class, Kind},
    compare::Compare,
    side::Place,
    spot::Spot,
    words::code,
};

/// Keywords for readers.
const PROSE: [&str; 6] = [
    "title",
    "summary",
    "description",
    "externalDocs",
    "$comment",
    "tags",
];

/// Keywords that bound a value: moved into the documentation.
const BOUNDS: [&str; 19] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
    "contains",
    "format",
    "contentEncoding",
    "contentMediaType",
];

/// Keywords of a schema that its type is made of: compared elsewhere.
const TYPE: [&str; 18] = [
    "$ref",
    "$dynamicRef",
    "type",
    "nullable",
    "properties",
    "required",
    "items",
    "prefixItems",
    "additionalProperties",
    "enum",
    "const",
    "allOf",
    "oneOf",
    "anyOf",
    "discriminator",
    "x-schema-name",
    "$defs",
    "definitions",
];

impl<'d> Compare<'d> {
    /// Compares what two schemas say beside their types. Each is written in
    /// one or more objects, of which the first that has a keyword counts.
    pub(super) fn about_schemas(&mut self, old: &[Place<'d>], new: &[Place<'d>], spot: &Spot) {
        let mut keys: Vec<&str> = Vec::new();
        for place in old.iter().chain(new) {
            for (key, _) in place.entries() {
                if !keys.contains(&key) && !TYPE.contains(&key) {
                    keys.push(key);
                }
            }
        }
        for key in keys {
            let of = |places: &[Place<'d>]| places.iter().find_map(|place| place.get(key));
            let (old, new) = (of(old), of(new));
            self.keyword(key, old.as_ref(), new.as_ref(), spot);
        }
    }

    /// Compares the keys of two objects that are no schemas, but for those
    /// that are compared elsewhere.
    pub(super) fn about_objects(
        &mut self,
        old: &Place<'d>,
        new: &Place<'d>,
        elsewhere: &[&str],
        spot: &Spot,
    ) {
        let keys = new.entries().into_iter().chain(old.entries());
        let mut done: Vec<&str> = elsewhere.to_vec();
        for (key, _) in keys {
            if !done.contains(&key) {
                done.push(key);
                let (old, new) = (old.get(key), new.get(key));
                self.keyword(key, old.as_ref(), new.as_ref(), spot);
            }
        }
    }

    fn keyword(
        &mut self,
        key: &str,
        old: Option<&Place<'d>>,
        new: Option<&Place<'d>>,
        spot: &Spot,
    ) {
        let value = |place: Option<&Place<'d>>| place.map(|place| place.value.clone());
        let (before, after) = (value(old), value(new));
        if before == after {
            return;
        }
        let marked = |value: &Option<Value>| *value == Some(Value::Bool(true));
        let (class, kind) = match key {
            "deprecated" if marked(&before) == marked(&after) => return,
            "deprecated" if marked(&after) => (Class::Additive, Kind::Deprecated),
            "deprecated" => (Class::Cosmetic, Kind::DeprecationLifted),
            "example" | "examples" => (Class::Cosmetic, Kind::ExampleChanged),
            "default" => (Class::Cosmetic, Kind::DefaultChanged),
            _ if PROSE.contains(&key) => (Class::Cosmetic, Kind::ProseChanged),
            _ if BOUNDS.contains(&key) => (Class::Cosmetic, Kind::BoundsChanged),
            _ => (Class::Cosmetic, Kind::OtherChanged),
        };
        let place = spot.told();
        let text = match (kind, &before, &after) {
            (Kind::Deprecated, ..) => format!("{place} is deprecated now."),
            (Kind::DeprecationLifted, ..) => format!("{place} is not deprecated any more."),
            (_, None, _) => format!("{place} says {} now.", code(key)),
            (_, _, None) => format!("{place} does not say {} any more.", code(key)),
            _ => format!("{place} has another {}.", code(key)),
        };
        self.row(class, kind, spot, (old, new), (before, after), text);
    }
}
