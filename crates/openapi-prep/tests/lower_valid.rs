//! Every document there is in this repository, lowered, is a document of
//! OpenAPI 3.0 by its official JSON Schema. `.ci/run` asks another validator,
//! which looks at more than a JSON Schema can say.

mod common;

use jsonschema::Validator;
use openapi_prep::{Document, Error, Names, Report, prepare};
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("oas30/schema.json");

/// The stage over plain values.
fn lower(document: Value) -> Result<(Value, Report), Error> {
    let (document, report) = openapi_prep::lower(Document::from_value(document)?)?;
    Ok((document.into_value(), report))
}

fn validator() -> Validator {
    let schema = SCHEMA.parse().expect("JSON");
    // Whether an address is one is nobody's business here.
    jsonschema::draft4::options()
        .should_validate_formats(false)
        .build(&schema)
        .expect("a JSON Schema")
}

/// What a validator says of a document, one line for each place.
fn complaints(validator: &Validator, document: &Value) -> Vec<String> {
    let all = validator.iter_errors(document);
    all.map(|e| {
        let mut said = e.to_string();
        if let Some((end, _)) = said.char_indices().nth(300) {
            said.truncate(end);
        }
        format!("{}: {said}", e.instance_path())
    })
    .collect()
}

#[test]
fn what_is_lowered_is_30() {
    let validator = validator();
    let documents = common::documents();
    assert!(documents.len() > 10, "{}", documents.len());
    for (name, document) in documents {
        let (lowered, _) = lower(document.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let wrong = complaints(&validator, &lowered);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        let prepared = Document::from_value(document)
            .and_then(|document| prepare(document, &mut Names::new()))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let wrong = complaints(&validator, prepared.document.as_value());
        assert!(wrong.is_empty(), "{name}, prepared: {wrong:#?}");
    }
}

/// What nobody expects under a key.
fn junk(rng: &mut fastrand::Rng) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("text"),
        json!("#/components/schemas/None"),
        json!([]),
        json!([1, "a", null, {}]),
        json!({}),
        json!({"$ref": "#/nowhere"}),
        json!({"$ref": 1, "x-a": 2}),
        json!({"type": ["null", "text"], "enum": []}),
    ];
    rng.choice(values).expect("there are some")
}

/// Puts something else in the place of one value, or under a key of its own.
fn spoil(value: &mut Value, rng: &mut fastrand::Rng) {
    let size = match value {
        Value::Object(entries) => entries.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    let here = size == 0 || rng.u8(..8) == 0;
    match value {
        Value::Object(entries) if !here => {
            let inner = entries.values_mut().nth(rng.usize(..size));
            spoil(inner.expect("within"), rng);
        }
        Value::Array(items) if !here => spoil(&mut items[rng.usize(..size)], rng),
        Value::Object(entries) if rng.bool() => {
            let words = [
                "type",
                "items",
                "properties",
                "required",
                "enum",
                "schema",
                "content",
                "$ref",
                "allOf",
                "not",
                "examples",
                "example",
                "style",
                "parameters",
                "odd key",
                "default",
                "description",
                "",
                "x-mine",
                "get",
                "responses",
                "headers",
                "nullable",
                "const",
            ];
            let key = rng.choice(words).expect("there are some");
            entries.insert(key.to_owned(), junk(rng));
        }
        other => *other = junk(rng),
    }
}

#[test]
fn what_is_spoilt_anywhere_is_lowered_to_30_or_refused() {
    let validator = validator();
    let mut rng = fastrand::Rng::with_seed(30);
    let mut lowered = 0;
    for (name, document) in common::documents() {
        let small = document.to_string().len() < 50_000;
        for _ in 0..if small { 60 } else { 4 } {
            let mut spoilt = document.clone();
            for _ in 0..rng.u8(1..4) {
                spoil(&mut spoilt, &mut rng);
            }
            let Ok((after, report)) = lower(spoilt.clone()) else {
                continue;
            };
            lowered += 1;
            // A document of 3.0 passes through, right or wrong.
            if report.entries().is_empty() {
                continue;
            }
            let wrong = complaints(&validator, &after);
            assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{spoilt}");
        }
    }
    assert!(lowered > 1_000, "{lowered}");
}
