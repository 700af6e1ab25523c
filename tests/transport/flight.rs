//! A limit on calls in flight queues the others, first come, first served.

use std::time::{Duration, Instant};

use heygen::{Client, ErrorKind};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::server::{Act, Server};

const SOON: Duration = Duration::from_millis(50);

fn limited(server: &Server, calls: usize) -> Client {
    let builder = server.builder().max_retries(0).max_in_flight(calls);
    builder.build().unwrap()
}

/// Starts calls of these numbers, one after another, and does not wait.
async fn start(
    client: &Client,
    numbers: impl IntoIterator<Item = usize>,
) -> Vec<JoinHandle<Result<(), heygen::Error>>> {
    let mut calls = Vec::new();
    for number in numbers {
        // A clone has no places of its own.
        let request = client.clone().v2().avatars().details(format!("a{number}"));
        calls.push(tokio::spawn(async move { request.await.map(drop) }));
        tokio::task::yield_now().await;
    }
    calls
}

fn asked(server: &Server) -> Vec<String> {
    let id = |seen: &crate::server::Seen| seen.segments()[2].to_owned();
    server.seen().iter().map(id).collect()
}

#[tokio::test]
async fn calls_are_let_in_in_their_order() {
    let server = Server::start([Act::avatar().after(SOON / 10)]).await;
    for call in start(&limited(&server, 1), 0..20).await {
        call.await.unwrap().unwrap();
    }
    let expected: Vec<_> = (0..20).map(|number| format!("a{number}")).collect();
    assert_eq!(asked(&server), expected);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn no_more_than_the_limit_are_under_way() {
    for (limit, most) in [(Some(3), 3), (None, 12)] {
        let server = Server::start([Act::avatar().after(SOON)]).await;
        let mut builder = server.builder();
        if let Some(limit) = limit {
            builder = builder.max_in_flight(limit);
        }
        for call in start(&builder.build().unwrap(), 0..12).await {
            call.await.unwrap().unwrap();
        }
        assert_eq!(server.connections(), most);
    }
}

#[tokio::test]
async fn whoever_gives_up_leaves_the_queue_or_the_place() {
    let server = Server::start([Act::silence(), Act::avatar()]).await;
    let client = limited(&server, 1);
    let calls = start(&client, 0..4).await;
    sleep(SOON).await;
    assert_eq!(asked(&server), ["a0"]);
    calls[1].abort();
    calls[0].abort();
    for (number, call) in calls.into_iter().enumerate() {
        match call.await {
            Ok(result) => result.unwrap(),
            Err(aborted) => assert!(number < 2 && aborted.is_cancelled()),
        }
    }
    assert_eq!(asked(&server), ["a0", "a2", "a3"]);
}

#[tokio::test]
async fn waiting_for_a_turn_is_part_of_the_time() {
    let server = Server::start([Act::silence(), Act::avatar()]).await;
    let client = limited(&server, 1);
    let first = start(&client, [0]).await;
    sleep(SOON).await;
    let begun = Instant::now();
    let request = client.v2().avatars().details("a1").timeout(SOON);
    let error = request.await.unwrap_err();
    assert!(begun.elapsed() < 20 * SOON);
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert_eq!((error.attempts(), error.status()), (0, None));
    assert!(error.is_retryable() && error.to_string().contains("max_in_flight"));
    first[0].abort();
    client.v2().avatars().details("a2").await.unwrap();
    assert_eq!(asked(&server), ["a0", "a2"]);
}
