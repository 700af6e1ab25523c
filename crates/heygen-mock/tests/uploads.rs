//! Uploads: through the API, and to slots.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use heygen_mock::MockServer;
use serde_json::{Value, json};
use support::{Reply, create, data, post, send};

const SHA256_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async fn slot(server: &MockServer, file: Value) -> Value {
    create(server, "/v3/assets/direct-uploads", file).await
}

fn mp4(size: u64) -> Value {
    json!({"filename": "a.mp4", "content_type": "video/mp4", "size_bytes": size})
}

async fn put(server: &MockServer, slot: &Value, more: &[(&str, &str)], body: &[u8]) -> Reply {
    let link = slot["upload_url"].as_str().unwrap();
    let mut headers: Vec<(&str, &str)> = more.to_vec();
    for (name, value) in slot["upload_headers"].as_object().unwrap() {
        headers.push((name, value.as_str().unwrap()));
    }
    send(server, "PUT", link, &headers, body).await.unwrap()
}

async fn multipart(server: &MockServer, file: &[u8]) -> Reply {
    let head = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: text/plain\r\n\r\n";
    let body = [&head[..], file, b"\r\n--x--\r\n"].concat();
    let headers = [
        ("x-api-key", "k"),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    send(server, "POST", "/v3/assets", &headers, &body)
        .await
        .unwrap()
}

#[tokio::test]
async fn file_in_a_form_is_an_asset_at_once() {
    let server = MockServer::start().await.unwrap();
    let file = b"\x89PNG\r\n\x1a\nrest";
    let reply = multipart(&server, file).await;
    assert_eq!(reply.status(), 200, "{}", reply.text());
    let asset = reply.json()["data"].take();
    assert_eq!(asset["size_bytes"], file.len());
    // The bytes say what it is, whatever the part says.
    assert_eq!(asset["mime_type"], "image/png");
    let id = asset["asset_id"].as_str().unwrap();
    let upload = server.upload(id).unwrap();
    assert_eq!(
        (upload.length(), upload.content_type()),
        (file.len() as u64, "image/png")
    );
    assert_eq!(
        data(&server, &format!("/v3/assets/{id}")).await["name"],
        "a.png"
    );
    let states = data(&server, &format!("/v3/assets/statuses?asset_ids={id}")).await;
    assert_eq!(states[0]["status"], "completed");
    assert!(server.upload("ast_never").is_none());
}

#[tokio::test]
async fn file_above_32_mb_is_too_large_for_a_form() {
    let server = MockServer::start().await.unwrap();
    let largest = vec![7; 32_000_000];
    let reply = multipart(&server, &largest).await;
    assert_eq!(reply.json()["data"]["size_bytes"], 32_000_000);
    for size in [32_000_001, 40_000_000] {
        let reply = multipart(&server, &vec![7; size]).await;
        assert_eq!(reply.status(), 413);
        assert!(reply.json()["error"]["message"].is_string());
    }
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.body().is_empty())
    );
}

#[tokio::test]
async fn slot_takes_exactly_its_headers_and_no_key() {
    let server = MockServer::start().await.unwrap();
    let slot = slot(&server, mp4(3)).await;
    assert_eq!(slot["status"], "pending_upload");
    assert_eq!(slot["upload_headers"]["Content-Type"], "video/mp4");
    assert_eq!(slot["max_bytes"], 3);
    let refused = put(&server, &slot, &[("x-api-key", "k")], b"abc").await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().contains("SignatureDoesNotMatch"));
    let link = slot["upload_url"].as_str().unwrap();
    let wrong = send(
        &server,
        "PUT",
        link,
        &[("content-type", "text/plain")],
        b"abc",
    )
    .await;
    assert_eq!(wrong.unwrap().status(), 403);
    let id = slot["asset_id"].as_str().unwrap();
    assert!(server.upload(id).is_none());
    let stored = put(&server, &slot, &[], b"abc").await;
    assert_eq!(stored.status(), 200);
    assert!(stored.header("etag").is_some());
    let upload = server.upload(id).unwrap();
    assert_eq!((upload.length(), upload.sha256()), (3, SHA256_OF_ABC));

    server.file(id).expire();
    assert_eq!(put(&server, &slot, &[], b"abc").await.status(), 403);
}

