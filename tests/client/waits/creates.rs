//! Creates that are waited for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::{Error, ErrorKind};
use heygen_tests::client::UNREACHABLE_URL;
use heygen_tests::scripted::Reply;

use super::*;

fn created() -> Reply {
    data(&json!({"video": {"id": "vid_1"}, "status": "waiting"}))
}

/// Creates and waits with these replies.
async fn run(replies: impl IntoIterator<Item = Reply>) -> (Vec<String>, Result<Video, Error>) {
    let (server, client) = server(replies).await;
    let result = create::<VideoCreated>(&client)
        .and_wait()
        .schedule(quick())
        .await;
    (lines(&server), result)
}

#[tokio::test]
async fn create_is_followed_by_reads_until_the_job_is_finished() {
    let replies = [
        created(),
        state("pending"),
        state("processing"),
        completed(),
    ];
    let (lines, result) = run(replies).await;
    assert_eq!(result.unwrap(), video());
    assert_eq!(lines[0], "POST /v3/videos");
    assert_eq!(lines[1..], ["GET /v3/videos/vid_1"; 3]);
}

#[tokio::test]
async fn request_of_the_create_keeps_its_options() {
    let (server, client) = server([Reply::response(503, &[], ""), created(), completed()]).await;
    let request = create::<VideoCreated>(&client)
        .idempotency_key("row-7")
        .max_retries(1);
    request.and_wait().await.unwrap();
    let requests = server.requests();
    for sent in &requests[..2] {
        assert_eq!(sent.header("idempotency-key"), Some("row-7"));
        assert_eq!(sent.body, br#"{"script":"Hello"}"#);
    }
    assert!(requests[2].header("idempotency-key").is_none());
}

#[tokio::test]
async fn job_may_be_unknown_after_its_create() {
    let replies = [created(), not_found(), not_found(), completed()];
    let (lines, result) = run(replies.clone()).await;
    assert_eq!(result.unwrap(), video());
    assert_eq!(lines.len(), 4);
    // Unless that is not wanted.
    let (_server, client) = server(replies).await;
    let request = create::<VideoCreated>(&client).and_wait();
    let error = request.expect_soon(Duration::ZERO).await.unwrap_err();
    assert!(
        error.is_not_found() && error.job_id() == Some("vid_1"),
        "{error}"
    );
}

#[tokio::test]
async fn failed_create_is_its_own_error() {
    let body = r#"{"error":{"code":"insufficient_credit","message":"no credit"}}"#;
    let (lines, result) = run([Reply::response(402, &[], body)]).await;
    let error = result.unwrap_err();
    assert!(error.is_insufficient_credit());
    assert_eq!((error.job_id(), lines.len()), (None, 1));
    assert!(
        error.to_string().starts_with("POST /v3/videos failed: "),
        "{error}"
    );
}

#[tokio::test]
async fn every_error_after_the_create_has_the_id() {
    let odd = json!({"id": 7, "status": "completed", "video_url": "x"});
    let failed = json!({"id": "vid_1", "status": "failed"});
    for (reply, kind) in [
        (Reply::response(403, &[], "no"), ErrorKind::Api),
        (Reply::json("<html>"), ErrorKind::Decode),
        (data(&odd), ErrorKind::Decode),
        (data(&failed), ErrorKind::Job),
        (Reply::silence(), ErrorKind::Timeout),
        (Reply::silence().close(), ErrorKind::Timeout),
        (Reply::response(503, &[], ""), ErrorKind::Timeout),
        (not_found(), ErrorKind::Timeout),
    ] {
        let (_server, client) = server([created(), reply]).await;
        let wait = create::<VideoCreated>(&client).and_wait().schedule(quick());
        let error = wait.deadline(Duration::from_millis(300)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.job_id(), Some("vid_1"), "{error}");
        assert!(error.to_string().starts_with("video vid_1"), "{error}");
        // The create succeeded.
        assert!(!error.outcome_unknown(), "{error}");
    }
}

#[tokio::test]
async fn server_that_is_gone_after_the_create_is_a_timeout_with_the_id() {
    let (server, client) = server([created().close()]).await;
    let wait = create::<VideoCreated>(&client).and_wait().schedule(quick());
    let server = Mutex::new(Some(server));
    let wait = wait
        .deadline(Duration::from_millis(400))
        .on_progress(move |_| drop(server.lock().unwrap().take()));
    let error = wait.await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(
        (error.job_id(), error.job_state()),
        (Some("vid_1"), Some("waiting"))
    );
}

#[tokio::test]
async fn create_without_an_id_is_a_decode_error_with_the_body() {
    for body in [
        r#"{"data":{"video":{"id":null},"status":"waiting"}}"#,
        r#"{"data":{}}"#,
        r#"{"data":null}"#,
        "[1]",
        "nothing",
    ] {
        let (lines, result) = run([Reply::json(body)]).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!((error.job_id(), lines.len()), (None, 1));
        assert!(error.outcome_unknown(), "{error}");
    }
}

/// Only the id is needed: what else is new in the response loses no job.
#[tokio::test]
async fn create_whose_response_does_not_fit_the_model_is_waited_for() {
    #[derive(Deserialize, Debug)]
    struct Strict {
        #[expect(dead_code, reason = "required")]
        count: u64,
    }
    impl Created for Strict {
        type Job = Video;
        type Output = Video;
        const JOB: &'static Job = &VIDEO;
        const ID: &'static str = "video.id";
    }
    let (_server, client) = server([created(), completed()]).await;
    let wait = create::<Strict>(&client).and_wait();
    assert_eq!(wait.await.unwrap(), video());
}

#[tokio::test]
async fn progress_begins_with_the_id() {
    let (_server, client) = server([created(), state("processing"), completed()]).await;
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let heard = Arc::clone(&seen);
    let wait = create::<VideoCreated>(&client).and_wait().schedule(quick());
    wait.on_progress(move |progress| heard.lock().unwrap().push(progress.to_string()))
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(
        *seen,
        [
            "video vid_1: waiting, after 0 s",
            "video vid_1: processing, after 0 s",
            "video vid_1: completed, after 0 s",
        ]
    );
}

#[tokio::test]
async fn invalid_option_is_refused_before_anything_is_created() {
    let client = heygen_tests::client::client(UNREACHABLE_URL);
    let wait = create::<VideoCreated>(&client).and_wait();
    let error = wait.deadline(Duration::ZERO).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidInput, 0)
    );
}

