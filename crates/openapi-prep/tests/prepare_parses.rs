//! Whatever a document holds, what `prepare` gives is read by the generator's
//! parser of OpenAPI 3.0: one value of a wrong type would cost the whole document.

mod common;

use openapi_prep::{Document, Names, prepare};
use openapiv3::OpenAPI;
use serde_json::{Value, json};

/// Prepares a document and parses it; none where it is refused.
fn parsed(document: &Value) -> Option<Result<OpenAPI, serde_json::Error>> {
    let document = Document::from_value(document.clone()).ok()?;
    let prepared = prepare(document, &mut Names::new()).ok()?;
    // Through text, as the generator is given it.
    Some(serde_json::from_str(
        &prepared.document.as_value().to_string(),
    ))
}

#[test]
fn prepared_documents_parse() {
    let documents = common::documents();
    assert!(documents.len() > 10, "{}", documents.len());
    for (name, document) in documents {
        let parsed = parsed(&document).unwrap_or_else(|| panic!("{name} is refused"));
        parsed.unwrap_or_else(|error| panic!("{name}: {error}"));
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
fn documents_with_garbage_anywhere_parse_or_are_refused() {
    let mut rng = fastrand::Rng::with_seed(30);
    let mut count = 0;
    let mut failures = Vec::new();
    for (name, document) in common::documents() {
        let small = document.to_string().len() < 50_000;
        for _ in 0..if small { 30 } else { 2 } {
            let mut spoilt = document.clone();
            for _ in 0..rng.u8(1..4) {
                spoil(&mut spoilt, &mut rng);
            }
            match parsed(&spoilt) {
                Some(Err(error)) => failures.push(format!("{name}: {error}\n{spoilt}")),
                Some(Ok(_)) => count += 1,
                None => {}
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(count > 1_000, "{count}");
}
