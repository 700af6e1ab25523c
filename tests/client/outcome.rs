//! The outcome of a write that failed: unknown once the server may have executed
//! it.

use std::time::Duration;

use heygen::{ErrorKind, Method};
use heygen_tests::client::{CallOptions, builder, create_video, get_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

#[tokio::test]
async fn outcome_is_unknown_only_if_the_write_may_be_executed() {
    for (reply, unknown) in [
        (Reply::response(400, &[], "{}"), false),
        (Reply::response(429, &[], "{}"), false),
        (Reply::response(500, &[], "{}"), true),
        (Reply::response(504, &[], "{}"), true),
        (Reply::silence().close(), true),
        (Reply::json("{"), true),
    ] {
        let server = ScriptedServer::start([reply.clone()]).await;
        let client = server.client();
        let write = client.request(Method::POST, "/v3/things");
        let error = write.await.unwrap_err();
        assert_eq!(error.outcome_unknown(), unknown, "{error}");
        let read = client.request(Method::GET, "/v3/things");
        assert!(!read.await.unwrap_err().outcome_unknown());
    }
}

/// A server that sends these bytes for its first request, and stops listening.
async fn start_once(reply: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        drop(listener);
        let mut buffer = [0; 8192];
        let _ = stream.read(&mut buffer).await;
        let _ = stream.write_all(reply).await;
    });
    url
}

/// The first attempt may have been executed, the last was not sent.
#[tokio::test]
async fn connection_error_after_a_sent_attempt_has_unknown_outcome() {
    for reply in [&b""[..], b"HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"] {
        let client = builder(start_once(reply).await)
            .max_retries(1)
            .build()
            .unwrap();
        let error = create_video(&client, CallOptions::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert_eq!(error.attempts(), 2);
        assert!(error.outcome_unknown(), "{error}");
    }
}

#[tokio::test]
async fn client_error_after_a_sent_attempt_has_unknown_outcome() {
    let server = ScriptedServer::start([
        Reply::silence().close(),
        Reply::response(
            401,
            &[],
            r#"{"error":{"code":"unauthorized","message":"m"}}"#,
        ),
    ])
    .await;
    let client = server.builder().max_retries(1).build().unwrap();
    let error = create_video(&client, CallOptions::new()).await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert!(error.outcome_unknown(), "{error}");
}

/// The first attempt was sent; the second stayed in the queue.
#[tokio::test]
async fn queue_timeout_after_a_sent_attempt_has_unknown_outcome() {
    let server = ScriptedServer::start([
        Reply::silence().close(),
        Reply::avatar().delay(Duration::from_secs(4)),
    ])
    .await;
    let builder = server.builder().max_in_flight(1).max_retries(1);
    let client = builder.build().unwrap();
    let other = client.clone();
    let create = create_video(&client, CallOptions::new().timeout(Duration::from_secs(2)));
    let create = tokio::spawn(create.into_future());
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let other = tokio::spawn(async move { get_avatar(&other).await.is_ok() });
    let error = create.await.unwrap().unwrap_err();
    other.abort();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Timeout, 1),
        "{error}"
    );
    assert!(error.outcome_unknown(), "{error}");
}

#[tokio::test]
async fn any_server_error_has_unknown_outcome() {
    for status in [507, 520, 522, 524, 599] {
        let server = ScriptedServer::start([Reply::response(status, &[], "")]).await;
        let error = create_video(&server.client(), CallOptions::new()).await;
        let error = error.unwrap_err();
        assert!(error.outcome_unknown(), "{error}");
    }
}
