//! Everything that waits has a deadline, and says which one passed.

use std::time::{Duration, Instant};

use heygen::ErrorKind;

use crate::server::{Act, Server, ask};

const SOON: Duration = Duration::from_millis(200);

#[tokio::test]
async fn silence_ends_with_the_call() {
    let server = Server::start([Act::silence()]).await;
    let client = server.builder().timeout(SOON).build().unwrap();
    let start = Instant::now();
    let error = ask(&client).await.unwrap_err();
    assert!(start.elapsed() < 5 * SOON, "{:?}", start.elapsed());
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_timeout());
    assert_eq!((error.status(), error.attempts()), (None, 1));
    assert!(error.to_string().contains("0.2 s"), "{error}");
}

#[tokio::test]
async fn a_call_may_have_its_own_time() {
    let server = Server::start([Act::avatar().after(2 * SOON)]).await;
    let client = server.client();
    let error = client
        .v2()
        .avatars()
        .details("a1")
        .timeout(SOON)
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert!(
        client
            .v2()
            .avatars()
            .details("a1")
            .timeout(20 * SOON)
            .await
            .is_ok()
    );
    let short = server.builder().timeout(SOON / 2).build().unwrap();
    assert!(
        short
            .v2()
            .avatars()
            .details("a1")
            .timeout(Duration::MAX)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_attempt_without_a_byte_is_given_up_and_repeated() {
    let server = Server::start([Act::silence(), Act::avatar()]).await;
    let client = server
        .builder()
        .idle_timeout(SOON)
        .max_retries(1)
        .build()
        .unwrap();
    let answer = ask(&client).await.unwrap();
    assert_eq!(answer.attempts(), 2);

    let server = Server::start([Act::silence()]).await;
    let client = server
        .builder()
        .idle_timeout(SOON)
        .max_retries(0)
        .build()
        .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("no byte"), "{error}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_body_that_stops_is_idle_with_the_status() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"error\":null";
    let server = Server::start([Act::bytes(half)]).await;
    let client = server
        .builder()
        .idle_timeout(SOON)
        .max_retries(0)
        .build()
        .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Timeout, Some(200)),
        "{error}"
    );
}

#[tokio::test]
async fn a_slow_body_is_not_idle_but_has_an_end() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 22\r\n\r\n{\"data\":{\"id\":\"slow\"}}";
    let server = Server::start([Act::bytes(whole).trickle(SOON / 20)]).await;
    let client = server.builder().idle_timeout(4 * SOON).build().unwrap();
    assert_eq!(ask(&client).await.unwrap().id, "slow");

    let endless = "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n".to_owned() + &" ".repeat(500);
    let server = Server::start([Act::bytes(endless).trickle(SOON / 100)]).await;
    let client = server
        .builder()
        .timeout(3 * SOON)
        .max_retries(5)
        .build()
        .unwrap();
    let start = Instant::now();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Timeout, 1),
        "{error}"
    );
    assert!(start.elapsed() < 10 * SOON);
}

#[tokio::test]
async fn dropping_the_call_closes_the_connection() {
    let server = Server::start([Act::silence(), Act::avatar()]).await;
    let client = server.client();
    let call = client.v2().avatars().details("a1").into_future();
    assert!(tokio::time::timeout(SOON, call).await.is_err());
    assert_eq!(server.seen().len(), 1);
    for _ in 0..50 {
        tokio::time::sleep(SOON / 10).await;
        if server.closed() == 1 {
            break;
        }
    }
    assert_eq!((server.connections(), server.closed()), (1, 1));
    assert!(ask(&client).await.is_ok());
    assert_eq!(server.connections(), 2);
}
