//! What each operation sends: method, path, query, headers and body are those of
//! its document.

use heygen_tests::client::API_KEY;
use heygen_tests::contract::{Arguments, differs};
use heygen_tests::generated;
use heygen_tests::operations::{self, FILE, Operation};
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::report;

#[tokio::test]
async fn request_is_what_the_document_says() {
    check(true).await;
}

#[tokio::test]
async fn nothing_is_sent_that_is_not_given() {
    check(false).await;
}

#[tokio::test]
async fn every_field_that_is_documented_is_sent() {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    let client = server.client();
    let (mut faults, mut bodies) = (Vec::new(), Vec::new());
    for operation in operations::all() {
        for body in operation.full_bodies() {
            let mut given = operation.arguments(true);
            given.insert("body", body.clone());
            let called = generated::call(&client, &operation.document, &operation.id, &given);
            let _ = called.unwrap().await;
            bodies.push((operation, body));
        }
    }
    let requests = server.requests();
    assert_eq!(requests.len(), bodies.len());
    for ((operation, body), request) in bodies.iter().zip(requests) {
        let sent: Value = serde_json::from_slice(&request.body).unwrap();
        if let Some(at) = differs(&sent, body) {
            faults.push(format!("{}: {at} of {sent}, not {body}", operation.title()));
        }
    }
    report(&faults);
}

/// Calls each operation with all arguments, or those that are required.
async fn check(all: bool) {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    let client = server.client();
    let mut faults = Vec::new();
    for (number, operation) in operations::all().iter().enumerate() {
        let given = operation.arguments(all);
        let called = generated::call(&client, &operation.document, &operation.id, &given);
        let Some(called) = called else {
            panic!("{} is not called", operation.title());
        };
        // What it makes of the response is no matter here.
        let _ = called.await;
        let requests = server.requests();
        assert_eq!(requests.len(), number + 1, "{}", operation.title());
        faults.extend(faults_of(operation, &given, &requests[number]));
    }
    report(&faults);
}

fn faults_of(operation: &Operation, given: &Arguments, request: &RecordedRequest) -> Vec<String> {
    let mut faults = Vec::new();
    let mut equal = |what: &str, sent: String, wanted: String| {
        if sent != wanted {
            faults.push(format!(
                "{}: {what}: {sent}, not {wanted}",
                operation.title()
            ));
        }
    };
    let method = request.line.split(' ').next().unwrap_or_default();
    equal("method", method.to_owned(), operation.method.clone());
    let target = request.target();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    equal(
        "path",
        format!("{:?}", segments(path)),
        format!("{:?}", wanted_path(operation, given)),
    );
    equal(
        "query",
        format!("{:?}", pairs(query)),
        format!("{:?}", wanted_query(operation, given)),
    );

    let values = |name: &str| request.headers(name).join(", ");
    equal("x-api-key", values("x-api-key"), API_KEY.to_owned());
    let keys = request.headers("idempotency-key").len();
    let wanted = usize::from(operation.reads_idempotency_key());
    equal("keys of idempotency", keys.to_string(), wanted.to_string());
    for parameter in operation.parameters() {
        if parameter.location == "header" {
            let wanted = given.get(&parameter.key()).map(text).unwrap_or_default();
            let sent = percent_decode_str(&values(&parameter.name.to_ascii_lowercase()))
                .decode_utf8_lossy()
                .into_owned();
            equal(parameter.name, sent, wanted);
        }
    }

    let media_type = operation.body().map(|(media_type, _)| media_type);
    let media_type = media_type.filter(|_| given.has("body")).unwrap_or_default();
    let content_type = values("content-type");
    let (content_type, boundary) = content_type.split_once(';').unwrap_or((&content_type, ""));
    equal(
        "content-type",
        content_type.to_owned(),
        media_type.to_owned(),
    );
    let body = &request.body;
    match (media_type, given.get("body")) {
        ("application/json", Some(wanted)) => {
            let sent: Value = serde_json::from_slice(body).unwrap_or_default();
            let tells_null = ["PATCH", "PUT"].contains(&operation.method.as_str());
            let wanted = if tells_null {
                wanted.clone()
            } else {
                without_null(wanted)
            };
            if let Some(at) = differs(&sent, &wanted) {
                equal("body", format!("{at} of {sent}"), wanted.to_string());
            }
        }
        ("multipart/form-data", Some(_)) => {
            equal(
                "boundary",
                boundary.len().min(11).to_string(),
                "11".to_owned(),
            );
            let names = part_names(body);
            let wanted: Vec<&str> = given.names("part.").collect();
            equal("parts", format!("{names:?}"), format!("{wanted:?}"));
            let has_file = body.windows(FILE.len()).any(|window| window == FILE);
            equal("file", has_file.to_string(), "true".to_owned());
        }
        (_, Some(wanted)) => equal("body", String::from_utf8_lossy(body).into(), text(wanted)),
        (_, None) => equal("body", String::from_utf8_lossy(body).into(), String::new()),
    }
    faults
}

/// The segments of a path, decoded.
fn segments(path: &str) -> Vec<String> {
    let segments = path.split('/');
    let segments = segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy());
    segments.map(Into::into).collect()
}

fn wanted_path(operation: &Operation, given: &Arguments) -> Vec<String> {
    let argument = |segment: &str| {
        let mut wanted = segment.to_owned();
        for name in given.names("path.") {
            let value = given.get(&format!("path.{name}")).unwrap();
            wanted = wanted.replace(&format!("{{{name}}}"), &text(value));
        }
        wanted
    };
    operation.path.split('/').map(argument).collect()
}

/// The parameters of a query, decoded and sorted.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs.map(|(n, v)| (decoded(n), decoded(v))).collect();
    pairs.sort();
    pairs
}

fn wanted_query(operation: &Operation, given: &Arguments) -> Vec<(String, String)> {
    let mut wanted = Vec::new();
    for parameter in operation.parameters() {
        let value = given.get(&parameter.key());
        let Some(value) = value.filter(|_| parameter.location == "query") else {
            continue;
        };
        let texts: Vec<String> = match value {
            Value::Array(items) => items.iter().map(text).collect(),
            value => vec![text(value)],
        };
        let texts = if parameter.joined {
            vec![texts.join(",")]
        } else {
            texts
        };
        wanted.extend(
            texts
                .into_iter()
                .map(|text| (parameter.name.to_owned(), text)),
        );
    }
    wanted.sort();
    wanted
}

/// A scalar as it is written in a path or query.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A value without the members that are null: a request that is no update does
/// not send them.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            members
                .map(|(name, value)| (name.clone(), without_null(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_null).collect(),
        value => value.clone(),
    }
}

/// The names of the parts of a form, sorted.
fn part_names(body: &[u8]) -> Vec<String> {
    let body = String::from_utf8_lossy(body);
    let heads = body.split("form-data; name=\"").skip(1);
    let mut names: Vec<String> = heads
        .map(|head| head.split('"').next().unwrap_or_default().to_owned())
        .collect();
    names.sort();
    names
}
