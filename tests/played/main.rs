//! The client and the mock together: from a script to a file, as a user's program
//! does it, and what goes wrong on the way.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod webhooks;

use std::time::Duration;

use heygen::v3::{
    AssetUrl, CreateAvatar, CreatePhotoAvatar, CreateVideoAgent, CreateVideoFromAvatar,
    CreateVideoTranslation, Upload,
};
use heygen::{Client, Outcome, PollSchedule};
use heygen_mock::MockServer;
use heygen_tests::client::{API_KEY, builder};

pub(crate) fn client(mock: &MockServer) -> Client {
    builder(mock.url()).build().unwrap()
}

/// Polls as fast as the clock of the mock is.
pub(crate) fn quick() -> PollSchedule {
    PollSchedule::new(Duration::from_millis(50)).factor(1.0)
}

pub(crate) fn script() -> CreateVideoFromAvatar {
    CreateVideoFromAvatar::new("look_1")
        .script("Hello!")
        .voice_id("voice_1")
}

/// Fails if a request to a file or a slot had the key.
fn assert_no_key_left(mock: &MockServer) {
    let requests = mock.requests();
    let mut outside = requests
        .iter()
        .filter(|request| !request.path().starts_with("/v3/"));
    assert!(
        outside.all(
            |request| !format!("{:?}", request.headers().collect::<Vec<_>>()).contains(API_KEY)
        )
    );
}

#[tokio::test]
async fn script_becomes_a_file() {
    let mock = MockServer::start().await.unwrap();
    mock.on("create_video").reply(503).retry_after(0).times(2);
    let client = client(&mock);
    let v3 = client.v3();
    let video = v3
        .videos()
        .create(script())
        .and_wait()
        .schedule(quick())
        .await
        .unwrap();
    assert_eq!(video.status.as_str(), "completed");

    let folder = tempfile::tempdir().unwrap();
    let file = v3
        .videos()
        .download(&video.id, folder.path().join("out.mp4"))
        .await
        .unwrap();
    assert_eq!(file.bytes, 1_000_000);
    assert_eq!(std::fs::metadata(&file.path).unwrap().len(), 1_000_000);
    assert_eq!(file.content_type.as_deref(), Some("video/mp4"));
    assert_eq!(mock.calls("create_video"), 3);
    assert_eq!(mock.calls("download_file"), 1);
    assert_no_key_left(&mock);
}

#[tokio::test]
async fn response_that_is_lost_does_not_bill_twice() {
    let mock = MockServer::start().await.unwrap();
    let client = client(&mock);
    let videos = async || {
        let listed = client.v3().videos().list(None).await.unwrap();
        listed.items.len()
    };
    let before = videos().await;
    mock.on("create_video").disconnect().times(1);
    client.v3().videos().create(script()).await.unwrap();
    assert_eq!(mock.calls("create_video"), 2);
    assert_eq!(videos().await, before + 1);
}

#[tokio::test]
async fn failed_job_is_an_error_with_its_reason() {
    let mock = MockServer::start().await.unwrap();
    let client = client(&mock);
    mock.job("video")
        .fail("rendering_failed", "The avatar could not be rendered.")
        .times(1);
    mock.job("video").fail_without_reason().times(1);
    for (code, reason) in [
        (Some("rendering_failed"), "The avatar could not be rendered"),
        (None, "no reason given"),
    ] {
        let wait = client.v3().videos().create(script()).and_wait();
        let error = wait.schedule(quick()).await.unwrap_err();
        assert!(error.is_job_failed(), "{error}");
        assert_eq!((error.code(), error.job_state()), (code, Some("failed")));
        let id = error.job_id().unwrap();
        let text = error.to_string();
        assert!(text.contains(id) && text.contains(reason), "{text}");
    }
}

