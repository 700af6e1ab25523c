//! Uploads: with the headers of the caller, without the API key, without a call
//! timeout.

use std::time::{Duration, Instant};

use heygen::{Client, ErrorKind};
use heygen_tests::client::{API_KEY, builder, download, upload};
use heygen_tests::scripted::{Reply, ScriptedServer};
use http::{HeaderMap, HeaderValue};
use tokio::time::sleep;

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

#[tokio::test]
async fn headers_are_sent_and_api_key_is_not() {
    let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
    let url = format!("{}/slot?signature=s1", server.url());
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("video/mp4"));
    let body = vec![b'v'; 300_000];
    let client = client(IDLE);
    let status = upload(&client, &url, headers.clone(), body.clone());
    assert_eq!(status.await.unwrap(), 200);
    let request = &server.requests()[0];
    assert_eq!(request.line, "PUT /slot?signature=s1 HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("video/mp4"));
    assert_eq!(request.header("content-length"), Some("300000"));
    assert_eq!(request.body, body);
    assert_no_api_key(&server);

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
    let body = slow::Slow::new(8, IDLE / 2).into_body();
    let start = Instant::now();
    let uploaded = upload(&client(3 * IDLE), &server.url(), HeaderMap::new(), body).await;
    assert_eq!(uploaded.unwrap(), 200);
    assert!(start.elapsed() > 4 * IDLE, "longer than the idle timeout");
    assert_eq!(server.requests()[0].body.len(), 8);

    let server = ScriptedServer::start([Reply::silence()]).await;
    let uploaded = upload(&client(IDLE), &server.url(), HeaderMap::new(), "x").await;
    let error = uploaded.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    sleep(IDLE).await;
    assert_eq!(server.closed_connections(), 1, "the connection is closed");
}

#[tokio::test]
async fn url_or_header_with_credentials_is_invalid_input() {
    let server = ScriptedServer::start([Reply::response(200, &[], "")]).await;
    let port = server.port();
    let client = client(IDLE);
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

/// A body of known length, one byte at a time.
mod slow {
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};
    use std::time::Duration;

    use bytes::Bytes;
    use http_body::{Body, Frame, SizeHint};
    use tokio::time::{Interval, MissedTickBehavior, interval};

    pub(super) struct Slow {
        left: u64,
        pace: Interval,
    }

    impl Slow {
        pub(super) fn new(bytes: u64, pace: Duration) -> Self {
            let mut pace = interval(pace);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Self { left: bytes, pace }
        }

        pub(super) fn into_body(self) -> reqwest::Body {
            reqwest::Body::wrap(self)
        }
    }

    impl Body for Slow {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            ready!(self.pace.poll_tick(context));
            self.left -= 1;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"s")))))
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.left)
        }
    }
}
