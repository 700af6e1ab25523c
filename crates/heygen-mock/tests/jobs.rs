//! Jobs on the clock of the mock.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use heygen_mock::MockServer;
use serde_json::{Value, json};
use support::bodies::{agent, kinds, translation, video};
use support::{create, data, delete, fetch, get, post};

const HOUR: Duration = Duration::from_secs(3600);

/// A mock whose clock stands.
async fn stopped() -> MockServer {
    MockServer::builder().speed(0.0).start().await.unwrap()
}

fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no {pointer} in {value}"))
        .to_owned()
}

async fn new_video(server: &MockServer) -> String {
    text(&create(server, "/v3/videos", video()).await, "/video_id")
}

async fn read_video(server: &MockServer, id: &str) -> Value {
    data(server, &format!("/v3/videos/{id}")).await
}

/// Whether a result is there: not null, and not an empty list or map.
fn is_there(value: &Value) -> bool {
    *value != Value::Null && *value != json!([]) && *value != json!({})
}

#[tokio::test]
async fn every_kind_goes_on_and_ends_with_its_result() {
    for kind in kinds() {
        let server = stopped().await;
        let id = text(&create(&server, kind.create, kind.body).await, kind.id);
        let path = format!("{}/{id}", kind.read);
        server.advance(Duration::from_secs(30));
        let running = data(&server, &path).await;
        let word = text(&running, "/status");
        assert!(
            word != kind.success && word != kind.failure,
            "{path}: {running}"
        );
        if !kind.result.is_empty() {
            assert!(!is_there(&running[kind.result]), "{path}: {running}");
        }
        server.advance(HOUR);
        let done = data(&server, &path).await;
        assert_eq!(done["status"], kind.success, "{path}");
        if !kind.result.is_empty() {
            assert!(is_there(&done[kind.result]), "{path}: {done}");
        }
    }
}

#[tokio::test]
async fn every_kind_fails_on_demand() {
    for kind in kinds() {
        let server = stopped().await;
        server.job(kind.name).fail("out_of_luck", "It rained.");
        let id = text(&create(&server, kind.create, kind.body).await, kind.id);
        server.advance(HOUR);
        let path = format!("{}/{id}", kind.read);
        let failed = data(&server, &path).await;
        assert_eq!(failed["status"], kind.failure, "{path}");
        assert!(
            kind.result.is_empty() || !is_there(&failed[kind.result]),
            "{path}: {failed}"
        );
        // Where the API has no field for it, there is none.
        let says_why = failed.to_string().contains("It rained.");
        let silent = ["agent_session", "brand kit"].contains(&kind.name);
        assert_eq!(says_why, !silent, "{path}: {failed}");
    }
}

#[tokio::test]
async fn video_goes_through_its_states_to_a_file() {
    let server = stopped().await;
    let created = create(&server, "/v3/videos", video()).await;
    assert_eq!(created["status"], "waiting");
    let id = text(&created, "/video_id");
    let mut words = Vec::new();
    for _ in 0..12 {
        let video = read_video(&server, &id).await;
        assert_eq!(
            (&video["id"], &video["title"]),
            (&json!(id), &json!("My video"))
        );
        words.push(text(&video, "/status"));
        server.advance(Duration::from_secs(30));
    }
    words.dedup();
    assert_eq!(words, ["pending", "processing", "completed"]);
    let done = read_video(&server, &id).await;
    let took = done["completed_at"].as_u64().unwrap() - done["created_at"].as_u64().unwrap();
    assert_eq!(took, 300);
    let file = fetch(&server, done["video_url"].as_str().unwrap(), &[]).await;
    assert_eq!((file.status(), file.body.len()), (200, 1_000_000));
    assert_ne!(id, new_video(&server).await);
}

#[tokio::test]
async fn job_fails_without_a_reason_and_only_as_often_as_said() {
    let server = stopped().await;
    server.job("video").fail_without_reason().times(1);
    let (failing, other) = (new_video(&server).await, new_video(&server).await);
    server.job(&other).takes(Duration::from_secs(5));
    server.advance(Duration::from_secs(5));
    assert_eq!(read_video(&server, &other).await["status"], "completed");
    assert_eq!(read_video(&server, &failing).await["status"], "pending");
    server.advance(HOUR);
    let failed = read_video(&server, &failing).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["failure_code"], Value::Null);
    assert_eq!(failed["failure_message"], Value::Null);
}

