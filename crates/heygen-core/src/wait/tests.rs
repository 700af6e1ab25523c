//! The times of a wait, on a paused clock: it advances when nothing else is left
//! to do, which includes the server, as it runs in the same thread.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::{Created, Job, Started, Wait, join_all};
use crate::client::{Client, ClientBuilder};
use crate::error::Error;
use crate::operation::Operation;

static CREATE: Operation = Operation::new("create", "POST", "/v3/videos").timeout_secs(9000);
static GET: Operation = Operation::new("get", "GET", "/v3/videos/{id}").timeout_secs(9000);
static VIDEO: Job = Job::new("video", &GET)
    .state("status")
    .success(&["completed"])
    .failure(&["failed"])
    .result(&["video_url", "audio_url"])
    .deadline_secs(1800);
static AGENT: Job = Job::new("session", &GET)
    .state("status")
    .success(&["completed"])
    .then(&VIDEO, "video_id");

#[derive(Deserialize)]
struct Made {}

impl Created for Made {
    type Job = Value;
    type Output = Value;
    const JOB: &'static Job = &VIDEO;
    const ID: &'static str = "id";
}

/// When the server was sent requests, in seconds.
type Times = Arc<Mutex<Vec<f64>>>;

/// A server that responds with the n-th of these, or the last, and a client.
async fn serve(replies: Vec<(u16, Value)>) -> (Client, Times) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let times = Times::default();
    let recorded = Arc::clone(&times);
    let started = Instant::now();
    tokio::spawn(async move {
        let mut number = 0;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            // Each of the requests is smaller than the buffer.
            while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                recorded
                    .lock()
                    .unwrap()
                    .push(started.elapsed().as_secs_f64());
                let (status, data) = &replies[number.min(replies.len() - 1)];
                number += 1;
                let body = json!({ "data": data }).to_string();
                let length = body.len();
                let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n\r\n");
                stream.write_all((head + &body).as_bytes()).await.unwrap();
            }
        }
    });
    let builder = ClientBuilder::<Client>::new()
        .api_key("sk_secret")
        .base_url(url);
    (builder.build().unwrap(), times)
}

fn video(state: &str) -> (u16, Value) {
    (200, json!({"id": "v", "status": state}))
}

fn finished() -> (u16, Value) {
    (
        200,
        json!({"id": "v", "status": "completed", "video_url": "u"}),
    )
}

const UNKNOWN: (u16, Value) = (404, Value::Null);

fn wait(client: &Client) -> Wait<Value> {
    Wait::new(client, &VIDEO, "v")
}

async fn create_and_wait(client: &Client) -> Result<Value, Error> {
    client
        .operation(&CREATE, &[], &[])
        .typed::<Made>()
        .and_wait()
        .await
}