/// A translation to three languages, of which one fails and one is not found.
#[tokio::test]
async fn several_jobs_of_a_create_have_a_result_each() {
    let ids = json!({"ids": ["ok", "bad", "gone"]});
    let server = PlayedServer::start(move |line, number| {
        let job = |state: &str| json!({"id": "ok", "status": state, "video_url": "u"});
        match line {
            "POST /v3/videos" => (200, json!({"data": ids})),
            "GET /v3/videos/ok" if number > 6 => (200, json!({"data": job("completed")})),
            "GET /v3/videos/ok" => (200, json!({"data": job("processing")})),
            "GET /v3/videos/bad" => (200, json!({"data": job("failed")})),
            _ => (410, json!({"error": {"code": "gone", "message": "m"}})),
        }
    })
    .await;
    let client = server.builder().build().unwrap();
    let wait = create::<TranslationsCreated>(&client).and_wait();
    let finished = wait.schedule(quick()).await.unwrap();
    let ids: Vec<_> = finished.iter().map(|finished| &*finished.id).collect();
    assert_eq!(ids, ["ok", "bad", "gone"]);
    assert_eq!(finished[0].result.as_ref().unwrap().id, "ok");
    let errors = finished[1..]
        .iter()
        .map(|one| one.result.as_ref().unwrap_err());
    for (error, id) in errors.clone().zip(["bad", "gone"]) {
        assert_eq!(error.job_id(), Some(id));
    }
    let kinds: Vec<_> = errors.map(Error::kind).collect();
    assert_eq!(kinds, [ErrorKind::Job, ErrorKind::Api]);
    // They are read side by side: no job waits for another.
    let first: Vec<_> = server.lines().into_iter().take(4).collect();
    for id in ["ok", "bad", "gone"] {
        assert!(first.contains(&format!("GET /v3/videos/{id}")), "{first:?}");
    }
}

#[tokio::test]
async fn job_without_an_id_is_an_error_in_its_place() {
    let created = data(&json!({"ids": ["vid_1", null]}));
    let (_server, client) = server([created, completed()]).await;
    let wait = create::<TranslationsCreated>(&client).and_wait();
    let finished = wait.schedule(quick()).await.unwrap();
    assert_eq!(finished.len(), 2);
    assert_eq!(finished[0].result.as_ref().unwrap(), &video());
    let error = finished[1].result.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("no usable id"), "{error}");
}