#[tokio::test]
async fn job_is_stuck_lags_is_cancelled_or_deleted() {
    let server = stopped().await;
    server.job("video").get_stuck().times(1);
    server
        .job("video")
        .links_after(Duration::from_secs(60))
        .takes(Duration::from_secs(10))
        .times(1);
    let (stuck, lagging) = (new_video(&server).await, new_video(&server).await);
    server.advance(Duration::from_secs(69));
    let video = read_video(&server, &lagging).await;
    assert_eq!(
        (&video["status"], &video["video_url"]),
        (&json!("completed"), &Value::Null)
    );
    server.advance(Duration::from_secs(1));
    assert!(read_video(&server, &lagging).await["video_url"].is_string());
    server.advance(HOUR * 100);
    assert_eq!(read_video(&server, &stuck).await["status"], "processing");

    let source = json!({"video": {"type": "url", "url": "https://example.com/a.mp4"}});
    server.job("clipping").cancel();
    let clipping = create(&server, "/v3/ai-clipping", source.clone()).await;
    let deleted = create(&server, "/v3/background-removals", source.clone()).await;
    server.job("background removal").delete();
    let removal = create(&server, "/v3/background-removals", source).await;
    server.advance(HOUR);
    let path = format!("/v3/ai-clipping/{}", text(&clipping, "/ai_clipping_id"));
    assert_eq!(data(&server, &path).await["status"], "cancelled");
    let path = format!("/v3/background-removals/{}", text(&removal, "/id"));
    assert_eq!(data(&server, &path).await["status"], "deleted");
    // One that was deleted by a request says so, too.
    let path = format!("/v3/background-removals/{}", text(&deleted, "/id"));
    assert_eq!(data(&server, &path).await["status"], "completed");
    assert_eq!(delete(&server, &path).await.status(), 200);
    assert_eq!(data(&server, &path).await["status"], "deleted");
    let list = data(&server, "/v3/background-removals?limit=100").await;
    let is_deleted = |item: &Value| item["id"] == deleted["id"];
    assert!(!list.as_array().unwrap().iter().any(is_deleted));
}

