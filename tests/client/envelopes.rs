//! Envelopes: an error inside a success response is an API error, whichever type
//! the operation returns.

use heygen::{Error, ErrorKind, Method};
use heygen_tests::client::{error_of, fixture, fixture_bytes};
use heygen_tests::scripted::{Reply, ScriptedServer};

/// The errors of operations that respond without a body, with bytes, or with an
/// envelope whose data is not extracted, each of which gets this body.
async fn errors_of(body: &[u8]) -> [Error; 5] {
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let client = server.client();
    let request = || client.request(Method::GET, "/v3/x");
    let shown = String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
    let delete = fixture(&client, async |api| api.delete_video("v1").await);
    let get = fixture(&client, async |api| api.get_video("v1").await);
    let bytes = fixture_bytes(&client, async |api| api.get_video_file("v1").await);
    [
        ("()", request().typed::<()>().await.err()),
        ("Value", request().await.err()),
        ("bytes", bytes.await.err()),
        ("deleted", delete.await.err()),
        ("envelope", get.await.err()),
    ]
    .map(|(name, error)| {
        let error = error.unwrap_or_else(|| panic!("{name}: success: {shown}"));
        assert_eq!(error.kind(), ErrorKind::Api, "{name}: {shown}: {error}");
        assert_eq!(error.status(), Some(200));
        error
    })
}

#[tokio::test]
async fn error_in_success_response_is_api_error_for_every_operation() {
    for body in [
        r#"{"data":null,"error":{"code":"avatar_not_found","message":"gone"}}"#,
        r#"{"code":400562,"data":null,"message":"forbidden"}"#,
    ] {
        for error in errors_of(body.as_bytes()).await {
            assert!(error.is_not_found() || error.is_forbidden(), "{error}");
        }
    }
}

#[tokio::test]
async fn error_field_inside_the_data_of_a_file_is_success() {
    let file = r#"{"data":{"error":"of the user"}}"#;
    let server = ScriptedServer::start([Reply::json(file)]).await;
    let bytes = fixture_bytes(&server.client(), async |api| api.get_video_file("v1").await);
    assert_eq!(bytes.await.unwrap(), file.as_bytes());
}

#[tokio::test]
async fn forbidden_inside_success_is_forbidden() {
    let body = r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#;
    assert!(error_of(Reply::json(body)).await.is_forbidden());
}

#[tokio::test]
async fn envelope_error_with_lone_surrogate_is_api_error() {
    errors_of(br#"{"data":null,"error":{"code":"avatar_not_found","message":"no \ud83d"}}"#).await;
}

#[tokio::test]
async fn envelope_error_with_invalid_utf8_is_api_error() {
    errors_of(b"{\"data\":null,\"error\":{\"code\":\"avatar_not_found\",\"message\":\"caf\xe9\"}}")
        .await;
}

#[tokio::test]
async fn v1_error_with_invalid_utf8_is_api_error() {
    errors_of(b"{\"message\":\"caf\xe9\",\"code\":400562,\"data\":null}").await;
}

#[tokio::test]
async fn deeply_nested_envelope_error_is_api_error() {
    let deep = format!(r#"{{"error":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    errors_of(deep.as_bytes()).await;
}

#[tokio::test]
async fn envelope_error_with_out_of_range_number_is_api_error() {
    errors_of(br#"{"error":{"code":"x","message":"m","limit":1e999}}"#).await;
}

#[tokio::test]
async fn v1_error_with_long_message_is_api_error() {
    let body = format!(
        r#"{{"code":"avatar_not_found","data":null,"message":"{}"}}"#,
        "x".repeat(70_000)
    );
    errors_of(body.as_bytes()).await;
}

async fn assert_success(bodies: &[&str]) {
    let mut wrong = Vec::new();
    for body in bodies {
        let server = ScriptedServer::start([Reply::json(body)]).await;
        if let Err(error) = server.client().request(Method::GET, "/x").await {
            wrong.push(format!("{body}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn empty_error_beside_data_is_success() {
    assert_success(&[
        r#"{"error":"","data":{"id":"a"}}"#,
        r#"{"error":false,"data":{"id":"a"}}"#,
        r#"{"error":[],"data":{"id":"a"}}"#,
        r#"{"error":{},"data":{"id":"a"}}"#,
    ])
    .await;
}

#[tokio::test]
async fn numeric_code_without_an_error_is_success() {
    assert_success(&[
        r#"{"code":200,"data":{"id":"a"},"message":"ok"}"#,
        r#"{"code":0,"data":{"id":"a"},"message":"ok"}"#,
        r#"{"code":7,"name":"of a country"}"#,
        r#"{"code":"2024","message":"A coupon of the new year","percent":5}"#,
    ])
    .await;
}
