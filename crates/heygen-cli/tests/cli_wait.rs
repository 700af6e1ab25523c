//! `--wait`: what is printed, and that an id which was created is never lost.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use heygen_mock::MockServer;
use serde_json::Value;
use support::{KEY, heygen};

const VIDEO: &str = r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}"#;
const AGENT: &str = r#"{"prompt":"A presenter says hello."}"#;
const TRANSLATION: &str = r#"{"video":{"type":"url","url":"https://example.com/a.mp4"},"output_languages":["German","French","Dutch"]}"#;

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

    fn data(&self) -> Value {
        let body: Value = serde_json::from_str(&self.stdout).unwrap();
        body["data"].clone()
    }

    /// The one error line, whose job has this prefix of an id.
    fn error(&self) -> Value {
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        let error: Value = serde_json::from_str(&self.stderr).unwrap();
        error["error"].clone()
    }
}

/// A mock whose jobs take no time, unless a test says otherwise.
async fn quick() -> MockServer {
    let server = MockServer::start().await.unwrap();
    for kind in ["video", "agent_session", "translation"] {
        server.job(kind).takes(Duration::from_millis(1));
    }
    server
}

fn command(server: &MockServer, arguments: &[&str]) -> Command {
    let mut command = heygen(arguments);
    command
        .args(["--base-url", &server.url()])
        .env("HEYGEN_API_KEY", KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the program while the mock goes on.
async fn run(server: &MockServer, arguments: &[&str]) -> Ended {
    let child = command(server, arguments).spawn().unwrap();
    tokio::task::spawn_blocking(|| Ended::of(child))
        .await
        .unwrap()
}

#[tokio::test]
async fn success_prints_the_last_body_and_nothing_else() {
    let server = quick().await;
    let ended = run(&server, &["video", "create", "-d", VIDEO, "--wait"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.data()["status"], "completed");
    assert!(ended.data()["video_url"].is_string());
}

#[tokio::test]
async fn job_is_taken_up_again_by_its_id() {
    let server = quick().await;
    let ended = run(&server, &["video", "get", "vid_8f1c", "--wait"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.data()["id"], "vid_8f1c");
}

#[tokio::test]
async fn failed_job_prints_its_body_and_its_reason() {
    let server = quick().await;
    server
        .job("video")
        .fail("moderated", "The script was refused.");
    let ended = run(&server, &["video", "create", "-d", VIDEO, "--wait"]).await;
    let (data, error) = (ended.data(), ended.error());
    assert_eq!((ended.code, &data["status"]), (1, &"failed".into()));
    assert_eq!(error["code"], "error");
    assert_eq!(error["job_id"], data["id"]);
    assert_eq!(error["job_state"], "failed");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("The script was refused.") && message.contains("moderated"));
    let hint = format!("heygen video get {}", data["id"].as_str().unwrap());
    assert!(error["hint"].as_str().unwrap().ends_with(&hint), "{error}");
}

#[tokio::test]
async fn timeout_prints_the_last_body_and_how_to_go_on() {
    let server = quick().await;
    server.job("video").get_stuck();
    let arguments = [
        "video",
        "create",
        "-d",
        VIDEO,
        "--wait",
        "--timeout",
        "400ms",
    ];
    let ended = run(&server, &arguments).await;
    let (data, error) = (ended.data(), ended.error());
    assert_eq!((ended.code, &error["code"]), (4, &"timeout".into()));
    assert_eq!(error["job_id"], data["id"]);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("not finished within"),
        "{error}"
    );
    let hint = format!("heygen video get {} --wait", data["id"].as_str().unwrap());
    assert!(error["hint"].as_str().unwrap().ends_with(&hint), "{error}");
}

#[tokio::test]
async fn window_covers_the_create() {
    let server = quick().await;
    server.on("create_video").delay(Duration::from_secs(20));
    let arguments = [
        "video",
        "create",
        "-d",
        VIDEO,
        "--wait",
        "--timeout",
        "300ms",
    ];
    let ended = run(&server, &arguments).await;
    let error = ended.error();
    assert_eq!((ended.code, ended.stdout.as_str()), (4, ""));
    assert_eq!(error["code"], "timeout");
    assert!(
        error["hint"]
            .as_str()
            .unwrap()
            .contains("before you send it again")
    );
}

#[tokio::test]
async fn refused_create_is_the_error_of_the_api() {
    let server = quick().await;
    server
        .on("create_video")
        .reply(400)
        .reason("invalid_parameter", "No such voice.");
    let ended = run(&server, &["video", "create", "-d", VIDEO, "--wait"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""));
    assert_eq!(ended.error()["code"], "invalid_parameter");
    assert_eq!(server.calls("get_video"), 0);
}

#[tokio::test]
async fn create_without_an_id_prints_its_body() {
    let server = quick().await;
    let body = r#"{"data":{"status":"waiting","x":1.50}}"#;
    server.on("create_video").reply(200).body(body);
    let ended = run(&server, &["video", "create", "-d", VIDEO, "--wait"]).await;
    assert_eq!(
        (
            ended.code,
            ended.stdout.split_whitespace().collect::<String>()
        ),
        (1, body.to_owned())
    );
    assert_eq!(ended.error()["code"], "cli_response_parse_error");
}

#[tokio::test]
async fn id_that_cannot_be_sent_is_a_response_that_is_not_understood() {
    let server = quick().await;
    let body = r#"{"data":{"video_id":"a\nb"}}"#;
    server.on("create_video").reply(200).body(body);
    let ended = run(&server, &["video", "create", "-d", VIDEO, "--wait"]).await;
    assert_eq!((ended.code, ended.stdout.trim_end()), (1, body));
    let error = ended.error();
    assert_eq!(error["code"], "cli_response_parse_error");
    assert_eq!(error["status"], 200);
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("`heygen video list`"), "{hint}");
}

#[tokio::test]
async fn read_that_fails_for_good_keeps_the_id() {
    let server = quick().await;
    server.job("video").get_stuck();
    server.on("get_video").reply(401).times(1);
    let ended = run(&server, &["video", "create", "-d", VIDEO, "--wait"]).await;
    let error = ended.error();
    assert_eq!((ended.code, ended.stdout.as_str()), (3, ""));
    let id = error["job_id"].as_str().unwrap();
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.ends_with(&format!("heygen video get {id} --wait")),
        "{hint}"
    );
}

