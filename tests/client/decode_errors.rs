//! Decode errors: the path of the field, and the reason.

use std::collections::HashMap;

use heygen::Method;
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde::Deserialize;

#[tokio::test]
async fn deeply_nested_response_is_not_invalid_json() {
    let body = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let error = server
        .client()
        .request(Method::GET, "/x")
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("not valid JSON"), "{error}");
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its shape matters")]
struct Keyed {
    map: HashMap<String, HashMap<String, u8>>,
}

#[tokio::test]
async fn field_path_ignores_backticks_in_the_value() {
    let body = r#"{"map":{"a":{"x":"at `b`: c"}}}"#;
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let request = server.client().request(Method::GET, "/x").typed::<Keyed>();
    let error = request.await.unwrap_err();
    assert_eq!(error.field(), Some("map.a.x"), "{error}");
}

#[derive(Debug)]
struct Custom;

impl<'de> Deserialize<'de> for Custom {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Err(serde::de::Error::custom(format!("not a date: {text}")))
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its shape matters")]
struct Dates {
    date: Option<Custom>,
    list: Option<Vec<Custom>>,
    after: Option<u8>,
}

#[tokio::test]
async fn custom_deserialize_error_has_field_path() {
    let mut wrong = Vec::new();
    for (body, expected) in [
        (r#"{"date":"x","after":1}"#, "date"),
        (r#"{"list":["x","y"],"after":1}"#, "list[0]"),
        (r#"{"list":["x"],"after":1}"#, "list[0]"),
        (r#"{"after":1,"list":["x"]}"#, "list[0]"),
        (r#"{"after":1,"date":"x"}"#, "date"),
    ] {
        let server = ScriptedServer::start([Reply::json(body)]).await;
        let request = server.client().request(Method::GET, "/x").typed::<Dates>();
        let error = request.await.unwrap_err();
        if error.field() != Some(expected) {
            wrong.push(format!("{body}: {:?}: {error}", error.field()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
