//! Success responses: the model, and the metadata beside it.

use heygen::{Error, ErrorKind, Method, Value};
use heygen_tests::client::{CallOptions, create_video, fixture, fixture_bytes, get_avatar};
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

/// The outcomes of operations that return a model, data, a page, bytes and
/// nothing, each of which gets this reply.
async fn outcomes_of(reply: Reply) -> [(&'static str, Result<u16, Error>); 6] {
    let server = ScriptedServer::start([reply]).await;
    let client = server.client();
    let options = CallOptions::new().max_retries(0);
    let created = create_video(&client, options).with_response().await;
    let envelope = fixture(&client, async |api| api.get_video("v1").await);
    let envelope = envelope.with_response().await;
    let page = client.request(Method::GET, "/x").page::<Value>();
    let page = page.with_response().await;
    let value = client.request(Method::GET, "/x").with_response().await;
    let bytes = fixture_bytes(&client, async |api| api.get_video_file("v1").await);
    let bytes = bytes.with_response().await;
    let nothing = client.request(Method::DELETE, "/x").typed::<()>();
    let nothing = nothing.with_response().await;
    [
        ("created", created.map(|response| response.status())),
        ("envelope", envelope.map(|response| response.status())),
        ("page", page.map(|response| response.status())),
        ("value", value.map(|response| response.status())),
        ("bytes", bytes.map(|response| response.status())),
        ("nothing", nothing.map(|response| response.status())),
    ]
}

#[tokio::test]
async fn any_success_status_is_decoded() {
    let created = r#"{"data":{"video_id":"v1"}}"#;
    let listed = r#"{"data":[]}"#;
    for status in [200, 201, 202, 203, 206, 207, 299] {
        for (name, outcome) in outcomes_of(Reply::response(status, &[], created)).await {
            if matches!(name, "created" | "value" | "bytes" | "nothing") {
                assert_eq!(outcome.unwrap(), status, "{name}");
            }
        }
        for (name, outcome) in outcomes_of(Reply::response(status, &[], listed)).await {
            if matches!(name, "page" | "value" | "bytes" | "nothing") {
                assert_eq!(outcome.unwrap(), status, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn empty_success_is_decode_error_unless_nothing_is_returned() {
    for status in [200, 201, 202, 204, 205] {
        let reply = match status {
            204 => Reply::bytes("HTTP/1.1 204 No Content\r\n\r\n"),
            status => Reply::response(status, &[], ""),
        };
        for (name, outcome) in outcomes_of(reply).await {
            let has_none = matches!(status, 204 | 205);
            if matches!(name, "bytes" | "nothing") || name == "value" && has_none {
                assert_eq!(outcome.unwrap(), status, "{name}");
                continue;
            }
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{status} {name}: {error}");
            assert_eq!(error.status(), Some(status), "{name}");
            assert!(error.message().contains("is empty"), "{name}: {error}");
        }
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
