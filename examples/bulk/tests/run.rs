//! The program, killed in the middle and run again.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use heygen_mock::MockServer;
use tokio::process::Command;

const ROWS: usize = 25;

fn command(mock: &MockServer, folder: &Path) -> Command {
    command_of(mock, folder, "look_4d1e", "voice_51ad")
}

fn command_of(mock: &MockServer, folder: &Path, look: &str, voice: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bulk"));
    let arguments = ["people.csv", "out", look, voice];
    command
        .args(arguments)
        .current_dir(folder)
        .env("HEYGEN_BASE_URL", mock.url())
        .env("HEYGEN_API_KEY", "any")
        .kill_on_drop(true);
    command
}

/// Runs to a good end.
async fn succeed(mut command: Command) {
    let output = command.output().await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
}

/// A folder with this CSV.
fn folder_of(csv: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.csv"), csv).unwrap();
    folder
}

/// The keys of the creates, without repetitions.
fn keys(mock: &MockServer) -> HashSet<String> {
    let creates = mock.requests().into_iter().filter(|r| r.method() == "POST");
    creates
        .map(|request| request.header("idempotency-key").unwrap().to_owned())
        .collect()
}

/// The names of the videos.
fn videos(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("out")).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let videos = paths.filter(|path| path.extension().is_some_and(|of| of == "mp4"));
    let names = videos.map(|path| path.file_name().unwrap().to_owned());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_run_is_resumed_without_a_second_bill() {
    let mock = MockServer::start().await.unwrap();
    mock.file("video_url").length(10_000);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut csv = "name,text\n".to_owned();
    for row in 0..ROWS {
        writeln!(csv, "person {row},\"Hello, number {row}!\"").unwrap();
    }
    std::fs::write(folder.join("people.csv"), csv).unwrap();

    let mut first = command(&mock, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while videos(folder).is_empty() {
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "no video was made"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.kill().await.unwrap();
    let before = videos(folder).len();
    assert!(before < ROWS, "all were done before the kill");

    let output = command(&mock, folder).output().await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
    assert_eq!(videos(folder).len(), ROWS);
    // A create that was repeated has the key, and so the video, of the first one.
    assert_eq!(keys(&mock).len(), ROWS);

    // A third run has nothing to do.
    let calls = mock.calls("create_video");
    let output = command(&mock, folder).output().await.unwrap();
    assert!(output.status.success());
    assert_eq!(mock.calls("create_video"), calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_that_fails_for_good_is_named_and_not_created_again() {
    let mock = MockServer::start().await.unwrap();
    mock.job("video")
        .fail("rendering_failed", "No avatar.")
        .times(1);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("people.csv"), "name,text\na,Hello\n../b,Hi\n").unwrap();
    for _ in 0..2 {
        let output = command(&mock, folder).output().await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            error.contains("failed: ") && error.contains("No avatar"),
            "{error}"
        );
        assert_eq!(videos(folder).len(), 1);
        assert_eq!(mock.calls("create_video"), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn video_that_is_not_visible_at_once_is_waited_for() {
    let mock = MockServer::start().await.unwrap();
    // Two seconds, as the clock of the mock is 600 times as fast.
    mock.job("video").visible_after(Duration::from_mins(20));
    let folder = folder_of("name,text\na,Hello\n");
    succeed(command(&mock, folder.path())).await;
    assert_eq!(videos(folder.path()).len(), 1);
    assert_eq!(mock.calls("create_video"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_look_or_voice_is_another_video() {
    let mock = MockServer::start().await.unwrap();
    let folder = folder_of("name,text\na,Hello\n");
    let runs = [
        ("look_1", "voice_1"),
        ("look_2", "voice_1"),
        ("look_1", "voice_2"),
    ];
    for (done, (look, voice)) in runs.into_iter().enumerate() {
        succeed(command_of(&mock, folder.path(), look, voice)).await;
        assert_eq!(videos(folder.path()).len(), done + 1);
        assert_eq!(keys(&mock).len(), done + 1);
    }
    // In another folder too, a run is a repetition only if nothing is different.
    let other = folder_of("name,text\na,Hello\n");
    succeed(command_of(&mock, other.path(), "look_2", "voice_1")).await;
    assert_eq!(keys(&mock).len(), 3);
    succeed(command_of(&mock, other.path(), "look_2", "voice_2")).await;
    assert_eq!(keys(&mock).len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_differ_have_files_of_their_own() {
    let mock = MockServer::start().await.unwrap();
    let folder = folder_of("name,text\nA B,Hello\nA_B,Hello\nA B,Hi\nA B,Hello\n");
    let folder = folder.path();
    succeed(command(&mock, folder)).await;
    let names = videos(folder);
    assert_eq!(names.len(), 3, "{names:?}");
    for name in &names {
        let digits = name
            .strip_prefix("A_B-")
            .unwrap()
            .strip_suffix(".mp4")
            .unwrap();
        assert!(digits.len() == 8 && digits.chars().all(|c| c.is_ascii_hexdigit()));
    }
    assert_eq!(mock.calls("create_video"), 3);

    // A text that was corrected is a new video, beside the old one.
    std::fs::write(folder.join("people.csv"), "name,text\nA B,Hello!\n").unwrap();
    succeed(command(&mock, folder)).await;
    assert_eq!(videos(folder).len(), 4);
    assert_eq!(mock.calls("create_video"), 4);
}
