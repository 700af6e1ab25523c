//! `download` and `asset upload`: files, what is left of them, and their errors.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use heygen_mock::MockServer;
use serde_json::Value;
use support::{KEY, heygen};

/// Exit code and output of a program.
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn body(&self) -> Value {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""));
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The error of a program that has printed nothing else.
    fn error(&self) -> Value {
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        let error: Value = serde_json::from_str(&self.stderr).unwrap();
        error["error"].clone()
    }
}

fn command(server: &MockServer, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = heygen(arguments);
    command
        .args(["--base-url", &server.url()])
        .env("HEYGEN_API_KEY", KEY)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the program while the mock goes on.
async fn run(server: &MockServer, folder: &Path, arguments: &[&str]) -> Ended {
    let child = command(server, folder, arguments).spawn().unwrap();
    ended(child).await
}

async fn ended(child: Child) -> Ended {
    let ended = tokio::task::spawn_blocking(|| Ended::of(child));
    ended.await.unwrap()
}

async fn start() -> (MockServer, tempfile::TempDir) {
    let server = MockServer::start().await.unwrap();
    (server, tempfile::tempdir().unwrap())
}

fn length(path: &Path) -> u64 {
    path.metadata().unwrap().len()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}

const VIDEO: &str = r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}"#;
const DOWNLOAD: [&str; 3] = ["video", "download", "vid_8f1c"];

#[tokio::test]
async fn file_is_named_by_its_object() {
    let (server, folder) = start().await;
    let body = run(&server, folder.path(), &DOWNLOAD).await.body();
    assert_eq!(
        (&body["asset"], &body["path"]),
        (&"video".into(), &"vid_8f1c.mp4".into())
    );
    assert_eq!(
        (&body["bytes"], body["message"].is_string()),
        (&1_000_000.into(), true)
    );
    assert_eq!(names(folder.path()), ["vid_8f1c.mp4"]);
    assert_eq!(length(&folder.path().join("vid_8f1c.mp4")), 1_000_000);
}

#[tokio::test]
async fn file_of_no_known_type_is_named_by_the_id_alone() {
    let (server, folder) = start().await;
    for words in [
        "asset download --help",
        "background-removal download --help",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let help = run(&server, folder.path(), &words).await.stdout;
        assert!(help.contains("the extension of a known type"), "{help}");
    }
    let download = ["asset", "download", "ast_71c4"];
    let body = run(&server, folder.path(), &download).await.body();
    assert_eq!(body["path"], "ast_71c4");
    assert_eq!(names(folder.path()), ["ast_71c4"]);
}

#[tokio::test]
async fn asset_and_path_are_chosen() {
    let (server, folder) = start().await;
    let chosen = ["--asset", "subtitle", "--output-path", "a b.srt"];
    let arguments = [&DOWNLOAD[..], &chosen].concat();
    run(&server, folder.path(), &arguments).await.body();
    let text = fs::read_to_string(folder.path().join("a b.srt")).unwrap();
    assert!(text.starts_with("1\n00:00"), "{text}");
    let unknown = [&DOWNLOAD[..], &["--asset", "cover"]].concat();
    let refused = run(&server, folder.path(), &unknown).await;
    assert_eq!(refused.code, 2);
    let message = refused.error()["message"].to_string();
    assert!(message.contains("video, captioned, subtitle"), "{message}");
}

#[tokio::test]
async fn one_of_several_files_is_chosen_by_its_index() {
    let (server, folder) = start().await;
    let download = ["ai-clipping", "download", "clp_1", "--index"];
    let first = run(&server, folder.path(), &download[..3]).await;
    assert_eq!(first.body()["path"], "clp_1.mp4");
    let none = run(&server, folder.path(), &[&download[..], &["99"]].concat()).await;
    assert_eq!(
        (none.code, &none.error()["code"]),
        (1, &"asset_not_available".into())
    );
    let single = [&DOWNLOAD[..], &["--index", "1"]].concat();
    assert_eq!(run(&server, folder.path(), &single).await.code, 2);
}

