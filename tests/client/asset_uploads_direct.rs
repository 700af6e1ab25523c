//! Direct uploads: the address that the API issues, the store, the end.

use std::time::{Duration, Instant};

use heygen::v3::Upload;
use heygen::{Client, Error, ErrorKind};
use heygen_tests::assets::{AssetServer, Fault, SIGNATURE, failure, not_found_yet, sha256};
use heygen_tests::client::{API_KEY, client};
use serde_json::{Value, json};

use super::asset_uploads::{Chunks, FORM_LIMIT, mp4, on_disk};

/// A client that retries.
fn retrying(server: &AssetServer) -> Client {
    let builder = Client::builder().api_key(API_KEY).base_url(server.url());
    builder.max_retries(2).build().unwrap()
}

fn assert_no_secret(error: &Error) {
    let text = format!("{error} {error:?} {:?} {:?}", error.headers(), error.hint());
    assert!(
        !text.contains(SIGNATURE) && !text.contains(API_KEY),
        "{text}"
    );
}

/// Cases 23 and 25: what is too large for the form goes to the store, with the
/// signed headers and without the API key.
#[tokio::test]
async fn large_file_is_stored_with_its_checksum_and_without_the_key() {
    let bytes = mp4(FORM_LIMIT + 1);
    let (_folder, path) = on_disk("lecture.mp4", &bytes);
    let sum = sha256(&bytes);
    let length = bytes.len() as u64;
    for (upload, announced) in [
        (Upload::path(&path), Some(&sum)),
        (Upload::bytes("lecture.mp4", bytes.clone()), Some(&sum)),
        (
            Upload::stream("lecture.mp4", length, Chunks::of(&bytes, 3_000_001)),
            None,
        ),
    ] {
        let server = AssetServer::start().await;
        let asset = client(server.url())
            .v3()
            .assets()
            .upload(upload)
            .await
            .unwrap();
        assert_eq!(asset.status.as_deref(), Some("processing"));
        assert_eq!(asset.size_bytes, i64::try_from(length).ok());
        assert_eq!(
            server.log(),
            [
                "POST /v3/assets/direct-uploads",
                "PUT /store/ast_1",
                "POST /v3/assets/ast_1/complete"
            ]
        );
        let stored = server.asset("ast_1");
        assert!(stored.is_complete);
        assert_eq!(
            (stored.puts, stored.length, &stored.sha256),
            (1, length, &sum)
        );
        let mut slot = json!({"filename": "lecture.mp4", "content_type": "video/mp4",
            "size_bytes": length});
        if let Some(sum) = announced {
            slot["checksum_sha256"] = Value::from(sum.as_str());
        }
        // A stream's checksum is known at the end.
        let bodies = server.state().bodies.clone();
        assert_eq!(bodies, [slot, json!({"checksum_sha256": sum})]);
    }
}

/// Case 24: the API has not found the file yet, and is asked again.
#[tokio::test]
async fn complete_is_asked_again_until_the_file_is_found() {
    let server = AssetServer::start().await;
    for _ in 0..2 {
        let conflict = ("/complete", 409, not_found_yet());
        server.state().api_faults.push_back(conflict);
    }
    let start = Instant::now();
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    upload.direct().await.unwrap();
    assert_eq!(server.log().len(), 5);
    assert!(
        start.elapsed() >= Duration::from_millis(1500),
        "0.5 s and 1 s"
    );
}

#[tokio::test]
async fn complete_is_asked_six_times_at_most() {
    let server = AssetServer::start().await;
    for _ in 0..7 {
        let conflict = ("/complete", 409, not_found_yet());
        server.state().api_faults.push_back(conflict);
    }
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    let error = upload.direct().await.unwrap_err();
    assert_eq!((error.status(), error.job_id()), (Some(409), Some("ast_1")));
    assert!(error.to_string().contains("ast_1"), "{error}");
    assert_eq!(server.log().len(), 8);
}

#[tokio::test]
async fn lost_response_of_complete_is_asked_again() {
    let server = AssetServer::start().await;
    let busy = ("/complete", 502, json!({}));
    server.state().api_faults.push_back(busy);
    let client = retrying(&server);
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    upload.direct().await.unwrap();
    assert_eq!(server.log().len(), 4);
}

#[tokio::test]
async fn other_refusal_of_complete_is_passed_on_with_the_id() {
    let server = AssetServer::start().await;
    let refusal = failure("invalid_parameter", "The file is not a video.");
    server
        .state()
        .api_faults
        .push_back(("/complete", 400, refusal));
    let client = retrying(&server);
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    let error = upload.direct().await.unwrap_err();
    assert_eq!(error.message(), "The file is not a video.");
    assert_eq!((error.status(), error.job_id()), (Some(400), Some("ast_1")));
    assert_eq!(server.log().len(), 3);
}

#[tokio::test]
async fn broken_put_is_sent_again_from_the_beginning() {
    let bytes = mp4(2_000_000);
    let (_folder, path) = on_disk("a.mp4", &bytes);
    for fault in [Fault::Cut, Fault::Status(503), Fault::Status(429)] {
        for upload in [Upload::path(&path), Upload::bytes("a.mp4", bytes.clone())] {
            let server = AssetServer::start().await;
            server.state().put_faults.push_back(fault.clone());
            let client = retrying(&server);
            client.v3().assets().upload(upload).direct().await.unwrap();
            let stored = server.asset("ast_1");
            assert_eq!((stored.puts, stored.is_complete), (1, true), "{fault:?}");
            assert_eq!(stored.sha256, sha256(&bytes));
            assert_eq!(server.log().len(), 4, "one address, two PUTs");
        }
    }
}

