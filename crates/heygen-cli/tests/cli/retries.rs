//! Retries, as the server sees them: the library decides what may be sent twice.

use heygen_mock::Fault;

use crate::support::{Run, Server};

const AGENT: [&str; 4] = ["video-agent", "create", "--prompt", "x"];
const VIDEO: [&str; 4] = [
    "video",
    "create",
    "-d",
    r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}"#,
];

fn busy(status: u16) -> Fault {
    Fault::status(status).retry_after(0)
}

#[test]
fn post_is_retried_after_429_with_the_same_body() {
    // 7.25
    let server = Server::start();
    server.fail_next(1, busy(429));
    server.run(&AGENT).json();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body(), requests[1].body());
    assert!(!requests[0].body().is_empty());
}

#[test]
fn post_is_not_retried_after_500_without_an_idempotency_key() {
    // 7.25
    let server = Server::start();
    for status in [500, 502, 503, 504] {
        server.reset();
        server.fail_next(1, busy(status));
        let run = server.run(&AGENT);
        assert_eq!(run.code, 1, "{run:?}");
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[test]
fn post_with_an_idempotency_key_is_retried_under_the_same_key() {
    // 8: the vendor's never retries these, though the API takes keys.
    let server = Server::start();
    server.fail_next(2, busy(503));
    server.run(&VIDEO).json();
    let keys: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.header("idempotency-key").map(str::to_owned))
        .collect();
    assert_eq!(keys.len(), 3);
    assert!(
        keys[0].is_some() && keys.iter().all(|key| *key == keys[0]),
        "{keys:?}"
    );

    server.reset();
    server.fail_next(1, busy(500));
    server
        .run(&[&VIDEO[..], &["--idempotency-key", "mine"]].concat())
        .json();
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.header("idempotency-key") == Some("mine"))
    );
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn get_is_sent_three_times_after_503() {
    // 7.25
    let server = Server::start();
    server.fail_next(9, busy(503));
    let run = server.run(&["video", "get", "a"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(
        (server.requests().len(), &run.error()["attempts"]),
        (3, &3.into())
    );
}

#[test]
fn broken_connection_of_a_get_is_retried() {
    let server = Server::start();
    server.fail_next(1, busy(503));
    server.fail_next(1, Fault::cut_after(20));
    server.run(&["video", "get", "a"]).json();
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn refusals_are_not_retried() {
    // 7.25
    let server = Server::start();
    for status in [400, 401, 402, 403, 404, 409, 501] {
        server.reset();
        server.fail_next(9, busy(status));
        assert_ne!(server.run(&["video", "get", "a"]).code, 0);
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[test]
fn number_of_retries_is_of_the_option_then_of_the_environment() {
    let server = Server::start();
    for (option, variable, sent) in [
        (None, Some("0"), 1),
        (None, Some("1"), 2),
        (Some("0"), Some("5"), 1),
        (Some("3"), None, 4),
    ] {
        server.reset();
        server.fail_next(9, busy(503));
        let mut arguments = vec!["video", "get", "a"];
        arguments.extend(option.map(|_| "--max-retries"));
        arguments.extend(option);
        let mut command = server.command(&arguments);
        command.envs(variable.map(|count| ("HEYGEN_MAX_RETRIES", count)));
        assert_eq!(Run::of(&mut command).code, 1);
        assert_eq!(server.requests().len(), sent, "{option:?} {variable:?}");
    }
}