#[tokio::test]
async fn file_that_exists_is_kept_and_nothing_is_sent() {
    let (server, folder) = start().await;
    let target = folder.path().join("vid_8f1c.mp4");
    fs::write(&target, "mine").unwrap();
    let refused = run(&server, folder.path(), &DOWNLOAD).await;
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert_eq!(refused.error()["code"], "file_exists");
    assert!(server.requests().is_empty());
    assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
    let forced = [&DOWNLOAD[..], &["--force"]].concat();
    run(&server, folder.path(), &forced).await.body();
    assert_eq!(length(&target), 1_000_000);
}

#[tokio::test]
async fn replaced_file_stays_until_the_new_one_is_complete() {
    let (server, folder) = start().await;
    fs::write(folder.path().join("vid_8f1c.mp4"), "mine").unwrap();
    server.on("download_file").reply(500);
    let forced = [&DOWNLOAD[..], &["--force", "--max-retries", "0"]].concat();
    let failed = run(&server, folder.path(), &forced).await;
    assert_eq!(
        (failed.code, &failed.error()["code"]),
        (1, &"cli_download_failed".into())
    );
    let kept = fs::read_to_string(folder.path().join("vid_8f1c.mp4"));
    assert_eq!(kept.unwrap(), "mine");
}

#[tokio::test]
async fn refused_link_has_expired() {
    let (server, folder) = start().await;
    server.on("download_file").reply(403);
    let failed = run(&server, folder.path(), &DOWNLOAD).await;
    let error = failed.error();
    assert_eq!(
        (failed.code, &error["code"]),
        (1, &"cli_download_url_expired".into())
    );
    assert!(!failed.stderr.contains("Signature="), "{}", failed.stderr);
}

#[tokio::test]
async fn folder_that_is_missing_is_named() {
    let (server, folder) = start().await;
    let arguments = [&DOWNLOAD[..], &["--output-path", "none/v.mp4"]].concat();
    let failed = run(&server, folder.path(), &arguments).await;
    assert_eq!(
        (failed.code, &failed.error()["code"]),
        (1, &"cli_file_io_error".into())
    );
    assert!(failed.stderr.contains("none/v.mp4"), "{}", failed.stderr);
}

#[tokio::test]
async fn object_without_the_file_says_why() {
    let (server, folder) = start().await;
    let create = ["video", "create", "-d", VIDEO];
    server.job("video").get_stuck().times(1);
    server.job("video").takes(Duration::from_millis(1));
    let mut codes = Vec::new();
    for _ in 0..2 {
        let created = run(&server, folder.path(), &create).await.body();
        let id = created["data"]["video_id"].as_str().unwrap().to_owned();
        let failed = run(&server, folder.path(), &["video", "download", &id]).await;
        if failed.code == 1 {
            let error = failed.error();
            assert!(
                error["hint"]
                    .to_string()
                    .contains(&format!("heygen video get {id}"))
            );
            let hint = error["hint"].to_string();
            assert_eq!(hint.contains("--wait"), codes.is_empty(), "{hint}");
            assert_eq!(error["job_id"], id.as_str());
            codes.push(error["code"].clone());
        }
        server.job("video").fail("no", "It rained.");
    }
    assert_eq!(codes, ["video_not_ready", "video_failed"]);
}

#[tokio::test]
async fn download_waits_for_its_job_if_asked() {
    let (server, folder) = start().await;
    let create = ["video", "create", "-d", VIDEO];
    let created = run(&server, folder.path(), &create).await.body();
    let id = created["data"]["video_id"].as_str().unwrap();
    let download = ["video", "download", id, "--wait"];
    let body = run(&server, folder.path(), &download).await.body();
    assert_eq!(body["bytes"], 1_000_000);
}

#[tokio::test]
async fn download_that_waits_in_vain_is_taken_up_again() {
    let (server, folder) = start().await;
    server.job("video").get_stuck();
    let options = ["--wait", "--timeout", "300ms", "--output-path", "a b.mp4"];
    let created = run(&server, folder.path(), &["video", "create", "-d", VIDEO]).await;
    let created = created.body();
    let id = created["data"]["video_id"].as_str().unwrap();
    let download = [&["video", "download", id][..], &options].concat();
    let failed = run(&server, folder.path(), &download).await;
    let error = failed.error();
    assert_eq!((failed.code, &error["job_id"]), (4, &id.into()));
    let hint = error["hint"].as_str().unwrap();
    let again =
        format!("run: heygen video download {id} --wait --asset video --output-path 'a b.mp4'");
    assert!(hint.contains(&again), "{hint}");
}

