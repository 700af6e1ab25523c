//! What is printed: the body as it came, in one line; pipes that close; `--dry-run`.

use std::process::Stdio;

use heygen_mock::Fault;
use serde_json::{Value, json};

use crate::support::{KEY, Run, Server, heygen, known_id};

/// A body with fields unknown to the model, and numbers out of the range of floats.
const NEWER_BODY: &str = "{\"error\": null,\r\n \"data\":{\"id\":\"a\",\t\"tags\":[\"x y\", \"\\\" ,\\\\\"],
    \"credits\":12345678901234567890123,\"speed\":1.50,\"look\":{\"rig\":\"v9\"}, \"id\":\"b\"},\"meta\":{}}\n\n";
const NEWER_LINE: &str = "{\"error\":null,\"data\":{\"id\":\"a\",\"tags\":[\"x y\",\"\\\" ,\\\\\"],\
    \"credits\":12345678901234567890123,\"speed\":1.50,\"look\":{\"rig\":\"v9\"},\"id\":\"b\"},\"meta\":{}}\n";

#[test]
fn body_is_printed_in_one_line_and_else_as_it_came() {
    // 3
    let server = Server::start();
    for arguments in [&["video", "get", "a"][..], &["avatar", "details", "a"]] {
        server.fail_next(1, Fault::status(200).body(NEWER_BODY));
        let run = server.run(arguments);
        run.json();
        assert_eq!(run.stdout, NEWER_LINE);
    }
}

#[test]
fn links_are_printed_without_escapes() {
    // 8: the vendor's prints `\u0026`
    let server = Server::start();
    server.fail_next(
        1,
        Fault::status(200).body(r#"{"data":{"id":"a","video_url":"https://x/?a=1&b=<2>"}}"#),
    );
    let run = server.run(&["video", "get", "a"]);
    assert!(
        run.stdout.contains("https://x/?a=1&b=<2>"),
        "{}",
        run.stdout
    );
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let server = Server::start();
    let body = "{\"data\":{\"id\":\"a\",\"title\":\"\u{7f}\u{9b}31m\"}}";
    server.fail_next(2, Fault::status(200).body(body));
    let run = server.run(&["video", "get", "a"]);
    assert_eq!(
        run.stdout,
        "{\"data\":{\"id\":\"a\",\"title\":\"\\u007f\\u009b31m\"}}\n"
    );
    assert_eq!(run.data()["title"], "\u{7f}\u{9b}31m");
    let human = server.run(&["video", "get", "a", "--human"]).stdout;
    assert!(!human.contains(['\u{7f}', '\u{9b}']), "{human:?}");
}

#[test]
fn invalid_utf_8_in_a_body_is_printed_as_replacement() {
    let server = Server::start();
    let body = b"{\"data\":{\"id\":\"a\",\"title\":\"\xff\"}}".to_vec();
    server.fail_next(1, Fault::status(200).body(body));
    let run = server.run(&["video", "get", "a"]);
    assert_eq!(run.data()["title"], "\u{fffd}");
}

#[test]
fn deeply_nested_body_is_printed() {
    let server = Server::start();
    let deep = "[".repeat(5_000) + &"]".repeat(5_000);
    let body = format!("{{\"data\":{{\"id\":\"a\",\"x\":{deep}}}}}");
    server.fail_next(2, Fault::status(200).body(body.clone()));
    let run = server.run(&["video", "get", "a"]);
    assert_eq!((run.code, run.stdout), (0, body + "\n"));
    assert_eq!(server.run(&["video", "get", "a", "--human"]).code, 0);
}

#[test]
fn deprecation_of_the_document_is_one_line_on_stderr() {
    let server = Server::start();
    let run = server.run(&["avatar", "details", known_id()]);
    assert_eq!(run.data()["id"], known_id());
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("notice: "), "{}", run.stderr);
    assert!(run.stderr.contains("31 Oct 2026"), "{}", run.stderr);
    assert!(
        run.stderr.contains("heygen avatar looks get"),
        "{}",
        run.stderr
    );

    // Of all pages, too.
    let run = server.run(&["v2", "video", "list", "--all"]);
    assert_eq!(
        (run.code, run.stderr.lines().count()),
        (0, 1),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.ends_with(": `heygen video list`\n"),
        "{}",
        run.stderr
    );

    // Not beside an error.
    server.fail_next(1, Fault::status(404).header("deprecation", "true"));
    assert_eq!(
        server.run(&["avatar", "details", "a"]).error()["status"],
        404
    );
}

