//! Tolerant reading, on every example of every checked-in document: whatever a
//! server may leave out, null, rename or add, the call answers and the model
//! holds what was said; what cannot be read fails and names the place.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

#[path = "mutations/calls.rs"]
mod calls;
#[path = "mutations/examples.rs"]
mod examples;
#[path = "mutations/mutate.rs"]
mod mutate;
#[path = "mutations/schema.rs"]
mod schema;
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "transport/server.rs"]
mod server;

use heygen_transport::{ErrorKind, TransportBuilder};
use serde_json::Value;

use examples::Example;
use mutate::{Mutation, Reading};
use server::{Act, KEY, Server};

#[tokio::test]
async fn every_mutation_of_every_example_is_read_or_names_its_place() {
    let mut made = 0;
    let mut faults = Vec::new();
    for example in examples::all() {
        let mutations = mutate::all(&example);
        assert!(mutations.len() > 20, "{}: too few", example.name);
        made += mutations.len();
        faults.extend(hold(&example, mutations).await);
    }
    println!("{made} mutations");
    assert!(made > 350, "the examples have shrunk: {made}");
    assert!(
        faults.is_empty(),
        "{}\n{} faults",
        faults.join("\n"),
        faults.len()
    );
}

/// Answers with one mutation after another, and tells which were not read as
/// they should be.
async fn hold(example: &Example, mutations: Vec<Mutation>) -> Vec<String> {
    let acts = mutations.iter().map(|mutation| Act::json(&mutation.body));
    let server = Server::start(acts).await;
    let transport = TransportBuilder::new()
        .api_key(KEY)
        .base_url(server.url())
        .build()
        .unwrap();
    let mut faults = Vec::new();
    for mutation in mutations {
        let outcome = calls::make(
            example.document.as_str(),
            &example.operation,
            transport.clone(),
        );
        let fault = match (outcome.await, &mutation.reading) {
            (Ok(model), Reading::Good(said)) => {
                (!holds(&model, said)).then(|| format!("read as {model} of {said}"))
            }
            (Err(error), Reading::Bad(place)) => {
                let fits = error.kind() == ErrorKind::Decode
                    && error.status() == Some(200)
                    && !error.body().is_empty()
                    && error.field() == Some(place.as_str());
                (!fits).then(|| format!("expected {place:?}: {error:?}"))
            }
            (Err(error), Reading::Good(_)) => Some(error.to_string()),
            (Ok(model), Reading::Bad(_)) => Some(format!("was read as {model}")),
        };
        faults.extend(fault.map(|fault| format!("{}, {}: {fault}", example.name, mutation.what)));
    }
    faults
}

/// Whether a model holds what was said and nothing else. Unknown fields are
/// left out of it, unless they are in something unknown as a whole.
fn holds(model: &Value, said: &Value) -> bool {
    match (model, said) {
        (Value::Object(model), Value::Object(said)) => {
            let heard = model
                .iter()
                .all(|(name, value)| said.get(name).is_some_and(|said| holds(value, said)));
            heard
                && said.iter().all(|(name, value)| {
                    value.is_null() || name == mutate::NEW || model.contains_key(name)
                })
        }
        (Value::Array(model), Value::Array(said)) => {
            model.len() == said.len() && model.iter().zip(said).all(|(m, s)| holds(m, s))
        }
        (Value::Number(model), Value::Number(said)) => model.as_f64() == said.as_f64(),
        _ => model == said,
    }
}