#[tokio::test]
async fn folder_is_no_place_for_a_file() {
    let (server, folder) = start().await;
    for force in [&[][..], &["--force"]] {
        let download = ["video", "download", "vid_8f1c", "--output-path", "."];
        let failed = run(&server, folder.path(), &[&download, force].concat()).await;
        let error = failed.error();
        assert_eq!(failed.code, 1);
        assert!(
            error["message"].to_string().contains("is a folder"),
            "{error}"
        );
        assert!(!error["hint"].to_string().contains("--force"), "{error}");
    }
}

#[tokio::test]
async fn id_with_slashes_stays_in_the_folder() {
    let (server, folder) = start().await;
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let body = run(&server, &inner, &["video", "download", "../../x/vid_1"])
        .await
        .body();
    assert_eq!(body["path"], "vid_1.mp4");
    assert_eq!(names(folder.path()), ["inner"]);
}

#[tokio::test]
async fn broken_download_goes_on_where_it_stopped() {
    let (server, folder) = start().await;
    server.on("download_file").cut_after(300_000).times(1);
    let once = [&DOWNLOAD[..], &["--max-retries", "0"]].concat();
    let failed = run(&server, folder.path(), &once).await;
    let error = failed.error();
    assert_eq!(
        (failed.code, &error["code"]),
        (1, &"cli_download_interrupted".into())
    );
    assert!(
        error["hint"].to_string().contains("vid_8f1c.mp4.part"),
        "{error}"
    );
    let body = run(&server, folder.path(), &once).await.body();
    assert_eq!(
        (&body["bytes"], &body["resumed"]),
        (&1_000_000.into(), &300_000.into())
    );
    assert_eq!(names(folder.path()), ["vid_8f1c.mp4"]);
}

#[tokio::test]
async fn assets_are_printed_as_json() {
    let (server, folder) = start().await;
    fs::write(
        folder.path().join("a.srt"),
        "1\n00:00:00,000 --> 00:00:01,000\nHi\n",
    )
    .unwrap();
    let body = run(&server, folder.path(), &["asset", "upload", "a.srt"])
        .await
        .body();
    let id = body["data"]["asset_id"].as_str().unwrap();
    assert!(server.upload(id).is_some());
    let waited = ["asset", "upload", "a.srt", "--wait"];
    let body = run(&server, folder.path(), &waited).await.body();
    assert_eq!(body["data"]["name"], "a.srt");
}

#[tokio::test]
async fn large_file_is_uploaded_directly() {
    let (server, folder) = start().await;
    let file = fs::File::create(folder.path().join("a.srt")).unwrap();
    file.set_len(40_000_000).unwrap();
    let body = run(&server, folder.path(), &["asset", "upload", "a.srt"])
        .await
        .body();
    assert!(body["data"]["asset_id"].is_string());
    assert_eq!(server.calls("upload_asset"), 0);
    assert_eq!(server.calls("upload_file"), 1);
}

