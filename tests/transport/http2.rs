//! HTTP/2: many calls on one connection, answered in any order.

use std::time::Duration;

use heygen::Client;

use crate::echo::Echo;

/// The first to ask are the last to be answered.
fn backwards(number: usize) -> Duration {
    Duration::from_millis(5 * (40 - number.min(40) as u64))
}

pub(crate) fn client(server: &Echo) -> Client {
    let builder = heygen::raw::http(
        server.builder(),
        reqwest::ClientBuilder::http2_prior_knowledge,
    );
    builder.build().unwrap()
}

#[tokio::test]
async fn answers_out_of_order_reach_their_calls() {
    let server = Echo::start(backwards).await;
    let client = client(&server);
    // The connection is there before the crowd comes.
    client.v2().avatars().details("first").await.unwrap();
    let calls: Vec<_> = (0..40)
        .map(|number| {
            let request = client.v2().avatars().details(format!("a{number}"));
            tokio::spawn(async move { (number, request.await.unwrap().id) })
        })
        .collect();
    for call in calls {
        let (number, id) = call.await.unwrap();
        assert_eq!(id, format!("a{number}"));
    }
    assert_eq!((server.over_http2(), server.connections()), (41, 1));
}

#[tokio::test]
async fn a_call_that_is_dropped_takes_no_other_along() {
    let server =
        Echo::start(|number| Duration::from_millis(if number == 0 { 0 } else { 200 })).await;
    let client = client(&server);
    client.v2().avatars().details("first").await.unwrap();
    let other = tokio::spawn(client.v2().avatars().details("other").into_future());
    let dropped = client.v2().avatars().details("dropped").into_future();
    let soon = Duration::from_millis(50);
    assert!(tokio::time::timeout(soon, dropped).await.is_err());
    assert_eq!(other.await.unwrap().unwrap().id, "other");
    assert_eq!(server.connections(), 1);
}
