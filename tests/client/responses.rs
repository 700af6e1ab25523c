//! Success responses: the model, and the metadata beside it.

use heygen_tests::document::{avatar_id, operation};
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde_json::json;

#[tokio::test]
async fn document_example_is_parsed() {
    let example = &operation().example;
    let server = ScriptedServer::start([Reply::json(example.to_string())]).await;
    let avatar = server.get_avatar().await.unwrap();
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
    assert_eq!(response.body(), body.as_bytes());
    assert_eq!(response.id, "a1");
    let notice = response.notice().unwrap();
    assert_eq!(notice.message.as_deref(), Some("going away"));
    assert_eq!(notice.deprecation.as_deref(), Some("true"));
    assert_eq!(
        notice.sunset.as_deref(),
        Some("Sat, 31 Oct 2026 00:00:00 GMT")
    );
    assert_eq!(
        notice.successor.as_deref(),
        Some("GET /v3/avatars/looks/{look_id}")
    );
    assert_eq!(response.into_inner().id, "a1");

    let server = ScriptedServer::start([Reply::avatar()]).await;
    let response = server.get_avatar().await.unwrap();
    assert!(response.notice().is_none() && response.request_id().is_none());
}
