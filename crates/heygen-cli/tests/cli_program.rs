//! Shell integration: help, completion, pipes, traces, and the stand-alone
//! mock.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use heygen_mock::{Fault, MockServer};
use serde_json::Value;
use support::{KEY, Run, heygen, known_id};

#[test]
fn help_and_version_are_printed_on_stdout() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["avatar", "details", "--help"],
    ] {
        let run = Run::of(&mut heygen(arguments));
        assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}");
        assert!(run.stdout.contains("Usage: heygen"), "{}", run.stdout);
    }
    let help = Run::of(&mut heygen(&["--help"])).stdout;
    for word in [
        "--mock",
        "--base-url",
        "--timeout",
        "--human",
        "HEYGEN_API_KEY",
        "Exit codes",
    ] {
        assert!(help.contains(word), "{word} is missing: {help}");
    }
    let details = Run::of(&mut heygen(&["avatar", "details", "--help"])).stdout;
    let example = details.split("for example ").nth(1).unwrap();
    let example = example.split_whitespace().next().unwrap();
    let ids = heygen_mock::known_ids("retrieve-avatar-details", "avatar_id");
    assert!(ids.iter().any(|id| id == example), "{example}");
    let version = Run::of(&mut heygen(&["--version"]));
    assert_eq!(
        version.stdout,
        concat!("heygen ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn first_command_of_the_readme_succeeds() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let command = readme
        .lines()
        .find_map(|line| line.strip_prefix("cargo run -- "))
        .unwrap();
    let arguments: Vec<&str> = command.split_whitespace().collect();
    let id = arguments.last().unwrap();
    assert_eq!(Run::of(&mut heygen(&arguments)).data()["id"], *id);
}

#[test]
fn completion_scripts_are_printed_unchanged() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = Run::of(&mut heygen(&["completion", shell]));
        assert_eq!((run.code, &*run.stderr), (0, ""));
        assert!(
            run.stdout.contains("heygen") && run.stdout.contains("details"),
            "{shell}"
        );
        assert!(run.stdout.contains("base-url"), "{shell}");
    }
}

#[test]
fn closed_pipe_is_success() {
    for arguments in [
        &["completion", "bash"][..],
        &["--help"],
        &["--mock", "avatar", "details", known_id()],
    ] {
        let mut child = heygen(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let run = Run {
            code: output.status.code().unwrap(),
            stdout: String::new(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        run.assert_success();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = heygen(&["--mock", "avatar", "details", known_id()]);
    let run = Run::of(command.stdout(full));
    assert_eq!((run.code, &run.error()["code"]), (1, &"system".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_are_opt_in_and_redacted() {
    let server = MockServer::start().await.unwrap();
    let mut command = heygen(&["avatar", "details", known_id(), "--base-url", &server.url()]);
    command.env("HEYGEN_API_KEY", KEY);
    Run::of(&mut command).data();

    let run = Run::of(command.env("RUST_LOG", "trace"));
    assert_eq!(run.code, 0);
    assert!(
        run.stderr.contains("retrieve-avatar-details"),
        "{}",
        run.stderr
    );
    assert!(
        serde_json::from_str::<Value>(&run.stdout).is_ok(),
        "{}",
        run.stdout
    );

    Run::of(command.env("RUST_LOG", "")).data();

    // An invalid value is a notice, but never beside an error object.
    let run = Run::of(command.env("RUST_LOG", "info,?\n\u{1b}[1m?="));
    let about = run.stderr.lines().filter(|line| line.contains("RUST_LOG"));
    assert_eq!((run.code, about.count()), (0, 1), "{}", run.stderr);
    assert!(run.stderr.lines().all(|line| line.starts_with("notice: ")));
    server.fail_next(1, Fault::status(404));
    assert_eq!(Run::of(&mut command).error()["status"], 404);
}

/// A program that runs until it is dropped.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap(),
        )
    }

    /// What is printed up to the line that ends the JSON.
    fn first_object(&mut self) -> Value {
        let mut text = String::new();
        for line in BufReader::new(self.0.stdout.as_mut().unwrap()).lines() {
            text.push_str(&line.unwrap());
            if let Ok(value) = serde_json::from_str(&text) {
                return value;
            }
        }
        panic!("no JSON was printed: {text}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ignores a process that has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn mock_serve_serves_another_process() {
    let mut serving = Running::start(&mut heygen(&["mock", "serve"]));
    let value = serving.first_object();
    let url = value["data"]["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");

    let mut command = heygen(&["avatar", "details", known_id(), "--base-url", url]);
    command.env("HEYGEN_API_KEY", KEY);
    assert_eq!(Run::of(&mut command).data()["id"], known_id());

    let mut for_people = Running::start(&mut heygen(&["--human", "mock", "serve"]));
    let mut line = String::new();
    let stdout = for_people.0.stdout.as_mut().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert!(
        words[0] == "url" && words[1].starts_with("http://127.0.0.1:"),
        "{line}"
    );

    let port = url.rsplit(':').next().unwrap();
    let refused = Run::of(&mut heygen(&["mock", "serve", "--port", port]));
    assert_eq!(
        (refused.code, &refused.error()["code"]),
        (1, &"mock".into())
    );
    assert!(refused.error()["message"].as_str().unwrap().contains(port));
}

#[test]
fn mock_serve_says_what_it_plays() {
    let mut serving = Running::start(&mut heygen(&["mock", "serve", "--speed", "60", "--strict"]));
    let value = serving.first_object();
    let data = &value["data"];
    assert!(data["operations"].as_u64() > Some(100), "{value}");
    assert_eq!(data["speed"], 60.0);
    assert_eq!(data["strict"], true);
    let offers = data["offers"].as_array().unwrap();
    assert!(
        offers
            .iter()
            .all(|offer| offer.as_str().is_some_and(|offer| !offer.is_empty()))
    );
    assert!(offers.len() > 3, "{value}");

    let url = data["url"].as_str().unwrap();
    let mut command = heygen(&["avatar", "details", "nobody", "--base-url", url]);
    command.env("HEYGEN_API_KEY", KEY);
    assert_eq!(Run::of(&mut command).error()["status"], 404);

    for speed in ["0", "-1", "NaN", "fast"] {
        let refused = Run::of(&mut heygen(&["mock", "serve", "--speed", speed]));
        assert_eq!(refused.code, 2, "{speed}");
        let message = refused.error()["message"].to_string();
        assert!(message.contains("number above 0"), "{message}");
    }
}

#[cfg(unix)]
#[test]
fn mock_serve_exits_0_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let mut serving = Running::start(&mut heygen(&["mock", "serve"]));
        serving.first_object();
        let id = serving.0.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(serving.0.wait().unwrap().code(), Some(0), "{signal}");
        let mut stderr = String::new();
        serving
            .0
            .stderr
            .as_mut()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        assert_eq!(stderr, "");
    }
}
