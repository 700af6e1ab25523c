//! Downloads: without the API key, without a call timeout, as a stream.

use std::time::{Duration, Instant};

use heygen::{Client, Error, ErrorKind};
use heygen_tests::client::{API_KEY, Download, builder, download};
use heygen_tests::scripted::{Reply, ScriptedServer};

const IDLE: Duration = Duration::from_millis(200);

/// A client whose API is elsewhere and whose calls time out at once.
fn client(idle_timeout: Duration) -> Client {
    builder("http://127.0.0.1:9")
        .idle_timeout(idle_timeout)
        .timeout(Duration::from_millis(1))
        .max_retries(1)
        .build()
        .unwrap()
}

fn assert_no_api_key(server: &ScriptedServer) {
    for request in server.requests() {
        assert!(!format!("{request:?}").contains(API_KEY), "{request:?}");
    }
}

async fn read_all(mut download: Download) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = download.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[tokio::test]
async fn api_key_is_not_sent() {
    let body = "x".repeat(100_000);
    let server = ScriptedServer::start([
        Reply::response(503, &[("retry-after", "0")], ""),
        Reply::redirect(302, "/there"),
        Reply::response(200, &[("x-request-id", "r1")], &body),
    ])
    .await;
    let url = format!("{}/file?signature=s1", server.url());
    let file = download(&client(IDLE), &url).await.unwrap();
    assert_eq!(
        (file.status().as_u16(), file.length()),
        (200, Some(100_000))
    );
    assert_eq!(file.headers()["x-request-id"], "r1");
    assert!(!format!("{file:?}").contains("s1"));
    assert_eq!(read_all(file).await.unwrap(), body.as_bytes());
    let requests = server.requests();
    let lines: Vec<_> = requests
        .iter()
        .map(|request| request.line.as_str())
        .collect();
    assert_eq!(lines[0], "GET /file?signature=s1 HTTP/1.1");
    assert_eq!((lines[1], lines[2]), (lines[0], "GET /there HTTP/1.1"));
    assert_no_api_key(&server);
}

#[tokio::test]
async fn redirects_may_change_host_up_to_a_limit() {
    let other = ScriptedServer::start([Reply::response(200, &[], "file")]).await;
    let server = ScriptedServer::start([Reply::redirect(302, &format!("{}/x", other.url()))]).await;
    let file = download(&client(IDLE), &server.url()).await.unwrap();
    assert_eq!(read_all(file).await.unwrap(), b"file");
    assert_no_api_key(&other);

    for (location, times) in [("/again", 6), ("http://files.example/x", 1), ("http://", 1)] {
        let server = ScriptedServer::start([Reply::redirect(302, location)]).await;
        let error = download(&client(IDLE), &server.url()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(302)));
        assert_eq!(server.requests().len(), times, "{location}");
    }
}

#[tokio::test]
async fn slow_download_completes_and_stalled_one_is_timeout() {
    let slow = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}",
        "x".repeat(99)
    );
    let server = ScriptedServer::start([Reply::bytes(slow.clone()).trickle(IDLE / 20)]).await;
    let start = Instant::now();
    let file = download(&client(4 * IDLE), &server.url()).await.unwrap();
    assert_eq!(read_all(file).await.unwrap().len(), 99);
    assert!(start.elapsed() > 4 * IDLE, "longer than the timeouts");

    for (reply, kind) in [
        (Reply::bytes(&slow[..50]), ErrorKind::Timeout),
        (Reply::bytes(&slow[..50]).close(), ErrorKind::Transport),
    ] {
        let server = ScriptedServer::start([reply]).await;
        let file = download(&client(IDLE), &server.url()).await.unwrap();
        let error = read_all(file).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(200)), "{error}");
        assert!(error.is_retryable());
    }
}
