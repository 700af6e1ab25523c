//! Tolerant parsing, on every example of every checked-in document: whatever a
//! server omits, nulls, renames or adds, the model contains the data of the
//! response, or the error names the field that cannot be parsed.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

mod mutation;
mod schema;

use heygen::ErrorKind;
use heygen_tests::contract::is_model_of;
use heygen_tests::generated;
use heygen_tests::operations;
use heygen_tests::scripted::{Reply, ScriptedServer};

use mutation::{Expected, Mutation, UNKNOWN_FIELD};

#[tokio::test]
async fn mutated_examples_are_parsed_or_name_the_field() {
    let mut mutations = Vec::new();
    for operation in operations::all() {
        for example in operation.examples(true) {
            let made = mutation::all(operation, &example);
            assert!(made.len() > 5, "{}: too few", operation.title());
            mutations.extend(made);
        }
    }
    assert!(mutations.len() > 5000, "too few: {}", mutations.len());
    let faults = check(&mutations).await;
    println!("{} mutations", mutations.len());
    assert!(
        faults.is_empty(),
        "{}\n{} faults",
        faults.join("\n"),
        faults.len()
    );
}

/// Responds with one mutation after another, and returns the failures.
async fn check(mutations: &[Mutation<'_>]) -> Vec<String> {
    let replies = mutations.iter().map(|mutation| Reply::json(&mutation.body));
    let server = ScriptedServer::start(replies).await;
    let client = server.builder().build().unwrap();
    let mut faults = Vec::new();
    for mutation in mutations {
        let operation = mutation.operation;
        let given = operation.arguments(true);
        let outcome = generated::call(&client, &operation.document, &operation.id, &given);
        let fault = match (outcome.unwrap().await, &mutation.expected) {
            (Ok(model), Expected::Model(data)) => (!is_model_of(&model, data, UNKNOWN_FIELD))
                .then(|| format!("parsed as {model}, expected {data}")),
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
        let name = format!("{}, {}", operation.title(), mutation.name);
        faults.extend(fault.map(|fault| format!("{name}: {fault}")));
    }
    faults
}