#[tokio::test]
async fn upload_is_completed_once_it_is_there() {
    let server = MockServer::builder().speed(0.0).start().await.unwrap();
    let slot = slot(&server, mp4(3)).await;
    let id = slot["asset_id"].as_str().unwrap();
    let complete = format!("/v3/assets/{id}/complete");
    let state = async || {
        let states = data(&server, &format!("/v3/assets/statuses?asset_ids={id}")).await;
        states[0]["status"].as_str().unwrap().to_owned()
    };
    let early = post(&server, &complete, &json!({})).await;
    assert_eq!(early.status(), 409);
    let message = early.json()["error"]["message"].to_string();
    assert!(
        message.contains("Uploaded object not found yet"),
        "{message}"
    );
    assert_eq!(state().await, "pending_upload");

    put(&server, &slot, &[], b"abc").await;
    server.on("complete_asset_upload").reply(409).times(1);
    assert_eq!(post(&server, &complete, &json!({})).await.status(), 409);
    let wrong = json!({"checksum_sha256": "00"});
    assert_eq!(post(&server, &complete, &wrong).await.status(), 400);
    let done = create(
        &server,
        &complete,
        json!({"checksum_sha256": SHA256_OF_ABC}),
    )
    .await;
    assert_eq!(
        (&done["status"], &done["size_bytes"]),
        (&json!("processing"), &json!(3))
    );
    assert_eq!(
        (&done["asset_id"], &done["mime_type"]),
        (&json!(id), &json!("video/mp4"))
    );
    assert_eq!(state().await, "processing");
    server.advance(Duration::from_secs(600));
    assert_eq!(state().await, "completed");
}

#[tokio::test]
async fn processing_of_an_asset_fails_on_demand() {
    let server = MockServer::builder().speed(0.0).start().await.unwrap();
    server
        .job("asset")
        .fail("invalid_parameter", "Not a video.");
    let slot = slot(&server, mp4(3)).await;
    put(&server, &slot, &[], b"abc").await;
    let id = slot["asset_id"].as_str().unwrap();
    create(&server, &format!("/v3/assets/{id}/complete"), json!({})).await;
    server.advance(Duration::from_secs(600));
    let states = data(&server, &format!("/v3/assets/statuses?asset_ids={id}")).await;
    assert_eq!(states[0]["status"], "failed");
    let error = json!({"code": "invalid_parameter", "message": "Not a video."});
    assert_eq!(states[0]["error"], error);
}

#[tokio::test]
async fn upload_of_another_length_is_refused_at_the_end() {
    let server = MockServer::start().await.unwrap();
    let slot = slot(&server, mp4(4)).await;
    put(&server, &slot, &[], b"abc").await;
    let complete = format!("/v3/assets/{}/complete", slot["asset_id"].as_str().unwrap());
    assert_eq!(post(&server, &complete, &json!({})).await.status(), 400);
}

#[tokio::test]
async fn batch_of_slots_is_completed_as_a_whole() {
    let server = MockServer::builder().speed(0.0).start().await.unwrap();
    let files = json!({"files": [mp4(3), {"filename": "b.png", "content_type": "image/png", "size_bytes": 2}]});
    let batch = create(&server, "/v3/assets/direct-uploads/batches", files).await;
    let items = batch["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[1]["upload_headers"]["Content-Type"], "image/png");
    let complete = json!({"batch_id": batch["batch_id"]});
    let early = post(&server, "/v3/assets/complete/batches", &complete).await;
    assert_eq!(early.status(), 409);
    put(&server, &items[0], &[], b"abc").await;
    put(&server, &items[1], &[], b"ab").await;
    create(&server, "/v3/assets/complete/batches", complete).await;
    let path = format!("/v3/assets/batches/{}", batch["batch_id"].as_str().unwrap());
    let running = data(&server, &path).await;
    assert_eq!(
        (&running["status"], &running["total_items"]),
        (&json!("processing"), &json!(2))
    );
    assert_eq!(running["items"][0]["video_id"], items[0]["asset_id"]);
    server.advance(Duration::from_secs(3600));
    let done = data(&server, &path).await;
    assert_eq!(done["counts_by_status"], json!({"completed": 2}));
}

#[tokio::test]
async fn batch_is_completed_with_the_files_that_have_arrived() {
    let server = MockServer::builder().speed(0.0).start().await.unwrap();
    let files = json!({"files": [mp4(3), mp4(3), mp4(3)]});
    let batch = create(&server, "/v3/assets/direct-uploads/batches", files).await;
    let items = batch["items"].as_array().unwrap();
    let complete = json!({"batch_id": batch["batch_id"]});
    let path = format!("/v3/assets/batches/{}", batch["batch_id"].as_str().unwrap());
    put(&server, &items[0], &[], b"abc").await;
    put(&server, &items[2], &[], b"abc").await;
    create(&server, "/v3/assets/complete/batches", complete.clone()).await;
    let running = data(&server, &path).await;
    assert_eq!(
        running["counts_by_status"],
        json!({"processing": 2, "failed": 1})
    );
    let missing = &running["items"][1];
    assert_eq!(
        (&missing["status"], &missing["error"]["code"]),
        (&json!("failed"), &json!("upload_missing"))
    );
    let id = items[1]["asset_id"].as_str().unwrap();
    let states = data(&server, &format!("/v3/assets/statuses?asset_ids={id}")).await;
    assert_eq!(states[0]["status"], "failed");
    // It is final, and completing the batch again changes nothing.
    assert_eq!(put(&server, &items[1], &[], b"abc").await.status(), 404);
    server.advance(Duration::from_secs(3600));
    create(&server, "/v3/assets/complete/batches", complete).await;
    let done = data(&server, &path).await;
    assert_eq!(
        done["counts_by_status"],
        json!({"completed": 2, "failed": 1})
    );
}
