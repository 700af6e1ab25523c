//! Tolerant reading, on the vendor's own example: whatever a server may leave
//! out, null, rename or add, the call answers; without an id it fails and
//! names the place.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use heygen::{Client, ErrorKind, httpmock::MockServer};
use serde_json::{Map, Value, json};

const DOCUMENT: &str = include_str!("../openapi/v2/heygen.json");
const OPERATION: &str = "/paths/~1v2~1avatar~1{avatar_id}~1details/get";

/// The example that the vendor's page gives.
fn example() -> Value {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    document
        .pointer(OPERATION)
        .unwrap()
        .pointer("/responses/200/content/application~1json/examples/Result/value")
        .unwrap()
        .clone()
}

/// The example with each property of `data` changed in turn, and what was done.
fn mutations() -> Vec<(String, Value)> {
    let whole = example();
    let mut out = vec![("as it is".to_owned(), whole.clone())];
    for (name, value) in whole["data"].as_object().unwrap() {
        let mut with = |what: &str, value: Option<Value>| {
            let mut body = whole.clone();
            let data = body["data"].as_object_mut().unwrap();
            match value {
                Some(value) => data.insert(name.clone(), value),
                None => data.remove(name),
            };
            out.push((format!("{name} {what}"), body));
        };
        with("absent", None);
        with("null", Some(Value::Null));
        match value {
            Value::String(_) => {
                with("of an unknown value", Some(json!("something new")));
                with("empty", Some(json!("")));
                with("in other scripts", Some(json!("Ωμέγα 🎬 \u{0}\u{10ffff}")));
            }
            Value::Array(_) => {
                with("empty", Some(json!([])));
                with("of unknown values", Some(json!(["A", "B", "C"])));
            }
            _ => {}
        }
    }
    let mut body = whole.clone();
    body.as_object_mut().unwrap().remove("error");
    out.push(("error absent".to_owned(), body));
    for warning in [
        json!({"message": "retired"}),
        json!("retired"),
        json!(null),
        json!([]),
    ] {
        let mut body = whole.clone();
        body["warning"] = warning.clone();
        out.push((format!("warning {warning}"), body));
    }
    for extra in [json!(1), json!(null), json!({"deep": [{"er": {}}]})] {
        let mut body = whole.clone();
        body["new_key"] = extra.clone();
        body["data"]["new_key"] = extra.clone();
        out.push((format!("extra {extra} at every level"), body));
    }
    let alone: Map<String, Value> = [("id".to_owned(), whole["data"]["id"].clone())]
        .into_iter()
        .collect();
    out.push(("an id and nothing else".to_owned(), json!({"data": alone})));
    out
}

#[tokio::test]
async fn every_mutation_is_read_but_those_without_an_id() {
    let server = MockServer::start_async().await;
    let client = Client::builder()
        .api_key("key")
        .base_url(server.base_url())
        .build()
        .unwrap();
    let mutations = mutations();
    assert!(
        mutations.len() > 40,
        "the example has shrunk: {}",
        mutations.len()
    );
    for (what, body) in mutations {
        let mock = server
            .mock_async(|when, then| {
                when.any_request();
                then.status(200).json_body(body.clone());
            })
            .await;
        let answer = client
            .v2()
            .avatars()
            .details("Abigail_standing_office_front")
            .await;
        mock.delete_async().await;
        if ["id absent", "id null"].contains(&what.as_str()) {
            let error = answer.expect_err(&what);
            assert_eq!(error.kind(), ErrorKind::Decode, "{what}: {error}");
            assert_eq!(error.field(), Some("data.id"), "{what}: {error}");
            assert_eq!(error.status(), Some(200), "{what}");
            assert!(!error.body().is_empty(), "{what}");
            continue;
        }
        let avatar = answer.unwrap_or_else(|error| panic!("{what}: {error}"));
        // What was said of the avatar is in the model, and nothing else is.
        let mut said = body["data"].clone();
        let said = said.as_object_mut().unwrap();
        said.remove("new_key");
        said.retain(|_, value| !value.is_null());
        assert_eq!(
            serde_json::to_value(&avatar).unwrap(),
            Value::Object(said.clone()),
            "{what}"
        );
    }
}
