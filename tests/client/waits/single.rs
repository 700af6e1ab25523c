//! One job that is waited for by its id.

use std::time::{Duration, Instant};

use heygen::wait::PollSchedule;
use heygen::{ErrorKind, Wait};
use heygen_tests::client::API_KEY;
use heygen_tests::scripted::Reply;
use serde_json::Value;

use super::*;

#[tokio::test]
async fn job_is_read_until_it_is_finished() {
    let replies = [
        state("pending"),
        state("a new word"),
        state("processing"),
        completed(),
    ];
    let (server, client) = server(replies).await;
    let finished = wait::<Video>(&client, &VIDEO, "vid_1").await.unwrap();
    assert_eq!(finished, video());
    assert_eq!(lines(&server), ["GET /v3/videos/vid_1"; 4]);
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|sent| sent.header("x-api-key") == Some(API_KEY))
    );
}

#[tokio::test]
async fn finished_job_is_read_once() {
    let (server, client) = server([completed()]).await;
    let slow = Duration::from_secs(3600);
    let wait = Wait::<Value>::new(core(&client), &VIDEO, "vid_1");
    let video = wait.schedule(PollSchedule::new(slow)).await.unwrap();
    assert_eq!(video["status"], "completed");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn state_words_are_compared_without_case() {
    let (_server, client) = server([
        state("PROCESSING"),
        data(&json!({
            "id": "vid_1", "status": "Completed", "video_url": "https://files.example/a",
        })),
    ])
    .await;
    assert_eq!(
        wait::<Video>(&client, &VIDEO, "vid_1").await.unwrap(),
        video()
    );
}

#[tokio::test]
async fn transient_errors_are_repeated() {
    let page = "<html><body>Bad gateway</body></html>";
    let replies = [
        Reply::response(502, &[], page),
        Reply::response(503, &[], ""),
        Reply::response(524, &[], ""),
        Reply::response(
            429,
            &[],
            r#"{"error":{"code":"rate_limit_exceeded","message":"m"}}"#,
        ),
        Reply::silence().close(),
        Reply::bytes("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"data\":").close(),
        completed(),
    ];
    let (server, client) = server(replies.clone()).await;
    assert_eq!(
        wait::<Video>(&client, &VIDEO, "vid_1").await.unwrap(),
        video()
    );
    // The wait repeats its reads, so their calls are not retried.
    assert_eq!(server.requests().len(), replies.len());
}

#[tokio::test]
async fn first_read_may_fail() {
    // Nobody listens at first.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let client = heygen_tests::client::client(format!("http://127.0.0.1:{port}"));
    let waiting = tokio::spawn(wait::<Video>(&client, &VIDEO, "vid_1"));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    waiting.abort();
}

#[tokio::test]
async fn retry_after_is_the_least_interval() {
    for reply in [
        Reply::retry_after(503, "1"),
        Reply::retry_after(429, "1"),
        Reply::response(
            200,
            &[("retry-after", "1")],
            r#"{"data":{"status":"pending"}}"#,
        ),
    ] {
        let (server, client) = server([reply, completed()]).await;
        let started = Instant::now();
        wait::<Video>(&client, &VIDEO, "vid_1").await.unwrap();
        assert!(started.elapsed() >= Duration::from_secs(1));
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn wait_ends_at_once_if_the_server_asks_for_more_time_than_is_left() {
    let (server, client) = server([Reply::retry_after(503, "3600"), completed()]).await;
    let started = Instant::now();
    let error = wait::<Video>(&client, &VIDEO, "vid_1").await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(
        error.is_timeout() && error.to_string().contains("3600 s"),
        "{error}"
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(error.job_id(), Some("vid_1"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn deadline_has_id_state_and_last_body() {
    let pending = json!({"id": "vid_1", "status": "processing", "note": "x"});
    let (server, client) = server([data(&pending)]).await;
    let deadline = Duration::from_millis(300);
    let started = Instant::now();
    let error = wait::<Video>(&client, &VIDEO, "vid_1")
        .deadline(deadline)
        .await
        .unwrap_err();
    assert!(started.elapsed() >= deadline && started.elapsed() < 10 * deadline);
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_timeout() && !error.is_job_failed());
    assert_eq!(error.job_id(), Some("vid_1"));
    assert_eq!(error.job_state(), Some("processing"));
    let body: Value = serde_json::from_slice(error.body()).unwrap();
    assert_eq!(body["data"], pending);
    assert_eq!(
        error.to_string(),
        "video vid_1: not finished within 0.3 s (state processing). \
         It may still finish: wait for this id again to continue"
    );
    // A later wait continues.
    drop(server);
    let (_server, client) = super::server([completed()]).await;
    let id = error.job_id().unwrap();
    assert_eq!(wait::<Video>(&client, &VIDEO, id).await.unwrap(), video());
}

/// The schedule alone would not read again before the deadline.
#[tokio::test]
async fn state_is_read_shortly_before_the_deadline() {
    let (server, client) = server([state("processing"), completed()]).await;
    let wait = Wait::<Video>::new(core(&client), &VIDEO, "vid_1");
    let wait = wait.schedule(PollSchedule::new(Duration::from_secs(3600)));
    assert_eq!(
        wait.deadline(Duration::from_millis(400)).await.unwrap(),
        video()
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn read_without_response_is_bounded_by_the_deadline() {
    let (_server, client) = server([Reply::silence()]).await;
    let started = Instant::now();
    let wait = wait::<Video>(&client, &VIDEO, "vid_1");
    let error = wait.deadline(Duration::from_millis(200)).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(error.is_timeout(), "{error}");
    assert_eq!((error.job_id(), error.job_state()), (Some("vid_1"), None));
}

#[tokio::test]
async fn timeout_names_the_error_of_the_last_read() {
    let (_server, client) =
        server([state("pending"), Reply::response(503, &[], "maintenance")]).await;
    let wait = wait::<Video>(&client, &VIDEO, "vid_1");
    let error = wait.deadline(Duration::from_millis(200)).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the last read failed: maintenance"),
        "{error}"
    );
    assert_eq!(error.job_state(), Some("pending"));
}

#[tokio::test]
async fn invalid_id_or_deadline_is_refused_before_anything_is_sent() {
    let (server, client) = server([completed()]).await;
    for id in ["", "..", "vid_1\n"] {
        let error = wait::<Video>(&client, &VIDEO, id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.param(), Some("video_id"));
    }
    let never = wait::<Video>(&client, &VIDEO, "vid_1").deadline(Duration::ZERO);
    assert_eq!(never.await.unwrap_err().param(), Some("deadline"));
    assert!(server.requests().is_empty());
    // Others are encoded, and can name no other endpoint.
    wait::<Video>(&client, &VIDEO, "a/../b?c,d").await.unwrap();
    assert_eq!(lines(&server), ["GET /v3/videos/a%2F..%2Fb%3Fc%2Cd"]);
}

#[tokio::test]
async fn longest_durations_do_not_overflow() {
    let (_server, client) = server([state("pending"), completed()]).await;
    let wait = Wait::<Video>::new(core(&client), &VIDEO, "vid_1")
        .deadline(Duration::MAX)
        .expect_soon(Duration::MAX)
        .schedule(quick().max(Duration::MAX));
    assert_eq!(wait.await.unwrap(), video());
}

#[tokio::test]
async fn waits_are_futures_that_can_be_sent_and_joined() {
    fn assert_send<T: Send + Unpin + 'static>(value: T) -> T {
        value
    }
    let (_server, client) = server([completed()]).await;
    let wait = || assert_send(wait::<Video>(&client, &VIDEO, "vid_1"));
    drop(assert_send(wait().states()));
    drop(assert_send(create::<VideoCreated>(&client).and_wait()));
    let mut joined = tokio::task::JoinSet::new();
    for _ in 0..3 {
        joined.spawn(wait());
    }
    for finished in joined.join_all().await {
        assert_eq!(finished.unwrap(), video());
    }
    let debug = format!("{:?}", wait());
    assert!(
        debug.contains("video") && !debug.contains(API_KEY),
        "{debug}"
    );
}

#[tokio::test]
async fn dropped_wait_reads_no_more() {
    let (server, client) = server([state("pending")]).await;
    let wait = wait::<Video>(&client, &VIDEO, "vid_1");
    let ended = tokio::time::timeout(Duration::from_millis(100), wait).await;
    assert!(ended.is_err());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = server.requests().len();
    assert!(before > 1);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.requests().len(), before);
}
