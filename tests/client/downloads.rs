//! Downloads: without the API key, as a stream without call timeout.

use std::time::{Duration, Instant};

use heygen::{Client, Error, ErrorKind};
use heygen_tests::client::{API_KEY, FileStream, UNREACHABLE_URL, download, file_client};
use heygen_tests::scripted::{Reply, ScriptedServer};

const IDLE: Duration = Duration::from_millis(200);

/// The timeout of calls, which bounds the opening of a download.
const TIMEOUT: Duration = Duration::from_millis(1500);

async fn read_all(mut download: FileStream) -> Result<Vec<u8>, Error> {
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
    let file = download(&file_client(IDLE, TIMEOUT), &url).await.unwrap();
    assert_eq!(file.length(), Some(100_000));
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
    server.assert_no_api_key();
}

#[tokio::test]
async fn redirects_may_change_host_up_to_a_limit() {
    let other = ScriptedServer::start([Reply::response(200, &[], "file")]).await;
    let server = ScriptedServer::start([Reply::redirect(302, &format!("{}/x", other.url()))]).await;
    let file = download(&file_client(IDLE, TIMEOUT), &server.url())
        .await
        .unwrap();
    assert_eq!(read_all(file).await.unwrap(), b"file");
    other.assert_no_api_key();

    for (location, times) in [("/again", 6), ("http://files.example/x", 1), ("http://", 1)] {
        let server = ScriptedServer::start([Reply::redirect(302, location)]).await;
        let error = download(&file_client(IDLE, TIMEOUT), &server.url())
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(302)));
        assert_eq!(server.requests().len(), times, "{location}");
    }
}

#[tokio::test]
async fn slow_download_completes_and_stalled_one_is_timeout() {
    let slow = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{}",
        "x".repeat(200)
    );
    let server = ScriptedServer::start([Reply::bytes(slow.clone()).trickle(IDLE / 20)]).await;
    let start = Instant::now();
    let file = download(&file_client(4 * IDLE, TIMEOUT), &server.url())
        .await
        .unwrap();
    assert_eq!(read_all(file).await.unwrap().len(), 200);
    assert!(start.elapsed() > TIMEOUT, "longer than the timeouts");

    for (reply, kind) in [
        (Reply::bytes(&slow[..50]), ErrorKind::Timeout),
        (Reply::bytes(&slow[..50]).close(), ErrorKind::Transport),
    ] {
        let server = ScriptedServer::start([reply]).await;
        let file = download(&file_client(IDLE, TIMEOUT), &server.url())
            .await
            .unwrap();
        let error = read_all(file).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(200)), "{error}");
        assert!(error.is_retryable());
    }
}

/// The URL parser drops line breaks and tabs.
#[tokio::test]
async fn file_url_with_key_across_a_line_break_is_invalid_input() {
    let server = ScriptedServer::start([Reply::response(200, &[], "x")]).await;
    let (start, end) = API_KEY.split_at(5);
    let url = format!("{}/a?k={start}\n{end}", server.url());
    let error = download(&file_client(IDLE, TIMEOUT), &url).await.err();
    server.assert_no_api_key();
    assert_eq!(error.unwrap().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn file_url_that_contains_a_short_key_is_accepted() {
    let server = ScriptedServer::start([Reply::response(200, &[], "x")]).await;
    let client = Client::builder()
        .api_key("any")
        .base_url(UNREACHABLE_URL)
        .build()
        .unwrap();
    download(&client, &format!("{}/company.mp4", server.url()))
        .await
        .unwrap();
}

#[tokio::test]
async fn error_of_too_long_or_invalid_file_url_is_short() {
    let client = file_client(IDLE, TIMEOUT);
    for url in [
        format!("{UNREACHABLE_URL}/a?{}", "x".repeat(70_000)),
        UNREACHABLE_URL.to_owned() + "/a^`{|}?a=^`{|}",
    ] {
        let client = client.clone();
        let task = tokio::spawn(async move { download(&client, &url).await.unwrap_err() });
        let error = task.await.unwrap();
        assert!(error.to_string().len() < 1000, "{error}");
    }
}
