//! Waits of one kind in one client, which share reads of several states.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use heygen::Error;
use heygen::wait::PollSchedule;
use tokio::task::JoinSet;

use super::*;

static STATUSES: Operation = Operation::new("videoStatuses", "GET", "/v3/videos/statuses");
static LISTED: Job = Job::new("video", &GET_VIDEO)
    .state("status")
    .success(&["completed"])
    .failure(&["failed"])
    .deadline_secs(30)
    .statuses(Statuses::new(&STATUSES, "video_ids", "video_id", "status"));

const LIST: &str = "GET /v3/videos/statuses?video_ids=";

/// The ids in the line of a read of several states.
fn ids(line: &str) -> Option<Vec<&str>> {
    Some(line.strip_prefix(LIST)?.split("%2C").collect())
}

/// A server of videos, each in the state that a function gives for its id and the
/// number of the request.
async fn videos(
    state: impl Fn(&str, usize) -> &'static str + Send + Sync + 'static,
) -> PlayedServer {
    PlayedServer::start(move |line, number| respond(line, |id| state(id, number))).await
}

fn respond(line: &str, state: impl Fn(&str) -> &'static str) -> (u16, Value) {
    if let Some(ids) = ids(line) {
        let entry = |id| json!({"video_id": id, "status": state(id)});
        let entries: Vec<_> = ids.into_iter().map(entry).collect();
        return (200, json!({ "data": entries }));
    }
    let id = line.rsplit('/').next().unwrap();
    match state(id) {
        "not_found" => (404, json!({"error": {"code": "not_found", "message": "m"}})),
        state => (200, json!({"data": {"id": id, "status": state}})),
    }
}

/// Waits for these ids at once.
async fn wait_for(
    client: &Client,
    ids: impl IntoIterator<Item = String>,
) -> Vec<(String, Result<Video, Error>)> {
    let mut waits = JoinSet::new();
    for id in ids {
        let wait = wait::<Video>(client, &LISTED, &id).schedule(steady());
        waits.spawn(async move { (id, wait.await) });
    }
    waits.join_all().await
}

fn numbered(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("vid_{number}"))
}

fn steady() -> PollSchedule {
    PollSchedule::new(Duration::from_millis(100)).factor(1.0)
}

#[tokio::test]
async fn thousand_waits_cost_few_requests() {
    let started = Instant::now();
    let server = videos(move |_, _| {
        let is_done = started.elapsed() > Duration::from_secs(2);
        if is_done { "completed" } else { "processing" }
    })
    .await;
    let client = server.builder().build().unwrap();
    let finished = wait_for(&client, numbered(1000)).await;
    for (id, result) in &finished {
        assert_eq!(&result.as_ref().unwrap().id, id);
    }
    let lines = server.lines();
    let reads: Vec<_> = lines.iter().filter_map(|line| ids(line)).collect();
    for ids in &reads {
        assert!(ids.len() <= 100, "{} ids", ids.len());
        assert_eq!(ids.len(), ids.iter().collect::<HashSet<_>>().len());
    }
    // Each read its state some ten times. Each was confirmed by a read of its own.
    let states: usize = reads.iter().map(Vec::len).sum();
    assert!(states > 5_000, "{states} states");
    assert!(
        reads.len() < states / 25,
        "{} reads of {states} states",
        reads.len()
    );
    let confirmed = lines.len() - reads.len();
    assert!((1000..1010).contains(&confirmed), "{confirmed} confirmed");
}

#[tokio::test]
async fn one_wait_reads_its_job_alone() {
    let server = videos(|_, number| if number < 4 { "pending" } else { "completed" }).await;
    let client = server.builder().build().unwrap();
    let finished = wait_for(&client, numbered(1)).await;
    assert!(finished[0].1.is_ok());
    assert_eq!(server.lines(), ["GET /v3/videos/vid_0"; 4]);
}

#[tokio::test]
async fn waits_of_another_client_or_kind_are_not_shared() {
    let server = videos(|_, number| if number < 9 { "pending" } else { "completed" }).await;
    let (one, other) = (
        server.builder().build().unwrap(),
        server.builder().build().unwrap(),
    );
    let waits = [
        wait::<Video>(&one, &LISTED, "vid_1"),
        wait::<Video>(&one, &VIDEO, "vid_2").deadline(Duration::from_secs(1)),
        wait::<Video>(&other, &LISTED, "vid_3"),
    ];
    let mut running = JoinSet::new();
    for wait in waits {
        running.spawn(wait);
    }
    running.join_all().await;
    assert!(server.lines().iter().all(|line| ids(line).is_none()));
}

