//! What the responses of each operation give: the model of a success, or the
//! typed error.

use heygen::{Error, ErrorKind};
use heygen_tests::contract::is_model_of;
use heygen_tests::generated;
use heygen_tests::operations::{self, Operation, Returned};
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde_json::Value;

use crate::report;

type Outcome = Result<Value, Error>;

/// A response of an operation, and what is expected of it.
struct Case<'a> {
    operation: &'a Operation,
    status: u16,
    body: String,
    is_right: Box<dyn Fn(&Outcome) -> bool + 'a>,
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// Calls the operation of each case, and reports the outcomes that are wrong.
async fn check(cases: Vec<Case<'_>>) {
    let replies = cases
        .iter()
        .map(|case| Reply::response(case.status, &[JSON], &case.body));
    let server = ScriptedServer::start(replies).await;
    let client = server.client();
    let mut faults = Vec::new();
    for case in &cases {
        let Operation { document, id, .. } = case.operation;
        let given = case.operation.arguments(true);
        let outcome = generated::call(&client, document, id, &given)
            .unwrap()
            .await;
        if !(case.is_right)(&outcome) {
            let title = case.operation.title();
            let (status, body) = (case.status, &case.body);
            faults.push(format!("{title}: {status} {body}: {outcome:?}"));
        }
    }
    report(&faults);
}

#[tokio::test]
async fn example_is_decoded_whatever_the_status_of_success() {
    let mut cases = Vec::new();
    for operation in operations::all() {
        let returned = operation.returned();
        let examples = operation.examples(true);
        if matches!(returned, Returned::Nothing | Returned::Bytes) {
            continue;
        }
        assert!(!examples.is_empty(), "{} has no example", operation.title());
        for example in examples {
            let wanted = returned.of(example.body);
            for status in [200, 201, 202] {
                let wanted = wanted.clone();
                cases.push(Case {
                    operation,
                    status,
                    body: example.body.to_string(),
                    is_right: Box::new(move |outcome| {
                        let model = outcome.as_ref();
                        model.is_ok_and(|model| is_model_of(model, &wanted, ""))
                    }),
                });
            }
        }
    }
    check(cases).await;
}

#[tokio::test]
async fn every_field_that_is_documented_is_decoded() {
    let mut cases = Vec::new();
    for operation in operations::all() {
        let returned = operation.returned();
        if matches!(returned, Returned::Nothing | Returned::Bytes) {
            continue;
        }
        for mut body in operation.full_responses() {
            // They would be a failure.
            for name in ["error", "code", "message"] {
                body.as_object_mut().unwrap().remove(name);
            }
            let wanted = returned.of(&body);
            cases.push(Case {
                operation,
                status: 200,
                body: body.to_string(),
                is_right: Box::new(move |outcome| {
                    let model = outcome.as_ref();
                    model.is_ok_and(|model| is_model_of(model, &wanted, ""))
                }),
            });
        }
    }
    check(cases).await;
}

#[tokio::test]
async fn empty_body_is_nothing_or_cannot_be_decoded() {
    let mut cases = Vec::new();
    for operation in operations::all() {
        let returned = operation.returned();
        for status in [200, 201, 202, 204] {
            let is_right: Box<dyn Fn(&Outcome) -> bool> = match returned {
                Returned::Nothing | Returned::Bytes => Box::new(Outcome::is_ok),
                _ => Box::new(move |outcome| {
                    outcome.as_ref().is_err_and(|error| {
                        error.kind() == ErrorKind::Decode && error.status() == Some(status)
                    })
                }),
            };
            cases.push(Case {
                operation,
                status,
                body: String::new(),
                is_right,
            });
        }
    }
    check(cases).await;
}

#[tokio::test]
async fn error_example_is_the_typed_error() {
    let mut cases = Vec::new();
    for operation in operations::all() {
        for example in operation.examples(false) {
            let status = match example.status {
                "default" => 400,
                status => status.replace('X', "0").parse().unwrap(),
            };
            cases.push(Case {
                operation,
                status,
                body: example.body.to_string(),
                is_right: Box::new(move |outcome| {
                    let error = outcome.as_ref();
                    error.is_err_and(|error| is_error_of(error, status, example.body))
                }),
            });
        }
    }
    assert!(cases.len() > 380, "{} examples of errors", cases.len());
    check(cases).await;
}

fn is_error_of(error: &Error, status: u16, body: &Value) -> bool {
    let fields = body.get("error").filter(|error| error.is_object());
    let fields = fields.unwrap_or(body);
    let text = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    error.kind() == ErrorKind::Api
        && error.status() == Some(status)
        && error.code() == text("code").as_deref()
        && Some(error.message()) == text("message").as_deref()
        && error.param() == text("param").as_deref()
        && error.doc_url() == text("doc_url").as_deref()
}