/// The intervals between the requests, in seconds.
fn intervals(times: &Times) -> Vec<f64> {
    let times = times.lock().unwrap();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[tokio::test(start_paused = true)]
async fn reads_are_made_at_once_and_then_from_2_to_30_seconds_apart() {
    let replies = std::iter::repeat_n(video("processing"), 20).chain([finished()]);
    let (client, times) = serve(replies.collect()).await;
    wait(&client).await.unwrap();
    let intervals = intervals(&times);
    assert!(times.lock().unwrap()[0] < 1.0, "{intervals:?}");
    let bounds = [2.0, 3.0, 4.5, 6.75, 10.125, 15.1875, 22.78125, 30.0, 30.0];
    for (interval, bound) in intervals.iter().zip(bounds) {
        assert!(
            (bound * 0.74..bound + 0.1).contains(interval),
            "{intervals:?}"
        );
    }
    assert!(
        intervals.iter().all(|interval| *interval < 30.1),
        "{intervals:?}"
    );
}

/// A video whose state never changes was once polled for days.
#[tokio::test(start_paused = true)]
async fn wait_ends_with_the_deadline_of_its_kind() {
    let (client, times) = serve(vec![video("processing")]).await;
    let started = Instant::now();
    let error = wait(&client).await.unwrap_err();
    assert!(
        error.is_timeout() && error.job_state() == Some("processing"),
        "{error}"
    );
    let elapsed = started.elapsed().as_secs_f64();
    assert!((1800.0..1801.0).contains(&elapsed), "{elapsed}");
    let times = times.lock().unwrap();
    assert!((60..100).contains(&times.len()), "{}", times.len());
    // The last read is shortly before the end.
    let last = times[times.len() - 1];
    assert!((1790.0..1800.0).contains(&last), "{last}");
}

#[tokio::test(start_paused = true)]
async fn created_job_may_be_unknown_for_a_minute() {
    let replies = std::iter::repeat_n(UNKNOWN, 6).chain([finished()]);
    let replies = [video("waiting")].into_iter().chain(replies);
    let (client, times) = serve(replies.collect()).await;
    create_and_wait(&client).await.unwrap();
    let found = *times.lock().unwrap().last().unwrap();
    assert!((25.0..60.0).contains(&found), "{found}");

    let (client, times) = serve(vec![video("waiting"), UNKNOWN]).await;
    let error = create_and_wait(&client).await.unwrap_err();
    assert!(
        error.is_not_found() && error.job_id() == Some("v"),
        "{error}"
    );
    let ended = *times.lock().unwrap().last().unwrap();
    assert!((60.0..95.0).contains(&ended), "{ended}");
}

#[tokio::test(start_paused = true)]
async fn video_of_a_session_may_be_unknown_for_a_minute() {
    let thinking = (200, json!({"status": "thinking", "video_id": null}));
    let session = (200, json!({"status": "completed", "video_id": "v"}));
    let old = session.clone();
    let replies = [thinking, session, UNKNOWN, UNKNOWN, UNKNOWN, finished()];
    let (client, _) = serve(replies.to_vec()).await;
    Wait::<Value>::new(&client, &AGENT, "s").await.unwrap();
    let (client, times) = serve(replies[..3].to_vec()).await;
    let error = Wait::<Value>::new(&client, &AGENT, "s").await.unwrap_err();
    assert!(
        error.is_not_found() && error.job_id() == Some("s"),
        "{error}"
    );
    assert!(*times.lock().unwrap().last().unwrap() >= 60.0);
    // One that was there from the start was deleted.
    let (client, times) = serve(vec![old, UNKNOWN]).await;
    let error = Wait::<Value>::new(&client, &AGENT, "s").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(times.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn created_job_that_was_read_and_is_unknown_was_deleted() {
    let (client, times) = serve(vec![video("waiting"), video("processing"), UNKNOWN]).await;
    let error = create_and_wait(&client).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(times.lock().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn session_without_a_video_is_read_again_and_then_an_error() {
    let (client, times) = serve(vec![(
        200,
        json!({"status": "completed", "video_id": null}),
    )])
    .await;
    let error = Wait::<Value>::new(&client, &AGENT, "s").await.unwrap_err();
    assert!(error.is_job_failed(), "{error}");
    assert!(
        error
            .to_string()
            .contains("session s failed: it is finished, and has no result"),
        "{error}"
    );
    assert_eq!(times.lock().unwrap().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn finished_job_without_its_link_is_read_again_for_a_minute() {
    for missing in [
        json!({}),
        json!({"video_url": null}),
        json!({"video_url": ""}),
    ] {
        let mut missing = missing;
        missing["status"] = "completed".into();
        let late = (200, missing);
        // The link comes.
        let replies = vec![late.clone(), late.clone(), late.clone(), finished()];
        let (client, times) = serve(replies).await;
        let video = wait(&client).await.unwrap();
        assert_eq!(
            (video["video_url"].as_str(), times.lock().unwrap().len()),
            (Some("u"), 4)
        );
        // It does not, also while the server is not well.
        let busy = (503, Value::Null);
        for replies in [vec![late.clone()], vec![late.clone(), busy]] {
            let (client, times) = serve(replies).await;
            let video = wait(&client).await.unwrap();
            assert_eq!(video["status"], "completed");
            let intervals = intervals(&times);
            assert_eq!(intervals.len(), 5, "{intervals:?}");
            let total: f64 = intervals.iter().sum();
            assert!((59.0..62.0).contains(&total), "{intervals:?}");
        }
    }
}

/// A translation of the sound alone has no video.
#[tokio::test(start_paused = true)]
async fn one_of_several_links_is_enough() {
    let sound = json!({"status": "completed", "video_url": null, "audio_url": "u"});
    let (client, times) = serve(vec![(200, sound)]).await;
    wait(&client).await.unwrap();
    assert_eq!(times.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn finished_job_without_its_link_is_no_timeout() {
    let (client, _) = serve(vec![(200, json!({"status": "completed"}))]).await;
    let deadline = Duration::from_secs(20);
    let started = Instant::now();
    let video = wait(&client).deadline(deadline).await.unwrap();
    assert_eq!(video["status"], "completed");
    assert!(started.elapsed() <= deadline + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn deadline_is_set_and_begins_after_the_create() {
    let (client, _) = serve(vec![video("waiting"), video("processing")]).await;
    let request = client.operation(&CREATE, &[], &[]).typed::<Made>();
    let wait = request.and_wait().deadline(Duration::from_secs(7200));
    let started = Instant::now();
    let error = wait.await.unwrap_err();
    assert!(
        error.is_timeout() && error.to_string().contains("7200 s"),
        "{error}"
    );
    assert!(started.elapsed() >= Duration::from_secs(7200));
}

#[tokio::test(start_paused = true)]
async fn jobs_started_by_data_end_with_their_bodies() {
    let last = json!({"id": "a", "status": "completed", "video_url": "u", "x": [1.50, null]});
    let created = (200, json!({"ids": ["a", null, "b"]}));
    let failed = (200, json!({"id": "b", "status": "failed"}));
    let (client, _) = serve(vec![created, (200, last.clone()), failed]).await;
    let create = client.operation(&CREATE, &[], &[]);
    let jobs = create.start_jobs(&VIDEO, "ids[]").await.unwrap();
    let ids: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
    assert_eq!(ids, ["a", "", "b"]);
    let ended = join_all(jobs).await;
    let body = ended[0].result.as_ref().unwrap();
    assert_eq!(body.body, json!({ "data": last }).to_string());
    assert!(!body.needs_action);
    assert!(ended[1].result.is_err());
    let failed = ended[2].result.as_ref().unwrap_err();
    assert!(failed.is_job_failed() && failed.job_id() == Some("b"));
}

#[tokio::test(start_paused = true)]
async fn progress_has_the_last_body_of_a_job_that_goes_on() {
    let (client, _) = serve(vec![video("processing")]).await;
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&bodies);
    let wait = wait(&client)
        .deadline(Duration::from_secs(1))
        .on_progress(move |progress| sink.lock().unwrap().push(progress.body().clone()));
    let ended = join_all(vec![Started::from(("v".to_owned(), wait))]).await;
    assert!(ended[0].result.as_ref().unwrap_err().is_timeout());
    let bodies = bodies.lock().unwrap();
    let expected = json!({ "data": video("processing").1 }).to_string();
    assert!(!bodies.is_empty() && bodies.iter().all(|body| *body == expected));
}
