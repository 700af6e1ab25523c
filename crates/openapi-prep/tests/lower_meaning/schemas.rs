//! Schemas of JSON Schema 2020-12, made up: few names and small numbers, so
//! that they meet each other and the values.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// Which keywords a schema may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// All.
    All,
    /// Those that 3.0 can say in some way.
    Expressible,
}

/// Keywords with their values, which stand or fall together.
type Group = Vec<(&'static str, Value)>;

/// What properties are called.
pub(crate) const NAMES: [&str; 5] = ["a", "b", "additionalProperties", "x-c", "$ref"];

/// A document of 3.1 whose schema `T` is to be looked at, with a seed.
pub(crate) fn documents(words: Words) -> impl Strategy<Value = (Value, u64)> {
    // A schema refers to those after it, so that none is only itself.
    let inner = schema(words, vec![]);
    let last = schema(words, vec!["#/components/schemas/T/$defs/D"]);
    let middle = schema(
        words,
        vec![
            "#/components/schemas/T/$defs/D",
            "#/components/schemas/B",
            "#anchor",
            "https://x.example/id",
        ],
    );
    let first = schema(
        words,
        vec![
            "#/components/schemas/A",
            "#/components/schemas/B",
            "#/components/schemas/A/properties/a",
            "#/components/schemas/T/$defs/D",
            "#/components/schemas/T/definitions/L",
            "#/components/schemas/T/definitions/L/$defs/M",
            "#anchor",
            "https://x.example/id",
        ],
    );
    let named = schema(words, vec![]);
    let old = schema(words, vec![]);
    (first, middle, last, inner, named, old, any::<u64>()).prop_map(|(t, a, b, d, id, l, seed)| {
        let mut t = object(t);
        t.insert("$defs".into(), json!({"D": d}));
        t.insert(
            "definitions".into(),
            json!({"L": {"type": ["integer", "null"], "$defs": {"M": l}}}),
        );
        let mut a = object(a);
        let properties = a.entry("properties").or_insert_with(|| json!({}));
        if let Value::Object(properties) = properties {
            properties
                .entry("a")
                .or_insert_with(|| json!({"type": "string"}));
            // Recursion through a value.
            properties.insert("next".into(), json!({"$ref": "#/components/schemas/A"}));
        }
        let mut b = object(b);
        b.insert("$anchor".into(), json!("anchor"));
        b.insert("$dynamicAnchor".into(), json!("node"));
        let mut id = object(id);
        id.insert("$id".into(), json!("https://x.example/id"));
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "made up", "version": "1"},
            "components": {"schemas": {"T": t, "A": a, "B": b, "Id": id}},
        });
        (document, seed)
    })
}

/// A schema as an object, so that more can be put into it.
fn object(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(object) => object,
        Value::Bool(true) => Map::new(),
        _ => Map::from_iter([("not".to_owned(), json!({}))]),
    }
}

fn schema(words: Words, targets: Vec<&'static str>) -> BoxedStrategy<Value> {
    let leaf = groups(vec(simple(), 0..3)).boxed();
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let plain = nested(inner.clone());
        let mut kinds = vec![(6, simple()), (5, plain)];
        if !targets.is_empty() {
            kinds.push((2, references(targets.clone())));
        }
        if words == Words::All {
            kinds.push((3, inexpressible(inner, targets.contains(&"#anchor"))));
        }
        let keywords = prop::strategy::Union::new_weighted(kinds);
        prop_oneof![
            1 => any::<bool>().prop_map(Value::Bool),
            14 => groups(vec(keywords, 0..4)),
        ]
        .boxed()
    })
    .boxed()
}

fn groups(groups: impl Strategy<Value = Vec<Group>>) -> impl Strategy<Value = Value> {
    groups.prop_map(|groups| {
        let mut object = Map::new();
        for (key, value) in groups.into_iter().flatten() {
            object.entry(key).or_insert(value);
        }
        Value::Object(object)
    })
}

fn one(key: &'static str, values: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Group> {
    values.prop_map(move |value| vec![(key, value)]).boxed()
}

fn choice(values: Vec<Value>) -> impl Strategy<Value = Value> {
    select(values)
}

/// Values that are listed.
fn literals() -> Vec<Value> {
    vec![
        json!(null),
        json!("a"),
        json!("ab"),
        json!(1),
        json!(2.5),
        json!(true),
        json!([]),
        json!({"a": 1}),
    ]
}

