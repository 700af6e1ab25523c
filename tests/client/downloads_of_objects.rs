//! Downloads of the files of an object: its link is read first, and once more
//! where it has expired.

use std::collections::BTreeSet;
use std::fs;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use heygen::v3::{
    AiClippingFile, AssetFile, BackgroundRemovalFile, FillerWordRemovalFile, HyperframesRenderFile,
    LipsyncFile, ProofreadSrtFile, VideoFile, VideoTranslationFile,
};
use heygen::{Client, Downloaded, Error, ErrorKind};
use heygen_tests::client::{API_KEY, builder};
use heygen_tests::scripted::{Reply, ScriptedServer};
use heygen_tests::store::StoredFile;
use serde_json::{Value, json};
use tempfile::TempDir;

type Downloading = Pin<Box<dyn Future<Output = Result<Downloaded, Error>> + Send>>;

/// An API whose objects have the links of a store. Each read of an object signs
/// them anew: `?Signature=1`, then 2.
struct Files {
    api: ScriptedServer,
    store: ScriptedServer,
    folder: TempDir,
}

impl Files {
    /// Objects of this data, in which `{link}` is an address of the store.
    async fn start(data: Value, store: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let store = ScriptedServer::start_with(move |_, request| store(request.target())).await;
        let link = format!("{}/$?Signature=", store.url());
        let api = ScriptedServer::start_with(move |at, _| {
            let body = json!({"data": data}).to_string();
            let link = |name: &str| format!("{}{}", link.replace('$', name), at + 1);
            Reply::json(["a", "b"].iter().fold(body, |body, name| {
                body.replace(&format!("{{{name}}}"), &link(name))
            }))
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        Self { api, store, folder }
    }

    fn client(&self) -> Client {
        builder(self.api.url()).max_retries(1).build().unwrap()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    async fn download(&self, file: VideoFile) -> Result<Downloaded, Error> {
        let client = self.client();
        client
            .v3()
            .videos()
            .download("vid_1", self.path())
            .file(file)
            .await
    }

    fn store_targets(&self) -> Vec<String> {
        let requests = self.store.requests();
        requests
            .iter()
            .map(|request| request.target().to_owned())
            .collect()
    }
}

fn file(bytes: &str) -> Reply {
    StoredFile::new(bytes)
        .header("content-type", "binary/octet-stream")
        .whole()
}

fn video(status: &str) -> Value {
    json!({"id": "vid_1", "status": status, "video_url": "{a}", "captioned_video_url": null})
}

#[tokio::test]
async fn key_is_sent_to_the_api_and_not_to_the_store() {
    let files = Files::start(video("completed"), |_| file("video")).await;
    let downloaded = files.download(VideoFile::Video).await.unwrap();
    assert_eq!(
        (downloaded.bytes, fs::read(files.path()).unwrap()),
        (5, b"video".to_vec())
    );
    let read = &files.api.requests()[0];
    assert_eq!(
        (read.target(), read.header("x-api-key")),
        ("/v3/videos/vid_1", Some(API_KEY))
    );
    files.store.assert_no_api_key();
}

#[tokio::test]
async fn expired_link_is_read_anew_once() {
    for status in [403, 404] {
        let files = Files::start(video("completed"), move |target| match target {
            "/a?Signature=1" => Reply::response(status, &[], "<Error>Request has expired</Error>"),
            _ => file("video"),
        })
        .await;
        files.download(VideoFile::Video).await.unwrap();
        assert_eq!(files.store_targets(), ["/a?Signature=1", "/a?Signature=2"]);
        assert_eq!(files.api.requests().len(), 2);
    }
    let files = Files::start(video("completed"), |_| Reply::response(403, &[], "")).await;
    let error = files.download(VideoFile::Video).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(403)));
    assert_eq!(
        (files.api.requests().len(), files.store.requests().len()),
        (2, 2)
    );
}

/// The link expires while the file is received.
#[tokio::test]
async fn link_that_expires_meanwhile_is_read_anew_and_resumed() {
    let stored = || StoredFile::new("x".repeat(1000)).header("etag", "\"1\"");
    let store = ScriptedServer::start_with(move |at, request| match at {
        0 => stored().whole().cut(400),
        1 => Reply::response(403, &[], ""),
        _ => stored().reply(request),
    })
    .await;
    let link = format!("{}/a?Signature=", store.url());
    let api = ScriptedServer::start_with(move |at, _| {
        Reply::json(
            json!({"data": {"id": "vid_1", "video_url": format!("{link}{at}")}}).to_string(),
        )
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.mp4");
    let client = builder(api.url()).build().unwrap();
    client.v3().videos().download("vid_1", &path).await.unwrap();
    assert_eq!(fs::read(&path).unwrap().len(), 1000);
    let requests = store.requests();
    assert_eq!(requests[2].target(), "/a?Signature=1");
    assert_eq!(requests[2].header("range"), Some("bytes=400-"));
}

/// The link is null: the message names the state, and what to do.
#[tokio::test]
async fn missing_file_is_an_error_with_the_state() {
    for (status, hint) in [
        ("processing", "wait until the video is finished"),
        ("completed", "select another file"),
        ("failed", "no files"),
    ] {
        let files = Files::start(video(status), |_| file("video")).await;
        let error = files.download(VideoFile::Captioned).await.unwrap_err();
        assert!(error.is_file_missing());
        let text = error.to_string().to_lowercase();
        for part in ["video vid_1", "captioned_video_url", status, hint] {
            assert!(text.contains(part), "{text}");
        }
        assert!(files.store.requests().is_empty());
        assert_eq!(fs::read_dir(files.folder.path()).unwrap().count(), 0);
    }
    // The file without captions is there.
    let files = Files::start(video("completed"), |_| file("video")).await;
    let captioned = files.download(VideoFile::Captioned).await;
    assert!(captioned.is_err_and(|error| error.is_file_missing()));
    files.download(VideoFile::Video).await.unwrap();
}

#[tokio::test]
async fn object_that_is_gone_is_not_found() {
    let body = r#"{"error":{"code":"not_found","message":"No such video."}}"#;
    let api = ScriptedServer::start([Reply::response(404, &[], body)]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.mp4");
    let error = api
        .client()
        .v3()
        .videos()
        .download("vid_1", &path)
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.path(), Some("/v3/videos/vid_1"));
    let error = api
        .client()
        .v3()
        .videos()
        .download("..", &path)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    fs::write(&path, "old").unwrap();
    let error = api
        .client()
        .v3()
        .videos()
        .download("vid_1", &path)
        .await
        .unwrap_err();
    assert_eq!(error.io_kind(), Some(std::io::ErrorKind::AlreadyExists));
    assert_eq!(api.requests().len(), 1, "neither was sent");
}

#[tokio::test]
async fn stream_is_of_the_selected_file() {
    let files = Files::start(
        json!({"id": "vid_1", "video_url": "{a}", "gif_url": "{b}"}),
        |target| {
            file(if target.starts_with("/b") {
                "gif"
            } else {
                "video"
            })
        },
    )
    .await;
    let client = files.client();
    let videos = client.v3().videos();
    let mut stream = videos
        .stream("vid_1")
        .file(VideoFile::Gif)
        .open()
        .await
        .unwrap();
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "gif");
    assert_eq!(stream.chunk().await.unwrap(), None);
    assert_eq!(stream.chunk().await.unwrap(), None);
}

/// A download of each kind of object: the operation that reads it, its data with
/// the default file at `{a}` and another one at `{b}`, and both calls.
macro_rules! kinds {
    ($($operation:literal, $data:tt, ($client:ident, $path:ident) => $default:expr, $other:expr;)*) => {
        vec![$((
            $operation,
            json!($data),
            (|$client: Client, $path: PathBuf| Box::pin(async move { $default.await }) as Downloading)
                as fn(Client, PathBuf) -> Downloading,
            (|$client: Client, $path: PathBuf| Box::pin(async move { $other.await }) as Downloading)
                as fn(Client, PathBuf) -> Downloading,
        )),*]
    };
}

#[tokio::test]
async fn files_of_every_kind_of_object_are_downloaded() {
    let kinds = kinds! {
        "getVideoV3", {"id": "1", "video_url": "{a}", "subtitle_url": "{b}"}, (client, path) =>
            client.v3().videos().download("1", path),
            client.v3().videos().download("1", path).file(VideoFile::Subtitle);
        "getVideoTranslationV3", {"id": "1", "video_url": "{a}", "vtt_caption_url": "{b}"}, (client, path) =>
            client.v3().video_translations().download("1", path),
            client.v3().video_translations().download("1", path).file(VideoTranslationFile::Vtt);
        "downloadProofreadSrtV3", {"srt_url": "{a}", "original_srt_url": "{b}"}, (client, path) =>
            client.v3().video_translations().proofreads().srt().download("1", path),
            client.v3().video_translations().proofreads().srt().download("1", path)
                .file(ProofreadSrtFile::Original);
        "getLipsyncV3", {"id": "1", "video_url": "{a}", "caption_url": "{b}"}, (client, path) =>
            client.v3().lipsyncs().download("1", path),
            client.v3().lipsyncs().download("1", path).file(LipsyncFile::Caption);
        "getFillerWordRemovalV3", {"id": "1", "video_url": "{a}", "thumbnail_url": "{b}"}, (client, path) =>
            client.v3().filler_word_removals().download("1", path),
            client.v3().filler_word_removals().download("1", path).file(FillerWordRemovalFile::Thumbnail);
        "getHyperframesRenderV3", {"id": "1", "video_url": "{a}", "thumbnail_url": "{b}"}, (client, path) =>
            client.v3().hyperframes().renders().download("1", path),
            client.v3().hyperframes().renders().download("1", path).file(HyperframesRenderFile::Thumbnail);
        "getAiClippingV3", {"id": "1", "clips": [{"video_url": "{a}"}, {"video_url": "{b}"}]}, (client, path) =>
            client.v3().ai_clipping().download("1", path),
            client.v3().ai_clipping().download("1", path).file(AiClippingFile::Video(1));
        "getBackgroundRemoval", {"id": "1", "layers": {"foreground": "{a}", "mask": "{b}"}}, (client, path) =>
            client.v3().background_removals().download("1", path),
            client.v3().background_removals().download("1", path).file(BackgroundRemovalFile::Mask);
        "getAsset", {"id": "1", "url": "{a}", "name": "{b}"}, (client, path) =>
            client.v3().assets().download("1", path),
            client.v3().assets().download("1", path).file(AssetFile::File);
    };
    for (operation, data, default, other) in &kinds {
        let second = if *operation == "getAsset" { "a" } else { "b" };
        for (download, name) in [(default, "a"), (other, second)] {
            let files = Files::start(data.clone(), |target| file(&target[1..2])).await;
            let downloaded = download(files.client(), files.path()).await;
            let downloaded = downloaded.unwrap_or_else(|error| panic!("{operation}: {error}"));
            assert_eq!(
                fs::read_to_string(downloaded.path).unwrap(),
                name,
                "{operation}"
            );
        }
    }
    let tested: BTreeSet<&str> = kinds.iter().map(|(operation, ..)| *operation).collect();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/v3/corrected.json");
    let document: Value = serde_json::from_slice(&fs::read(document).unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let reads = paths.filter_map(|path| path.get("get"));
    let marked = reads.filter(|get| get.get("x-download").is_some());
    let marked: BTreeSet<&str> = marked
        .map(|get| get["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(tested, marked);
}
