//! Uploads: with the headers of the caller, without the API key, bounded by
//! their progress.

use std::time::{Duration, Instant};

use heygen::ErrorKind;
use heygen_tests::client::{API_KEY, download, file_client, upload};
use heygen_tests::relay::Relay;
use heygen_tests::scripted::{Reply, ScriptedServer};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue};
use tokio::net::TcpListener;
use tokio::time::sleep;

use paced::PacedBody;

const IDLE: Duration = Duration::from_millis(200);

/// How long a response may take after the last byte.
const TIMEOUT: Duration = Duration::from_millis(500);

fn content_length(value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from_static(value))])
}

#[tokio::test]
async fn headers_are_sent_and_api_key_is_not() {
    let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
    let url = format!("{}/slot?signature=s1", server.url());
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("video/mp4"));
    let body = vec![b'v'; 300_000];
    let client = file_client(IDLE, TIMEOUT);
    let status = upload(&client, &url, headers.clone(), body.clone());
    assert_eq!(status.await.unwrap(), 200);
    let request = &server.requests()[0];
    assert_eq!(request.line, "PUT /slot?signature=s1 HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("video/mp4"));
    assert_eq!(request.header("content-length"), Some("300000"));
    assert_eq!(request.body, body);
    server.assert_no_api_key();

    for reply in [
        Reply::redirect(302, "/elsewhere"),
        Reply::response(403, &[], "<Error>Expired</Error>"),
    ] {
        let server = ScriptedServer::start([reply]).await;
        let url = format!("{}/slot?signature=s1", server.url());
        let uploaded = upload(&client, &url, headers.clone(), "x").await;
        let error = uploaded.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
        assert!(!format!("{error} {error:?}").contains("s1"), "{error:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn idle_timeout_starts_after_last_progress() {
    // The server reads the whole body, and responds within the idle timeout.
    let server = ScriptedServer::start([Reply::response(200, &[], "").delay(IDLE)]).await;
    let body = PacedBody::new(8, IDLE / 2).into_body();
    let start = Instant::now();
    let uploaded = upload(
        &file_client(3 * IDLE, TIMEOUT),
        &server.url(),
        HeaderMap::new(),
        body,
    )
    .await;
    assert_eq!(uploaded.unwrap(), 200);
    assert!(start.elapsed() > TIMEOUT + IDLE, "longer than any timeout");
    assert_eq!(server.requests()[0].body.len(), 8);

    let server = ScriptedServer::start([Reply::silence()]).await;
    let uploaded = upload(
        &file_client(IDLE, TIMEOUT),
        &server.url(),
        HeaderMap::new(),
        "x",
    )
    .await;
    let error = uploaded.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    sleep(IDLE).await;
    assert_eq!(server.closed_connections(), 1, "the connection is closed");
}

/// The socket's buffers accept the body at once, and drain slowly.
#[tokio::test]
async fn slow_uplink_is_progress() {
    let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
    let relay = Relay::start(server.port()).await;
    relay.throttle(512 * 1024);
    let url = format!("http://127.0.0.1:{}/slot", relay.port());
    let body = vec![b'v'; 1 << 20];
    let start = Instant::now();
    let uploaded = upload(
        &file_client(IDLE, TIMEOUT),
        &url,
        HeaderMap::new(),
        body.clone(),
    )
    .await;
    assert_eq!(uploaded.unwrap(), 200);
    assert!(start.elapsed() > 5 * IDLE, "{:?}", start.elapsed());
    assert_eq!(server.requests()[0].body, body);
}

/// Without progress, the time of a slow uplink expires, too.
#[tokio::test]
async fn upload_without_progress_times_out() {
    let server = ScriptedServer::start([Reply::silence()]).await;
    let stalled = PacedBody::new(2, Duration::from_secs(60)).into_body();
    let start = Instant::now();
    let uploaded = upload(
        &file_client(IDLE, TIMEOUT),
        &server.url(),
        HeaderMap::new(),
        stalled,
    )
    .await;
    let error = uploaded.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("no progress"), "{error}");
    assert!(start.elapsed() < 10 * IDLE);
}

#[tokio::test]
async fn body_of_unknown_length_is_invalid_input() {
    let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
    let chunked = || PacedBody::new(3, IDLE / 20).of_unknown_length().into_body();
    let uploaded = upload(
        &file_client(IDLE, TIMEOUT),
        &server.url(),
        HeaderMap::new(),
        chunked(),
    )
    .await;
    let error = uploaded.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(error.param(), Some("body"));
    assert!(server.requests().is_empty());

    let sized = PacedBody::new(3, IDLE / 20).into_body();
    let client = file_client(IDLE, TIMEOUT);
    let uploaded = upload(&client, &server.url(), HeaderMap::new(), sized).await;
    assert_eq!(uploaded.unwrap(), 200);
    let request = &server.requests()[0];
    assert_eq!(request.header("content-length"), Some("3"));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(request.body, b"sss");
}

#[tokio::test]
async fn bytes_are_retried_if_nothing_was_sent() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/slot", closed.local_addr().unwrap());
    drop(closed);
    let client = file_client(IDLE, TIMEOUT);
    let error = upload(&client, &url, HeaderMap::new(), "x")
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 2));
    let stream = PacedBody::new(1, IDLE).into_body();
    let error = upload(&client, &url, HeaderMap::new(), stream)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1));
    // A body that may have been stored is not sent again.
    let server = ScriptedServer::start([Reply::response(503, &[], "")]).await;
    let error = upload(&client, &server.url(), HeaderMap::new(), "x")
        .await
        .unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 1));
}

