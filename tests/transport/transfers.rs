//! Files travel without the key, without a total time, and not for ever.

use std::time::{Duration, Instant};

use heygen_transport::{Download, Error, ErrorKind, Transport, TransportBuilder};
use http::{HeaderMap, HeaderValue};
use tokio::time::sleep;

use crate::server::{Act, KEY, Server};

const SOON: Duration = Duration::from_millis(200);

/// A transport whose calls may take no time, and whose API is elsewhere.
fn transport(idle: Duration) -> Transport {
    let builder = TransportBuilder::new().api_key(KEY).idle_timeout(idle);
    let builder = builder.base_url("http://127.0.0.1:9").max_retries(1);
    builder.timeout(Duration::from_millis(1)).build().unwrap()
}

async fn whole(mut download: Download) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = download.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn moved(location: &str) -> Act {
    Act::answer(302, &[("location", location)], "")
}

fn assert_no_key(server: &Server) {
    for seen in server.seen() {
        assert!(!format!("{seen:?}").contains(KEY), "{seen:?}");
    }
}

#[tokio::test]
async fn a_file_is_fetched_without_the_key() {
    let body = "x".repeat(100_000);
    let server = Server::start([
        Act::answer(503, &[("retry-after", "0")], ""),
        moved("/there"),
        Act::answer(200, &[("x-request-id", "r1")], &body),
    ])
    .await;
    let url = format!("{}/file?signature=s1", server.url());
    let download = transport(SOON).download(&url).await.unwrap();
    assert_eq!(
        (download.status().as_u16(), download.length()),
        (200, Some(100_000))
    );
    assert_eq!(download.headers()["x-request-id"], "r1");
    assert!(!format!("{download:?}").contains("s1"));
    assert_eq!(whole(download).await.unwrap(), body.as_bytes());
    let seen = server.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line.as_str()).collect();
    assert_eq!(lines[0], "GET /file?signature=s1 HTTP/1.1");
    assert_eq!((lines[1], lines[2]), (lines[0], "GET /there HTTP/1.1"));
    assert_no_key(&server);
}

#[tokio::test]
async fn a_redirect_leads_to_another_host_but_not_for_ever() {
    let other = Server::start([Act::answer(200, &[], "file")]).await;
    let server = Server::start([moved(&format!("{}/x", other.url()))]).await;
    let download = transport(SOON).download(&server.url()).await.unwrap();
    assert_eq!(whole(download).await.unwrap(), b"file");
    assert_no_key(&other);

    for (location, times) in [("/again", 6), ("http://files.example/x", 1), ("http://", 1)] {
        let server = Server::start([moved(location)]).await;
        let error = transport(SOON).download(&server.url()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(302)));
        assert_eq!(server.seen().len(), times, "{location}");
    }
}

#[tokio::test]
async fn a_slow_file_arrives_and_one_that_stops_does_not() {
    let slow = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}",
        "x".repeat(99)
    );
    let server = Server::start([Act::bytes(slow.clone()).trickle(SOON / 20)]).await;
    let start = Instant::now();
    let download = transport(4 * SOON).download(&server.url()).await.unwrap();
    assert_eq!(whole(download).await.unwrap().len(), 99);
    assert!(
        start.elapsed() > 4 * SOON,
        "longer than any time that was set"
    );

    for (act, kind) in [
        (Act::bytes(&slow[..50]), ErrorKind::Timeout),
        (Act::bytes(&slow[..50]).close(), ErrorKind::Transport),
    ] {
        let server = Server::start([act]).await;
        let download = transport(SOON).download(&server.url()).await.unwrap();
        let error = whole(download).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(200)), "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn a_file_is_stored_with_its_headers_and_without_the_key() {
    let server = Server::start([Act::answer(200, &[], "")]).await;
    let url = format!("{}/slot?signature=s1", server.url());
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("video/mp4"));
    let body = vec![b'v'; 300_000];
    let transport = transport(SOON);
    let status = transport
        .upload(&url, headers.clone(), body.clone().into())
        .await;
    assert_eq!(status.unwrap(), 200);
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "PUT /slot?signature=s1 HTTP/1.1");
    assert_eq!(seen.header("content-type"), Some("video/mp4"));
    assert_eq!(seen.header("content-length"), Some("300000"));
    assert_eq!(seen.body, body);
    assert_no_key(&server);

    for act in [
        moved("/elsewhere"),
        Act::answer(403, &[], "<Error>Expired</Error>"),
    ] {
        let server = Server::start([act]).await;
        let url = format!("{}/slot?signature=s1", server.url());
        let stored = transport.upload(&url, headers.clone(), "x".into()).await;
        let error = stored.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
        assert!(!format!("{error} {error:?}").contains("s1"), "{error:?}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_stored_file_that_moves_is_not_idle() {
    // The server reads the whole body and then needs less than the idle time.
    let server = Server::start([Act::answer(200, &[], "").after(SOON)]).await;
    let body = slow::Slow::new(8, SOON / 2);
    let start = Instant::now();
    let stored = transport(3 * SOON)
        .upload(&server.url(), HeaderMap::new(), body.into_body())
        .await;
    assert_eq!(stored.unwrap(), 200);
    assert!(start.elapsed() > 4 * SOON, "longer than the idle time");
    assert_eq!(server.seen()[0].body.len(), 8);

    let server = Server::start([Act::silence()]).await;
    let stored = transport(SOON)
        .upload(&server.url(), HeaderMap::new(), "x".into())
        .await;
    let error = stored.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    sleep(SOON).await;
    assert_eq!(server.closed(), 1, "nothing is left behind");
}

#[tokio::test]
async fn no_address_takes_the_key_away() {
    let server = Server::start([Act::answer(200, &[], "")]).await;
    let port = server.port();
    let transport = transport(SOON);
    for url in [
        format!("http://127.0.0.1:{port}/?key={KEY}"),
        format!("http://user@127.0.0.1:{port}/"),
        format!("ftp://127.0.0.1:{port}/"),
        "http://files.example/x".to_owned(),
        "nowhere".to_owned(),
    ] {
        let headers = HeaderMap::new();
        for error in [
            transport.download(&url).await.unwrap_err(),
            transport
                .upload(&url, headers, "x".into())
                .await
                .unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
        }
    }
    for (name, value) in [("x-api-key", "other"), ("x-copy", KEY)] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        let stored = transport.upload(&server.url(), headers, "x".into()).await;
        assert_eq!(stored.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(server.seen().is_empty());
}

/// A body of known length that comes slowly.
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
