//! Timeouts of calls: exit code 4.

use std::time::{Duration, Instant};

use heygen_mock::Fault;

use crate::support::{Run, Server, hint, message};

const SLOW: Duration = Duration::from_secs(60);

/// The run of a command line whose response never comes.
fn stuck(arguments: &[&str]) -> Run {
    let server = Server::start();
    server.fail_next(9, Fault::delay(SLOW));
    let started = Instant::now();
    let run = server.run(arguments);
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(run.failure(), (4, "timeout".into()));
    run
}

#[test]
fn timeout_has_its_own_exit_code() {
    // 7.24
    let get = stuck(&["video", "get", "a", "--timeout", "0.3"]).error();
    assert!(hint(&get).contains("--timeout"), "{get}");
    assert!(!hint(&get).contains("executed"), "{get}");
    stuck(&["video", "get", "a", "--request-timeout", "300ms"]);
}

#[test]
fn timeout_of_a_write_warns_of_duplicates() {
    // 7.24: the message has the budget
    let arguments = ["video-agent", "create", "--prompt", "x", "--timeout", "0.3"];
    let error = stuck(&arguments).error();
    assert!(message(&error).contains("0.3 s"), "{error}");
    for part in ["may have been executed", "heygen video-agent list"] {
        assert!(hint(&error).contains(part), "{error}");
    }
}

#[test]
fn body_that_stops_is_a_timeout() {
    let server = Server::start();
    server.fail_next(1, Fault::stall_after(3));
    let run = server.run(&["video", "get", "a", "--timeout", "0.3"]);
    assert_eq!(run.failure(), (4, "timeout".into()));
}

#[test]
fn timeout_of_the_environment_is_used() {
    let server = Server::start();
    server.fail_next(9, Fault::delay(SLOW));
    let mut command = server.command(&["video", "get", "a"]);
    let run = Run::of(command.env("HEYGEN_TIMEOUT_SECS", "0.3"));
    assert_eq!(run.failure(), (4, "timeout".into()));

    let mut command = server.command(&["video", "get", "a"]);
    let run = Run::of(command.env("HEYGEN_TIMEOUT_SECS", "x"));
    assert_eq!(run.failure(), (2, "usage_error".into()));
}

#[test]
fn human_timeout_is_text() {
    let server = Server::start();
    server.fail_next(9, Fault::delay(SLOW));
    let run = server.run(&["video", "list", "--human", "--timeout", "300ms"]);
    assert_eq!(run.code, 4);
    run.human_error();
}
