//! References that lead in circles, to nothing, elsewhere, or very far.

use serde_json::{Value, json};

use super::{checkout, document, one, reference, run, schemas, taken};

#[test]
fn circles_of_references_end() {
    let s = reference;
    let cases = [
        ("itself", json!({"S0": s("S0")})),
        ("two", json!({"S0": s("A"), "A": s("S0")})),
        (
            "property",
            json!({"S0": {"type": "object", "properties": {"s": s("S0")}}}),
        ),
        ("items", json!({"S0": {"type": "array", "items": s("S0")}})),
        (
            "map",
            json!({"S0": {"type": "object", "additionalProperties": s("S0")}}),
        ),
        ("not", json!({"S0": {"not": s("S0")}})),
        (
            "member",
            json!({"S0": {"allOf": [s("A"), {"type": "object"}]}, "A": {"allOf": [s("S0")]}}),
        ),
        (
            "variant",
            json!({"S0": {"oneOf": [s("A"), {"type": "string"}]}, "A": {"anyOf": [s("S0"), {"type": "integer"}]}}),
        ),
        (
            "within",
            json!({"S0": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/S0/properties/a"}}}}),
        ),
        ("document", json!({"S0": {"$ref": "#"}})),
        ("anchor", json!({"S0": {"$anchor": "n", "$ref": "#n"}})),
        (
            "dynamic",
            json!({"S0": {"$dynamicAnchor": "n", "$dynamicRef": "#n"}}),
        ),
        (
            "definitions",
            json!({"S0": {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}}),
        ),
    ];
    taken(cases.map(|(name, all)| (name.to_owned(), schemas(&all))));
    let kinds = [
        ("parameters", "parameters"),
        ("requestBodies", "requestBody"),
        ("responses", "responses"),
        ("pathItems", ""),
        ("headers", "headers"),
        ("callbacks", "callbacks"),
    ];
    taken(kinds.map(|(kind, place)| {
        let there = json!({"$ref": format!("#/components/{kind}/A")});
        let back = json!({"$ref": format!("#/components/{kind}/B")});
        let mut document = document(&json!({"schemas": {"S0": {}}, kind: {"A": back, "B": there}}));
        let operation = &mut document["paths"]["/a"]["get"];
        match place {
            "parameters" => operation[place] = json!([there]),
            "requestBody" => operation[place] = there,
            "responses" => operation[place]["200"] = there,
            "headers" => operation["responses"]["200"][place] = json!({"X": there}),
            "callbacks" => operation[place] = json!({"c": there}),
            _ => document["paths"]["/b"] = there,
        }
        (kind.to_owned(), document)
    }));
    let mut paths = schemas(&json!({"S0": {}}));
    paths["paths"] = json!({"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}});
    taken([("paths".to_owned(), paths)]);
}

#[test]
fn references_to_nothing_and_elsewhere_take_anything() {
    let targets = [
        "#/components/schemas/None",
        "other.yaml#/X",
        "../up.json",
        "https://x.example/a.json#/b",
        "file:///etc/hosts",
        "#nothing",
        "#/",
        "#/paths/~1a/get/%zz",
        "urn:x",
        "",
    ];
    taken(targets.into_iter().enumerate().map(|(number, target)| {
        let there = json!({"$ref": target});
        let mut document = schemas(&json!({
            "S0": {"type": "object", "properties": {"x": there}},
            "T": there,
        }));
        let operation = &mut document["paths"]["/a"]["get"];
        operation["parameters"] = json!([there]);
        operation["requestBody"] = there.clone();
        operation["responses"]["201"] = there.clone();
        document["paths"]["/b"] = there;
        (format!("target-{number}"), document)
    }));
}

/// Makes the schema of a number, before the next one.
type Link = fn(usize, Value) -> Value;

/// Chains through references, in which `link` makes the schema before another.
fn chain(length: usize, end: &Value, link: Link) -> Value {
    let mut all = serde_json::Map::new();
    for n in 0..length {
        all.insert(format!("S{n}"), link(n, reference(format!("S{}", n + 1))));
    }
    all.insert(format!("S{length}"), end.clone());
    schemas(&Value::Object(all))
}

/// An object with a property of its own.
fn own(n: usize) -> Value {
    json!({"type": "object", "properties": {format!("p{n}"): {"type": "string"}}})
}

#[test]
fn long_chains_of_references_are_followed() {
    chains(3_000, 150, 40);
}

#[test]
#[ignore = "what is made of members takes the square of their number; takes 30 s"]
fn chains_of_references_thousands_long_are_followed() {
    chains(10_000, 500, 100);
}

/// Chains of plain references, of others, and of those that are generated.
fn chains(plain: usize, others: usize, generated: usize) {
    let links: [(&str, Link); 5] = [
        ("plain", |_, next| next),
        ("member", |n, next| json!({"allOf": [next, own(n)]})),
        ("variant", |n, next| json!({"oneOf": [next, own(n)]})),
        ("items", |_, next| json!({"type": "array", "items": next})),
        (
            "property",
            |_, next| json!({"type": "object", "properties": {"next": next}}),
        ),
    ];
    let checkout = checkout();
    for (name, link) in links {
        for (kind, end) in [
            ("end", json!({"type": "string"})),
            ("circle", reference("S0")),
        ] {
            let file = format!("{name}-{kind}.json");
            let length = if name == "plain" { plain } else { others };
            checkout.put(&file, chain(length, &end, link).to_string());
            for words in [
                &["spec", "prepare", &file, "-o", "o.json"][..],
                &["spec", "prepare", &file, "-o", "o.json"],
                &["spec", "diff", &file, "good.yaml"],
            ] {
                assert_eq!(one(&checkout, &file, words), None);
            }
            one(&checkout, &file, &["spec", "lint", &file]);
            // The generator itself takes the square of what it is given.
            checkout.put(&file, chain(generated, &end, link).to_string());
            assert_eq!(run(&checkout, &file), None);
        }
    }
}
