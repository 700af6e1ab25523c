//! Waits that end with an error, which always holds the id.

use std::time::{Duration, Instant};

use heygen::{Error, ErrorKind};
use heygen_tests::scripted::Reply;

use super::*;

/// The error of a wait that gets these replies.
async fn error_of(replies: impl IntoIterator<Item = Reply>) -> Error {
    let (_server, client) = server(replies).await;
    let error = wait::<Video>(&client, &VIDEO, "vid_1").await.unwrap_err();
    assert_eq!(error.job_id(), Some("vid_1"), "{error}");
    assert!(error.to_string().starts_with("video vid_1"), "{error}");
    error
}

#[tokio::test]
async fn failed_job_has_code_and_message_of_the_vendor() {
    let failed = json!({
        "id": "vid_1", "status": "failed", "failure_code": "avatar_not_found",
        "failure": {"message": "The avatar could not be found."},
    });
    let error = error_of([state("processing"), data(&failed)]).await;
    assert_eq!(error.kind(), ErrorKind::Job);
    assert!(error.is_job_failed() && !error.is_retryable() && !error.is_timeout());
    assert!(!error.is_not_found() && !error.outcome_unknown());
    assert_eq!(error.code(), Some("avatar_not_found"));
    assert_eq!(error.message(), "The avatar could not be found.");
    assert_eq!(error.job_state(), Some("failed"));
    assert_eq!(error.operation(), Some("getVideo"));
    assert_eq!(
        error.to_string(),
        "video vid_1 failed: The avatar could not be found (code avatar_not_found, state failed)"
    );
    let body: Value = serde_json::from_slice(error.body()).unwrap();
    assert_eq!(body["data"], failed);
}

/// As videos of agents do: four fields and no reason.
#[tokio::test]
async fn failed_job_without_a_reason_says_so() {
    let failed = json!({"id": "vid_1", "status": "failed", "title": "t", "created_at": 1});
    let error = error_of([data(&failed)]).await;
    assert!(error.is_job_failed());
    assert_eq!((error.code(), error.message()), (None, "no reason given"));
    assert!(
        error
            .to_string()
            .starts_with("video vid_1 failed: no reason given"),
        "{error}"
    );
    let failed = json!({"id": "vid_1", "status": "failed", "failure_code": 40119});
    let error = error_of([data(&failed)]).await;
    assert_eq!(
        (error.code(), error.message()),
        (Some("40119"), "no reason given")
    );
}

#[tokio::test]
async fn cancelled_and_deleted_jobs_are_failed_and_say_how() {
    for (word, text) in [
        ("cancelled", "video vid_1 was cancelled: no reason given"),
        ("deleted", "video vid_1 was deleted: no reason given"),
    ] {
        let error = error_of([state("pending"), state(word)]).await;
        assert!(error.is_job_failed());
        assert_eq!(error.job_state(), Some(word));
        assert!(error.to_string().starts_with(text), "{error}");
    }
}

#[tokio::test]
async fn links_in_a_reason_have_no_query() {
    let message = "Failed to download https://files.example/a.mp4?Signature=hush.";
    let failed = json!({"status": "failed", "failure": {"message": message}});
    let error = error_of([data(&failed)]).await;
    let shown = format!("{error} {error:?} {}", error.message());
    assert!(
        shown.contains("https://files.example/a.mp4?") && !shown.contains("hush"),
        "{shown}"
    );
}

#[tokio::test]
async fn key_in_a_reason_or_an_id_is_redacted() {
    let key = heygen_tests::client::API_KEY;
    let failed = json!({"status": "failed", "failure_code": key, "failure": {"message": key}});
    let (_server, client) = server([data(&failed)]).await;
    let error = wait::<Video>(&client, &VIDEO, key).await.unwrap_err();
    assert!(error.is_job_failed());
    let shown = format!("{error} {error:?} {:?} {:?}", error.job_id(), error.code());
    assert!(!shown.contains(key), "{shown}");
}

#[tokio::test]
async fn job_that_is_not_found_ends_the_wait() {
    for before in [vec![], vec![state("processing")]] {
        let replies = before.iter().cloned().chain([not_found()]);
        let (server, client) = server(replies).await;
        let error = wait::<Video>(&client, &VIDEO, "vid_1").await.unwrap_err();
        assert!(error.is_not_found() && !error.is_job_failed(), "{error}");
        assert_eq!(error.job_id(), Some("vid_1"));
        assert_eq!(server.requests().len(), before.len() + 1);
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(server.requests().len(), before.len() + 1);
    }
}

#[tokio::test]
async fn job_that_is_expected_soon_may_not_be_found_until_then() {
    let (server, client) = server([not_found(), not_found(), completed()]).await;
    let soon = Duration::from_secs(20);
    let expected = wait::<Video>(&client, &VIDEO, "vid_1").expect_soon(soon);
    assert_eq!(expected.await.unwrap(), video());
    assert_eq!(server.requests().len(), 3);

    let (server, client) = super::server([not_found()]).await;
    let soon = Duration::from_millis(200);
    let started = Instant::now();
    let expected = wait::<Video>(&client, &VIDEO, "vid_1").expect_soon(soon);
    let error = expected.await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(started.elapsed() >= soon && started.elapsed() < 10 * soon);
    assert!(server.requests().len() > 2);
}

#[tokio::test]
async fn permanent_errors_end_the_wait() {
    for (reply, kind, status) in [
        (Reply::response(400, &[], "no"), ErrorKind::Api, Some(400)),
        (Reply::response(401, &[], "no"), ErrorKind::Api, Some(401)),
        (Reply::response(403, &[], "no"), ErrorKind::Api, Some(403)),
        (Reply::response(410, &[], "no"), ErrorKind::Api, Some(410)),
        (Reply::response(501, &[], "no"), ErrorKind::Api, Some(501)),
        // An error in the envelope of a success.
        (
            Reply::json(r#"{"data":{"status":"processing"},"error":{"code":"x","message":"no"}}"#),
            ErrorKind::Api,
            Some(200),
        ),
        // The quota of a day is not renewed soon.
        (
            Reply::response(
                429,
                &[],
                r#"{"error":{"code":"quota_exceeded","message":"no"}}"#,
            ),
            ErrorKind::Api,
            Some(429),
        ),
        (Reply::json("<html></html>"), ErrorKind::Decode, Some(200)),
        (Reply::json("7"), ErrorKind::Decode, Some(200)),
        (
            Reply::json(r#"{"data":null}"#),
            ErrorKind::Decode,
            Some(200),
        ),
        (
            Reply::json(r#"{"data":[{"status":"completed"}]}"#),
            ErrorKind::Decode,
            Some(200),
        ),
    ] {
        let error = error_of([state("processing"), reply, completed()]).await;
        assert_eq!((error.kind(), error.status()), (kind, status), "{error}");
        assert_eq!(error.job_state(), Some("processing"), "{error}");
        assert!(
            error.to_string().contains("GET /v3/videos/vid_1 failed: "),
            "{error}"
        );
        assert!(!error.body().is_empty());
    }
}

#[tokio::test]
async fn result_that_does_not_fit_the_model_has_the_id() {
    let odd = json!({"id": "vid_1", "status": "completed", "video_url": ["x"]});
    let error = error_of([data(&odd)]).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.field(), Some("data.video_url"));
    assert!(!error.body().is_empty());
}
