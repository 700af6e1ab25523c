//! Call and idle timeouts; the error names the one that expired.

use std::time::{Duration, Instant};

use heygen::{ErrorKind, Method};

use heygen_tests::client::{builder, configure_http, download, example_avatar, get_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};
use tokio::net::TcpListener;

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
async fn attempt_timeout_ends_attempt_and_is_retried() {
    let server = ScriptedServer::start([Reply::silence(), Reply::avatar()]).await;
    let client = server.builder().attempt_timeout(SOON).build().unwrap();
    let response = get_avatar(&client).await.unwrap();
    assert_eq!(response.attempts(), 2);

    let server = ScriptedServer::start([Reply::silence()]).await;
    let request = example_avatar(&server.client()).attempt_timeout(SOON);
    let error = request.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("this attempt"), "{error}");
    assert!(error.is_retryable());
}

/// The time to the first byte belongs to the call, not to the idle timeout.
#[tokio::test]
async fn slow_first_byte_is_not_idle() {
    let server = ScriptedServer::start([Reply::avatar().delay(4 * SOON)]).await;
    let client = server.builder().idle_timeout(SOON).build().unwrap();
    assert_eq!(get_avatar(&client).await.unwrap().attempts(), 1);
    let short = example_avatar(&client).timeout(2 * SOON).await.unwrap_err();
    assert!(short.hint().unwrap().contains("timeout"), "{short}");
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
    assert_eq!(get_avatar(&client).await.unwrap().data().id, "slow");

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

/// Timeouts of the HTTP library, which a user has set, are timeouts.
#[tokio::test]
async fn timeout_of_the_http_library_is_timeout() {
    let half = Reply::bytes("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{");
    for reply in [Reply::silence(), half] {
        let server = ScriptedServer::start([reply]).await;
        let builder = server.builder().max_retries(0);
        let builder = configure_http(builder, |http| http.timeout(SOON));
        let error = get_avatar(&builder.build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(error.is_timeout() && error.is_retryable());
    }
}

#[tokio::test]
async fn maximal_timeouts_are_accepted() {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    let max = Duration::MAX;
    let builder = server
        .builder()
        .timeout(max)
        .attempt_timeout(max)
        .idle_timeout(max);
    let client = builder
        .connect_timeout(max)
        .max_retry_after(max)
        .build()
        .unwrap();
    client.request(Method::GET, "/x").await.unwrap();
    let mut file = download(&client, &server.url()).await.unwrap();
    assert!(file.chunk().await.unwrap().is_some());
}

/// The server accepts the connection and reads nothing.
#[tokio::test]
async fn unread_request_body_is_idle_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let connection = listener.accept().await.unwrap();
        tokio::time::sleep(Duration::from_secs(30)).await;
        drop(connection);
    });
    let builder = builder(url)
        .max_retries(0)
        .idle_timeout(Duration::from_millis(500));
    let client = builder.timeout(Duration::from_secs(5)).build().unwrap();
    let body = "x".repeat(30 << 20);
    let start = Instant::now();
    let error = client
        .request(Method::POST, "/x")
        .json(&body)
        .await
        .unwrap_err();
    server.abort();
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}: {error}",
        start.elapsed()
    );
    assert!(error.to_string().contains("idle timeout"), "{error}");
}

#[tokio::test]
async fn trickled_error_body_ends_at_call_timeout() {
    let head = "HTTP/1.1 503 X\r\ncontent-length: 60000\r\n\r\n";
    let server = ScriptedServer::start([Reply::bytes(head).repeat("x").trickle(SOON / 20)]).await;
    let client = server
        .builder()
        .timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    let start = Instant::now();
    let error = client.request(Method::GET, "/x").await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert!(start.elapsed() < Duration::from_secs(2));
}
