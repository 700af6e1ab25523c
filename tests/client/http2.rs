//! HTTP/2: many calls on one connection, with responses in any order.

use std::time::Duration;

use heygen::{Client, ErrorKind};
use heygen_tests::client::{avatar, builder, example_avatar, get_avatar, http2};
use heygen_tests::echo::EchoServer;
use heygen_tests::relay::RelayedTlsServer;
use tokio::net::TcpListener;

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

/// A connection that stalls is probed and closed, and neither retries nor later
/// calls are sent over it.
#[tokio::test]
async fn dead_connection_is_replaced() {
    let relayed = RelayedTlsServer::start_stalling().await;
    let client = relayed.builder().build().unwrap();
    get_avatar(&client).await.unwrap();
    let short = example_avatar(&client).timeout(Duration::from_secs(5));
    assert_eq!(short.await.unwrap_err().kind(), ErrorKind::Timeout);
    // The probe after 10 s and its timeout of 5 s have passed since the cut.
    tokio::time::sleep(Duration::from_secs(11)).await;
    let later = example_avatar(&client).timeout(Duration::from_secs(5));
    later.await.unwrap();
    let counts = relayed.server.counts();
    assert_eq!((counts.http2(), relayed.relay.connections()), (2, 2));
}

/// A call over a dead connection is retried over a new one.
#[tokio::test]
async fn retry_leaves_a_dead_connection() {
    let relayed = RelayedTlsServer::start_stalling().await;
    let client = relayed.builder().build().unwrap();
    get_avatar(&client).await.unwrap();
    let response = get_avatar(&client).await.unwrap();
    assert_eq!(response.attempts(), 2);
    assert_eq!(relayed.relay.connections(), 2);
}

/// The HTTP library would retry a refused request by itself, uncounted.
#[tokio::test]
async fn refused_stream_is_one_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut streams = 0;
        let (socket, _) = listener.accept().await.unwrap();
        let mut connection = h2::server::handshake(socket).await.unwrap();
        while let Some(Ok((_, mut respond))) = connection.accept().await {
            streams += 1;
            respond.send_reset(h2::Reason::REFUSED_STREAM);
        }
        streams
    });
    let client = http2(builder(url).max_retries(0)).build().unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    drop(client);
    assert_eq!(server.await.unwrap(), 1);
}
