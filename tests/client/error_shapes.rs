//! Error bodies: the shapes of the API, of its gateways and of common server
//! frameworks. The fault table has those of the statuses.

use heygen_tests::client::error_of;
use heygen_tests::scripted::Reply;

#[tokio::test]
async fn code_is_parsed_from_truncated_error_body() {
    let body = format!(
        r#"{{"error":{{"code":"avatar_not_found","message":"gone"}},"trace":"{}"}}"#,
        "x".repeat(70_000)
    );
    let error = error_of(Reply::response(400, &[], body)).await;
    assert_eq!(error.code(), Some("avatar_not_found"), "{error}");
}

#[tokio::test]
async fn fastapi_detail_object_is_parsed() {
    let body = r#"{"detail":{"code":"avatar_not_found","message":"no such avatar"}}"#;
    let error = error_of(Reply::response(400, &[], body)).await;
    assert_eq!(error.message(), "no such avatar");
    assert_eq!(
        (error.code(), error.param()),
        (Some("avatar_not_found"), None)
    );
}

#[tokio::test]
async fn details_object_is_not_param() {
    let body = r#"{"error":{"code":"x","message":"m","details":{"trace":"abc"}}}"#;
    let error = error_of(Reply::response(400, &[], body)).await;
    assert_eq!(error.param(), None, "{error}");
}

#[tokio::test]
async fn request_path_is_not_param() {
    let body = r#"{"timestamp":1,"status":404,"error":"Not Found","path":"/v2/x"}"#;
    let error = error_of(Reply::response(404, &[], body)).await;
    assert_eq!(error.param(), None, "{error}");
}

#[tokio::test]
async fn message_array_is_parsed() {
    let body = r#"{"statusCode":400,"message":["script is empty"],"error":"Bad Request"}"#;
    let error = error_of(Reply::response(400, &[], body)).await;
    assert!(error.message().contains("script is empty"), "{error}");
}

#[tokio::test]
async fn reason_phrase_is_not_code() {
    let body = r#"{"statusCode":404,"error":"Not Found","message":"Cannot GET /x"}"#;
    let error = error_of(Reply::response(404, &[], body)).await;
    assert_eq!((error.message(), error.code()), ("Cannot GET /x", None));
}

#[tokio::test]
async fn missing_scope_is_forbidden_with_any_status() {
    let body = r#"{"error":{"code":"insufficient_api_key_scope","message":"m"}}"#;
    for status in [400, 403] {
        let error = error_of(Reply::response(status, &[], body)).await;
        assert!(error.is_scope_missing() && error.is_forbidden(), "{error}");
    }
}

#[tokio::test]
async fn quota_keywords_match_whole_words() {
    for message in [
        "Too many requests for industrial_office, slow down",
        "Rate limit of the trial plan exceeded, retry in 2 seconds",
        "Request quota per second exceeded",
    ] {
        let body = format!(r#"{{"error":{{"code":"rate_limit_exceeded","message":"{message}"}}}}"#);
        let error = error_of(Reply::response(429, &[("retry-after", "2")], body)).await;
        assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
    }
}
