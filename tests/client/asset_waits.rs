//! Uploads that wait until the file can be used.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::PollSchedule;
use heygen::v3::Upload;
use heygen_tests::assets::{AssetServer, failure};
use heygen_tests::client::client;

use super::asset_uploads::mp4;

fn fast() -> PollSchedule {
    PollSchedule::new(Duration::from_millis(10)).max(Duration::from_millis(10))
}

#[tokio::test]
async fn direct_upload_is_waited_for_and_a_form_is_not() {
    let server = AssetServer::start().await;
    server.state().processing_reads = 2;
    let client = client(server.url());
    let states = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&states);
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    let asset = upload.direct().and_wait().schedule(fast());
    let asset = asset.on_state(move |state| {
        let state = state.state().unwrap_or_default().to_owned();
        sink.lock().unwrap().push(state);
    });
    assert_eq!(asset.await.unwrap().id, "ast_1");
    let states = states.lock().unwrap().clone();
    assert!(states.starts_with(&["processing".to_owned()]), "{states:?}");
    assert_eq!(states.last().unwrap(), "completed");

    let before = server.log().len();
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    assert_eq!(upload.and_wait().await.unwrap().id, "ast_2");
    let log = server.log().split_off(before);
    assert_eq!(log, ["POST /v3/assets", "GET /v3/assets/ast_2"]);
}

#[tokio::test]
async fn asset_that_is_not_known_yet_is_read_again() {
    let server = AssetServer::start().await;
    let unknown = failure("asset_not_found", "Asset not found.");
    server
        .state()
        .api_faults
        .push_back(("/ast_1", 404, unknown));
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    assert_eq!(upload.and_wait().await.unwrap().id, "ast_1");
    assert_eq!(server.log().len(), 3);
}

#[tokio::test]
async fn file_that_cannot_be_used_is_an_error_with_the_id_and_the_reason() {
    let server = AssetServer::start().await;
    server.state().unusable.push("a.mp4");
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    let error = upload.direct().and_wait().await.unwrap_err();
    assert!(error.is_job_failed(), "{error}");
    assert_eq!(
        (error.job_id(), error.message()),
        (Some("ast_1"), "No video.")
    );
    assert!(error.to_string().contains("asset ast_1"), "{error}");
}

#[tokio::test]
async fn deadline_of_the_wait_names_the_asset_and_its_state() {
    let server = AssetServer::start().await;
    server.state().processing_reads = usize::MAX;
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    let wait = upload.direct().and_wait().schedule(fast());
    let error = wait.deadline(Duration::from_millis(100)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.job_id(), Some("ast_1"));
    assert_eq!(error.job_state(), Some("processing"));
}

#[tokio::test]
async fn error_before_the_wait_is_that_of_the_upload() {
    let server = AssetServer::start().await;
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.gif", "GIF89a"));
    let error = upload.and_wait().await.unwrap_err();
    assert_eq!(error.kind(), heygen::ErrorKind::InvalidInput, "{error}");
    assert_eq!(server.log(), [""; 0]);
}

#[tokio::test]
async fn files_of_a_batch_are_waited_for_and_have_their_own_results() {
    let server = AssetServer::start().await;
    server.state().unusable.push("3.mp4");
    let client = client(server.url());
    let file = |number: usize| Upload::bytes(format!("{number}.mp4"), mp4(1000 + number));
    let batch = client
        .v3()
        .assets()
        .upload_batch((0..20).map(file))
        .and_wait()
        .await;
    for (number, file) in batch.iter().enumerate() {
        assert!(file.asset_id.is_some());
        match &file.result {
            Ok(()) => assert_ne!(number, 3),
            Err(error) => {
                assert_eq!((number, error.message()), (3, "No video."));
                assert_eq!(error.job_id(), file.asset_id.as_deref());
            }
        }
    }
    assert!(batch[3].result.is_err());
    server.log();
}
