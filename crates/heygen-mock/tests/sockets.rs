//! The server over a real socket, read byte by byte, so that truncated
//! responses are compared exactly.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use heygen_mock::table::{self, Operation, Table};
use heygen_mock::{Fault, MockServer};
use serde_json::{Value, json};
use support::{Reply, open, split};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

/// The id that tests request: the first known one of the document.
fn known_id() -> String {
    let ids = heygen_mock::known_ids("retrieve-avatar-details", "avatar_id");
    ids.into_iter().next().unwrap()
}

/// The path of a documented operation.
fn details() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| format!("/v2/avatar/{}/details", known_id()));
    &PATH
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: mock\r\nx-api-key: k\r\nconnection: close\r\n\r\n")
}

/// Sends a request and reads until the server closes the connection.
async fn exchange(server: &MockServer, request: &str) -> Option<Reply> {
    support::exchange(server, request, b"").await
}

async fn get_reply(server: &MockServer, path: &str) -> Reply {
    exchange(server, &get(path)).await.unwrap()
}

#[tokio::test]
async fn example_of_the_document_is_the_response() {
    let server = MockServer::start().await.unwrap();
    let reply = get_reply(&server, details()).await;
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let value = reply.json();
    assert_eq!(value["error"], Value::Null);
    assert_eq!(value["data"]["id"], known_id());
    assert_eq!(
        server.known_ids("retrieve-avatar-details", "avatar_id")[0],
        known_id()
    );
    assert_eq!(reply.header("deprecation"), Some("true"));
    assert_eq!(
        reply.header("sunset"),
        Some("Sat, 31 Oct 2026 00:00:00 GMT")
    );
    let link = reply.header("link").unwrap();
    assert!(link.ends_with("; rel=\"successor-version\""), "{link}");
    assert_eq!(
        reply.header("content-length"),
        Some(&*reply.body.len().to_string())
    );
}

#[tokio::test]
async fn refusals_have_the_vendors_envelope() {
    let server = MockServer::builder().strict().start().await.unwrap();
    let unknown = get_reply(&server, "/v2/avatar/somebody_else/details").await;
    assert_eq!(unknown.status(), 404);
    assert_eq!(unknown.json()["data"], Value::Null);
    assert!(unknown.json()["error"]["code"].is_string());

    let keyless = format!(
        "GET {} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n\r\n",
        details()
    );
    let keyless = exchange(&server, &keyless).await.unwrap();
    assert_eq!(keyless.status(), 401);
    assert!(keyless.json()["error"]["message"].is_string());

    let nowhere = get_reply(&server, "/v1/nothing.here").await;
    assert_eq!(nowhere.status(), 404);
    assert!(nowhere.json()["code"].is_number());

    let posted = get(details()).replace("GET", "POST");
    let posted = exchange(&server, &posted).await.unwrap();
    assert_eq!(posted.status(), 405);
    assert_eq!(posted.header("allow"), Some("GET"));
}

#[tokio::test]
async fn requests_are_recorded_as_sent() {
    let server = MockServer::start().await.unwrap();
    get_reply(&server, "/v2/avatar/a%2Fb/details?x=1").await;
    let request = format!(
        "POST /v3/videos HTTP/1.1\r\nhost: mock\r\nAuthorization: Bearer hush\r\ncontent-length: 7\r\nconnection: close\r\n\r\n{}",
        "{\"a\":1}"
    );
    exchange(&server, &request).await.unwrap();

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].method(), "GET");
    assert_eq!(requests[0].path(), "/v2/avatar/a%2Fb/details");
    assert_eq!(requests[0].query(), Some("x=1"));
    assert_eq!(requests[0].header("X-Api-Key"), Some("k"));
    assert_eq!(requests[1].json().unwrap(), json!({"a": 1}));
    assert!(requests[1].headers().any(|(name, _)| name == "host"));
    assert!(!format!("{requests:?}").contains("hush"));

    server.reset();
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn injected_status_is_sent_as_often_as_requested() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(2, Fault::status(429).retry_after(3));
    server.fail_next(1, Fault::status(403));
    for _ in 0..2 {
        let reply = get_reply(&server, details()).await;
        assert_eq!(
            (reply.status(), reply.header("retry-after")),
            (429, Some("3"))
        );
    }
    let forbidden = get_reply(&server, details()).await;
    assert_eq!(forbidden.status(), 403);
    assert_eq!(forbidden.json()["error"]["message"], "forbidden");
    assert_eq!(get_reply(&server, details()).await.status(), 200);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn body_is_truncated_at_the_requested_byte() {
    let server = MockServer::start().await.unwrap();
    let whole = get_reply(&server, details()).await.body;
    for bytes in [0, 1, 10, whole.len() - 1, whole.len(), usize::MAX] {
        server.fail_next(1, Fault::cut_after(bytes));
        let reply = get_reply(&server, details()).await;
        assert_eq!(reply.status(), 200);
        assert_eq!(
            reply.header("content-length"),
            Some(&*whole.len().to_string())
        );
        let sent = bytes.min(whole.len() - 1);
        assert_eq!(reply.body, whole[..sent], "cut after {bytes}");
    }
    server.fail_next(1, Fault::status(500).body("").cut_body_after(5));
    let reply = get_reply(&server, details()).await;
    assert_eq!(
        (reply.status(), reply.header("content-length")),
        (500, Some("1"))
    );
    assert!(reply.body.is_empty());
}

#[tokio::test]
async fn large_body_is_truncated_at_the_requested_byte() {
    let server = MockServer::start().await.unwrap();
    let large = "x".repeat(8 * 1024 * 1024);
    let cut = large.len() - 17;
    server.fail_next(1, Fault::status(200).body(large).cut_body_after(cut));
    assert_eq!(get_reply(&server, details()).await.body.len(), cut);
}

