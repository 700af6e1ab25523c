//! Success of `heygen avatar details`: with the built-in mock, and with a
//! server at a base URL.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use heygen_mock::{Fault, MockServer};
use support::{KEY, Run, heygen, known_id};

#[test]
fn mock_has_an_avatar_of_any_id() {
    let data = Run::of(&mut heygen(&["--mock", "avatar", "details", "any_id"])).data();
    assert_eq!(data["id"], "any_id");
}

#[test]
fn mock_avatar_is_printed_as_json() {
    let data = Run::of(&mut heygen(&["--mock", "avatar", "details", known_id()])).data();
    assert_eq!(data["id"], known_id());
}

#[test]
fn options_precede_or_follow_the_command() {
    let before = Run::of(&mut heygen(&[
        "--mock",
        "--timeout",
        "30",
        "avatar",
        "details",
        known_id(),
    ]));
    let after = Run::of(&mut heygen(&[
        "avatar",
        "details",
        known_id(),
        "--timeout=30",
        "--mock",
    ]));
    assert_eq!(before.data(), after.data());
    assert!(
        before.stdout.contains("\n    \"id\""),
        "not pretty: {}",
        before.stdout
    );
}

/// A body with fields unknown to the model, and numbers out of the range of a
/// `Value`.
const NEWER_BODY: &str = r#"{"error":null,"data":{"id":"a","tags":["x"],
    "credits":12345678901234567890123,"speed":1.50,"look":{"rig":"v9"}},"meta":{"region":"eu"}}"#;

/// Runs `avatar details` against a server that sends the newer body.
async fn newer(options: &[&str]) -> Run {
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, Fault::status(200).body(NEWER_BODY));
    let mut command = heygen(&["avatar", "details", "a", "--base-url", &server.url()]);
    Run::of(command.args(options).env("HEYGEN_API_KEY", KEY))
}

#[tokio::test(flavor = "multi_thread")]
async fn body_is_printed_unchanged_but_indented() {
    let run = newer(&[]).await;
    run.assert_success();
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(squeezed(&run.stdout), squeezed(NEWER_BODY));
    assert!(
        run.stdout.contains("\n    \"id\": \"a\",\n"),
        "{}",
        run.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn human_layout_is_aligned_and_complete() {
    let run = newer(&["--human"]).await;
    run.assert_success();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[..2], ["id       a", "tags     x"]);
    assert!(lines[2].starts_with("credits  1"), "{}", run.stdout);
    assert_eq!(lines[3..], ["speed    1.5", "look", "  rig  v9"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn key_and_base_url_are_read_from_the_environment() {
    let server = MockServer::start().await.unwrap();
    let mut command = heygen(&["avatar", "details", known_id()]);
    command
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_BASE_URL", server.url());
    assert_eq!(Run::of(&mut command).data()["id"], known_id());

    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method(), "GET");
    assert_eq!(
        requests[0].path(),
        format!("/v2/avatar/{}/details", known_id())
    );
    assert_eq!(requests[0].header("x-api-key"), Some(KEY));
}

#[tokio::test(flavor = "multi_thread")]
async fn option_overrides_the_environment() {
    let server = MockServer::start().await.unwrap();
    let mut command = heygen(&["avatar", "details", known_id(), "--base-url", &server.url()]);
    command
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_BASE_URL", "not a url");
    assert_eq!(Run::of(&mut command).data()["id"], known_id());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn mock_ignores_the_environment() {
    let server = MockServer::start().await.unwrap();
    let mut command = heygen(&["--mock", "avatar", "details", known_id()]);
    command
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_BASE_URL", server.url());
    assert_eq!(Run::of(&mut command).data()["id"], known_id());
    assert!(server.requests().is_empty(), "the real address was called");

    let mut command = heygen(&["--mock", "avatar", "details", known_id()]);
    command
        .env("HEYGEN_API_KEY", "line\nbreak")
        .env("HEYGEN_TIMEOUT_SECS", "soon");
    assert_eq!(Run::of(&mut command).data()["id"], known_id());
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_server_is_retried() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, Fault::status(503).retry_after(0));
    server.fail_next(1, Fault::cut_after(20));
    let mut command = heygen(&["avatar", "details", known_id(), "--base-url", &server.url()]);
    command.env("HEYGEN_API_KEY", KEY);
    assert_eq!(Run::of(&mut command).data()["id"], known_id());
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn deprecation_of_the_document_is_one_line_on_stderr() {
    let run = Run::of(&mut heygen(&["--mock", "avatar", "details", known_id()]));
    assert_eq!(run.data()["id"], known_id());
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("notice: "), "{}", run.stderr);
    assert!(run.stderr.contains("31 Oct 2026"), "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn deprecation_is_not_printed_beside_an_error() {
    let server = MockServer::start().await.unwrap();
    server.fail_next(1, Fault::status(404).header("deprecation", "true"));
    let mut command = heygen(&["avatar", "details", known_id(), "--base-url", &server.url()]);
    command.env("HEYGEN_API_KEY", KEY);
    assert_eq!(Run::of(&mut command).error()["status"], 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn id_is_sent_as_one_segment() {
    let server = MockServer::start().await.unwrap();
    let mut command = heygen(&[
        "--base-url",
        &server.url(),
        "avatar",
        "details",
        "--",
        "-a/b%é",
    ]);
    command.env("HEYGEN_API_KEY", KEY);
    assert_eq!(Run::of(&mut command).data()["id"], "-a/b%é");
    let path = server.requests()[0].path().to_owned();
    assert_eq!(path, "/v2/avatar/-a%2Fb%25%C3%A9/details");
}
