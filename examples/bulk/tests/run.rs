//! The program, killed in the middle and run again.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use heygen_mock::MockServer;
use tokio::process::Command;

const ROWS: usize = 25;

fn command(mock: &MockServer, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bulk"));
    let arguments = ["people.csv", "out", "look_4d1e", "voice_51ad"];
    command
        .args(arguments)
        .current_dir(folder)
        .env("HEYGEN_BASE_URL", mock.url())
        .env("HEYGEN_API_KEY", "any")
        .kill_on_drop(true);
    command
}

/// The names of the videos.
fn videos(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("out")).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".mp4")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_run_is_resumed_without_a_second_bill() {
    let mock = MockServer::start().await.unwrap();
    mock.file("video").length(10_000);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut csv = "name,text\n".to_owned();
    for row in 0..ROWS {
        csv += &format!("person {row},\"Hello, number {row}!\"\n");
    }
    std::fs::write(folder.join("people.csv"), csv).unwrap();

    let mut first = command(&mock, folder).stdout(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while videos(folder).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(60), "no video was made");
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
    let creates = mock.requests().into_iter().filter(|r| r.method() == "POST");
    let keys: std::collections::HashSet<_> = creates
        .map(|request| request.header("idempotency-key").unwrap().to_owned())
        .collect();
    assert_eq!(keys.len(), ROWS);

    // A third run has nothing to do.
    let calls = mock.calls("create_video");
    let output = command(&mock, folder).output().await.unwrap();
    assert!(output.status.success());
    assert_eq!(mock.calls("create_video"), calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_that_fails_for_good_is_named_and_not_created_again() {
    let mock = MockServer::start().await.unwrap();
    mock.job("video").fail("rendering_failed", "No avatar.").times(1);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("people.csv"), "name,text\na,Hello\n../b,Hi\n").unwrap();
    for _ in 0..2 {
        let output = command(&mock, folder).output().await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains("failed: ") && error.contains("No avatar."), "{error}");
        assert_eq!(videos(folder).len(), 1);
        assert_eq!(mock.calls("create_video"), 2);
    }
}
