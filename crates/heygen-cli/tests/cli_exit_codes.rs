//! Exit codes: each failure, with the one error object on stderr.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::{Duration, Instant};

use heygen_mock::{Fault, MockServer};
use serde_json::Value;
use support::{KEY, Run, heygen, known_id};

/// Requests the known avatar once, without retries.
fn request_once(server: &MockServer, more: &[&str]) -> Run {
    let url = server.url();
    let mut arguments = vec!["avatar", "details", known_id(), "--base-url", &url];
    arguments.extend(more);
    let mut command = heygen(&arguments);
    command
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_MAX_RETRIES", "0");
    Run::of(&mut command)
}

/// Exit code and error object of a call with this injected fault.
async fn failing(fault: Fault) -> (i32, Value) {
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, fault);
    let run = request_once(&server, &[]);
    assert_eq!(server.requests().len(), 1);
    (run.code, run.error())
}

fn hint(error: &Value) -> &str {
    error["hint"].as_str().unwrap()
}

#[test]
fn missing_key_hint_names_variable_and_mock() {
    for key in [None, Some("")] {
        let mut command = heygen(&["avatar", "details", known_id()]);
        command.envs(key.map(|key| ("HEYGEN_API_KEY", key)));
        let run = Run::of(&mut command);
        assert_eq!(run.code, 3);
        let error = run.error();
        assert_eq!(error["code"], "missing_api_key");
        assert!(hint(&error).contains("HEYGEN_API_KEY") && hint(&error).contains("--mock"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_key_is_not_printed() {
    let server = MockServer::start().await.unwrap();
    for key in [format!("{KEY}\n"), format!("{KEY} "), format!("é{KEY}")] {
        let mut command = heygen(&["avatar", "details", known_id(), "--base-url", &server.url()]);
        command.env("HEYGEN_API_KEY", &key);
        let run = Run::of(&mut command);
        assert_eq!(run.code, 3);
        assert_eq!(run.error()["code"], "malformed_api_key");
        assert!(run.error()["hint"].is_string());
    }
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn unauthorized_and_forbidden_are_exit_code_3() {
    let (code, error) = failing(Fault::status(401)).await;
    assert_eq!((code, &error["status"]), (3, &401.into()));
    assert!(hint(&error).contains("key"));

    let (code, error) = failing(Fault::status(403)).await;
    assert_eq!((code, &error["status"]), (3, &403.into()));
    assert_eq!(error["message"], "forbidden");
    assert!(error["hint"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn error_in_the_envelope_of_a_200_is_an_error() {
    let body = r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#;
    let (code, error) = failing(Fault::status(200).body(body)).await;
    assert_eq!(
        (code, &error["code"], &error["status"]),
        (3, &"internal_error".into(), &200.into())
    );

    let body = r#"{"data":null,"error":"sorry"}"#;
    let (code, error) = failing(Fault::status(200).body(body)).await;
    assert_eq!((code, &error["message"]), (1, &"sorry".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn error_fields_of_the_server_are_printed() {
    let body = r#"{"error":{"code":"avatar_not_found","message":"avatar look not found",
        "doc_url":"https://example.com/codes"}}"#;
    let fault = Fault::status(404)
        .header("x-request-id", "req-7")
        .body(body);
    let (code, error) = failing(fault).await;
    assert_eq!(code, 1);
    assert_eq!(error["code"], "avatar_not_found");
    assert_eq!(error["message"], "avatar look not found");
    assert_eq!(error["status"], 404);
    assert_eq!(error["request_id"], "req-7");
    assert_eq!(error["doc_url"], "https://example.com/codes");
    assert_eq!(
        hint(&error),
        format!("No such avatar: check the id `{}`", known_id())
    );
    assert_eq!(error["operation"], "retrieve-avatar-details");

    let numbered = Fault::status(400).body(r#"{"code":400542,"message":"no"}"#);
    assert_eq!(failing(numbered).await.1["code"], "400542");
}

#[tokio::test(flavor = "multi_thread")]
async fn error_without_a_code_gets_one_from_the_status() {
    for (status, body) in [
        (500, "<h1>Oops</h1>"),
        (502, ""),
        (429, "slow down"),
        (418, "null"),
    ] {
        let fault = Fault::status(status)
            .header("content-type", "text/html")
            .body(body);
        let (code, error) = failing(fault).await;
        assert_eq!(code, 1, "{error}");
        assert_eq!(error["code"], format!("http_{status}"));
        assert_eq!(error["status"], status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_success_body_is_a_decode_error() {
    for body in [
        "",
        "null",
        "[]",
        "<html>",
        r#"{"error":null}"#,
        r#"{"error":null,"data":{}}"#,
    ] {
        let (code, error) = failing(Fault::status(200).body(body)).await;
        assert_eq!((code, &error["code"]), (1, &"decode".into()), "{body}");
        assert!(hint(&error).contains("this program"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_connection_is_a_transport_error() {
    let (code, error) = failing(Fault::close()).await;
    assert_eq!((code, &error["code"]), (1, &"transport".into()));
    let (code, error) = failing(Fault::cut_after(10)).await;
    assert_eq!(
        (code, &error["code"], &error["status"]),
        (1, &"transport".into(), &200.into())
    );

    // An unused port, reserved for an obsolete service.
    let mut command = heygen(&[
        "avatar",
        "details",
        known_id(),
        "--base-url",
        "http://127.0.0.1:1",
    ]);
    command
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_MAX_RETRIES", "0");
    let run = Run::of(&mut command);
    assert_eq!((run.code, &run.error()["code"]), (1, &"connect".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn deadline_is_exit_code_4() {
    let server = MockServer::start().await.unwrap();
    for fault in [Fault::delay(Duration::from_secs(60)), Fault::stall_after(3)] {
        server.fail_next(1, fault);
        let started = Instant::now();
        let run = request_once(&server, &["--timeout", "0.3"]);
        assert!(started.elapsed() < Duration::from_secs(20));
        assert_eq!((run.code, &run.error()["code"]), (4, &"timeout".into()));
        assert!(hint(&run.error()).contains("--timeout"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_ids_are_refused_before_sending() {
    let server = MockServer::start().await.unwrap();
    for id in ["", ".", "..", "a\nb", "a\u{7f}"] {
        let mut command = heygen(&["avatar", "details", id, "--base-url", &server.url()]);
        command.env("HEYGEN_API_KEY", KEY);
        let run = Run::of(&mut command);
        assert_eq!(
            (run.code, &run.error()["code"]),
            (2, &"invalid_input".into()),
            "{id:?}"
        );
        assert!(run.error()["hint"].is_string());
    }
    assert!(server.requests().is_empty());
}

#[test]
fn invalid_settings_are_config_errors() {
    for url in [
        "nonsense",
        "ftp://x",
        "https://me:secret@x",
        "http://api.heygen.com",
    ] {
        let mut command = heygen(&["avatar", "details", known_id(), "--base-url", url]);
        let run = Run::of(command.env("HEYGEN_API_KEY", KEY));
        assert_eq!(
            (run.code, &run.error()["code"]),
            (2, &"config".into()),
            "{url}"
        );
        assert!(!run.stderr.contains("secret"));
    }
    for (name, value) in [
        ("HEYGEN_BASE_URL", "x"),
        ("HEYGEN_TIMEOUT_SECS", "x"),
        ("HEYGEN_MAX_RETRIES", "x"),
    ] {
        let mut command = heygen(&["avatar", "details", known_id()]);
        let run = Run::of(command.env("HEYGEN_API_KEY", KEY).env(name, value));
        assert_eq!(
            (run.code, &run.error()["code"]),
            (2, &"config".into()),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_and_retry_after_are_in_the_error_object() {
    let (_, error) = failing(Fault::status(429).retry_after(7)).await;
    assert_eq!(
        (&error["attempts"], &error["retry_after"]),
        (&1.into(), &7.into())
    );

    let server = MockServer::start().await.unwrap();
    server.fail_next(2, Fault::status(503).retry_after(0));
    let mut command = heygen(&["avatar", "details", known_id(), "--base-url", &server.url()]);
    command
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_MAX_RETRIES", "1");
    assert_eq!(Run::of(&mut command).error()["attempts"], 2);

    // Nothing was sent.
    let unsent = Run::of(&mut heygen(&["--mock", "avatar", "details", ""])).error();
    assert!(unsent.get("attempts").is_none() && unsent.get("retry_after").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn human_error_is_text() {
    let server = MockServer::start().await.unwrap();
    let body = r#"{"error":{"code":"avatar_not_found","message":"avatar\u001b not found"}}"#;
    let fault = Fault::status(404)
        .header("x-request-id", "req-7")
        .body(body);
    server.fail_next(1, fault);
    let run = request_once(&server, &["--human"]);
    assert_eq!(run.code, 1);
    let hint = format!("Hint: No such avatar: check the id `{}`", known_id());
    assert_eq!(
        run.human_error(),
        [
            r"Error: avatar\u{1b} not found (avatar_not_found, status 404, request req-7)",
            &hint
        ]
    );

    // Also where the arguments or the settings are wrong.
    for arguments in [
        &["--human"][..],
        &["avatar", "details", "--human"],
        &["--human", "--nonsense"],
        &["--human", "avatar", "details", "x"],
    ] {
        let run = Run::of(&mut heygen(arguments));
        assert!(run.human_error()[1].starts_with("Hint: "), "{}", run.stderr);
    }
    let run = Run::of(&mut heygen(&["avatar", "details", "--", "--human"]));
    assert_eq!(run.error()["code"], "missing_api_key");
}

#[tokio::test(flavor = "multi_thread")]
async fn not_found_without_a_code_keeps_the_hint_of_the_library() {
    let (_, error) = failing(Fault::status(404).body("<html>")).await;
    let hint = hint(&error);
    assert!(hint.starts_with("No such avatar: check the id `"), "{hint}");
    assert!(hint.contains("; "), "{hint}");
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in [
        &[][..],
        &["avatar"],
        &["avatar", "details"],
        &["avatar", "details", "a", "b"],
        &["avatar", "destroy", "a"],
        &["--nonsense"],
        &["--timeout", "0", "--mock", "avatar", "details", known_id()],
        &["--timeout", "-1", "--mock", "avatar", "details", known_id()],
        &[
            "--mock",
            "avatar",
            "details",
            known_id(),
            "--base-url",
            "https://api.heygen.com",
        ],
        &["mock"],
        &["completion"],
        &["completion", "tcl"],
    ] {
        let run = Run::of(&mut heygen(arguments));
        let error = run.error();
        assert_eq!(
            (run.code, &error["code"]),
            (2, &"usage".into()),
            "{arguments:?}"
        );
        assert!(hint(&error).contains("--help"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn non_utf8_argument_is_a_usage_error() {
    use std::os::unix::ffi::OsStrExt;
    let mut command = heygen(&["--mock", "avatar", "details"]);
    let run = Run::of(command.arg(std::ffi::OsStr::from_bytes(b"\xff")));
    assert_eq!((run.code, &run.error()["code"]), (2, &"usage".into()));
}
