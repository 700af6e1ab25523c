//! The order of the checks: of several things that are wrong, the first is the error.

use crate::support::{KEY, Run, Server, heygen, message};

/// Exit code, code and message of a command line with this environment.
fn outcome(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let run = Run::of(heygen(arguments).envs(variables.iter().copied()));
    let error = run.error();
    let code = error["code"].as_str().unwrap().to_owned();
    (run.code, code, message(&error).to_owned())
}

const FAR_HTTP: (&str, &str) = ("HEYGEN_BASE_URL", "http://api.heygen.com");

#[test]
fn first_fault_of_a_command_line_is_its_error() {
    let key = ("HEYGEN_API_KEY", KEY);
    let server = Server::start();
    let url = server.url();
    let here = ("HEYGEN_BASE_URL", &*url);
    // 2: what is wrong gets less from row to row.
    for (arguments, variables, exit, code, named) in [
        (
            &["video", "get", "a", "b", "--bogus"][..],
            &[][..],
            2,
            "usage_error",
            "--bogus",
        ),
        (&["video", "get", "a", "b"], &[], 2, "usage_error", "b"),
        (
            &["audio", "sounds", "list", "--type", "noise"],
            &[FAR_HTTP],
            3,
            "auth_error",
            "key",
        ),
        (
            &["audio", "sounds", "list", "--type", "noise"],
            &[key, FAR_HTTP],
            2,
            "usage_error",
            "http",
        ),
        (
            &[
                "audio",
                "sounds",
                "list",
                "--type",
                "noise",
                "--headers",
                "authorization:x",
            ],
            &[key, here],
            2,
            "usage_error",
            "header",
        ),
        (
            &["audio", "sounds", "list", "--type", "noise"],
            &[key, here],
            2,
            "usage_error",
            "query",
        ),
        (
            &["audio", "sounds", "list", "--type", "noise", "--query", "x"],
            &[key, here],
            2,
            "usage_error",
            "noise",
        ),
        // -d before the values of options, and these before what the body lacks.
        (
            &["lipsync", "create", "--mode", "fast", "-d", "[]"],
            &[key, here],
            2,
            "usage_error",
            "object",
        ),
        (
            &["lipsync", "create", "--mode", "fast", "-d", "{}"],
            &[key, here],
            2,
            "usage_error",
            "fast",
        ),
        (
            &["lipsync", "create", "--mode", "speed", "-d", "{}"],
            &[key, here],
            2,
            "usage_error",
            "video",
        ),
    ] {
        let (found, found_code, text) = outcome(arguments, variables);
        assert_eq!((found, &*found_code), (exit, code), "{arguments:?}: {text}");
        assert!(text.to_lowercase().contains(named), "{arguments:?}: {text}");
    }
    server.assert_unused();
}

#[test]
fn schemas_come_before_key_arguments_and_required_flags() {
    // 7.11
    for arguments in [
        &["video", "get", "--response-schema"][..],
        &["audio", "sounds", "list", "--response-schema"],
        &["lipsync", "create", "--request-schema"],
        &[
            "video-agent",
            "create",
            "--request-schema",
            "--mode",
            "nonsense",
        ],
    ] {
        let run = Run::of(heygen(arguments).envs([FAR_HTTP]));
        assert!(run.json().is_object(), "{arguments:?}");
        assert_eq!(run.stderr, "");
    }
    // Syntax is still checked.
    let run = Run::of(&mut heygen(&[
        "video",
        "get",
        "--response-schema",
        "--bogus",
    ]));
    assert_eq!(run.failure(), (2, "usage_error".into()));
}

#[test]
fn missing_key_hint_names_variable_and_mock() {
    // 7.3
    for key in [None, Some("")] {
        for words in [
            &["video", "list"][..],
            &["avatar", "details", "a"],
            &["api", "get", "/v3/x"],
        ] {
            let run = Run::of(heygen(words).envs(key.map(|key| ("HEYGEN_API_KEY", key))));
            assert_eq!(run.failure(), (3, "auth_error".into()));
            let error = run.error();
            let hint = error["hint"].as_str().unwrap();
            for part in ["HEYGEN_API_KEY", "--mock", "auth login"] {
                assert!(hint.contains(part), "{part}: {hint}");
            }
        }
    }
}

#[test]
fn malformed_key_is_not_printed() {
    let server = Server::start();
    for key in [format!("{KEY}\nb"), format!("a {KEY}"), format!("é{KEY}")] {
        let mut command = server.command(&["video", "list"]);
        let run = Run::of(command.env("HEYGEN_API_KEY", &key));
        assert_eq!(run.failure(), (3, "auth_error".into()), "{key:?}");
        assert!(run.error()["hint"].is_string());
    }
    server.assert_unused();
}