#[tokio::test]
async fn final_states_are_confirmed_by_a_read_of_the_job() {
    let server = videos(|id, number| match id {
        _ if number < 3 => "processing",
        "vid_0" | "vid_3" => "completed",
        "vid_1" => "failed",
        "vid_2" => "not_found",
        _ => "processing",
    })
    .await;
    let client = server.builder().build().unwrap();
    let mut finished = wait_for(&client, numbered(4)).await;
    finished.sort_by(|one, other| one.0.cmp(&other.0));
    let [ok, failed, gone, last] = &finished[..] else {
        panic!("{finished:?}")
    };
    assert!(ok.1.is_ok() && last.1.is_ok());
    assert!(failed.1.as_ref().unwrap_err().is_job_failed());
    let gone = gone.1.as_ref().unwrap_err();
    assert!(
        gone.is_not_found() && gone.job_id() == Some("vid_2"),
        "{gone}"
    );
    for id in numbered(4) {
        assert!(
            server.lines().contains(&format!("GET /v3/videos/{id}")),
            "{id}"
        );
    }
}

/// The list may be ahead of the object, and the object decides.
#[tokio::test]
async fn state_of_the_job_itself_decides() {
    let server = PlayedServer::start(|line, number| {
        let state = if ids(line).is_some() || number > 12 {
            "completed"
        } else {
            "processing"
        };
        respond(line, |_| state)
    })
    .await;
    let client = server.builder().build().unwrap();
    let finished = wait_for(&client, numbered(2)).await;
    assert!(finished.iter().all(|(_, result)| result.is_ok()));
    assert!(server.lines().len() > 12);
}

#[tokio::test]
async fn ids_that_the_list_leaves_out_are_read_alone() {
    let server = PlayedServer::start(|line, number| {
        let state = if number > 8 {
            "completed"
        } else {
            "processing"
        };
        let (status, mut body) = respond(line, |_| state);
        if let Some(entries) = body["data"].as_array_mut() {
            entries.retain(|entry| entry["video_id"] != "vid_1");
        }
        (status, body)
    })
    .await;
    let client = server.builder().build().unwrap();
    let finished = wait_for(&client, numbered(3)).await;
    assert!(finished.iter().all(|(_, result)| result.is_ok()));
    let alone = server
        .lines()
        .iter()
        .filter(|line| line.ends_with("/vid_1"))
        .count();
    assert!(alone > 1, "{:?}", server.lines());
}

#[tokio::test]
async fn ids_that_a_list_cannot_name_are_read_alone() {
    let server = videos(|_, number| {
        if number < 9 {
            "processing"
        } else {
            "completed"
        }
    })
    .await;
    let client = server.builder().build().unwrap();
    let odd = [
        "a,b".to_owned(),
        "c d".to_owned(),
        "e".repeat(65),
        "f&g".to_owned(),
    ];
    wait_for(&client, odd.into_iter().chain(numbered(2))).await;
    for line in server.lines() {
        let listed = ids(&line).unwrap_or_default();
        assert!(listed.iter().all(|id| id.starts_with("vid_")), "{line}");
    }
}

#[tokio::test]
async fn list_that_fails_for_good_is_not_used() {
    let server = PlayedServer::start(|line, number| {
        if ids(line).is_some() {
            return (403, json!({"error": {"code": "forbidden", "message": "m"}}));
        }
        respond(line, |_| {
            if number > 60 {
                "completed"
            } else {
                "processing"
            }
        })
    })
    .await;
    let client = server.builder().build().unwrap();
    let finished = wait_for(&client, numbered(10)).await;
    assert!(finished.iter().all(|(_, result)| result.is_ok()));
    let lines = server.lines();
    let lists = lines.iter().filter(|line| ids(line).is_some()).count();
    assert!((1..=3).contains(&lists), "{lists} of {}", lines.len());
}

/// One id that the server refuses fails the list for all, once.
#[tokio::test]
async fn list_is_used_again_after_one_failure() {
    let begun = Arc::<AtomicUsize>::default();
    let before = Arc::clone(&begun);
    let server = PlayedServer::start(move |line, number| {
        if line.contains("bad") {
            let error = json!({"code": "invalid_parameter", "message": "m"});
            return (400, json!({ "error": error }));
        }
        let is_done = number > before.load(Ordering::SeqCst) + 12;
        respond(line, |_| if is_done { "completed" } else { "processing" })
    })
    .await;
    let client = server.builder().build().unwrap();
    for _ in 0..3 {
        let before = server.lines().len();
        begun.store(before, Ordering::SeqCst);
        let all = numbered(5).chain(["bad".to_owned()]);
        for (id, result) in wait_for(&client, all).await {
            assert_eq!(result.is_err(), id == "bad", "{result:?}");
        }
        let lines = &server.lines()[before..];
        let is_good = |line: &&String| ids(line).is_some_and(|ids| !ids.contains(&"bad"));
        assert!(lines.iter().filter(is_good).count() > 1, "{lines:?}");
    }
}

