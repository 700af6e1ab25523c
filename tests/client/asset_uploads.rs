//! Uploads of assets: which way is taken, what is refused before anything is
//! sent, the form.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use heygen::v3::{Upload, UploadProgress};
use heygen::{Bytes, Client, Error, ErrorKind};
use heygen_tests::assets::{AssetServer, failure};
use heygen_tests::client::{API_KEY, client};
use serde_json::json;

/// The largest file of a form, in bytes.
pub(super) const FORM_LIMIT: usize = 32_000_000;

/// A stream of these chunks.
pub(super) struct Chunks(pub(super) Vec<Result<Bytes, io::Error>>);

impl Chunks {
    /// Of a file in chunks of this length.
    pub(super) fn of(bytes: &[u8], length: usize) -> Self {
        let chunks = bytes.chunks(length).map(|chunk| Ok(chunk.to_vec().into()));
        Self(chunks.collect())
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = (!self.0.is_empty()).then(|| self.0.remove(0));
        Poll::Ready(next)
    }
}

/// A file of this length, which begins as an MP4 file does.
pub(super) fn mp4(length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=250).cycle().step_by(7).take(length).collect();
    bytes[..12].copy_from_slice(b"\0\0\0\x18ftypisom");
    bytes
}

/// A file on disk, in a folder that is removed with it.
pub(super) fn on_disk(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// The error of an upload, of which nothing was sent.
async fn refused(upload: Upload) -> Error {
    let server = AssetServer::start().await;
    let client = client(server.url());
    let error = client.v3().assets().upload(upload).await.unwrap_err();
    assert_eq!(server.log(), [""; 0], "{error}");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(error.param(), Some("file"), "{error}");
    error
}

/// Name, type and content of the file in the server's form.
fn form(server: &AssetServer) -> (String, String, Vec<u8>) {
    let (headers, body) = server.state().form.clone().unwrap();
    let content_type = headers["content-type"].to_str().unwrap();
    let boundary = content_type.split_once("boundary=").unwrap().1;
    assert_eq!(headers["content-length"], body.len().to_string());
    let body = body.to_vec();
    let head = body.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
    let text = String::from_utf8(body[..head].to_vec()).unwrap();
    let tail = format!("\r\n--{boundary}--\r\n");
    assert!(text.starts_with(&format!("--{boundary}\r\n")), "{text}");
    assert!(body.ends_with(tail.as_bytes()));
    assert!(text.contains("name=\"file\""), "{text}");
    let after = |start: &str| {
        let rest = text.split_once(start).unwrap().1;
        rest.split(['"', '\r']).next().unwrap().to_owned()
    };
    (
        after("filename=\""),
        after("Content-Type: "),
        body[head + 4..body.len() - tail.len()].to_vec(),
    )
}

#[tokio::test]
async fn small_file_is_sent_as_a_form() {
    let bytes = mp4(300_001);
    let (_folder, path) = on_disk("lecture.mp4", &bytes);
    for upload in [
        Upload::path(&path),
        Upload::bytes("lecture.mp4", bytes.clone()),
        Upload::stream("lecture.mp4", 300_001, Chunks::of(&bytes, 70_000)),
    ] {
        let server = AssetServer::start().await;
        let client = client(server.url());
        let asset = client.v3().assets().upload(upload).await.unwrap();
        assert_eq!((&*asset.asset_id, asset.status), ("ast_1", None));
        assert_eq!(server.log(), ["POST /v3/assets"]);
        let (name, content_type, content) = form(&server);
        assert_eq!((&*name, &*content_type), ("lecture.mp4", "video/mp4"));
        assert!(content == bytes);
        assert!(server.state().keys[0].is_some(), "an idempotency key");
    }
}

#[tokio::test]
async fn size_decides_the_way() {
    for (length, direct) in [(FORM_LIMIT, false), (FORM_LIMIT + 1, true)] {
        let server = AssetServer::start().await;
        let client = client(server.url());
        let asset = client
            .v3()
            .assets()
            .upload(Upload::bytes("a.mp4", mp4(length)));
        let asset = asset.await.unwrap();
        let status = direct.then(|| "processing".to_owned());
        assert_eq!((&*asset.asset_id, asset.status), ("ast_1", status));
        assert_eq!(server.log().len(), if direct { 3 } else { 1 });
    }
}

#[tokio::test]
async fn way_can_be_forced() {
    let server = AssetServer::start().await;
    let client = client(server.url());
    let small = Upload::bytes("a.mp4", mp4(1000));
    client.v3().assets().upload(small).direct().await.unwrap();
    assert_eq!(server.log()[0], "POST /v3/assets/direct-uploads");

    let large = Upload::bytes("a.mp4", mp4(FORM_LIMIT + 1));
    let error = client.v3().assets().upload(large).multipart().await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let zip = Upload::bytes("a.zip", &b"PK\x03\x04\x14\0"[..]);
    let error = client.v3().assets().upload(zip).multipart().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(server.log().len(), 3, "nothing more was sent");
    let zip = Upload::bytes("a.zip", &b"PK\x03\x04\x14\0"[..]);
    client.v3().assets().upload(zip).await.unwrap();
    assert_eq!(server.log()[3], "POST /v3/assets/direct-uploads");
}

#[tokio::test]
async fn form_that_is_too_large_for_the_api_is_uploaded_directly() {
    let too_large = || ("/assets", 413, failure("payload_too_large", "Too large."));
    let server = AssetServer::start().await;
    let client = client(server.url());
    let bytes = mp4(5000);
    server.state().api_faults.push_back(too_large());
    let asset = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", bytes.clone()));
    let asset = asset.await.unwrap();
    assert!(server.asset(&asset.asset_id).is_complete);
    assert_eq!(server.log().len(), 4);

    // What was forced, and what cannot be sent again, is an error.
    server.state().api_faults.push_back(too_large());
    let forced = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", bytes.clone()));
    assert_eq!(forced.multipart().await.unwrap_err().status(), Some(413));
    server.state().api_faults.push_back(too_large());
    let stream = Upload::stream("a.mp4", 5000, Chunks::of(&bytes, 1000));
    let error = client.v3().assets().upload(stream).await.unwrap_err();
    assert_eq!(error.status(), Some(413));
    assert_eq!(server.log().len(), 6);
}

#[tokio::test]
async fn file_that_cannot_be_read_is_refused() {
    let (folder, path) = on_disk("empty.mp4", b"");
    for (upload, why) in [
        (Upload::path(folder.path().join("none.mp4")), "No such file"),
        (Upload::path(folder.path()), "directory"),
        (Upload::path(&path), "is empty"),
        (Upload::bytes("a.mp4", ""), "is empty"),
        (Upload::stream("a.mp4", 0, Chunks(Vec::new())), "is empty"),
        (Upload::bytes("", mp4(100)), "no name"),
    ] {
        let error = refused(upload).await;
        assert!(error.to_string().contains(why), "{error}");
    }
    #[cfg(unix)]
    {
        let error = refused(Upload::path("/dev/zero").name("a.mp4")).await;
        assert!(error.to_string().contains("not a regular file"), "{error}");
    }
}

#[tokio::test]
async fn type_that_is_not_accepted_is_refused() {
    for (name, bytes, why) in [
        ("photo.png", &b"GIF89a\x01\0"[..], "image/gif"),
        ("page.srt", b"<!DOCTYPE html><html>", "text/html"),
        ("notes.txt", b"Hello", "no known type"),
        ("notes", b"Hello", "no known type"),
        ("movie.mov", b"\0\0\0\x14ftypqt  \0\0", "video/quicktime"),
    ] {
        let error = refused(Upload::bytes(name, bytes)).await;
        assert!(error.to_string().contains(why), "{error}");
        assert!(error.to_string().contains("mp4"), "names what is accepted");
    }
    let mut archive = vec![0; 209_715_201];
    archive[..4].copy_from_slice(b"PK\x03\x04");
    let error = refused(Upload::bytes("a.zip", archive)).await;
    assert!(error.to_string().contains("209715200"), "{error}");
}

#[tokio::test]
async fn type_is_that_of_the_bytes_then_of_the_name_unless_it_is_set() {
    let srt = b"1\n00:00:01,000 --> 00:00:02,000\nHello\n";
    let mp3 = b"\xff\xfb\x90\x64\0\0";
    for (name, bytes, expected) in [
        ("a.png", &mp4(100)[..], "video/mp4"),
        ("a.srt", srt, "application/x-subrip"),
        ("a.SRT", srt, "application/x-subrip"),
        ("speech", mp3, "audio/mpeg"),
        ("a.mp3", b"no frame", "audio/mpeg"),
    ] {
        let server = AssetServer::start().await;
        let client = client(server.url());
        let upload = client
            .v3()
            .assets()
            .upload(Upload::bytes(name, bytes.to_vec()));
        upload.await.unwrap();
        assert_eq!(form(&server).1, expected, "{name}");
        let upload = client
            .v3()
            .assets()
            .upload(Upload::bytes(name, bytes.to_vec()));
        upload.content_type("video/x-new").await.unwrap();
        assert_eq!(form(&server).1, "video/x-new");
    }
    let server = AssetServer::start().await;
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(100)));
    let error = upload.content_type("video/mp4\r\nx-api-key: y").await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(server.log(), [""; 0]);
}

