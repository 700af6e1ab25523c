//! Success responses: the model, and the metadata beside it.

use heygen::{Method, Value};
use heygen_tests::client::get_avatar;
use heygen_tests::document::{avatar_id, operation};
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde_json::json;

#[tokio::test]
async fn document_example_is_parsed() {
    let example = &operation().example;
    let server = ScriptedServer::start([Reply::json(example.to_string())]).await;
    let avatar = server.get_avatar().await.unwrap().into_data();
    let data = &example["data"];
    assert_eq!(avatar.id, avatar_id());
    assert_eq!(avatar.name.as_deref(), data["name"].as_str());
    assert_eq!(avatar.gender.as_deref(), data["gender"].as_str());
    assert_eq!(
        avatar.default_voice_id.as_deref(),
        data["default_voice_id"].as_str()
    );
    assert_eq!(avatar.premium, data["premium"].as_bool());
    assert_eq!(avatar.is_public, data["is_public"].as_bool());
    assert_eq!(json!(avatar.tags), data["tags"]);
}

#[tokio::test]
async fn metadata_and_deprecation_are_available() {
    let body = r#"{"error":null,"data":{"id":"a1"},"warning":{"message":"going away","v3_endpoint":"GET /v3/avatars/looks/{look_id}","docs_url":"https://developers.heygen.com","sunset_date":"2026-10-31"}}"#;
    let headers = [
        ("x-request-id", "req-1"),
        ("deprecation", "true"),
        ("sunset", "Sat, 31 Oct 2026 00:00:00 GMT"),
        ("x-other", "1"),
    ];
    let server = ScriptedServer::start([Reply::response(200, &headers, body)]).await;
    let response = server.get_avatar().await.unwrap();
    assert_eq!((response.status(), response.attempts()), (200, 1));
    assert_eq!(response.request_id(), Some("req-1"));
    assert_eq!(response.headers()["x-other"], "1");
    assert_eq!(response.raw_body(), body.as_bytes());
    assert_eq!(response.data().id, "a1");
    let deprecation = response.deprecation().unwrap();
    assert_eq!(deprecation.message.as_deref(), Some("going away"));
    assert_eq!(deprecation.deprecation.as_deref(), Some("true"));
    assert_eq!(
        deprecation.sunset.as_deref(),
        Some("Sat, 31 Oct 2026 00:00:00 GMT")
    );
    assert_eq!(
        deprecation.successor.as_deref(),
        Some("GET /v3/avatars/looks/{look_id}")
    );
    assert_eq!(response.into_data().id, "a1");

    // Without a header of the server, the deprecation is the document's.
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let response = server.get_avatar().await.unwrap();
    assert!(response.request_id().is_none());
    let deprecation = response.deprecation().unwrap();
    assert_eq!(deprecation.sunset.as_deref(), Some("2026-10-31"));
    assert_eq!(
        deprecation.successor.as_deref(),
        Some("GET /v3/avatars/looks/{look_id}")
    );
    let current = server.client().request(Method::GET, "/v3/x");
    let response = current.with_response().await.unwrap();
    assert!(response.deprecation().is_none());
}

#[tokio::test]
async fn unrelated_warning_is_not_a_deprecation() {
    let server = ScriptedServer::start([Reply::json(
        r#"{"data":{},"warning":"The audio was cut at 10 minutes."}"#,
    )])
    .await;
    let request = server.client().request(Method::GET, "/x");
    let response = request.with_response().await.unwrap();
    assert_eq!(response.deprecation(), None);
}

#[tokio::test]
async fn response_without_body_is_null() {
    let no_content = "HTTP/1.1 204 No Content\r\n\r\n";
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n";
    for (method, reply) in [(Method::DELETE, no_content), (Method::HEAD, head)] {
        let server = ScriptedServer::start([Reply::bytes(reply)]).await;
        let value = server.client().request(method, "/x").await;
        assert_eq!(value.unwrap(), Value::Null);
    }
}

#[tokio::test]
async fn truncated_error_body_does_not_leak_into_next_response() {
    let body = r#"{"data":{"id":"a"}}"#;
    let server = ScriptedServer::start([
        Reply::response(500, &[], "x".repeat(200_000)),
        Reply::json(body),
    ])
    .await;
    let client = server.client();
    let first = get_avatar(&client).await.unwrap_err();
    assert_eq!(first.status(), Some(500));
    let second = get_avatar(&client).await.unwrap();
    assert_eq!(second.raw_body(), body);
}