#[tokio::test]
async fn refused_address_is_issued_anew() {
    for (fault, lifetime) in [(Fault::Status(403), 3600), (Fault::Status(400), 0)] {
        let server = AssetServer::start().await;
        server.state().put_faults.push_back(fault);
        server.state().lifetime = lifetime;
        let client = retrying(&server);
        let upload = client
            .v3()
            .assets()
            .upload(Upload::bytes("a.mp4", mp4(5000)));
        let asset = upload.direct().idempotency_key("k").await.unwrap();
        assert_eq!(asset.asset_id, "ast_2");
        assert!(server.asset("ast_2").is_complete);
        assert_eq!(server.log().len(), 5);
        // The first key would have returned the first address.
        let keys = server.state().keys.clone();
        assert_eq!(keys[..2], [Some("k".to_owned()), Some("k.2".to_owned())]);
    }
}

#[tokio::test]
async fn refusals_of_the_store_end_the_upload_without_its_signature() {
    for (status, puts) in [(403, 3), (400, 1)] {
        let server = AssetServer::start().await;
        let faults = std::iter::repeat_n(Fault::Status(status), 9);
        server.state().put_faults.extend(faults);
        let client = retrying(&server);
        let upload = client
            .v3()
            .assets()
            .upload(Upload::bytes("a.mp4", mp4(5000)));
        let error = upload.direct().await.unwrap_err();
        let id = format!("ast_{puts}");
        assert_eq!((error.status(), error.job_id()), (Some(status), Some(&*id)));
        let log = server.log();
        let sent = log.iter().filter(|line| line.starts_with("PUT"));
        assert_eq!(sent.count(), puts);
        assert_no_secret(&error);
    }
}

#[tokio::test]
async fn broken_stream_is_not_sent_again() {
    let bytes = mp4(2_000_000);
    for fault in [Fault::Cut, Fault::Status(403), Fault::Status(503)] {
        let server = AssetServer::start().await;
        server.state().put_faults.push_back(fault);
        let client = retrying(&server);
        let stream = Upload::stream("a.mp4", 2_000_000, Chunks::of(&bytes, 100_000));
        let error = client
            .v3()
            .assets()
            .upload(stream)
            .direct()
            .await
            .unwrap_err();
        assert_eq!(error.job_id(), Some("ast_1"), "{error}");
        // The failure of the store, not that of a second attempt.
        assert_ne!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.attempts(), 1);
        assert_eq!(server.log().len(), 2);
        assert_no_secret(&error);
    }
}

#[tokio::test]
async fn stream_of_another_length_or_that_fails_is_no_file() {
    let bytes = mp4(200_000);
    let failing = || {
        let mut chunks = Chunks::of(&bytes, 10_000);
        chunks
            .0
            .insert(15, Err(std::io::Error::other("disk on fire")));
        chunks
    };
    for direct in [false, true] {
        for (length, stream, why) in [
            (199_999, Chunks::of(&bytes, 10_000), "more than 199999"),
            (190_000, Chunks::of(&bytes, 10_000), "more than 190000"),
            (
                200_001,
                Chunks::of(&bytes, 10_000),
                "ended after 200000 of 200001",
            ),
            (200_000, failing(), "disk on fire"),
        ] {
            let server = AssetServer::start().await;
            let client = retrying(&server);
            let upload = client
                .v3()
                .assets()
                .upload(Upload::stream("a.mp4", length, stream));
            let upload = if direct { upload.direct() } else { upload };
            let error = upload.await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert!(error.to_string().contains(why), "{error}");
            assert_eq!(error.job_id(), direct.then_some("ast_1"));
            let state = server.state();
            assert!(state.form.is_none(), "no whole form");
            assert!(state.assets.values().all(|asset| asset.puts == 0));
        }
    }
}

#[tokio::test]
async fn file_that_changes_between_the_passes_is_no_file() {
    let bytes = mp4(2_000_000);
    let (_folder, path) = on_disk("a.mp4", &bytes);
    for change in ["content", "shorter", "longer"] {
        std::fs::write(&path, &bytes).unwrap();
        let server = AssetServer::start().await;
        let client = retrying(&server);
        let target = path.clone();
        let mut other = bytes.clone();
        match change {
            "content" => other[1_999_999] ^= 1,
            "shorter" => other.truncate(1_000_000),
            _ => other.push(0),
        }
        let mut other = Some(other);
        // The first call is that of the beginning, after the first pass.
        let upload = client.v3().assets().upload(Upload::path(&path)).direct();
        let upload = upload.on_progress(move |_| {
            if let Some(other) = other.take() {
                std::fs::write(&target, other).unwrap();
            }
        });
        let error = upload.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        let text = error.to_string();
        assert!(
            text.contains("changed") || text.contains("shorter"),
            "{text}"
        );
        assert_eq!(error.job_id(), Some("ast_1"));
        assert_eq!(server.asset("ast_1").puts, 0, "{change}");
        assert!(!server.log().iter().any(|line| line.contains("complete")));
    }
}

#[tokio::test]
async fn limit_of_the_address_is_kept() {
    let server = AssetServer::start().await;
    server.state().max_bytes = Some(4999);
    let client = retrying(&server);
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    let error = upload.direct().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(error.to_string().contains("4999"), "{error}");
    assert_eq!(error.job_id(), Some("ast_1"));
    assert_eq!(server.log(), ["POST /v3/assets/direct-uploads"]);
}

#[tokio::test]
async fn timeout_of_an_upload_names_its_asset() {
    let server = AssetServer::start().await;
    for _ in 0..6 {
        let conflict = ("/complete", 409, not_found_yet());
        server.state().api_faults.push_back(conflict);
    }
    let client = retrying(&server);
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    let error = upload.direct().timeout(Duration::from_millis(700)).await;
    let error = error.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.job_id(), Some("ast_1"));
}
