//! What a wait reports: to a function, and as a stream of states.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_core::Stream;
use heygen::JobProgress;
use heygen_tests::scripted::Reply;

use super::*;

fn progress(state: &str, percent: u32) -> Reply {
    data(&json!({"id": "vid_1", "status": state, "progress": percent, "video_url": "u"}))
}

#[tokio::test]
async fn function_is_called_after_each_read() {
    let replies = [
        progress("pending", 0),
        Reply::response(502, &[], "Bad gateway"),
        progress("pending", 0),
        progress("processing", 45),
        progress("completed", 100),
    ];
    let (_server, client) = server(replies).await;
    let seen = Arc::<Mutex<Vec<JobProgress>>>::default();
    let heard = Arc::clone(&seen);
    let wait = wait::<Video>(&client, &VIDEO, "vid_1");
    wait.on_progress(move |progress| heard.lock().unwrap().push(progress.clone()))
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    let facts: Vec<_> = seen
        .iter()
        .map(|seen| (seen.state(), seen.percent(), seen.is_final()))
        .collect();
    assert_eq!(
        facts,
        [
            (Some("pending"), Some(0), false),
            (Some("pending"), Some(0), false),
            (Some("pending"), Some(0), false),
            (Some("processing"), Some(45), false),
            (Some("completed"), Some(100), true),
        ]
    );
    let errors: Vec<_> = seen.iter().map(|seen| seen.error().is_some()).collect();
    assert_eq!(errors, [false, true, false, false, false]);
    assert_eq!(seen[1].error().unwrap().status(), Some(502));
    assert!(
        seen[1]
            .to_string()
            .contains("a read failed: GET /v3/videos/vid_1"),
        "{}",
        seen[1]
    );
    assert_eq!(
        seen[3].to_string(),
        "video vid_1: processing, 45 %, after 0 s"
    );
    assert!(
        seen.iter()
            .all(|seen| (seen.job(), seen.id()) == ("video", "vid_1"))
    );
    assert!(seen.is_sorted_by_key(JobProgress::elapsed));
}

#[tokio::test]
async fn stream_has_changes_only_and_ends_with_the_final_one() {
    let replies = [
        progress("pending", 0),
        progress("pending", 0),
        Reply::response(503, &[], ""),
        progress("processing", 0),
        progress("processing", 50),
        progress("processing", 50),
        progress("completed", 100),
    ];
    let (server, client) = server(replies).await;
    let mut states = wait::<Video>(&client, &VIDEO, "vid_1").states();
    let mut seen = Vec::new();
    assert!(states.output().is_none());
    while let Some(state) = states.next().await {
        seen.push(state.unwrap());
    }
    let facts: Vec<_> = seen
        .iter()
        .map(|seen| (seen.state().unwrap(), seen.percent()))
        .collect();
    assert_eq!(
        facts,
        [
            ("pending", Some(0)),
            ("processing", Some(0)),
            ("processing", Some(50)),
            ("completed", Some(100)),
        ]
    );
    let last = seen.iter().map(JobProgress::is_final);
    assert_eq!(last.collect::<Vec<_>>(), [false, false, false, true]);
    assert_eq!(states.output().unwrap().id, "vid_1");
    assert!(states.output().is_none() && states.next().await.is_none());
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn stream_of_a_failed_job_ends_with_its_error() {
    let replies = [state("pending"), state("failed")];
    let (_server, client) = server(replies).await;
    let mut states = wait::<Video>(&client, &VIDEO, "vid_1").states();
    assert_eq!(
        states.next().await.unwrap().unwrap().state(),
        Some("pending")
    );
    let error = states.next().await.unwrap().unwrap_err();
    assert!(
        error.is_job_failed() && error.job_state() == Some("failed"),
        "{error}"
    );
    assert!(states.next().await.is_none() && states.output().is_none());
}

#[tokio::test]
async fn stream_reads_when_it_is_polled_and_reports_to_the_function_too() {
    let (server, client) = server([state("pending"), completed()]).await;
    let calls = Arc::<Mutex<usize>>::default();
    let counted = Arc::clone(&calls);
    let wait = wait::<Video>(&client, &VIDEO, "vid_1");
    let mut states = wait
        .on_progress(move |_| *counted.lock().unwrap() += 1)
        .states();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(server.requests().is_empty());
    let mut count = 0;
    while let Some(state) =
        std::future::poll_fn(|context| std::pin::Pin::new(&mut states).poll_next(context)).await
    {
        state.unwrap();
        count += 1;
    }
    assert_eq!((count, *calls.lock().unwrap()), (2, 2));
}

/// The states of a session and then those of its video.
#[tokio::test]
async fn stream_goes_on_with_the_job_that_follows() {
    let session = json!({"session_id": "ses_1", "status": "generating", "video_id": "vid_1"});
    let replies = [data(&session), state("processing"), completed()];
    let (_server, client) = server(replies).await;
    let wait = wait::<Outcome<Video, Session>>(&client, &SESSION, "ses_1");
    let mut states = wait.states();
    let mut seen = Vec::new();
    while let Some(state) = states.next().await {
        let state = state.unwrap();
        seen.push(format!(
            "{} {} {}",
            state.job(),
            state.id(),
            state.state().unwrap()
        ));
    }
    let expected = [
        "agent session ses_1 generating",
        "video vid_1 processing",
        "video vid_1 completed",
    ];
    assert_eq!(seen, expected);
    assert!(matches!(states.output(), Some(Outcome::Finished(_))));
}