#[tokio::test]
async fn failed_list_is_reported_to_all_and_repeated() {
    let server = PlayedServer::start(|line, number| match ids(line) {
        Some(_) if number < 5 => (503, json!({})),
        _ if number < 8 => respond(line, |_| "processing"),
        _ => respond(line, |_| "completed"),
    })
    .await;
    let client = server.builder().build().unwrap();
    let failures = Arc::<Mutex<HashSet<String>>>::default();
    let mut waits = JoinSet::new();
    for id in numbered(5) {
        let failures = Arc::clone(&failures);
        let wait = wait::<Video>(&client, &LISTED, &id).schedule(steady());
        waits.spawn(wait.on_progress(move |progress| {
            if let Some(error) = progress.error() {
                assert_eq!(error.status(), Some(503));
                failures.lock().unwrap().insert(progress.id().to_owned());
            }
        }));
    }
    for finished in waits.join_all().await {
        finished.unwrap();
    }
    assert_eq!(failures.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn no_wait_of_the_kind_reads_before_retry_after() {
    let (server, client) = server([Reply::retry_after(429, "1"), completed()]).await;
    let mut waits = JoinSet::new();
    for id in numbered(4) {
        let wait = wait::<Value>(&client, &LISTED, &id).schedule(steady());
        waits.spawn(wait.deadline(Duration::from_millis(1500)));
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    // One that begins meanwhile waits, too.
    let late = wait::<Value>(&client, &LISTED, "vid_9").schedule(steady());
    waits.spawn(late.deadline(Duration::from_millis(1500)));
    tokio::time::sleep(Duration::from_millis(600)).await;
    let before = lines(&server);
    assert!(
        before.len() == 1 && ids(&before[0]).unwrap().len() == 4,
        "{before:?}"
    );
    for finished in waits.join_all().await {
        assert_eq!(finished.unwrap()["status"], "completed");
    }
}

#[tokio::test]
async fn dropped_waits_hold_up_no_other() {
    let server = videos(|_, number| {
        if number < 12 {
            "processing"
        } else {
            "completed"
        }
    })
    .await;
    let client = server.builder().build().unwrap();
    let mut dropped = JoinSet::new();
    for id in numbered(50) {
        let wait = wait::<Video>(&client, &LISTED, &id).schedule(quick());
        let time = Duration::from_millis(id.len() as u64 * 7);
        dropped.spawn(async move { tokio::time::timeout(time, wait).await.is_err() });
    }
    // Waits that were polled once, and never again.
    let mut stalled: Vec<_> = numbered(20)
        .map(|id| wait::<Video>(&client, &LISTED, &id))
        .collect();
    for wait in &mut stalled {
        let polled = tokio::time::timeout(Duration::ZERO, wait).await;
        assert!(polled.is_err());
    }
    let kept = wait_for(&client, (100..120).map(|number| format!("vid_{number}")));
    let kept = tokio::time::timeout(Duration::from_secs(20), kept)
        .await
        .unwrap();
    assert!(kept.iter().all(|(_, result)| result.is_ok()));
    dropped.join_all().await;
    for wait in stalled {
        assert!(wait.await.is_ok());
    }
}

#[tokio::test]
async fn reads_end_with_the_last_of_their_waits() {
    for count in [1, 3] {
        let (server, client) = server([Reply::silence()]).await;
        let mut waits = JoinSet::new();
        for id in numbered(count) {
            waits.spawn(wait::<Video>(&client, &LISTED, &id));
        }
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(ids(&lines(&server)[0]).is_some(), count > 1);
        waits.shutdown().await;
        let ended = async {
            while server.closed_connections() < server.connections() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), ended)
            .await
            .unwrap();
    }
}

/// A runtime ends while its task reads for waits of another runtime, too.
#[tokio::test]
async fn runtime_that_ends_holds_up_no_wait_of_another() {
    let replies = [state("processing"), Reply::silence(), completed()];
    let (server, client) = server(replies).await;
    let schedule = PollSchedule::new(Duration::from_secs(2));
    let wait = wait::<Video>(&client, &LISTED, "vid_9").schedule(schedule);
    let wait = tokio::spawn(wait);
    // It may be read by now, and is not due.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    for id in numbered(2) {
        runtime.spawn(super::wait::<Video>(&client, &LISTED, &id));
    }
    while server.requests().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let lines = lines(&server);
    assert!(ids(&lines[1]).unwrap().contains(&"vid_9"), "{lines:?}");
    runtime.shutdown_background();
    let finished = tokio::time::timeout(Duration::from_secs(20), wait).await;
    assert_eq!(finished.unwrap().unwrap().unwrap(), video());
}

#[tokio::test]
async fn waits_keep_to_max_in_flight() {
    let server = PlayedServer::start_slow(Duration::from_millis(2), |line, number| {
        respond(line, |_| {
            if number > 20 {
                "completed"
            } else {
                "processing"
            }
        })
    })
    .await;
    let client = server.builder().max_in_flight(3).build().unwrap();
    let finished = wait_for(&client, numbered(300)).await;
    assert!(finished.iter().all(|(_, result)| result.is_ok()));
    assert_eq!(server.most_in_flight(), 3);
}

#[tokio::test]
async fn many_waits_need_few_connections() {
    let server = videos(|_, number| {
        if number < 20 {
            "processing"
        } else {
            "completed"
        }
    })
    .await;
    let client = server.builder().build().unwrap();
    let finished = wait_for(&client, numbered(400)).await;
    assert!(finished.iter().all(|(_, result)| result.is_ok()));
    assert!(
        server.connections() <= 64,
        "{} connections",
        server.connections()
    );
}
