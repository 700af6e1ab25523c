//! Each program, run against the mock.

use std::path::Path;
use std::process::Output;

use heygen_mock::MockServer;
use tokio::process::Command;

/// Runs a program against a mock, in a folder.
async fn run(mock: &MockServer, program: &str, folder: &Path, arguments: &[&str]) -> Output {
    let command = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("HEYGEN_BASE_URL", mock.url())
        .env("HEYGEN_API_KEY", "any")
        .output();
    command.await.expect("the program starts")
}

/// What it printed, if it succeeded.
fn printed(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn avatar_details_prints_an_avatar() {
    let mock = MockServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_avatar_details");
    let output = run(&mock, program, folder.path(), &["anna"]).await;
    let text = printed(&output);
    assert!(text.contains("(anna)"), "{text}");
    assert!(text.contains("voice"), "{text}");
    let note = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(note.contains("31 Oct 2026"), "{note}");
}

#[tokio::test]
async fn pick_voice_and_look_prints_both() {
    let mock = MockServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_pick_voice_and_look");
    let text = printed(&run(&mock, program, folder.path(), &["English"]).await);
    assert!(text.starts_with("voice "), "{text}");
    assert!(text.contains("\nlook  "), "{text}");
}

#[tokio::test]
async fn script_to_file_leaves_the_file() {
    let mock = MockServer::start().await.unwrap();
    mock.file("video_url").length(3_000_000);
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_script_to_file");
    let text = printed(&run(&mock, program, folder.path(), &["Hello!", "hello.mp4"]).await);
    assert_eq!(text, "hello.mp4 (3000000 bytes)\n");
    let length = folder.path().join("hello.mp4").metadata().unwrap().len();
    assert_eq!(length, 3_000_000);
    assert_eq!(mock.calls("create_video"), 1);
}

#[tokio::test]
async fn script_to_file_names_the_video_that_failed() {
    let mock = MockServer::start().await.unwrap();
    mock.job("video")
        .fail("rendering_failed", "No avatar.")
        .times(1);
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_script_to_file");
    let output = run(&mock, program, folder.path(), &[]).await;
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        error.contains("rendering_failed") && error.contains("No avatar"),
        "{error}"
    );
    assert!(!folder.path().join("hello.mp4").exists());
}

#[tokio::test]
async fn translate_three_languages_leaves_those_that_succeed() {
    let mock = MockServer::start().await.unwrap();
    mock.job("translation").fail("", "Too quiet.").times(1);
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_translate_three_languages");
    let output = run(
        &mock,
        program,
        folder.path(),
        &["https://example.com/talk.mp4", "."],
    )
    .await;
    let text = printed(&output);
    assert_eq!(text.lines().count(), 2, "{text}");
    for path in text.lines() {
        assert!(folder.path().join(path).exists(), "{path}");
    }
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("Too quiet"), "{error}");
}

#[tokio::test]
async fn upload_and_lipsync_leaves_the_file() {
    let mock = MockServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mp4 = [
        b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".as_slice(),
        &[7; 5000],
    ]
    .concat();
    let mp3 = [b"ID3\x04\0\0\0\0\0\0".as_slice(), &[7; 5000]].concat();
    std::fs::write(folder.path().join("person.mp4"), mp4).unwrap();
    std::fs::write(folder.path().join("speech.mp3"), mp3).unwrap();
    let program = env!("CARGO_BIN_EXE_upload_and_lipsync");
    let files = ["person.mp4", "speech.mp3", "result.mp4"];
    let text = printed(&run(&mock, program, folder.path(), &files).await);
    assert!(text.starts_with("result.mp4 ("), "{text}");
    assert!(folder.path().join("result.mp4").exists());
    assert_eq!(mock.calls("upload_asset"), 2);
}
