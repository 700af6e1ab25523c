//! Batches: their items are played one by one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use heygen_mock::MockServer;
use serde_json::{Value, json};
use support::bodies::video;
use support::{create, data};

const HOUR: Duration = Duration::from_secs(3600);

fn words(batch: &Value) -> Vec<&str> {
    let items = batch["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["status"].as_str().unwrap())
        .collect()
}

async fn batch(server: &MockServer, path: &str, body: Value) -> String {
    let created = create(server, path, body).await;
    format!("{path}/{}", created["batch_id"].as_str().unwrap())
}

#[tokio::test]
async fn items_are_played_one_by_one() {
    let server = MockServer::builder().speed(0.0).start().await.unwrap();
    server.job("video").takes(Duration::from_secs(60));
    server
        .job("video")
        .fail("nsfw", "No.")
        .takes(Duration::from_secs(60))
        .times(1);
    let body = json!({"videos": [video(), video(), video()], "title": "Three"});
    let path = batch(&server, "/v3/videos/batches", body).await;
    for (expected, whole) in [
        (["processing", "queued", "queued"], "processing"),
        (["failed", "processing", "queued"], "processing"),
        (["failed", "completed", "processing"], "processing"),
        (["failed", "completed", "completed"], "completed"),
    ] {
        let batch = data(&server, &path).await;
        assert_eq!(words(&batch), expected);
        assert_eq!(
            (&batch["status"], &batch["total_items"]),
            (&json!(whole), &json!(3))
        );
        let id = path.rsplit('/').next().unwrap();
        let statuses = format!("/v3/videos/statuses?batch_ids={id}");
        let statuses = data(&server, &statuses).await;
        for (index, word) in expected.iter().enumerate() {
            let entry = &statuses[index];
            let is_running = ["pending", "processing"].contains(&entry["status"].as_str().unwrap());
            assert!(
                entry["status"] == *word || (is_running && *word == "processing"),
                "{entry}"
            );
            assert_eq!(
                (&entry["batch_id"], &entry["item_index"]),
                (&json!(id), &json!(index))
            );
        }
        let counted: u64 = batch["counts_by_status"]
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum();
        assert_eq!(counted, 3);
        server.advance(Duration::from_secs(60));
    }
    let batch = data(&server, &path).await;
    assert_eq!(
        batch["items"][0]["error"],
        json!({"code": "nsfw", "message": "No."})
    );
    assert_eq!(
        batch["counts_by_status"],
        json!({"failed": 1, "completed": 2})
    );
    let id = batch["items"][1]["video_id"].as_str().unwrap();
    let video = data(&server, &format!("/v3/videos/{id}")).await;
    assert_eq!(
        (&video["status"], &video["id"]),
        (&json!("completed"), &json!(id))
    );
}

#[tokio::test]
async fn every_kind_of_batch_ends() {
    let source = json!({"type": "url", "url": "https://example.com/a.mp4"});
    let two = json!({"video": source, "output_languages": ["Japanese", "German"]});
    let one = json!({"video": source, "output_languages": ["German"]});
    let lipsync = json!({"video": source, "audio": source});
    for (path, body, items) in [
        (
            "/v3/lipsyncs/batches",
            json!({"lipsyncs": [lipsync, lipsync]}),
            2,
        ),
        (
            "/v3/video-translations/batches",
            json!({"video_translations": [two, one]}),
            3,
        ),
    ] {
        let server = MockServer::builder().speed(0.0).start().await.unwrap();
        let path = batch(&server, path, body).await;
        assert_eq!(data(&server, &path).await["status"], "processing");
        server.advance(HOUR);
        let done = data(&server, &path).await;
        assert_eq!(words(&done), vec!["completed"; items], "{path}");
        assert_eq!(done["status"], "completed");
    }
}

#[tokio::test]
async fn batch_fails_as_a_whole_on_demand() {
    let server = MockServer::builder().speed(0.0).start().await.unwrap();
    server.job("video batch").fail_without_reason();
    let path = batch(&server, "/v3/videos/batches", json!({"videos": [video()]})).await;
    server.advance(HOUR);
    assert_eq!(data(&server, &path).await["status"], "failed");
}

#[tokio::test]
async fn batch_of_an_example_goes_on_from_its_first_read() {
    for path in [
        "/v3/videos/batches/bat_3c90",
        "/v3/lipsyncs/batches/bat_7b21",
        "/v3/video-translations/batches/bat_19d5",
        "/v3/assets/batches/bat_a4f8",
    ] {
        let server = MockServer::builder().speed(0.0).start().await.unwrap();
        server.advance(HOUR);
        let first = data(&server, path).await;
        assert_eq!(first["status"], "processing", "{path}");
        let items = words(&first).len();
        server.advance(HOUR);
        let done = data(&server, path).await;
        assert_eq!(words(&done), vec!["completed"; items], "{path}");
        assert_eq!((&done["status"], items > 0), (&json!("completed"), true));
    }
}
