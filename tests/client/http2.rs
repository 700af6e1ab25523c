//! HTTP/2: many calls on one connection, with responses in any order.

use std::time::Duration;

use heygen::Client;
use heygen_tests::client::{avatar, http2};
use heygen_tests::echo::EchoServer;

/// The first requests get the last responses.
fn reverse_order(number: usize) -> Duration {
    Duration::from_millis(5 * (40 - number.min(40) as u64))
}

fn client(server: &EchoServer) -> Client {
    http2(server.builder()).build().unwrap()
}

#[tokio::test]
async fn out_of_order_responses_reach_their_calls() {
    let server = EchoServer::start(reverse_order).await;
    let client = client(&server);
    // Opens the connection, so that the calls share it.
    avatar(&client, "first").await.unwrap();
    let calls: Vec<_> = (0..40)
        .map(|number| {
            let request = avatar(&client, format!("a{number}"));
            tokio::spawn(async move { (number, request.await.unwrap().id) })
        })
        .collect();
    for call in calls {
        let (number, id) = call.await.unwrap();
        assert_eq!(id, format!("a{number}"));
    }
    let counts = server.counts();
    assert_eq!((counts.http2(), counts.connections()), (41, 1));
}

#[tokio::test]
async fn dropped_call_keeps_connection_for_others() {
    let server =
        EchoServer::start(|number| Duration::from_millis(if number == 0 { 0 } else { 200 })).await;
    let client = client(&server);
    avatar(&client, "first").await.unwrap();
    let other = tokio::spawn(avatar(&client, "other").into_future());
    let dropped = avatar(&client, "dropped").into_future();
    let soon = Duration::from_millis(50);
    assert!(tokio::time::timeout(soon, dropped).await.is_err());
    assert_eq!(other.await.unwrap().unwrap().id, "other");
    assert_eq!(server.counts().connections(), 1);
}
