//! Uploads of several files at once: each has its own result, and no id is lost.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::v3::{Upload, UploadedFile};
use heygen::{Client, ErrorKind};
use heygen_tests::assets::{AssetServer, Fault, failure, not_found_yet};
use heygen_tests::client::API_KEY;

use super::asset_uploads::{Chunks, mp4, on_disk};

fn retrying(server: &AssetServer) -> Client {
    let builder = Client::builder().api_key(API_KEY).base_url(server.url());
    builder.max_retries(2).build().unwrap()
}

fn files(count: usize) -> Vec<Upload> {
    let file = |number| Upload::bytes(format!("{number}.mp4"), mp4(1000 + number));
    (0..count).map(file).collect()
}

async fn upload(server: &AssetServer, files: Vec<Upload>) -> Vec<UploadedFile> {
    let client = retrying(server);
    let uploaded = client.v3().assets().upload_batch(files);
    uploaded.idempotency_key("k").await
}

#[tokio::test]
async fn files_are_one_batch_and_a_few_are_stored_at_once() {
    let server = AssetServer::start().await;
    server.state().delay = Duration::from_millis(50);
    let mut batch = files(10);
    let bytes = mp4(70_000);
    let (_folder, path) = on_disk("path.mp4", &bytes);
    batch.push(Upload::path(path));
    batch.push(Upload::stream(
        "stream.mp4",
        70_000,
        Chunks::of(&bytes, 9999),
    ));
    let uploaded = upload(&server, batch).await;
    assert_eq!(uploaded.len(), 12);
    for (number, file) in uploaded.iter().enumerate() {
        file.result.as_ref().unwrap();
        let stored = server.asset(file.asset_id.as_ref().unwrap());
        assert!(stored.is_complete);
        assert_eq!(stored.announced["filename"], *file.name, "in their order");
        let length = if number < 10 {
            1000 + number as u64
        } else {
            70_000
        };
        assert_eq!(stored.length, length);
        let is_stream = file.name == "stream.mp4";
        assert_eq!(stored.announced.get("checksum_sha256").is_none(), is_stream);
        assert_eq!(file.batch_id, uploaded[0].batch_id);
    }
    assert_eq!(uploaded[10].name, "path.mp4");
    let log = server.log();
    assert_eq!(log[0], "POST /v3/assets/direct-uploads/batches");
    assert_eq!(log[13], "POST /v3/assets/complete/batches");
    assert_eq!(log.len(), 14);
    let state = server.state();
    assert!(
        (2..=4).contains(&state.most_at_once),
        "{}",
        state.most_at_once
    );
}

#[tokio::test]
async fn hundred_files_are_a_batch() {
    let server = AssetServer::start().await;
    let uploaded = upload(&server, files(101)).await;
    assert!(uploaded.iter().all(|file| file.result.is_ok()));
    assert_eq!(uploaded[0].batch_id, uploaded[99].batch_id);
    assert_ne!(uploaded[99].batch_id, uploaded[100].batch_id);
    let state = server.state();
    let sizes = state
        .bodies
        .iter()
        .filter_map(|body| body["files"].as_array());
    assert_eq!(sizes.map(Vec::len).collect::<Vec<_>>(), [100, 1]);
    let keys: Vec<_> = state.keys.iter().flatten().collect();
    assert_eq!(keys, ["k", "k.complete0", "k.2", "k.2.complete0"]);
}

#[tokio::test]
async fn file_that_fails_ends_no_other() {
    let server = AssetServer::start().await;
    let mut batch = files(3);
    batch.insert(1, Upload::path("/nowhere/a.mp4"));
    batch.insert(2, Upload::bytes("b.gif", "GIF89a"));
    let short = Chunks::of(&mp4(500), 100);
    batch.push(Upload::stream("short.mp4", 501, short));
    let uploaded = upload(&server, batch).await;
    let kinds: Vec<_> = uploaded
        .iter()
        .map(|file| file.result.as_ref().err().map(heygen::Error::kind))
        .collect();
    let invalid = Some(ErrorKind::InvalidInput);
    assert_eq!(kinds, [None, invalid, invalid, None, None, invalid]);
    assert_eq!(uploaded[1].asset_id, None);
    // There is an asset for it, which never becomes one.
    let id = uploaded[5].asset_id.as_deref();
    assert_eq!(id, Some("ast_4"));
    assert_eq!(uploaded[5].result.as_ref().unwrap_err().job_id(), id);
    let complete = server
        .state()
        .assets
        .values()
        .filter(|a| a.is_complete)
        .count();
    assert_eq!(complete, 3);
    server.log();
}

#[tokio::test]
async fn refused_address_of_a_file_is_issued_anew_for_it_alone() {
    let server = AssetServer::start().await;
    server.state().put_faults.push_back(Fault::Status(403));
    let uploaded = upload(&server, files(2)).await;
    assert!(
        uploaded.iter().all(|file| file.result.is_ok()),
        "{uploaded:?}"
    );
    let renewed = uploaded
        .iter()
        .find(|file| file.batch_id.is_none())
        .unwrap();
    assert_eq!(renewed.asset_id.as_deref(), Some("ast_3"));
    assert!(server.asset("ast_3").is_complete);
    let log = server.log();
    assert!(
        log.contains(&"POST /v3/assets/ast_3/complete".to_owned()),
        "{log:?}"
    );
}

#[tokio::test]
async fn batch_that_is_not_created_is_the_error_of_each_file() {
    let server = AssetServer::start().await;
    let refusal = failure("insufficient_credit", "No credit.");
    server
        .state()
        .api_faults
        .push_back(("/direct-uploads/batches", 402, refusal));
    for file in upload(&server, files(2)).await {
        let error = file.result.unwrap_err();
        assert!(error.is_insufficient_credit(), "{error}");
        assert_eq!((error.message(), file.asset_id), ("No credit.", None));
    }
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn batch_that_is_not_completed_keeps_the_ids() {
    let server = AssetServer::start().await;
    server
        .state()
        .api_faults
        .push_back(("/complete/batches", 409, not_found_yet()));
    let uploaded = upload(&server, files(2)).await;
    assert!(
        uploaded.iter().all(|file| file.result.is_ok()),
        "asked again"
    );

    let refusal = failure("invalid_parameter", "No.");
    server
        .state()
        .api_faults
        .push_back(("/complete/batches", 400, refusal));
    for file in upload(&server, files(2)).await {
        let error = file.result.unwrap_err();
        assert_eq!((error.message(), error.status()), ("No.", Some(400)));
        assert!(file.asset_id.is_some() && file.batch_id.is_some());
        assert_eq!(error.job_id(), file.asset_id.as_deref());
        assert!(
            error.to_string().contains(error.job_id().unwrap()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn progress_names_the_file() {
    let server = AssetServer::start().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let client = retrying(&server);
    let batch = client.v3().assets().upload_batch(files(3));
    batch
        .on_progress(move |progress| {
            if progress.percent() == 100 {
                sink.lock().unwrap().push(progress.name().to_owned());
            }
        })
        .await;
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen, ["0.mp4", "1.mp4", "2.mp4"]);
}

#[tokio::test]
async fn no_files_are_no_calls() {
    let server = AssetServer::start().await;
    assert!(upload(&server, Vec::new()).await.is_empty());
    assert_eq!(server.log(), [""; 0]);
}
