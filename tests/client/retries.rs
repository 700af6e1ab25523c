//! Retries: which failures, after which delay, and how many in all.

use std::time::{Duration, Instant, SystemTime};

use heygen::{ErrorKind, Method};

use heygen_tests::client::{example_avatar, get_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn transient_failure_is_retried() {
    let truncated = Reply::bytes("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{").close();
    for first in [
        Reply::retry_after(408, "0"),
        Reply::retry_after(429, "0"),
        Reply::retry_after(500, "0"),
        Reply::retry_after(502, "0"),
        Reply::retry_after(503, "0"),
        Reply::retry_after(504, "0"),
        truncated,
        Reply::silence().close(),
    ] {
        let server = ScriptedServer::start([first, Reply::avatar()]).await;
        let client = server.builder().build().unwrap();
        let response = get_avatar(&client).await.unwrap();
        assert_eq!(response.attempts(), 2);
        let requests = server.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[0].line, requests[1].line);
        assert_eq!(
            requests[0].header("x-api-key"),
            requests[1].header("x-api-key")
        );
    }
}

#[tokio::test]
async fn default_is_two_retries() {
    let server = ScriptedServer::start([Reply::retry_after(503, "0")]).await;
    let client = server.builder().build().unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 3));
    assert!(error.to_string().contains("attempts 3"), "{error}");
    let error = example_avatar(&client).max_retries(0).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let server = ScriptedServer::start([Reply::retry_after(429, "1"), Reply::avatar()]).await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    get_avatar(&client).await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );

    let past = "Wed, 21 Oct 2015 07:28:00 GMT";
    let server = ScriptedServer::start([Reply::retry_after(503, past), Reply::avatar()]).await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    get_avatar(&client).await.unwrap();
    assert!(
        start.elapsed() < Duration::from_millis(900),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn too_long_retry_after_ends_call() {
    let year = "31536000";
    let ahead = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1000));
    for (retry_after, timeout) in [(year, 600), (ahead.as_str(), 600), ("50", 5)] {
        let server = ScriptedServer::start([Reply::retry_after(429, retry_after)]).await;
        let client = server
            .builder()
            .timeout(Duration::from_secs(timeout))
            .build()
            .unwrap();
        let start = Instant::now();
        let error = get_avatar(&client).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(2));
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(429)));
        assert_eq!(error.attempts(), 1);
        assert!(error.is_rate_limited() && error.is_retryable());
        assert!(error.retry_after().unwrap() >= Duration::from_secs(50));
    }
}

#[tokio::test]
async fn backoff_without_retry_after() {
    let server = ScriptedServer::start([
        Reply::response(503, &[], ""),
        Reply::retry_after(503, "soon"),
        Reply::avatar(),
    ])
    .await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    let response = get_avatar(&client).await.unwrap();
    assert_eq!(response.attempts(), 3);
    assert!(
        start.elapsed() < Duration::from_millis(2500),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn max_retry_after_is_a_setting() {
    let server = ScriptedServer::start([
        Reply::retry_after(429, "2"),
        Reply::retry_after(429, "1"),
        Reply::avatar(),
    ])
    .await;
    let builder = server.builder().max_retry_after(Duration::from_secs(1));
    let client = builder.build().unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(429), 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    assert!(error.to_string().contains("retry after 2 s"), "{error}");
    assert_eq!(get_avatar(&client).await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn retry_throttle_bounds_retries_of_a_failing_server() {
    const CALLS: usize = 200;
    let server = ScriptedServer::start([Reply::retry_after(503, "0")]).await;
    let client = server.builder().build().unwrap();
    let start = Instant::now();
    let calls: Vec<_> = (0..CALLS)
        .map(|_| tokio::spawn(example_avatar(&client).into_future()))
        .collect();
    let mut fewest = u32::MAX;
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.status(), Some(503));
        fewest = fewest.min(error.attempts());
        if error.attempts() < 3 {
            assert!(error.to_string().contains("too many calls"), "{error}");
        }
    }
    assert_eq!(fewest, 1, "some calls get no retry");
    // A burst of 100 retries, and one more each second.
    let most = CALLS + 101 + usize::try_from(start.elapsed().as_secs()).unwrap();
    assert!(
        server.requests().len() <= most,
        "{} requests",
        server.requests().len()
    );

    // Another client has its own throttle.
    let builder = server.builder().max_retries(1);
    let error = get_avatar(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn concurrent_calls_each_get_a_retry_within_the_throttle() {
    let server = ScriptedServer::start([Reply::response(503, &[], "")]).await;
    let client = server.builder().max_retries(1).build().unwrap();
    let many: Vec<_> = (0..110)
        .map(|_| tokio::spawn(client.request(Method::GET, "/x").into_future()))
        .collect();
    let mut throttled = 0;
    for call in many {
        let error = call.await.unwrap().unwrap_err();
        throttled += usize::from(error.attempts() == 1);
    }
    assert!(throttled <= 10, "{throttled}");
}
