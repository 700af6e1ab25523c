//! Timeouts of calls: exit code 4; and calls that a signal stops: 130.

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

/// The error of a command line that is stopped by a signal once it was sent, and the
/// idempotency key that it was sent with.
#[cfg(unix)]
fn stopped(arguments: &[&str], signal: &str) -> (serde_json::Value, Option<String>) {
    let server = Server::start();
    server.fail_next(9, Fault::delay(SLOW));
    let mut command = server.command(arguments);
    let piped = std::process::Stdio::piped;
    let child = command.stdout(piped()).stderr(piped()).spawn().unwrap();
    while server.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(100));
    let id = child.id().to_string();
    let mut kill = std::process::Command::new("kill");
    kill.args([signal, &id]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{arguments:?}: {output:?}");
    let run = Run::from_output(output);
    assert_eq!(run.failure(), (130, "interrupted".into()));
    let sent = &server.requests()[0];
    (
        run.error(),
        sent.header("idempotency-key").map(str::to_owned),
    )
}

#[cfg(unix)]
#[test]
fn stopped_write_says_how_it_is_sent_again() {
    let video = r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}"#;
    let create = ["video", "create", "-d", video];
    for (options, signal) in [
        (&[][..], "-INT"),
        (&["--wait"], "-TERM"),
        (&["--wait"], "-INT"),
        (&["--idempotency-key", "mine-1"], "-TERM"),
    ] {
        let (error, key) = stopped(&[&create[..], options].concat(), signal);
        let again = format!("--idempotency-key {}", key.unwrap());
        for part in ["may have been executed", "`heygen video list`", &again] {
            assert!(hint(&error).contains(part), "{options:?}: {error}");
        }
        assert_eq!(again.ends_with("mine-1"), options.len() == 2);
    }
    // No key where none is read; nothing to look at where nothing was changed.
    let (error, _) = stopped(&["api", "POST", "/v3/videos", "-d", "{}"], "-INT");
    assert!(hint(&error).contains("before you send it again"), "{error}");
    assert!(!hint(&error).contains("--idempotency-key"), "{error}");
    for read in [&["video", "get", "a"][..], &["api", "GET", "/v3/videos"]] {
        let (error, _) = stopped(read, "-INT");
        assert!(!hint(&error).contains("executed"), "{error}");
    }
}

#[test]
fn window_of_a_wait_that_ends_in_the_create_names_the_key() {
    let server = Server::start();
    server.fail_next(9, Fault::delay(SLOW));
    let video = r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}"#;
    let create = ["video", "create", "-d", video, "--wait", "--timeout", "0.3"];
    let run = server.run(&create);
    assert_eq!(run.failure(), (4, "timeout".into()));
    let requests = server.requests();
    let key = requests[0].header("idempotency-key").unwrap();
    let error = run.error();
    for part in ["`heygen video list`", key] {
        assert!(hint(&error).contains(part), "{error}");
    }
}

#[test]
fn dry_run_shows_no_random_key() {
    let server = Server::start();
    let create = ["video-agent", "create", "--prompt", "x", "--dry-run"];
    let shown = server.run(&create).json();
    assert!(shown["headers"]["idempotency-key"].is_null(), "{shown}");
}
