//! Errors: what they carry. Which failure gives which kind, code and message is
//! in the fault table.

use std::time::Duration;

use heygen::{Error, ErrorKind};
use heygen_tests::client::{builder, error_of, get_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn request_id_is_read_from_any_known_header() {
    for (headers, id) in [
        (&[("request-id", "b"), ("x-request-id", "a")][..], Some("a")),
        (&[("x-request-id", ""), ("request-id", "b")], Some("b")),
        (&[("x-amzn-requestid", "c")], Some("c")),
        (&[("x-request-id", "")], None),
    ] {
        let error = error_of(Reply::response(500, headers, "")).await;
        assert_eq!(error.request_id(), id);
        assert_eq!(error.to_string().contains("request id"), id.is_some());
    }
}

#[tokio::test]
async fn v3_error_has_parameter_and_documentation_url() {
    let body = r#"{"error":{"code":"invalid_parameter","message":"bad id","param":"avatar_id","doc_url":"https://developers.heygen.com/docs/error-codes#invalid_parameter"}}"#;
    let error = error_of(Reply::response(400, &[], body)).await;
    assert_eq!(error.param(), Some("avatar_id"));
    assert_eq!(
        error.doc_url(),
        Some("https://developers.heygen.com/docs/error-codes#invalid_parameter")
    );
    let line = error.to_string();
    for part in [
        "bad id",
        "invalid_parameter",
        "status 400",
        "avatar_id",
        "error-codes#",
    ] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn retired_operation_has_hint() {
    let html = "<html><title>Not Found</title></html>";
    for status in [404, 405, 410] {
        let error = error_of(Reply::response(status, &[], html)).await;
        assert!(
            error.hint().unwrap().contains("ends after 2026-10-31"),
            "{error}"
        );
    }
    let known = r#"{"error":{"code":"avatar_not_found","message":"avatar look not found"}}"#;
    let error = error_of(Reply::response(404, &[], known)).await;
    assert!(
        error.is_not_found() && !error.hint().unwrap().contains("2026"),
        "{error}"
    );
}

#[tokio::test]
async fn forbidden_inside_success_is_forbidden() {
    let body = r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#;
    assert!(error_of(Reply::json(body)).await.is_forbidden());
}

#[tokio::test]
async fn error_keeps_at_most_64_kib_of_body() {
    let large = "x".repeat(200 * 1024);
    for (status, kind) in [(500, ErrorKind::Api), (200, ErrorKind::Decode)] {
        let error = error_of(Reply::response(status, &[], &large)).await;
        assert_eq!(error.kind(), kind);
        assert_eq!(error.body().len(), 64 * 1024);
        assert!(error.to_string().len() < 2000);
    }
}

#[tokio::test]
async fn tls_handshake_timeout_is_connect_error_and_timeout() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let builder = builder(format!("https://127.0.0.1:{}", server.port()))
        .max_retries(0)
        .timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_millis(500));
    let error = get_avatar(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
    assert!(server.requests().is_empty());
}

#[test]
fn error_is_one_pointer_wide_and_send() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
}
