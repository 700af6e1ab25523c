//! Tolerant parsing, on every example of every checked-in document: whatever a
//! server omits, nulls, renames or adds, the model contains the data of the
//! response, or the error names the field that cannot be parsed.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

mod examples;
mod mutation;
mod operations;
mod schema;

use heygen::ErrorKind;
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde_json::Value;

use examples::Example;
use mutation::{Expected, Mutation};

#[tokio::test]
async fn mutated_examples_are_parsed_or_name_the_field() {
    let mut count = 0;
    let mut faults = Vec::new();
    for example in examples::all() {
        let mutations = mutation::all(&example);
        assert!(mutations.len() > 20, "{}: too few", example.name);
        count += mutations.len();
        faults.extend(check(&example, mutations).await);
    }
    println!("{count} mutations");
    assert!(count > 350, "too few examples: {count}");
    assert!(
        faults.is_empty(),
        "{}\n{} faults",
        faults.join("\n"),
        faults.len()
    );
}

/// Responds with one mutation after another, and returns the failures.
async fn check(example: &Example, mutations: Vec<Mutation>) -> Vec<String> {
    let replies = mutations.iter().map(|mutation| Reply::json(&mutation.body));
    let server = ScriptedServer::start(replies).await;
    let client = server.builder().build().unwrap();
    let mut faults = Vec::new();
    for mutation in mutations {
        let outcome = operations::call(&example.document, &example.operation, &client);
        let fault = match (outcome.await, &mutation.expected) {
            (Ok(model), Expected::Model(data)) => {
                (!matches(&model, data)).then(|| format!("parsed as {model}, expected {data}"))
            }
            (Err(error), Expected::DecodeError(field)) => {
                let fits = error.kind() == ErrorKind::Decode
                    && error.status() == Some(200)
                    && !error.body().is_empty()
                    && error.field() == Some(field.as_str());
                (!fits).then(|| format!("expected {field:?}: {error:?}"))
            }
            (Err(error), Expected::Model(_)) => Some(error.to_string()),
            (Ok(model), Expected::DecodeError(_)) => Some(format!("parsed as {model}")),
        };
        let name = format!("{}, {}", example.name, mutation.name);
        faults.extend(fault.map(|fault| format!("{name}: {fault}")));
    }
    faults
}

/// Whether a model contains exactly the data of the response. Unknown fields
/// are not in it, unless they are in an unknown variant.
fn matches(model: &Value, data: &Value) -> bool {
    match (model, data) {
        (Value::Object(model), Value::Object(data)) => {
            let known = model
                .iter()
                .all(|(name, value)| data.get(name).is_some_and(|data| matches(value, data)));
            known
                && data.iter().all(|(name, value)| {
                    value.is_null() || name == mutation::UNKNOWN_FIELD || model.contains_key(name)
                })
        }
        (Value::Array(model), Value::Array(data)) => {
            model.len() == data.len() && model.iter().zip(data).all(|(m, d)| matches(m, d))
        }
        (Value::Number(model), Value::Number(data)) => model.as_f64() == data.as_f64(),
        _ => model == data,
    }
}
