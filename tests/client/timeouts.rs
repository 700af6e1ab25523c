//! Call and idle timeouts; the error names the one that expired.

use std::time::{Duration, Instant};

use heygen::ErrorKind;

use heygen_tests::client::{example_avatar, get_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};

const SOON: Duration = Duration::from_millis(200);

#[tokio::test]
async fn call_timeout_ends_silent_call() {
    let server = ScriptedServer::start([Reply::silence()]).await;
    let client = server.builder().timeout(SOON).build().unwrap();
    let start = Instant::now();
    let error = get_avatar(&client).await.unwrap_err();
    assert!(start.elapsed() < 5 * SOON, "{:?}", start.elapsed());
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_timeout());
    assert_eq!((error.status(), error.attempts()), (None, 1));
    assert!(error.to_string().contains("0.2 s"), "{error}");
}

#[tokio::test]
async fn request_timeout_overrides_client() {
    let server = ScriptedServer::start([Reply::avatar().delay(2 * SOON)]).await;
    let client = server.client();
    let error = example_avatar(&client).timeout(SOON).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(example_avatar(&client).timeout(20 * SOON).await.is_ok());
    let short = server.builder().timeout(SOON / 2).build().unwrap();
    assert!(example_avatar(&short).timeout(Duration::MAX).await.is_ok());
}

#[tokio::test]
async fn idle_timeout_ends_attempt_and_is_retried() {
    let server = ScriptedServer::start([Reply::silence(), Reply::avatar()]).await;
    let client = server
        .builder()
        .idle_timeout(SOON)
        .max_retries(1)
        .build()
        .unwrap();
    let response = get_avatar(&client).await.unwrap();
    assert_eq!(response.attempts(), 2);

    let server = ScriptedServer::start([Reply::silence()]).await;
    let client = server
        .builder()
        .idle_timeout(SOON)
        .max_retries(0)
        .build()
        .unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("no byte"), "{error}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn stalled_body_is_idle_timeout_with_status() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"error\":null";
    let server = ScriptedServer::start([Reply::bytes(half)]).await;
    let client = server
        .builder()
        .idle_timeout(SOON)
        .max_retries(0)
        .build()
        .unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Timeout, Some(200)),
        "{error}"
    );
}

#[tokio::test]
async fn slow_body_is_bounded_by_call_timeout_only() {
    let slow = Reply::response(200, &[], r#"{"data":{"id":"slow"}}"#).trickle(SOON / 20);
    let server = ScriptedServer::start([slow]).await;
    let client = server.builder().idle_timeout(4 * SOON).build().unwrap();
    assert_eq!(get_avatar(&client).await.unwrap().id, "slow");

    let endless = "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n".to_owned() + &" ".repeat(500);
    let server = ScriptedServer::start([Reply::bytes(endless).trickle(SOON / 100)]).await;
    let client = server
        .builder()
        .timeout(3 * SOON)
        .max_retries(5)
        .build()
        .unwrap();
    let start = Instant::now();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Timeout, 1),
        "{error}"
    );
    assert!(start.elapsed() < 10 * SOON);
}

#[tokio::test]
async fn dropped_call_closes_connection() {
    let server = ScriptedServer::start([Reply::silence(), Reply::avatar()]).await;
    let client = server.client();
    let call = example_avatar(&client).into_future();
    assert!(tokio::time::timeout(SOON, call).await.is_err());
    assert_eq!(server.requests().len(), 1);
    for _ in 0..50 {
        tokio::time::sleep(SOON / 10).await;
        if server.closed_connections() == 1 {
            break;
        }
    }
    assert_eq!((server.connections(), server.closed_connections()), (1, 1));
    assert!(get_avatar(&client).await.is_ok());
    assert_eq!(server.connections(), 2);
}
