//! Errors: their fields. The fault table has the kind, code and message of each
//! failure.

use std::time::Duration;

use heygen::{Error, ErrorKind};
use heygen_tests::client::{UNREACHABLE_URL, builder, client, error_of, get_avatar};
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
        assert!(error.hint().unwrap().contains("2026-10-31"), "{error}");
    }
    let known = r#"{"error":{"code":"avatar_not_found","message":"avatar look not found"}}"#;
    let error = error_of(Reply::response(404, &[], known)).await;
    assert!(
        error.is_not_found() && !error.hint().unwrap().contains("2026"),
        "{error}"
    );
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

#[tokio::test]
async fn scope_and_connection_are_named() {
    let body = r#"{"error":{"code":"insufficient_api_key_scope","message":"No. Required scope: avatar:read."}}"#;
    let error = error_of(Reply::response(403, &[], body)).await;
    assert!(error.is_scope_missing() && error.is_forbidden());
    assert!(error.hint().unwrap().contains("avatar:read"), "{error}");

    let error = get_avatar(&client(UNREACHABLE_URL)).await.unwrap_err();
    assert!(error.to_string().contains("127.0.0.1:9"), "{error}");
    let alternate = format!("{error:#}");
    assert_eq!(alternate, error.to_string());
    let debug = format!("{error:?}");
    assert!(
        debug
            .trim_end_matches(['"', ' ', '}'])
            .ends_with(error.hint().unwrap()),
        "{debug}"
    );
}

#[tokio::test]
async fn not_modified_has_no_redirect_hint() {
    let error = error_of(Reply::bytes(
        "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n",
    ))
    .await;
    assert_eq!(error.status(), Some(304));
    assert!(!error.to_string().contains("redirect"), "{error}");
}

#[tokio::test]
async fn message_of_dots_is_displayed() {
    let error = error_of(Reply::response(400, &[], r#"{"message":"..."}"#)).await;
    assert!(!error.to_string().contains("failed:  "), "{error}");
}

#[tokio::test]
async fn debug_output_truncates_long_message() {
    let body = format!(r#"{{"message":"{}"}}"#, "x ".repeat(20_000));
    let error = error_of(Reply::response(400, &[], body)).await;
    assert!(
        format!("{error:?}").len() < 3000,
        "{} bytes",
        format!("{error:?}").len()
    );
}
