//! A call that creates something is done once, however often it is sent: held
//! on a made-up API whose `createVideo` reads an `Idempotency-Key`.

use std::time::{Duration, Instant};

use fixture_api::hooks::Inner;
use fixture_api::v9::{Client, types};
use heygen_transport::{CallOptions, Error, ErrorKind, TransportBuilder};

use crate::server::{Act, KEY, Seen, Server};

/// Asks the made-up API for a video.
async fn create(server: &Server, options: CallOptions) -> Result<(String, u32), Error> {
    let transport = TransportBuilder::new()
        .api_key(KEY)
        .base_url(server.url())
        .timeout(Duration::from_secs(5))
        .build()?;
    let avatar = types::CreateFromAvatar::builder()
        .avatar_id("a1")
        .script("Hello");
    let request = types::CreateVideoRequest::Avatar(avatar.try_into().unwrap());
    let answer = Client::new(Inner::new(transport, options))
        .create_video()
        .body(request)
        .send()
        .await?
        .open()?;
    let attempts = answer.attempts();
    Ok((answer.into_inner().video_id, attempts))
}

fn keyed(key: &str) -> CallOptions {
    let mut options = CallOptions::default();
    options.set_idempotency_key(key).unwrap();
    options
}

fn keys(seen: &[Seen]) -> Vec<&str> {
    let key = |seen: &'_ Seen| seen.header("idempotency-key").map(str::len);
    assert!(seen.iter().all(|seen| key(seen).is_some()), "{seen:?}");
    seen.iter()
        .filter_map(|seen| seen.header("idempotency-key"))
        .collect()
}

fn created() -> Act {
    Act::json(r#"{"data":{"video_id":"v1","status":"pending"}}"#)
}

fn busy(status: u16) -> Act {
    Act::answer(status, &[("retry-after", "0")], "")
}

fn in_progress(retry_after: &str) -> Act {
    let body = r#"{"error":{"code":"request_in_progress","message":"still at it"}}"#;
    Act::answer(409, &[("retry-after", retry_after)], body)
}

#[tokio::test]
async fn every_attempt_has_the_same_key_and_body_and_every_call_its_own() {
    let server = Server::start([busy(503), Act::silence().close(), created()]).await;
    assert_eq!(
        create(&server, CallOptions::default()).await.unwrap(),
        ("v1".to_owned(), 3)
    );
    create(&server, CallOptions::default()).await.unwrap();
    let seen = server.seen();
    let keys = keys(&seen);
    assert_eq!(keys.len(), 4);
    assert!(keys[0].len() >= 32, "{keys:?}");
    assert_eq!((keys[0], keys[0]), (keys[1], keys[2]));
    assert_ne!(keys[0], keys[3]);
    assert!(!seen[0].body.is_empty());
    assert_eq!(
        (&seen[0].body, &seen[0].body),
        (&seen[1].body, &seen[2].body)
    );
}

#[tokio::test]
async fn the_caller_may_set_it_and_learns_it_from_an_error() {
    let server = Server::start([busy(500), busy(400), created()]).await;
    let error = create(&server, keyed("order-7")).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(400), 2));
    assert_eq!(error.idempotency_key(), Some("order-7"));
    assert_eq!(keys(&server.seen()), ["order-7", "order-7"]);

    let server = Server::start([busy(400)]).await;
    let error = create(&server, CallOptions::default()).await.unwrap_err();
    assert_eq!(error.idempotency_key(), Some(keys(&server.seen())[0]));

    let broken = Act::json(r#"{"data":{}}"#);
    let server = Server::start([broken]).await;
    let error = create(&server, keyed("order-8")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.idempotency_key(), Some("order-8"));
}

#[tokio::test]
async fn a_key_that_the_vendor_would_refuse_is_not_sent() {
    let mut options = CallOptions::default();
    for key in ["", "a b", "a/b", &"k".repeat(256)] {
        for error in [
            options.set_idempotency_key(key).unwrap_err(),
            options.set_header("Idempotency-Key", key).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{key:?}");
            assert_eq!(error.param(), Some("idempotency-key"));
        }
    }
    let server = Server::start([Act::avatar()]).await;
    let request = server.client().v2().avatars().details("a1");
    let error = request.idempotency_key("a b").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(server.seen().is_empty());
    // A call that reads has no use for a key and is sent none.
    server.ask().await.unwrap();
    assert_eq!(server.seen()[0].header("idempotency-key"), None);
}

#[tokio::test]
async fn a_request_in_progress_is_waited_for() {
    // More questions than the call has retries.
    let acts = [
        busy(503),
        in_progress("0"),
        in_progress("0"),
        in_progress("0"),
        created(),
    ];
    let server = Server::start(acts).await;
    let (id, attempts) = create(&server, CallOptions::default()).await.unwrap();
    assert_eq!((id.as_str(), attempts), ("v1", 5));
    let seen = server.seen();
    let keys = keys(&seen);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[tokio::test]
async fn a_request_that_stays_in_progress_ends_with_the_time() {
    let server = Server::start([in_progress("soon")]).await;
    let mut options = keyed("k-1");
    // The first wait ends after 0.25 to 0.5 s, the second not before 0.75 s: so
    // that the time never ends while the server is being asked.
    options.timeout = Some(Duration::from_millis(740));
    let start = Instant::now();
    let error = create(&server, options).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(error.code(), Some("request_in_progress"), "{error}");
    assert!(error.is_retryable(), "{error:?}");
    assert_eq!(error.attempts(), 2, "{error:?}");

    for (act, retries) in [(in_progress("61"), 2), (in_progress("0"), 0)] {
        let server = Server::start([act]).await;
        let mut options = keyed("k-1");
        options.max_retries = Some(retries);
        let error = create(&server, options).await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(409), 1));
    }
}