/// Case 22: the reason of the API is passed on whole.
#[tokio::test]
async fn refusal_of_a_type_by_the_api_is_passed_on() {
    let server = AssetServer::start().await;
    let message = "Content type not supported application/x-subrip";
    let refusal = failure("invalid_parameter", message);
    server
        .state()
        .api_faults
        .push_back(("/assets", 400, refusal));
    let client = client(server.url());
    let upload = client.v3().assets().upload(Upload::bytes("a.srt", "1\n"));
    let error = upload.await.unwrap_err();
    assert_eq!((error.status(), error.message()), (Some(400), message));
    assert!(error.to_string().contains(message), "{error}");
}

#[tokio::test]
async fn progress_is_reported_up_to_all_bytes() {
    let bytes = mp4(1_000_000);
    let (_folder, path) = on_disk("a.mp4", &bytes);
    for direct in [false, true] {
        let server = AssetServer::start().await;
        let client = client(server.url());
        let seen = Arc::new(Mutex::new(Vec::<UploadProgress>::new()));
        let sink = Arc::clone(&seen);
        let upload = client.v3().assets().upload(Upload::path(&path));
        let upload = if direct { upload.direct() } else { upload };
        upload
            .on_progress(move |progress| sink.lock().unwrap().push(progress.clone()))
            .await
            .unwrap();
        let seen = seen.lock().unwrap();
        assert_eq!((seen[0].sent(), seen[0].percent()), (0, 0));
        assert!(seen.is_sorted_by_key(UploadProgress::sent), "{seen:?}");
        assert!(seen.len() > 5, "{seen:?}");
        let last = seen.last().unwrap();
        assert_eq!((last.sent(), last.total()), (1_000_000, 1_000_000));
        assert_eq!((last.percent(), last.name()), (100, "a.mp4"));
        assert_eq!(last.to_string(), "a.mp4: 100 % of 1.0 MB");
    }
}