/// Keywords that hold no schemas.
fn simple() -> BoxedStrategy<Group> {
    let kinds = || {
        select(vec![
            "string", "number", "integer", "boolean", "array", "object", "null",
        ])
    };
    let number = || choice(vec![json!(-1), json!(0), json!(1), json!(2.5), json!(3)]);
    let size = || choice(vec![json!(0), json!(1), json!(2)]);
    prop_oneof![
        6 => one("type", kinds().prop_map(Value::from)),
        4 => one("type", prop::sample::subsequence(
            vec!["string", "number", "integer", "boolean", "array", "object", "null"], 1..4,
        ).prop_map(Value::from)),
        2 => one("type", kinds().prop_filter("twice", |kind| *kind != "null")
            .prop_map(|kind| json!([kind, "null"]))),
        2 => one("const", choice(literals())),
        3 => one("enum", prop::sample::subsequence(literals(), 1..5).prop_map(Value::from)),
        1 => one("minimum", number()),
        1 => one("maximum", number()),
        1 => one("exclusiveMinimum", number()),
        1 => one("exclusiveMaximum", number()),
        1 => one("multipleOf", choice(vec![json!(1), json!(0.5), json!(2)])),
        1 => one("minLength", size()),
        1 => one("maxLength", size()),
        1 => one("pattern", choice(vec![json!("^a"), json!("b$")])),
        1 => one("minItems", size()),
        1 => one("maxItems", size()),
        1 => one("uniqueItems", any::<bool>().prop_map(Value::from)),
        1 => one("minProperties", size()),
        1 => one("maxProperties", size()),
        2 => one("required", prop::sample::subsequence(NAMES.to_vec(), 0..3).prop_map(Value::from)),
        1 => one("contentEncoding", choice(vec![json!("base64"), json!("quoted-printable")])
            .prop_filter("text that is no base64 is a loss", |v| v == "base64")),
        1 => one("contentMediaType", Just(json!("application/octet-stream"))),
        1 => one("examples", Just(json!(["a"]))),
        1 => one("enum", Just(json!(["a", 1, "a", 1.0, null]))),
        1 => one("title", Just(json!("named"))),
        1 => one("deprecated", Just(json!(true))),
        1 => one("discriminator", Just(json!({"propertyName": "a"}))),
        1 => one("$comment", Just(json!("nothing"))),
        1 => one("description", Just(json!("prose"))),
    ]
    .boxed()
}

/// Keywords that hold schemas.
fn nested(inner: BoxedStrategy<Value>) -> BoxedStrategy<Group> {
    let list = |from| vec(inner.clone(), from).prop_map(Value::from);
    let with_null = vec(inner.clone(), 1..3).prop_map(|mut arms| {
        arms.push(json!({"type": "null"}));
        Value::from(arms)
    });
    prop_oneof![
        3 => one("allOf", list(1..3)),
        3 => one("anyOf", list(1..4)),
        3 => one("oneOf", list(1..4)),
        3 => one("anyOf", with_null.clone()),
        2 => one("oneOf", with_null),
        2 => one("not", inner.clone()),
        5 => one("properties", map(inner.clone())),
        2 => one("additionalProperties", inner.clone()),
        3 => one("items", inner),
    ]
    .boxed()
}

fn map(inner: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    prop::collection::hash_map(select(NAMES.to_vec()), inner, 1..3).prop_map(|entries| {
        entries
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect()
    })
}

/// References, alone or beside whatever else a schema asks.
fn references(targets: Vec<&'static str>) -> BoxedStrategy<Group> {
    one("$ref", select(targets).prop_map(Value::from))
}

/// Keywords that 3.0 has nothing for.
fn inexpressible(inner: BoxedStrategy<Value>, dynamic: bool) -> BoxedStrategy<Group> {
    let pattern = inner
        .clone()
        .prop_map(|schema| json!({"^a": schema.clone(), "x": schema}));
    let tuple = (vec(inner.clone(), 1..3), option::of(inner.clone())).prop_map(|(first, rest)| {
        let mut group = vec![("prefixItems", Value::from(first))];
        group.extend(rest.map(|rest| ("items", rest)));
        group
    });
    let conditional = (inner.clone(), inner.clone(), option::of(inner.clone())).prop_map(
        |(when, then, otherwise)| {
            let mut group = vec![("if", when), ("then", then)];
            group.extend(otherwise.map(|schema| ("else", schema)));
            group
        },
    );
    let contains =
        (inner.clone(), option::of(0..2), option::of(1..3)).prop_map(|(schema, least, most)| {
            let mut group = vec![("contains", schema)];
            group.extend(least.map(|n| ("minContains", json!(n))));
            group.extend(most.map(|n| ("maxContains", json!(n))));
            group
        });
    let dynamic = if dynamic {
        one("$dynamicRef", Just(json!("#node")))
    } else {
        one("maxContains", Just(json!(1)))
    };
    prop_oneof![
        2 => one("patternProperties", pattern),
        1 => one("propertyNames", inner.clone()),
        1 => one("unevaluatedProperties", inner.clone()),
        1 => one("unevaluatedItems", inner.clone()),
        1 => one("dependentSchemas", map(inner.clone())),
        1 => one("dependentRequired", Just(json!({"a": ["b"]}))),
        1 => one("contentSchema", inner.clone()),
        1 => one("enum", Just(json!([]))),
        1 => one("pattern", choice(vec![json!(r"^\p{L}+$"), json!("(?<x>a)")])),
        // Beside what else a text may hold, one of the two is lost.
        1 => one("format", Just(json!("email"))),
        1 => one("default", choice(literals())),
        1 => one("contentMediaType", Just(json!("image/png"))),
        1 => one("examples", Just(json!(["a", "b"]))),
        // Alone, they say nothing.
        1 => one("then", inner.clone()),
        1 => one("else", inner),
        1 => one("minContains", Just(json!(1))),
        2 => tuple,
        2 => conditional,
        2 => contains,
        1 => dynamic,
    ]
    .boxed()
}