#[tokio::test]
async fn read_that_fails_for_a_while_is_repeated() {
    let server = quick().await;
    server.on("get_video").reply(503).times(1);
    let ended = run(&server, &["video", "create", "-d", VIDEO, "--wait"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(server.calls("get_video"), 2);
    server.on("get_video").reply(503).times(1);
    let ended = run(&server, &["video", "get", "vid_8f1c", "--wait", "--human"]).await;
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert!(
        lines[0].starts_with("Polling: a read failed: "),
        "{lines:?}"
    );
    assert_eq!(lines[1..], ["Polling: status=completed"]);
}

#[tokio::test]
async fn unknown_job_is_not_found() {
    let server = quick().await;
    server.strict();
    let ended = run(&server, &["video", "get", "it's", "--wait"]).await;
    let error = ended.error();
    assert_eq!((ended.code, &error["status"]), (1, &404.into()));
    assert_eq!(error["job_id"], "it's");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("check `it's`"), "{hint}");
    assert!(!hint.contains("--wait"), "{hint}");
}

#[tokio::test]
async fn people_read_a_line_for_each_change() {
    let server = quick().await;
    server.job("video").takes(Duration::from_secs(1500));
    let arguments = ["video", "create", "-d", VIDEO, "--wait", "--human"];
    let ended = run(&server, &arguments).await;
    assert_eq!(ended.code, 0);
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert!(lines.len() >= 2, "{lines:?}");
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("Polling: status="))
    );
    assert_eq!(*lines.last().unwrap(), "Polling: status=completed");
    assert!(lines.windows(2).all(|pair| pair[0] != pair[1]), "{lines:?}");
}

