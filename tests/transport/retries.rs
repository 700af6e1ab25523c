//! What is tried again, and after how long.

use std::time::{Duration, Instant, SystemTime};

use heygen::ErrorKind;

use crate::server::{Act, Server, ask};

fn busy(status: u16, retry_after: &str) -> Act {
    Act::answer(status, &[("retry-after", retry_after)], "")
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let broken = Act::bytes("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{").close();
    for first in [
        busy(408, "0"),
        busy(429, "0"),
        busy(500, "0"),
        busy(502, "0"),
        busy(503, "0"),
        busy(504, "0"),
        broken,
        Act::silence().close(),
    ] {
        let server = Server::start([first, Act::avatar()]).await;
        let client = server.builder().build().unwrap();
        let answer = ask(&client).await.unwrap();
        assert_eq!(answer.attempts(), 2);
        let seen = server.seen();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].line, seen[1].line);
        assert_eq!(seen[0].header("x-api-key"), seen[1].header("x-api-key"));
    }
}

#[tokio::test]
async fn two_retries_unless_told_otherwise() {
    let server = Server::start([busy(503, "0")]).await;
    let client = server.builder().build().unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 3));
    assert!(error.to_string().contains("attempts 3"), "{error}");
    let error = client
        .v2()
        .avatars()
        .details("a1")
        .max_retries(0)
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn what_would_end_the_same_is_not_tried_again() {
    for act in [
        Act::answer(400, &[], ""),
        Act::answer(401, &[], ""),
        Act::answer(404, &[], ""),
        Act::answer(409, &[], ""),
        Act::answer(501, &[], ""),
        Act::json("{}"),
        Act::json(r#"{"error":{"code":"internal_error","message":"x"}}"#),
    ] {
        let server = Server::start([act]).await;
        let client = server.builder().build().unwrap();
        let error = ask(&client).await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn the_wait_asked_for_is_obeyed() {
    let server = Server::start([busy(429, "1"), Act::avatar()]).await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    ask(&client).await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );

    let past = "Wed, 21 Oct 2015 07:28:00 GMT";
    let server = Server::start([busy(503, past), Act::avatar()]).await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    ask(&client).await.unwrap();
    assert!(
        start.elapsed() < Duration::from_millis(400),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn too_long_a_wait_ends_the_call_at_once() {
    let year = "31536000";
    let ahead = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1000));
    for (asked, timeout) in [(year, 600), (ahead.as_str(), 600), ("50", 5)] {
        let server = Server::start([busy(429, asked)]).await;
        let client = server
            .builder()
            .timeout(Duration::from_secs(timeout))
            .build()
            .unwrap();
        let start = Instant::now();
        let error = ask(&client).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(2));
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(429)));
        assert_eq!(error.attempts(), 1);
        assert!(error.is_rate_limited() && error.is_retryable());
        assert!(error.retry_after().unwrap() >= Duration::from_secs(50));
    }
}

#[tokio::test]
async fn no_wait_asked_for_is_a_wait_of_our_own() {
    let server = Server::start([Act::answer(503, &[], ""), busy(503, "soon"), Act::avatar()]).await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    let answer = ask(&client).await.unwrap();
    assert_eq!(answer.attempts(), 3);
    assert!(
        start.elapsed() < Duration::from_millis(2500),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn how_long_a_server_may_ask_for_is_a_setting() {
    let server = Server::start([busy(429, "2"), busy(429, "1"), Act::avatar()]).await;
    let builder = server.builder().max_retry_after(Duration::from_secs(1));
    let client = builder.build().unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(429), 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    assert!(error.to_string().contains("retry after 2 s"), "{error}");
    assert_eq!(ask(&client).await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn a_server_that_is_down_is_not_stormed() {
    const CALLS: usize = 200;
    let server = Server::start([busy(503, "0")]).await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    let calls: Vec<_> = (0..CALLS)
        .map(|_| tokio::spawn(client.v2().avatars().details("a1").into_future()))
        .collect();
    let mut least = u32::MAX;
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.status(), Some(503));
        least = least.min(error.attempts());
        if error.attempts() < 3 {
            assert!(error.to_string().contains("too many calls"), "{error}");
        }
    }
    assert_eq!(least, 1, "no call went without");
    // A hundred further attempts, and one more for each second.
    let most = CALLS + 101 + usize::try_from(start.elapsed().as_secs()).unwrap();
    assert!(
        server.seen().len() <= most,
        "{} requests",
        server.seen().len()
    );

    // Another client has a purse of its own, and may spend more than that.
    let builder = server.builder().max_retries(150);
    let error = ask(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!(error.attempts(), 151);
}
