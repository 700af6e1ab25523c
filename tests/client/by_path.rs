//! Endpoints that are called by their path.

use heygen::{ErrorKind, Method, Value, encode_path};
use heygen_tests::client::{UNREACHABLE_URL, avatar, client};
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde::Deserialize;

#[derive(Deserialize)]
struct Voices {
    data: Vec<Value>,
}

#[tokio::test]
async fn endpoint_is_called_by_its_path() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":[{"name":"Ann"}]}"#)]).await;
    let client = server.client();
    let request = client.request(Method::GET, "/v3/voices");
    let voices = request
        .query("limit", 10)
        .query("q", "a&b=c")
        .await
        .unwrap();
    assert_eq!(voices["data"][0]["name"], "Ann");
    let recorded = &server.requests()[0];
    assert_eq!(
        recorded.line,
        "GET /v3/voices?limit=10&q=a%26b%3Dc HTTP/1.1"
    );
    assert!(recorded.header("x-api-key").is_some());

    let request = client.request(Method::POST, "/v3/voices");
    let request = request.json(&serde_json::json!({"a": [1]}));
    let voices = request.typed::<Voices>().await.unwrap();
    assert_eq!(voices.data.len(), 1);
    let recorded = &server.requests()[1];
    assert_eq!(recorded.body, br#"{"a":[1]}"#);
    assert_eq!(recorded.header("content-type"), Some("application/json"));
    client
        .request(Method::DELETE, "/v3/voices/a%2Fb")
        .typed::<()>()
        .await
        .unwrap();
    assert_eq!(server.requests()[2].target(), "/v3/voices/a%2Fb");
}

#[tokio::test]
async fn bytes_are_the_body_whatever_it_is() {
    let replies = [
        Reply::response(200, &[], "1\r\n\u{fffd}"),
        Reply::json(r#"{"error":"m"}"#),
    ];
    let server = ScriptedServer::start(replies).await;
    let client = server.client();
    let call = || client.request(Method::GET, "/v3/voices").bytes();
    assert_eq!(&call().await.unwrap()[..], "1\r\n\u{fffd}".as_bytes());
    assert_eq!(call().await.unwrap_err().message(), "m");
}

#[tokio::test]
async fn path_that_names_another_endpoint_is_not_sent() {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    let client = server.client();
    for path in [
        "https://evil.example/",
        "/v3/../v1",
        "/v3/x?a=b",
        "v3/x",
        "//x",
    ] {
        let error = client.request(Method::GET, path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{path}: {error}");
    }
    let method = Method::from_bytes(b"BREW").unwrap();
    let error = client.request(method, "/v3/x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn unsent_request_error_has_no_path_template() {
    let client = client(UNREACHABLE_URL);
    let error = client.request(Method::GET, "/v3/a b").await.unwrap_err();
    assert!(!error.to_string().contains("(any)"), "{error}");
    assert_ne!(error.path(), Some("(any)"));
    let error = avatar(&client, "..").await.unwrap_err();
    assert_ne!(error.path(), Some("/v2/avatar/{avatar_id}/details"));
}

#[tokio::test]
async fn empty_path_segment_is_not_sent() {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    for path in [
        format!("/v3/videos/{}/file", encode_path("")),
        format!("/v3/videos/{}", encode_path("")),
    ] {
        let got = server.client().request(Method::DELETE, &path).await;
        assert!(got.is_err(), "{path}: {}", server.requests()[0].line);
    }
}