#[tokio::test]
async fn translation_has_a_job_for_each_language() {
    let server = stopped().await;
    let body = translation(&["Japanese", "German", "French"]);
    let created = create(&server, "/v3/video-translations", body).await;
    let ids: Vec<String> = created["video_translation_ids"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    server.job(&ids[1]).fail("x", "No sound.");
    server.advance(HOUR);
    let mut states = Vec::new();
    for id in &ids {
        states.push(data(&server, &format!("/v3/video-translations/{id}")).await);
    }
    let words: Vec<_> = states
        .iter()
        .map(|state| state["status"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["completed", "failed", "completed"]);
    assert_eq!(states[1]["failure_message"], "No sound.");
    let languages: Vec<_> = states
        .iter()
        .map(|state| state["output_language"].clone())
        .collect();
    assert_eq!(languages, ["Japanese", "German", "French"]);
}

#[tokio::test]
async fn look_is_not_found_at_first_and_ready_at_the_end() {
    let server = stopped().await;
    let image = json!({"type": "url", "url": "https://example.com/a.png"});
    let body = json!({"type": "photo", "name": "Ada", "file": image});
    let created = create(&server, "/v3/avatars", body.clone()).await;
    let path = format!("/v3/avatars/looks/{}", text(&created, "/avatar_item/id"));
    assert_eq!(get(&server, &path).await.status(), 404);
    server.advance(Duration::from_secs(20));
    let look = data(&server, &path).await;
    assert_eq!(
        (&look["preview_image_url"], &look["image_width"]),
        (&Value::Null, &json!(0))
    );
    server.advance(HOUR);
    let look = data(&server, &path).await;
    assert!(look["preview_image_url"].is_string() && look["image_width"].as_u64() > Some(0));

    server
        .job("avatar look")
        .wait_for_caller()
        .visible_after(Duration::ZERO);
    let created = create(&server, "/v3/avatars", body).await;
    server.advance(HOUR);
    let path = format!("/v3/avatars/looks/{}", text(&created, "/avatar_item/id"));
    assert_eq!(data(&server, &path).await["status"], "pending_consent");
}

#[tokio::test]
async fn agent_session_leads_to_its_video() {
    let server = stopped().await;
    server.strict();
    let created = create(&server, "/v3/video-agents", agent()).await;
    assert_eq!(created["video_id"], Value::Null);
    let path = format!("/v3/video-agents/{}", text(&created, "/session_id"));
    let mut words = Vec::new();
    for _ in 0..13 {
        let session = data(&server, &path).await;
        words.push(text(&session, "/status"));
        assert_eq!(
            session["video_id"].is_string(),
            words.last().unwrap() == "completed"
        );
        server.advance(Duration::from_secs(10));
    }
    words.dedup();
    assert_eq!(words, ["thinking", "reviewing", "generating", "completed"]);
    let id = text(&data(&server, &path).await, "/video_id");
    assert_eq!(read_video(&server, &id).await["status"], "pending");
    server.advance(HOUR);
    assert_eq!(read_video(&server, &id).await["status"], "completed");
}

#[tokio::test]
async fn agent_session_waits_for_a_message() {
    let server = stopped().await;
    server.job("agent session").wait_for_caller();
    let created = create(&server, "/v3/video-agents", agent()).await;
    let path = format!("/v3/video-agents/{}", text(&created, "/session_id"));
    server.advance(HOUR);
    let session = data(&server, &path).await;
    assert_eq!(
        (&session["status"], &session["video_id"]),
        (&json!("waiting_for_input"), &Value::Null)
    );
    create(&server, &path, json!({"message": "Go on."})).await;
    assert_ne!(data(&server, &path).await["status"], "waiting_for_input");
    server.advance(HOUR);
    assert_eq!(data(&server, &path).await["status"], "completed");
}

#[tokio::test]
async fn lists_and_bulk_reads_show_the_same_state() {
    let server = stopped().await;
    let (first, second) = (new_video(&server).await, new_video(&server).await);
    server.job(&first).fail("out_of_luck", "It rained.");
    for _ in 0..2 {
        let ids = format!("{first},{second},vid_never");
        let bulk = data(&server, &format!("/v3/videos/statuses?video_ids={ids}")).await;
        let list = data(&server, "/v3/videos?limit=100").await;
        for id in [&first, &second] {
            let read = read_video(&server, id).await;
            let listed = list
                .as_array()
                .unwrap()
                .iter()
                .find(|item| item["id"] == **id)
                .unwrap();
            assert_eq!(listed["status"], read["status"]);
            let entry = bulk
                .as_array()
                .unwrap()
                .iter()
                .find(|item| item["video_id"] == **id);
            assert_eq!(entry.unwrap()["status"], read["status"]);
        }
        server.advance(HOUR);
    }
    let ids = format!("{first},{second}");
    let bulk = data(&server, &format!("/v3/videos/statuses?video_ids={ids}")).await;
    assert_eq!(bulk[0]["error"]["code"], "out_of_luck");
    assert_eq!(bulk[1]["error"], Value::Null);
}

#[tokio::test]
async fn deleted_job_is_gone() {
    let server = stopped().await;
    let id = new_video(&server).await;
    let path = format!("/v3/videos/{id}");
    assert_eq!(delete(&server, &path).await.status(), 200);
    assert_eq!(get(&server, &path).await.status(), 404);
    let bulk = data(&server, &format!("/v3/videos/statuses?video_ids={id}")).await;
    assert_eq!(bulk[0]["status"], "not_found");
    server.advance(HOUR);
    assert_eq!(get(&server, &path).await.status(), 404);
}

#[tokio::test]
async fn rule_for_an_id_plays_the_example_too() {
    let server = stopped().await;
    assert_eq!(
        read_video(&server, "vid_of_a_test").await["status"],
        "completed"
    );
    server
        .job("vid_of_a_test")
        .fail("x", "y")
        .takes(Duration::from_secs(60));
    assert_eq!(
        read_video(&server, "vid_of_a_test").await["status"],
        "pending"
    );
    server.advance(Duration::from_secs(60));
    let failed = read_video(&server, "vid_of_a_test").await;
    assert_eq!(
        (&failed["status"], &failed["failure_code"]),
        (&json!("failed"), &json!("x"))
    );
}

#[tokio::test]
async fn clock_runs_fast_by_default() {
    let server = MockServer::start().await.unwrap();
    let id = new_video(&server).await;
    let done = async {
        while read_video(&server, &id).await["status"] != "completed" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), done)
        .await
        .expect("5 minutes take half a second");
}

#[tokio::test]
async fn create_without_a_response_still_creates() {
    let server = stopped().await;
    let before = data(&server, "/v3/videos?limit=100")
        .await
        .as_array()
        .unwrap()
        .len();
    server.on("create_video").disconnect().times(1);
    let headers = [("x-api-key", "k"), ("content-type", "application/json")];
    let body = video().to_string();
    let lost = support::send(&server, "POST", "/v3/videos", &headers, body.as_bytes()).await;
    assert!(lost.is_none());
    server.on("create_video").reply(503).times(1);
    assert_eq!(post(&server, "/v3/videos", &video()).await.status(), 503);
    let after = data(&server, "/v3/videos?limit=100")
        .await
        .as_array()
        .unwrap()
        .len();
    assert_eq!(after, before + 1);
}

#[tokio::test]
async fn clock_may_be_turned_to_its_end() {
    let server = stopped().await;
    server.job("video").takes(Duration::MAX);
    server.advance(HOUR);
    let late = new_video(&server).await;
    let videos = json!({"videos": [video(), video()]});
    let batch = create(&server, "/v3/videos/batches", videos).await;
    assert_eq!(read_video(&server, &late).await["status"], "pending");
    for _ in 0..2 {
        server.advance(Duration::MAX);
        let done = read_video(&server, &late).await;
        assert_eq!(done["status"], "completed");
        assert!(done["completed_at"].is_u64(), "{done}");
    }
    let batch = data(
        &server,
        &format!("/v3/videos/batches/{}", text(&batch, "/batch_id")),
    )
    .await;
    assert_eq!(batch["counts_by_status"], json!({"completed": 2}));
    // What starts at the end of time ends there, too.
    let last = new_video(&server).await;
    assert_eq!(read_video(&server, &last).await["status"], "completed");
    let session = text(
        &create(&server, "/v3/video-agents", agent()).await,
        "/session_id",
    );
    let path = format!("/v3/video-agents/{session}");
    assert!(data(&server, &path).await["status"].is_string());
}
