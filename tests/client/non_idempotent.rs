//! Operations that are not idempotent are not retried once they may have been
//! executed. The document has none yet, so the
//! tests call one by its path.

use heygen::{Error, Method};
use heygen_tests::scripted::{Reply, ScriptedServer};

/// Sends a POST with default retries, and returns the attempts.
async fn create(server: &ScriptedServer, key: Option<&str>) -> Result<u32, Error> {
    let client = server.builder().build()?;
    let mut request = client.request(Method::POST, "/v3/things");
    if let Some(key) = key {
        request = request.idempotency_key(key);
    }
    Ok(request.with_response().await?.attempts())
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
async fn idempotency_key_of_the_caller_enables_retries() {
    let server = ScriptedServer::start([Reply::retry_after(503, "0"), Reply::json("{}")]).await;
    assert_eq!(create(&server, Some("k-1")).await.unwrap(), 2);
    for request in server.requests() {
        assert_eq!(request.header("idempotency-key"), Some("k-1"));
    }
}
