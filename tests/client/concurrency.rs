//! Concurrency limit: further calls are queued in FIFO order.

use std::time::{Duration, Instant};

use heygen::{Client, ErrorKind};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use heygen_tests::client::{avatar, example_avatar, get_avatar};
use heygen_tests::document::avatar_path;
use heygen_tests::scripted::{Reply, ScriptedServer};

const SOON: Duration = Duration::from_millis(50);

fn limited_client(server: &ScriptedServer, calls: usize) -> Client {
    let builder = server.builder().max_retries(0).max_in_flight(calls);
    builder.build().unwrap()
}

/// Spawns calls with these numbers as ids, one after another.
async fn spawn_calls(
    client: &Client,
    numbers: impl IntoIterator<Item = usize>,
) -> Vec<JoinHandle<Result<(), heygen::Error>>> {
    let mut calls = Vec::new();
    for number in numbers {
        // A clone shares the permits.
        let request = avatar(&client.clone(), format!("a{number}"));
        calls.push(tokio::spawn(async move { request.await.map(drop) }));
        tokio::task::yield_now().await;
    }
    calls
}

fn targets(server: &ScriptedServer) -> Vec<String> {
    let requests = server.requests();
    requests
        .iter()
        .map(|request| request.target().to_owned())
        .collect()
}

fn paths(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    let path = |number| avatar_path(&format!("a{number}"));
    numbers.into_iter().map(path).collect()
}

#[tokio::test]
async fn permits_are_granted_in_fifo_order() {
    let server = ScriptedServer::start([Reply::avatar().delay(SOON / 10)]).await;
    for call in spawn_calls(&limited_client(&server, 1), 0..20).await {
        call.await.unwrap().unwrap();
    }
    assert_eq!(targets(&server), paths(0..20));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn concurrency_limit_bounds_connections() {
    for (limit, most) in [(Some(3), 3), (None, 12)] {
        let server = ScriptedServer::start([Reply::avatar().delay(SOON)]).await;
        let mut builder = server.builder();
        if let Some(limit) = limit {
            builder = builder.max_in_flight(limit);
        }
        for call in spawn_calls(&builder.build().unwrap(), 0..12).await {
            call.await.unwrap().unwrap();
        }
        assert_eq!(server.connections(), most);
    }
}

#[tokio::test]
async fn cancelled_call_leaves_queue_or_releases_permit() {
    let server = ScriptedServer::start([Reply::silence(), Reply::avatar()]).await;
    let client = limited_client(&server, 1);
    let calls = spawn_calls(&client, 0..4).await;
    sleep(SOON).await;
    assert_eq!(targets(&server), paths([0]));
    calls[1].abort();
    calls[0].abort();
    for (number, call) in calls.into_iter().enumerate() {
        match call.await {
            Ok(result) => result.unwrap(),
            Err(aborted) => assert!(number < 2 && aborted.is_cancelled()),
        }
    }
    assert_eq!(targets(&server), paths([0, 2, 3]));
}

#[tokio::test]
async fn queue_timeout_is_part_of_call_timeout() {
    let server = ScriptedServer::start([Reply::silence(), Reply::avatar()]).await;
    let client = limited_client(&server, 1);
    let first = spawn_calls(&client, [0]).await;
    sleep(SOON).await;
    let begun = Instant::now();
    let request = example_avatar(&client).timeout(SOON);
    let error = request.await.unwrap_err();
    assert!(begun.elapsed() < 20 * SOON);
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert_eq!((error.attempts(), error.status()), (0, None));
    assert!(error.is_retryable() && error.to_string().contains("max_in_flight"));
    first[0].abort();
    avatar(&client, "a2").await.unwrap();
    assert_eq!(targets(&server), paths([0, 2]));
}

/// A call that waits for its retry is not in flight.
#[tokio::test]
async fn permit_is_released_while_waiting_for_a_retry() {
    let server = ScriptedServer::start([Reply::retry_after(429, "2"), Reply::avatar()]).await;
    let builder = server.builder().max_in_flight(1);
    let client = builder.build().unwrap();
    let waiting = tokio::spawn(avatar(&client, "a0").with_response());
    while server.requests().is_empty() {
        sleep(SOON / 10).await;
    }
    let begun = Instant::now();
    avatar(&client, "a1").await.unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(waiting.await.unwrap().unwrap().attempts(), 2);
}

#[tokio::test]
async fn call_dropped_while_waiting_for_a_retry_releases_permit() {
    let server = ScriptedServer::start([
        Reply::response(503, &[("retry-after", "10")], ""),
        Reply::silence(),
        Reply::avatar(),
    ])
    .await;
    let client = server.builder().max_in_flight(1).build().unwrap();
    for _ in 0..2 {
        let call = get_avatar(&client);
        assert!(tokio::time::timeout(4 * SOON, call).await.is_err());
    }
    get_avatar(&client).await.unwrap();
}
