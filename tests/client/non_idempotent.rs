//! Operations that are not idempotent are not retried once they may have been
//! executed. The document has none yet, so the test describes its own.

use heygen::Error;
use heygen_tests::client::{CallOptions, Operation, operation, send_raw};
use heygen_tests::scripted::{Reply, ScriptedServer};

static CREATE: Operation = operation("create-thing", "POST", "/v3/things");

/// Sends the operation with default retries, and returns the attempts.
async fn create(server: &ScriptedServer, key: Option<&str>) -> Result<u32, Error> {
    let mut options = CallOptions::default();
    if let Some(key) = key {
        options.set_header("Idempotency-Key", key)?;
    }
    let url = format!("{}/v3/things", server.url());
    let client = server.builder().build()?;
    let response = send_raw(&client, &CREATE, url, &options).await?;
    Ok(response.attempts())
}

#[tokio::test]
async fn retried_only_if_not_executed() {
    let cut = Reply::bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").close();
    for (first, attempts) in [
        (Reply::retry_after(429, "0"), 2),
        (Reply::retry_after(408, "0"), 1),
        (Reply::retry_after(500, "0"), 1),
        (Reply::retry_after(502, "0"), 1),
        (Reply::retry_after(503, "0"), 1),
        (Reply::retry_after(504, "0"), 1),
        (cut, 1),
        (Reply::silence().close(), 1),
    ] {
        let server = ScriptedServer::start([first.clone(), Reply::json("{}")]).await;
        let result = create(&server, None).await;
        assert_eq!(server.requests().len(), attempts, "{first:?}");
        match result {
            Ok(attempts) => assert_eq!(attempts, 2),
            Err(error) => assert!(!error.is_retryable(), "{error}"),
        }
        assert_eq!(server.requests()[0].line, "POST /v3/things HTTP/1.1");
    }
}

#[tokio::test]
async fn idempotency_key_without_support_enables_no_retry() {
    let server = ScriptedServer::start([Reply::retry_after(503, "0"), Reply::json("{}")]).await;
    let error = create(&server, Some("k-1")).await.unwrap_err();
    assert_eq!(error.attempts(), 1, "{error}");
    assert_eq!(server.requests()[0].header("idempotency-key"), Some("k-1"));
}