#[tokio::test]
async fn url_or_header_with_credentials_is_invalid_input() {
    let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
    let port = server.port();
    let client = file_client(IDLE, TIMEOUT);
    for url in [
        format!("http://127.0.0.1:{port}/?key={API_KEY}"),
        format!("http://user@127.0.0.1:{port}/"),
        format!("ftp://127.0.0.1:{port}/"),
        "http://files.example/x".to_owned(),
        "nowhere".to_owned(),
    ] {
        let headers = HeaderMap::new();
        for error in [
            download(&client, &url).await.unwrap_err(),
            upload(&client, &url, headers, "x").await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains(API_KEY), "{error:?}");
        }
    }
    for (name, value) in [("x-api-key", "other"), ("x-copy", API_KEY)] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        let uploaded = upload(&client, &server.url(), headers, "x").await;
        assert_eq!(uploaded.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn upload_accepts_maximal_timeouts() {
    for (idle, timeout) in [(Duration::MAX, IDLE), (IDLE, Duration::MAX)] {
        let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
        let client = file_client(idle, timeout);
        let url = server.url();
        let task = tokio::spawn(async move {
            upload(&client, &url, HeaderMap::new(), "x")
                .await
                .map_err(|error| error.to_string())
        });
        assert_eq!(task.await.unwrap(), Ok(200));
    }
}

#[tokio::test]
async fn trickled_error_body_of_upload_ends_at_timeout() {
    let head = "HTTP/1.1 403 X\r\ncontent-length: 60000\r\n\r\n";
    let server = ScriptedServer::start([Reply::bytes(head).repeat("x").trickle(IDLE / 20)]).await;
    let client = file_client(IDLE, 4 * TIMEOUT);
    let url = server.url();
    let uploaded = upload(&client, &url, HeaderMap::new(), "x");
    let uploaded = tokio::time::timeout(Duration::from_secs(10), uploaded).await;
    assert_eq!(uploaded.unwrap().unwrap_err().status(), Some(403));
}

/// The time after the last byte is bounded by the client's timeout, not by the
/// idle timeout.
#[tokio::test]
async fn response_to_empty_upload_is_bounded_by_timeout() {
    let server = ScriptedServer::start([Reply::response(200, &[], "").delay(5 * IDLE)]).await;
    let client = file_client(IDLE, 4 * TIMEOUT);
    let uploaded = upload(&client, &server.url(), HeaderMap::new(), "").await;
    assert_eq!(uploaded.unwrap(), 200);
}

#[tokio::test]
async fn response_to_streamed_upload_is_bounded_by_timeout() {
    let server = ScriptedServer::start([Reply::response(200, &[], "").delay(5 * IDLE)]).await;
    let client = file_client(IDLE, 4 * TIMEOUT);
    let body = PacedBody::at_once(3).into_body();
    let uploaded = upload(&client, &server.url(), HeaderMap::new(), body).await;
    assert_eq!(uploaded.unwrap(), 200);
}

#[tokio::test]
async fn content_length_other_than_body_length_is_invalid_input() {
    for length in ["10", "2", "abc"] {
        let server = ScriptedServer::start([Reply::response(200, &[], "").delay(IDLE)]).await;
        let client = file_client(IDLE, 4 * TIMEOUT);
        let uploaded = upload(&client, &server.url(), content_length(length), "12345").await;
        let kind = uploaded.as_ref().err().map(heygen::Error::kind);
        assert_eq!(
            kind,
            Some(ErrorKind::InvalidInput),
            "{length}: {uploaded:?} {:?}",
            server.requests()
        );
    }
}

#[tokio::test]
async fn empty_upload_has_content_length() {
    let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
    upload(
        &file_client(IDLE, 4 * TIMEOUT),
        &server.url(),
        HeaderMap::new(),
        "",
    )
    .await
    .unwrap();
    assert_eq!(server.requests()[0].header("content-length"), Some("0"));
}

/// A request body of one byte at a time.
mod paced {
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};
    use std::time::Duration;

    use bytes::Bytes;
    use http_body::{Body, Frame, SizeHint};
    use tokio::time::{Interval, MissedTickBehavior, interval};

    pub(super) struct PacedBody {
        left: u64,
        pace: Option<Interval>,
        is_known: bool,
    }

    impl PacedBody {
        pub(super) fn new(bytes: u64, pace: Duration) -> Self {
            let mut pace = interval(pace);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Self {
                left: bytes,
                pace: Some(pace),
                is_known: true,
            }
        }

        /// Without delays.
        pub(super) fn at_once(bytes: u64) -> Self {
            Self {
                left: bytes,
                pace: None,
                is_known: true,
            }
        }

        pub(super) fn of_unknown_length(mut self) -> Self {
            self.is_known = false;
            self
        }

        pub(super) fn into_body(self) -> reqwest::Body {
            reqwest::Body::wrap(self)
        }
    }

    impl Body for PacedBody {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            if let Some(pace) = &mut self.pace {
                ready!(pace.poll_tick(context));
            }
            self.left -= 1;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"s")))))
        }

        fn size_hint(&self) -> SizeHint {
            if self.is_known {
                SizeHint::with_exact(self.left)
            } else {
                SizeHint::new()
            }
        }
    }
}