#[tokio::test]
async fn form_of_a_broken_connection_is_sent_again_with_its_key() {
    let server = AssetServer::start().await;
    let busy = ("/assets", 503, json!({}));
    server.state().api_faults.push_back(busy);
    let client = Client::builder().api_key(API_KEY).base_url(server.url());
    let client = client.max_retries(2).build().unwrap();
    let upload = client
        .v3()
        .assets()
        .upload(Upload::bytes("a.mp4", mp4(5000)));
    upload.idempotency_key("mine").await.unwrap();
    let keys = server.state().keys.clone();
    assert_eq!(keys, [Some("mine".to_owned()), Some("mine".to_owned())]);
    assert!(form(&server).2 == mp4(5000));
}

#[tokio::test]
async fn stream_is_sent_once() {
    let server = AssetServer::start().await;
    server
        .state()
        .api_faults
        .push_back(("/assets", 503, json!({})));
    let client = Client::builder().api_key(API_KEY).base_url(server.url());
    let client = client.max_retries(2).build().unwrap();
    let stream = Upload::stream("a.mp4", 5000, Chunks::of(&mp4(5000), 999));
    let error = client.v3().assets().upload(stream).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 1));
}

/// A stream whose first chunk never arrives.
struct Endless;

impl Stream for Endless {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn timeout_bounds_the_whole_upload() {
    let server = AssetServer::start().await;
    let client = client(server.url());
    let upload = client
        .v3()
        .assets()
        .upload(Upload::stream("a.mp4", 100, Endless));
    let error = upload.timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
