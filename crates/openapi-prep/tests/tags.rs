//! The tags of every tagged union are those of its mapping, else the fixed
//! values of its variants, else the names of their schemas; and each selects
//! the variant that the document says. Held against unions made at random.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use openapi_prep::{Document, Names, prepare};
use serde_json::{Map, Value, json};

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// Names that Rust can have, and names that it cannot.
const NAMES: [&str; 10] = [
    "Circle",
    "Box",
    "Option",
    "snake_case",
    "with.dots",
    "with-dash",
    "AIClip",
    "Error",
    "lower",
    "V3",
];

/// What a union's values select: each value that is sent, and those that are
/// read besides, with the number of the variant.
#[derive(Debug, Default, PartialEq)]
struct Tags {
    sent: BTreeMap<String, usize>,
    read: BTreeMap<String, usize>,
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// A document with a union `U` of random variants, and what its tags are.
fn union(random: &mut Random) -> (Value, Tags) {
    let count = 2 + random.below(4);
    let first = random.below(NAMES.len());
    let mut schemas = Map::new();
    let (mut arms, mut mapping, mut tags) = (Vec::new(), Map::new(), Tags::default());
    for index in 0..count {
        let name = NAMES[(first + index * 3) % NAMES.len()];
        let fixed: Vec<String> = match random.below(4) {
            0 => Vec::new(),
            1 => vec![format!("one{index}"), format!("two_{index}")],
            _ => vec![format!("value {index}")],
        };
        let tag = match (fixed.as_slice(), random.below(3)) {
            ([], 0) => None,
            ([], _) => Some(json!({"type": "string"})),
            ([one], 0) => Some(json!({"type": ["string", "null"], "const": one})),
            ([one], _) => Some(json!({"const": one})),
            (all, 0) => {
                schemas.insert(
                    format!("Values{index}"),
                    json!({"type": "string", "enum": all}),
                );
                Some(json!({"$ref": reference(&format!("Values{index}"))}))
            }
            (all, _) => Some(json!({"type": "string", "enum": all})),
        };
        let mut object =
            json!({"type": "object", "properties": {format!("p{index}"): {"type": "string"}}});
        if let Some(tag) = tag {
            object["properties"]["kind"] = tag;
        }
        if random.one_in(4) {
            schemas.insert(format!("Base{index}"), object);
            object = json!({"allOf": [{"$ref": reference(&format!("Base{index}"))}, {"properties": {"more": {}}}]});
        }
        schemas.insert(name.to_owned(), object);
        let mut mapped = Vec::new();
        for number in 0..random.below(3) {
            let value = match fixed.get(number) {
                Some(same) if random.one_in(2) => same.clone(),
                _ => format!("m{index}x{number}"),
            };
            let target = if random.one_in(3) {
                name.to_owned()
            } else {
                reference(name)
            };
            mapping.insert(value.clone(), json!(target));
            mapped.push(value);
        }
        for value in match (fixed.is_empty(), mapped.is_empty()) {
            (false, _) => fixed.clone(),
            (true, false) => mapped.clone(),
            (true, true) => vec![name.to_owned()],
        } {
            tags.sent.insert(value, index);
        }
        let others = mapped
            .into_iter()
            .filter(|value| !tags.sent.contains_key(value));
        tags.read
            .extend(others.map(|value| (value, index)).collect::<Vec<_>>());
        arms.push(json!({"$ref": reference(name)}));
    }
    // Another union of one of the variants.
    if random.one_in(2) {
        let other = json!({"type": "object", "properties": {"other": {}}});
        schemas.insert("Other".into(), other);
        schemas.insert(
            "V".into(),
            json!({
                "oneOf": [arms[0], {"$ref": reference("Other")}],
                "discriminator": {"propertyName": "kind"},
                "properties": {"beside": {}},
            }),
        );
    }
    if random.one_in(4) {
        arms.push(json!({"type": "null"}));
    }
    let list = if random.one_in(2) { "oneOf" } else { "anyOf" };
    let mut union = json!({list: arms, "discriminator": {"propertyName": "kind"}});
    if !mapping.is_empty() {
        union["discriminator"]["mapping"] = Value::Object(mapping);
    }
    if random.one_in(3) {
        union["properties"] = json!({"kind": {"type": "string"}, "beside": {"type": "string"}});
        union["required"] = json!(["kind"]);
    }
    schemas.insert("U".into(), union);
    let body = json!({"application/json": {"schema": {"type": "object", "properties": {
        "u": {"$ref": reference("U")}, "v": {"$ref": reference(if schemas.contains_key("V") { "V" } else { "U" })},
    }}}});
    let mut operation = json!({"responses": {"200": {"description": "ok", "content": body}}});
    if random.one_in(2) {
        operation["requestBody"] = json!({"content": body});
    }
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": operation}}, "components": {"schemas": schemas},
    });
    (document, tags)
}

/// The tags as they are in the prepared document. A variant is known by the
/// property that only it has.
fn tags_of(union: &Value, schemas: &Value) -> Tags {
    let mut tags = Tags::default();
    for (value, name) in union["x-variants"].as_object().into_iter().flatten() {
        let properties = schemas[name.as_str().expect("a name")]["properties"]
            .as_object()
            .expect("properties");
        let own: BTreeSet<_> = properties
            .keys()
            .filter_map(|key| key.strip_prefix('p')?.parse().ok())
            .collect();
        assert_eq!(own.len(), 1, "{name}: {properties:?}");
        tags.sent
            .extend(own.into_iter().map(|index| (value.clone(), index)));
    }
    for (alias, value) in union["x-tag-aliases"].as_object().into_iter().flatten() {
        tags.read
            .insert(alias.clone(), tags.sent[value.as_str().expect("a value")]);
    }
    tags
}

#[test]
fn tags_are_of_mapping_fixed_values_or_names() {
    let mut random = Random(7);
    for _ in 0..400 {
        let (document, expected) = union(&mut random);
        let given = Document::from_value(document.clone()).unwrap();
        let prepared = prepare(given, &mut Names::new()).unwrap();
        let schemas = &prepared.document.as_value()["components"]["schemas"];
        let mut unions = 0;
        for name in ["U", "UInput"] {
            let Some(union) = schemas.get(name) else {
                continue;
            };
            unions += 1;
            assert_eq!(
                tags_of(union, schemas),
                expected,
                "{document:#}\n{schemas:#}"
            );
            // What a generator makes tags of.
            let written = union["oneOf"].as_array().unwrap();
            let written: BTreeSet<&str> = written
                .iter()
                .filter_map(|arm| arm["properties"]["kind"]["enum"][0].as_str())
                .collect();
            assert_eq!(
                written,
                expected.sent.keys().map(String::as_str).collect(),
                "{union:#}"
            );
        }
        assert!(unions > 0, "{schemas:#}");
        let lost: Vec<_> = prepared.report.losses().collect();
        assert!(lost.is_empty(), "{document:#}\n{lost:#?}");
    }
}