#[tokio::test]
async fn agent_session_ends_with_its_video() {
    let server = quick().await;
    let ended = run(&server, &["video-agent", "create", "-d", AGENT, "--wait"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert!(ended.data()["video_url"].is_string(), "{}", ended.stdout);
}

#[tokio::test]
async fn session_that_asks_its_user_says_what_to_do() {
    let server = quick().await;
    server.job("agent_session").wait_for_caller();
    let ended = run(&server, &["video-agent", "create", "-d", AGENT, "--wait"]).await;
    let (data, error) = (ended.data(), ended.error());
    assert_eq!((ended.code, &error["code"]), (1, &"action_required".into()));
    assert_eq!(data["status"], "waiting_for_input");
    let id = error["job_id"].as_str().unwrap();
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.ends_with(&format!("heygen video-agent get {id} --wait")),
        "{hint}"
    );
}

#[tokio::test]
async fn several_jobs_are_all_waited_for() {
    let server = quick().await;
    let arguments = ["video-translate", "create", "-d", TRANSLATION, "--wait"];
    let ended = run(&server, &arguments).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let data = ended.data();
    let states: Vec<_> = data
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(states, ["completed"; 3]);
}

#[tokio::test]
async fn failure_of_one_of_several_names_it() {
    let server = quick().await;
    server
        .job("translation")
        .fail("no_speech", "Nobody speaks.")
        .times(1);
    let arguments = ["video-translate", "create", "-d", TRANSLATION, "--wait"];
    let ended = run(&server, &arguments).await;
    let (data, error) = (ended.data(), ended.error());
    assert_eq!((ended.code, &error["code"]), (1, &"error".into()));
    assert_eq!(data[0]["status"], "failed");
    assert_eq!(data[2]["status"], "completed");
    assert_eq!(error["job_id"], data[0]["id"]);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with("1 of 3 jobs: "),
        "{error}"
    );
}

#[tokio::test]
async fn timeout_of_several_names_all() {
    let server = quick().await;
    server.job("translation").get_stuck();
    let mut arguments = vec!["video-translate", "create", "-d", TRANSLATION, "--wait"];
    arguments.extend(["--timeout", "1s"]);
    let ended = run(&server, &arguments).await;
    let (data, error) = (ended.data(), ended.error());
    assert_eq!((ended.code, &error["code"]), (4, &"timeout".into()));
    assert_eq!(data.as_array().unwrap().len(), 3);
    let hint = error["hint"].as_str().unwrap();
    assert_eq!(
        hint.matches("heygen video-translate get ").count(),
        3,
        "{hint}"
    );
    assert!(
        data.as_array().unwrap().iter().all(Value::is_object),
        "{data}"
    );
}

#[cfg(unix)]
mod signals {
    use super::*;

    /// Starts a wait for a job that never ends, and sends a signal once it was read.
    async fn stopped_by(signal: &str) -> Ended {
        let server = quick().await;
        server.job("video").get_stuck();
        let arguments = ["video", "create", "-d", VIDEO, "--wait"];
        let child = command(&server, &arguments).spawn().unwrap();
        while server.calls("get_video") == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let id = child.id().to_string();
        Command::new("kill").args([signal, &id]).status().unwrap();
        tokio::task::spawn_blocking(|| Ended::of(child))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn signal_ends_a_wait_and_names_its_job() {
        for signal in ["-INT", "-TERM"] {
            let ended = stopped_by(signal).await;
            let error = ended.error();
            assert_eq!((ended.code, &error["code"]), (130, &"interrupted".into()));
            assert_eq!(error["job_id"], ended.data()["id"]);
            let id = error["job_id"].as_str().unwrap();
            let hint = error["hint"].as_str().unwrap();
            assert!(
                hint.ends_with(&format!("heygen video get {id} --wait")),
                "{hint}"
            );
        }
    }

    /// The program on a terminal, as `script` makes one.
    async fn on_terminal(server: &MockServer, arguments: &str, terminal: &str) -> String {
        let program = env!("CARGO_BIN_EXE_heygen");
        let line = format!(
            "{program} {arguments} --base-url {} > /dev/null",
            server.url()
        );
        let mut script = Command::new("script");
        script
            .args(["-qefc", &line, "/dev/null"])
            .env("HEYGEN_API_KEY", KEY)
            .env("TERM", terminal)
            .env_remove("CI")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let child = script.spawn().unwrap();
        let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
        String::from_utf8(output.await.unwrap().stdout).unwrap()
    }

    #[tokio::test]
    async fn terminal_shows_a_line_that_is_removed() {
        let server = quick().await;
        server.job("video").takes(Duration::from_secs(900));
        let create = format!("video create -d '{VIDEO}' --wait");
        let shown = on_terminal(&server, &create, "xterm").await;
        assert!(shown.contains("video: sending"), "{shown:?}");
        assert!(shown.contains(": pending"), "{shown:?}");
        assert!(shown.trim_end().ends_with("\u{1b}[2K"), "{shown:?}");
        let shown = on_terminal(&server, &create, "dumb").await;
        assert_eq!(shown, "");
    }
}