#[tokio::test]
async fn several_files_are_a_list() {
    let (server, folder) = start().await;
    for (name, text) in [("a.srt", "1\n"), ("b.srt", "2\n"), ("empty.srt", "")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let upload = ["asset", "upload", "a.srt", "b.srt", "--wait"];
    let body = run(&server, folder.path(), &upload).await.body();
    assert_eq!(body["data"][0]["name"], "a.srt");
    assert_eq!(body["data"][1]["name"], "b.srt");
    let failing = ["asset", "upload", "a.srt", "empty.srt", "b.srt"];
    let failed = run(&server, folder.path(), &failing).await;
    let message = failed.error()["message"].to_string();
    assert!(message.contains("empty.srt"), "{message}");
    let body: Value = serde_json::from_str(&failed.stdout).unwrap();
    assert!(body["data"][0]["asset_id"].is_string(), "{body}");
    assert_eq!(body["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn missing_file_is_found_before_anything_is_sent() {
    let (server, folder) = start().await;
    fs::write(folder.path().join("a.srt"), "1\n").unwrap();
    let upload = ["asset", "upload", "a.srt", "none.srt"];
    let failed = run(&server, folder.path(), &upload).await;
    assert_eq!(
        (failed.code, &failed.error()["code"]),
        (1, &"cli_file_io_error".into())
    );
    assert!(server.requests().is_empty());
    assert_eq!(
        run(&server, folder.path(), &["asset", "upload"]).await.code,
        2
    );
}

#[cfg(unix)]
mod signals {
    use super::*;

    /// Starts a program and interrupts it when this is so.
    async fn interrupted(mut command: Command, when: impl Fn() -> bool) -> Ended {
        let child = command.spawn().unwrap();
        while !when() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let id = child.id().to_string();
        Command::new("kill").args(["-INT", &id]).status().unwrap();
        ended(child).await
    }

    #[tokio::test]
    async fn interrupted_download_is_resumed() {
        let (server, folder) = start().await;
        server.on("download_file").stall_after(300_000).times(1);
        let part = folder.path().join("vid_8f1c.mp4.part");
        let download = command(&server, folder.path(), &DOWNLOAD);
        let ended = interrupted(download, || {
            part.metadata().is_ok_and(|part| part.len() > 0)
        })
        .await;
        let error = ended.error();
        assert_eq!((ended.code, &error["code"]), (130, &"interrupted".into()));
        assert!(error["hint"].to_string().contains(".part"), "{error}");
        let body = run(&server, folder.path(), &DOWNLOAD).await.body();
        assert!(body["resumed"].as_u64().unwrap() > 0, "{body}");
    }

    #[tokio::test]
    async fn interrupted_upload_names_its_asset() {
        let (server, folder) = start().await;
        server.on("upload_file").delay(Duration::from_secs(30));
        let file = fs::File::create(folder.path().join("a.srt")).unwrap();
        file.set_len(40_000_000).unwrap();
        let upload = command(&server, folder.path(), &["asset", "upload", "a.srt"]);
        let slots = || server.calls("create_asset_upload") > 0;
        let ended = interrupted(upload, slots).await;
        let error = ended.error();
        assert_eq!((ended.code, &error["code"]), (130, &"interrupted".into()));
        let id = error["job_id"].as_str().unwrap();
        assert!(
            error["hint"]
                .to_string()
                .contains(&format!("heygen asset get {id}"))
        );
    }

    /// Runs a command line on a terminal, as `script` makes one.
    async fn on_terminal(server: &MockServer, folder: &Path, line: &str, input: &str) -> String {
        let program = env!("CARGO_BIN_EXE_heygen");
        let line = format!("{program} {line} --base-url {}", server.url());
        fs::write(folder.join("input"), input).unwrap();
        let mut script = Command::new("script");
        script
            .args(["-qefc", &line, "/dev/null"])
            .env("HEYGEN_API_KEY", KEY)
            .env("TERM", "xterm")
            .env_remove("CI")
            .current_dir(folder)
            .stdin(fs::File::open(folder.join("input")).unwrap())
            .stdout(Stdio::piped());
        let child = script.spawn().unwrap();
        let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
        String::from_utf8(output.await.unwrap().stdout).unwrap()
    }

    #[tokio::test]
    async fn terminal_shows_bytes_and_asks_before_a_file_is_replaced() {
        let (server, folder) = start().await;
        server.on("download_file").slow(1_000_000);
        let line = "video download vid_8f1c > /dev/null";
        let shown = on_terminal(&server, folder.path(), line, "").await;
        assert!(shown.contains(" of 1.00 MB"), "{shown:?}");
        assert!(shown.trim_end().ends_with("\u{1b}[2K"), "{shown:?}");
        let target = folder.path().join("vid_8f1c.mp4");
        fs::write(&target, "mine").unwrap();
        let shown = on_terminal(&server, folder.path(), line, "n\n").await;
        assert!(
            shown.contains("[y/N]") && shown.contains("canceled"),
            "{shown:?}"
        );
        assert_eq!(length(&target), 4);
        on_terminal(&server, folder.path(), line, "y\n").await;
        assert_eq!(length(&target), 1_000_000);
    }
}