#[tokio::test]
async fn deleted_and_stuck_jobs_end_a_wait() {
    let mock = MockServer::start().await.unwrap();
    let client = client(&mock);
    let v3 = client.v3();
    mock.job("video").get_stuck();
    let stuck = v3.videos().create(script()).await.unwrap();
    let wait = v3.videos().wait(&stuck.video_id).schedule(quick());
    let error = wait.deadline(Duration::from_secs(1)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.job_state(), Some("processing"));
    v3.videos().delete(&stuck.video_id).await.unwrap();
    let error = v3
        .videos()
        .wait(&stuck.video_id)
        .schedule(quick())
        .await
        .unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn each_language_and_each_session_has_its_result() {
    let mock = MockServer::start().await.unwrap();
    let client = client(&mock);
    let v3 = client.v3();
    mock.job("translation").fail("x", "No sound.").times(1);
    let source = AssetUrl::new("https://example.com/a.mp4");
    let body = CreateVideoTranslation::new(source, ["Japanese", "German", "French"]);
    let finished = v3
        .video_translations()
        .create(body)
        .and_wait()
        .schedule(quick())
        .await
        .unwrap();
    let done: Vec<bool> = finished.iter().map(|one| one.result.is_ok()).collect();
    assert_eq!(done, [false, true, true]);

    let agent = || {
        v3.video_agents()
            .create(CreateVideoAgent::new("A presenter says hello."))
    };
    let outcome = agent().and_wait().schedule(quick()).await.unwrap();
    let video = outcome.finished().expect("a video");
    assert_eq!(video.status.as_str(), "completed");

    mock.job("agent_session").wait_for_caller();
    let outcome = agent().and_wait().schedule(quick()).await.unwrap();
    assert!(matches!(outcome, Outcome::ActionRequired(_)));
}

#[tokio::test]
async fn look_that_is_not_there_yet_is_waited_for() {
    // A look is not found for 20 seconds: 0.4 s at this speed.
    let mock = MockServer::builder().speed(50.0).start().await.unwrap();
    mock.job("avatar_look").takes(Duration::from_secs(30));
    let client = client(&mock);
    let photo = AssetUrl::new("https://example.com/a.png");
    let avatar = CreateAvatar::from(CreatePhotoAvatar::new("Ada", photo));
    let create = client.v3().avatars().create(avatar);
    let outcome = create.and_wait().schedule(quick()).await.unwrap();
    let look = outcome.finished().expect("a look");
    assert!(look.preview_image_url.is_some());
    assert!(mock.calls("get_avatar_look") > 1);
}

#[tokio::test]
async fn download_that_is_cut_is_resumed() {
    let mock = MockServer::start().await.unwrap();
    mock.file("video_url").length(3_000_000);
    let client = client(&mock);
    let folder = tempfile::tempdir().unwrap();
    let v3 = client.v3();
    let whole = folder.path().join("whole.mp4");
    v3.videos().download("vid_1", &whole).await.unwrap();

    mock.on("download_file").cut_after(1_000_000).times(2);
    let resumed = folder.path().join("resumed.mp4");
    let file = v3.videos().download("vid_1", &resumed).await.unwrap();
    assert_eq!(file.bytes, 3_000_000);
    assert!(std::fs::read(whole).unwrap() == std::fs::read(resumed).unwrap());
    let requests = mock.requests();
    let ranges: Vec<_> = requests
        .iter()
        .filter_map(|request| request.header("range"))
        .collect();
    assert_eq!(ranges.len(), 2, "{ranges:?}");

    // Not if the file has become another one.
    mock.on("download_file")
        .cut_after(1_000_000)
        .delay(Duration::from_secs(1))
        .times(1);
    let path = folder.path().join("changed.mp4");
    let download = v3.videos().download("vid_1", &path);
    let change = async {
        while mock.calls("download_file") < 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        mock.file("video_url").change();
    };
    let (file, ()) = tokio::join!(download, change);
    assert_eq!(file.unwrap().bytes, 3_000_000);
    let again = folder.path().join("again.mp4");
    v3.videos().download("vid_1", &again).await.unwrap();
    assert!(std::fs::read(path).unwrap() == std::fs::read(again).unwrap());
}

#[tokio::test]
async fn link_that_is_dead_is_read_anew() {
    let mock = MockServer::start().await.unwrap();
    let client = client(&mock);
    let folder = tempfile::tempdir().unwrap();
    // The links of now are dead before they are used; the next ones live.
    mock.file("video_url").lifetime(Duration::ZERO);
    let revive = async {
        while mock.calls("download_file") == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        mock.file("video_url").lifetime(Duration::from_secs(3600));
    };
    mock.on("download_file")
        .delay(Duration::from_millis(200))
        .times(1);
    let videos = client.v3();
    let download = videos
        .videos()
        .download("vid_1", folder.path().join("a.mp4"));
    let (file, ()) = tokio::join!(download, revive);
    assert_eq!(file.unwrap().bytes, 1_000_000);
    assert_eq!(mock.calls("get_video"), 2);
    assert_eq!(mock.calls("download_file"), 2);
}

#[tokio::test]
async fn upload_goes_by_form_or_by_slot() {
    let mock = MockServer::start().await.unwrap();
    let client = client(&mock);
    let v3 = client.v3();
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &[7; 1000]].concat();
    let small = v3
        .assets()
        .upload(Upload::bytes("a.png", png))
        .await
        .unwrap();
    let upload = mock.upload(&small.asset_id).unwrap();
    assert_eq!(
        (upload.length(), upload.content_type()),
        (1008, "image/png")
    );
    assert_eq!(mock.calls("upload_file"), 0);

    let mp4 = [&b"\0\0\0\x18ftypmp42"[..], &vec![7; 33_000_000]].concat();
    mock.on("complete_asset_upload")
        .reply(409)
        .reason(
            "conflict",
            "Uploaded object not found yet. Retry after upload PUT returns 200.",
        )
        .times(2);
    let large = v3
        .assets()
        .upload(Upload::bytes("a.mp4", mp4))
        .await
        .unwrap();
    assert_eq!(mock.upload(&large.asset_id).unwrap().length(), 33_000_012);
    assert_eq!(
        (
            mock.calls("upload_file"),
            mock.calls("complete_asset_upload")
        ),
        (1, 3)
    );
    let asset = v3
        .assets()
        .wait(&large.asset_id)
        .schedule(quick())
        .await
        .unwrap();
    assert_eq!(asset.id, large.asset_id);
    assert_no_key_left(&mock);
}