#[tokio::test]
async fn connection_can_close_without_a_response() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, Fault::close());
    assert!(exchange(&server, &get(details())).await.is_none());
    assert_eq!(server.requests().len(), 1);
    assert_eq!(get_reply(&server, details()).await.status(), 200);
}

#[tokio::test]
async fn response_can_be_late_or_stall() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, Fault::delay(Duration::from_millis(120)));
    let asked = Instant::now();
    assert_eq!(get_reply(&server, details()).await.status(), 200);
    assert!(asked.elapsed() >= Duration::from_millis(120));

    server.fail_next(1, Fault::stall_after(4));
    let mut stream = open(&server).await;
    stream.write_all(get(details()).as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_millis(300), stream.read_to_end(&mut bytes));
    assert!(read.await.is_err(), "the connection must stay open");
    assert_eq!(split(&bytes).unwrap().body.len(), 4);
}

#[tokio::test]
async fn connection_serves_many_requests() {
    let server = MockServer::start().await.unwrap();
    let mut stream = open(&server).await;
    let request = get(details()).replace("connection: close\r\n", "");
    let expected = get_reply(&server, details()).await.body;
    for _ in 0..3 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        while split(&bytes).is_none_or(|reply| reply.body.len() < expected.len()) {
            assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0);
        }
        assert_eq!(split(&bytes).unwrap().body, expected);
    }
}

#[tokio::test]
async fn concurrent_requests_share_the_faults_exactly() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(50, Fault::status(503));
    server.fail_next(30, Fault::status(429));
    let server = Arc::new(server);
    let mut asked = JoinSet::new();
    for _ in 0..200 {
        let server = Arc::clone(&server);
        asked.spawn(async move { get_reply(&server, details()).await.status() });
    }
    let mut counts = BTreeMap::new();
    for status in asked.join_all().await {
        *counts.entry(status).or_insert(0) += 1;
    }
    assert_eq!(counts, [(200, 120), (429, 30), (503, 50)].into());
    assert_eq!(server.requests().len(), 200);
}

#[tokio::test]
async fn methods_without_an_operation_and_heads_without_a_body() {
    let server = MockServer::start().await.unwrap();
    let other = |method: &str| get(details()).replacen("GET", method, 1);
    let head = exchange(&server, &other("HEAD")).await.unwrap();
    assert_eq!((head.status(), head.body.len()), (200, 0));
    let length = get_reply(&server, details()).await.body.len().to_string();
    assert_eq!(head.header("content-length"), Some(&*length));
    // There is no body to truncate, so the connection stays open.
    server.fail_next(1, Fault::cut_after(3));
    let kept = other("HEAD").replace("connection: close\r\n", "");
    let twice = exchange(&server, &(kept + &get(details()))).await.unwrap();
    let body = String::from_utf8_lossy(&twice.body);
    assert!(body.starts_with("HTTP/1.1 200"), "{body}");
    for method in ["OPTIONS", "POST", "BREW"] {
        let refused = exchange(&server, &other(method)).await.unwrap();
        assert_eq!(refused.status(), 405);
        assert_eq!(refused.header("allow"), Some("GET"));
        assert!(refused.json()["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn reset_clears_requests_and_faults() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(5, Fault::status(500));
    assert_eq!(get_reply(&server, details()).await.status(), 500);
    server.reset();
    assert!(server.requests().is_empty());
    assert_eq!(get_reply(&server, details()).await.status(), 200);
}

#[tokio::test]
async fn tables_of_other_apis_are_served() {
    static HELLO: Table = Table {
        operations: &[&[Operation::new("hello", "GET", "/v3/hello")
            .success(table::Reply::json(200, r#"{"data":"hello"}"#))]],
    };
    let both = MockServer::builder().tables(&[&HELLO]);
    let both = both.start().await.unwrap();
    assert_eq!(
        get_reply(&both, "/v3/hello").await.json(),
        json!({"data": "hello"})
    );
    assert_eq!(get_reply(&both, details()).await.status(), 200);

    let own = MockServer::builder().without_embedded().tables(&[&HELLO]);
    let own = own.start().await.unwrap();
    assert_eq!(get_reply(&own, "/v3/hello").await.status(), 200);
    assert_eq!(get_reply(&own, details()).await.status(), 404);
}

#[tokio::test]
async fn drop_ends_all_tasks() {
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, Fault::stall_after(1));
    let mut stalled = open(&server).await;
    stalled.write_all(get(details()).as_bytes()).await.unwrap();
    let _idle = open(&server).await;
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(tasks() > before);

    drop(server);
    let dropped = Instant::now();
    while tasks() > before {
        assert!(
            dropped.elapsed() < Duration::from_secs(5),
            "tasks are still running"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn response_in_progress_is_finished_when_the_server_stops() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, Fault::delay(Duration::from_millis(200)));
    let mut stream = open(&server).await;
    stream.write_all(get(details()).as_bytes()).await.unwrap();
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.stop().await;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(split(&bytes).unwrap().status(), 200);
}

#[tokio::test]
async fn address_and_url_are_configurable() {
    let everywhere = MockServer::builder().listen(([0, 0, 0, 0], 0).into());
    let server = everywhere.clone().start().await.unwrap();
    assert_eq!(server.url(), format!("http://127.0.0.1:{}", server.port()));
    assert!(server.address().ip().is_unspecified());

    let named = everywhere.url("http://mock:8080/").start().await.unwrap();
    assert_eq!(named.url(), "http://mock:8080");
    let video = get_reply(&named, "/v3/videos/v1").await.text();
    assert!(
        video.contains("http://mock:8080/files/v1/video_url.mp4?"),
        "{video}"
    );
}