#[test]
fn closed_pipe_is_success() {
    let server = Server::start();
    for arguments in [
        &["completion", "bash"][..],
        &["--help"],
        &["video", "get", "--response-schema"],
        &["video", "list", "--human"],
        &["video", "list", "--all", "--jsonl"],
        &["avatar", "details", known_id()],
    ] {
        let mut command = server.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let run = Run::from_output(output);
        run.assert_success();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_is_an_error() {
    let server = Server::start();
    let full = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for arguments in [
        &["video", "get", "a"][..],
        &["--help"],
        &["video", "list", "--all"],
    ] {
        let run = Run::of(server.command(arguments).stdout(full()));
        let expected = (1, "cli_file_io_error".into());
        assert_eq!(run.failure(), expected, "{arguments:?}");
    }
    // What was created is named all the same.
    let agent = ["video-agent", "create", "--prompt", "Hi"];
    for arguments in [&agent[..], &[&agent[..], &["--wait"]].concat()] {
        let run = Run::of(server.command(arguments).stdout(full()));
        assert!(run.error()["job_id"].is_string(), "{arguments:?}");
    }
    let run = Run::of(server.command(&["video", "list", "--human"]).stdout(full()));
    assert_eq!(run.code, 1);
    run.human_error();
}

#[cfg(target_os = "linux")]
#[test]
fn closed_stderr_does_not_change_the_exit_code() {
    let server = Server::start();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let run = Run::of(server.command(&["video", "list", "--bogus"]).stderr(full));
    assert_eq!(run.code, 2);
}

/// The request that `--dry-run` prints.
fn dry(arguments: &[&str]) -> Value {
    let all = [arguments, &["--dry-run"]].concat();
    Run::of(&mut heygen(&all)).json()
}

#[test]
fn dry_run_prints_the_request_and_sends_nothing() {
    let server = Server::start();
    let create = [
        "video-agent",
        "create",
        "--prompt",
        "Hi",
        "--dry-run",
        "--idempotency-key",
        "key-1",
    ];
    let run = server.run(&create);
    let request = run.json();
    assert_eq!(request["method"], "POST");
    let url = request["url"].as_str().unwrap();
    assert_eq!(url, format!("{}/v3/video-agents", server.url()));
    assert_eq!(request["body"], json!({"prompt": "Hi"}));
    assert!(
        request["headers"].to_string().contains("key-1"),
        "{request}"
    );
    server.assert_unused();
}

#[test]
fn dry_run_needs_no_key_and_prints_none() {
    let list = dry(&["video", "list", "--limit", "3", "--title", "a b"]);
    let url = list["url"].as_str().unwrap();
    assert!(
        url.starts_with("https://api.heygen.com/v3/videos?"),
        "{url}"
    );
    assert!(url.contains("limit=3") && url.contains("title=a"), "{url}");
    assert_eq!(list["method"], "GET");
    assert!(
        !Run::of(heygen(&["video", "list", "--dry-run"]).env("HEYGEN_API_KEY", KEY))
            .stdout
            .contains(KEY)
    );
    // It replaces the confirmation, too.
    assert_eq!(dry(&["video", "delete", "a"])["method"], "DELETE");
}

#[test]
fn dry_run_checks_as_a_call_does() {
    for arguments in [
        &["video", "list", "--limit", "0"][..],
        &["voice", "create"],
        &["video", "create", "-d", "{}"],
        &["video", "get", ""],
    ] {
        let all = [arguments, &["--dry-run"]].concat();
        let run = Run::of(heygen(&all).env("HEYGEN_API_KEY", KEY));
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
    }
}
