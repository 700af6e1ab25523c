//! Idempotency keys: a creating call is executed once, however often it is
//! sent. The document has no such operation yet; `createVideo` of the fixture
//! API is one.

use std::time::{Duration, Instant};

use fixture_api::v9::types::VideoCreated;
use heygen::{Error, ErrorKind, Response};
use heygen_tests::client::{CallOptions, create_video, example_avatar, fixture};
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};

/// Creates a video with default retries.
async fn create(
    server: &ScriptedServer,
    options: CallOptions,
) -> Result<Response<VideoCreated>, Error> {
    let builder = server.builder().timeout(Duration::from_secs(5));
    create_video(&builder.build()?, options)
        .with_response()
        .await
}

fn keyed(key: &str) -> CallOptions {
    CallOptions::new().idempotency_key(key)
}

fn keys(requests: &[RecordedRequest]) -> Vec<&str> {
    requests
        .iter()
        .map(|request| request.header("idempotency-key").unwrap())
        .collect()
}

fn created() -> Reply {
    Reply::json(r#"{"data":{"video_id":"v1","status":"pending"}}"#)
}

fn in_progress(retry_after: &str) -> Reply {
    let body = r#"{"error":{"code":"request_in_progress","message":"in progress"}}"#;
    Reply::response(409, &[("retry-after", retry_after)], body)
}

#[tokio::test]
async fn retries_repeat_key_and_body_and_each_call_has_its_own() {
    let server = ScriptedServer::start([
        Reply::retry_after(503, "0"),
        Reply::silence().close(),
        created(),
    ])
    .await;
    let video = create(&server, CallOptions::default()).await.unwrap();
    assert_eq!((&*video.data().video_id, video.attempts()), ("v1", 3));
    create(&server, CallOptions::default()).await.unwrap();
    let requests = server.requests();
    let keys = keys(&requests);
    assert_eq!(keys.len(), 4);
    assert!(keys[0].len() >= 32, "{keys:?}");
    assert_eq!((keys[0], keys[0]), (keys[1], keys[2]));
    assert_ne!(keys[0], keys[3]);
    assert!(!requests[0].body.is_empty());
    assert_eq!(
        (&requests[0].body, &requests[0].body),
        (&requests[1].body, &requests[2].body)
    );
}

#[tokio::test]
async fn key_can_be_set_and_is_in_the_error() {
    let server = ScriptedServer::start([
        Reply::retry_after(500, "0"),
        Reply::retry_after(400, "0"),
        created(),
    ])
    .await;
    let error = create(&server, keyed("order-7")).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(400), 2));
    assert_eq!(error.idempotency_key(), Some("order-7"));
    assert_eq!(keys(&server.requests()), ["order-7", "order-7"]);

    let server = ScriptedServer::start([Reply::retry_after(400, "0")]).await;
    let error = create(&server, CallOptions::default()).await.unwrap_err();
    assert_eq!(error.idempotency_key(), Some(keys(&server.requests())[0]));

    let malformed = Reply::json(r#"{"data":{}}"#);
    let server = ScriptedServer::start([malformed]).await;
    let error = create(&server, keyed("order-8")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.idempotency_key(), Some("order-8"));
}

#[tokio::test]
async fn invalid_key_is_not_sent() {
    let server = ScriptedServer::start([created()]).await;
    for key in ["", "a b", "a/b", &"k".repeat(256)] {
        for options in [
            keyed(key),
            CallOptions::new().header("Idempotency-Key", key),
        ] {
            let error = create(&server, options).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{key:?}");
            assert_eq!(error.param(), Some("idempotency-key"));
            assert_eq!(error.operation(), Some("createVideo"));
        }
    }
    assert!(server.requests().is_empty());
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let request = example_avatar(&server.client());
    let error = request.idempotency_key("a b").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(server.requests().is_empty());
    // A call that reads sends no key.
    server.get_avatar().await.unwrap();
    assert_eq!(server.requests()[0].header("idempotency-key"), None);
}

#[tokio::test]
async fn request_in_progress_is_retried_until_done() {
    // More retries than other failures get.
    let replies = [
        Reply::retry_after(503, "0"),
        in_progress("0"),
        in_progress("0"),
        in_progress("0"),
        created(),
    ];
    let server = ScriptedServer::start(replies).await;
    let video = create(&server, CallOptions::default()).await.unwrap();
    assert_eq!((&*video.data().video_id, video.attempts()), ("v1", 5));
    let requests = server.requests();
    let keys = keys(&requests);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[tokio::test]
async fn request_in_progress_is_bounded_by_timeout_and_retries() {
    let server = ScriptedServer::start([in_progress("soon")]).await;
    // The first backoff ends after 0.25 to 0.5 s, the second not before 0.75 s:
    // the timeout never expires during an attempt.
    let options = keyed("k-1").timeout(Duration::from_millis(740));
    let start = Instant::now();
    let error = create(&server, options).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(error.code(), Some("request_in_progress"), "{error}");
    assert!(error.is_retryable(), "{error:?}");
    assert_eq!(error.attempts(), 2, "{error:?}");

    for (reply, retries) in [(in_progress("61"), 2), (in_progress("0"), 0)] {
        let server = ScriptedServer::start([reply]).await;
        let options = keyed("k-1").max_retries(retries);
        let error = create(&server, options).await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(409), 1));
    }
}

#[tokio::test]
async fn key_of_operation_without_idempotency_is_not_in_the_error() {
    let server = ScriptedServer::start([Reply::response(500, &[], "")]).await;
    let client = server.client();
    let request = fixture(&client, async |api| api.get_video("v1").await);
    let error = request.idempotency_key("k").await.unwrap_err();
    assert_eq!(error.idempotency_key(), None);
}
