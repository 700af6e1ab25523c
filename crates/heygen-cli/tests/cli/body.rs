//! `-d`: where the body is from, how options are merged into it, and what it lacks.

use heygen_mock::Fault;
use serde_json::{Value, json};

use crate::support::{Run, Server, message};

const AGENT: [&str; 2] = ["video-agent", "create"];

/// A body of `video create` that the API takes.
const VIDEO: &str = r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi","title":"T"}"#;

#[test]
fn body_is_inline_a_file_stdin_or_a_file_with_an_at_sign() {
    // 2, and `@file`, which the vendor's documents show and its program does not know.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("body.json"),
        r#" {"prompt": "from a file"} "#,
    )
    .unwrap();
    let server = Server::start();
    let at = folder.path().join("body.json");
    let (path, with_at) = (at.to_str().unwrap(), format!("@{}", at.display()));
    for (data, prompt) in [
        (&["-d", r#"{"prompt":"inline"}"#][..], "inline"),
        (&["--data", r#"{"prompt":"inline"}"#], "inline"),
        (&[r#"-d{"prompt":"inline"}"#], "inline"),
        (&[r#"--data={"prompt":"inline"}"#], "inline"),
        (&["-d", "-"], "stdin"),
        (&["-d-"], "stdin"),
        (&["-d", "body.json"], "from a file"),
        (&["-d", "@body.json"], "from a file"),
        (&["-d", path], "from a file"),
        (&["-d", &with_at], "from a file"),
        // The last of several wins.
        (&["-d", "{", "-d", r#"{"prompt":"inline"}"#], "inline"),
    ] {
        server.reset();
        let mut command = server.command(&[&AGENT[..], data].concat());
        let run = Run::with_stdin(command.current_dir(&folder), br#"{"prompt":"stdin"}"#);
        run.json();
        assert_eq!(server.bodies()[0], json!({"prompt": prompt}), "{data:?}");
        let kind = server.requests()[0]
            .header("content-type")
            .unwrap()
            .to_owned();
        assert_eq!(kind, "application/json");
    }
}

#[test]
fn data_without_a_path_or_content_says_so() {
    let server = Server::start();
    for (data, words) in [
        ("@", "--data has no path after @"),
        ("", "needs \"type\" in --data (empty)"),
    ] {
        let run = server.run(&["video", "create", "-d", data]);
        assert_eq!(run.failure(), (2, "usage_error".into()), "{data}");
        let error = run.error();
        assert!(message(&error).contains(words), "{error}");
    }
    server.assert_unused();
}

#[test]
fn body_is_sent_as_it_was_given() {
    // Unknown fields, numbers and text of any kind.
    let server = Server::start();
    server.fail_next(1, Fault::status(200).body(r#"{"data":{"session_id":"s"}}"#));
    let data = r#"{"prompt":"é \u00e9 < & >","x":12345678901234567890123,"y":{"z":1.50,"a":null}}"#;
    server.run(&["video-agent", "create", "-d", data]).json();
    let sent = server.requests()[0].body().to_vec();
    let sent = String::from_utf8(sent).unwrap();
    for part in ["12345678901234567890123", "1.5", "null"] {
        assert!(sent.contains(part), "{sent}");
    }
    assert_eq!(server.bodies()[0]["prompt"], "é é < & >");
}

#[test]
fn bodies_that_are_no_object_are_usage_errors() {
    let server = Server::start();
    for data in ["{", "[1]", "{}x", "{\"a\":}", "[]", r#"{"a":1}{"b":2}"#] {
        let run = server.run(&[&AGENT[..], &["-d", data]].concat());
        assert_eq!(run.failure(), (2, "usage_error".into()), "{data}");
    }
    for input in [
        &b"\"text\""[..],
        b"1",
        b"null",
        b"{\"prompt\":\"\xff\"}",
        b"<html>",
    ] {
        let mut command = server.command(&[&AGENT[..], &["-d", "-"]].concat());
        let run = Run::with_stdin(&mut command, input);
        assert_eq!(run.failure(), (2, "usage_error".into()), "{input:?}");
    }
    server.assert_unused();
}

#[test]
fn unreadable_files_are_errors_that_name_them() {
    // 2: exit 1
    let server = Server::start();
    for (data, named) in [
        ("nobody.json", "nobody.json"),
        ("@nobody.json", "nobody.json"),
        (".", "."),
    ] {
        let run = server.run(&[&AGENT[..], &["-d", data]].concat());
        assert_eq!(run.failure(), (1, "error".into()), "{data}");
        assert!(message(&run.error()).contains(named), "{}", run.stderr);
    }
    server.assert_unused();
}

#[test]
fn empty_data_counts_as_absent() {
    // 2
    let server = Server::start();
    let prompted = [&AGENT[..], &["--prompt", "x", "-d"]].concat();
    server.run(&[&prompted[..], &[""]].concat()).json();
    Run::with_stdin(&mut server.command(&[&prompted[..], &["-"]].concat()), b"").json();
    assert_eq!(server.bodies(), vec![json!({"prompt": "x"}); 2]);
    let run = server.run(&[&AGENT[..], &["-d", ""]].concat());
    assert_eq!(run.failure(), (2, "usage_error".into()));
}

#[test]
fn options_overwrite_the_fields_of_the_body() {
    // 7.13: at the top level, the rest is kept
    let server = Server::start();
    let data = r#"{"prompt":"old","files":[{"type":"url","url":"https://x"}],"mode":"chat"}"#;
    server
        .run(&[
            "video-agent",
            "create",
            "--prompt",
            "new",
            "-d",
            data,
            "--incognito-mode=false",
        ])
        .json();
    let expected = json!({
        "prompt": "new",
        "files": [{"type": "url", "url": "https://x"}],
        "mode": "chat",
        "incognito_mode": false,
    });
    assert_eq!(server.bodies()[0], expected);
}

#[test]
fn null_is_not_what_the_api_requires() {
    let server = Server::start();
    for data in ["{}", r#"{"prompt":null}"#] {
        let run = server.run(&[&AGENT[..], &["-d", data]].concat());
        assert_eq!(run.failure(), (2, "usage_error".into()), "{data}");
        assert!(message(&run.error()).contains("--prompt"), "{data}");
    }
    server.assert_unused();
}

#[test]
fn data_satisfies_required_options_of_the_body() {
    // 7.12
    let server = Server::start();
    server
        .run(&["voice", "create", "-d", r#"{"prompt":"calm"}"#])
        .json();
    let run = server.run(&["voice", "create", "-d", r#"{"seed":3}"#]);
    assert_eq!(run.failure(), (2, "usage_error".into()));
    assert!(message(&run.error()).contains("prompt"), "{}", run.stderr);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn options_may_be_in_the_body_under_their_names_on_the_wire() {
    let server = Server::start();
    let data = r#"{"video":{"type":"url","url":"https://x/v.mp4"},"output_languages":["French"]}"#;
    server
        .run(&["video-translate", "create", "-d", data])
        .json();
    assert_eq!(
        server.bodies()[0],
        serde_json::from_str::<Value>(data).unwrap()
    );
}

#[test]
fn missing_fields_are_named() {
    // 7.17
    let server = Server::start();
    for (arguments, named) in [
        (&["video", "create"][..], &["type"][..]),
        (&["video", "create", "-d", "{}"], &["type"]),
        (
            &["video", "create", "-d", r#"{"type":"image"}"#],
            &["image"],
        ),
        (
            &["video", "create", "-d", r#"{"type":"avatar"}"#],
            &["avatar_id"],
        ),
        (&["lipsync", "create"], &["audio", "video"]),
        (&["lipsync", "create", "--title", "x"], &["audio", "video"]),
        (&["background-removal", "create"], &["video"]),
        (&["video", "batches", "create", "--title", "x"], &["videos"]),
        (&["video-translate", "create"], &["output-languages"]),
        (
            &["voice", "clone", "create", "--voice-name", "x"],
            &["audio"],
        ),
        (&["avatar", "create"], &["type"]),
    ] {
        let run = server.run(arguments);
        assert_eq!(run.failure(), (2, "usage_error".into()), "{arguments:?}");
        let error = run.error().to_string();
        for name in named {
            assert!(error.contains(name), "{arguments:?}: {error}");
        }
    }
    server.assert_unused();
}

#[test]
fn calls_with_only_optional_fields_need_no_body() {
    // 8: the vendor's refuses these, though its documents show them.
    let server = Server::start();
    for arguments in [
        &["asset", "complete", "create", "asset_1"][..],
        &["avatar", "consent", "create", "group_1"],
        &["video-translate", "proofreads", "generate", "proof_1"],
        // 7.17: no body at all
        &["video-agent", "stop", "session_1"],
        &["webhook", "endpoints", "rotate-secret", "endpoint_1"],
    ] {
        let run = server.run(arguments);
        let error = serde_json::from_str::<Value>(&run.stderr).unwrap_or_default();
        // The mock may refuse what is not in a state to be completed; it was sent.
        assert!(
            run.code == 0 || error["error"]["status"].is_u64(),
            "{arguments:?}: {run:?}"
        );
    }
    let bodies = server.bodies();
    assert_eq!(bodies.len(), 5);
    assert!(
        bodies
            .iter()
            .all(|body| *body == json!({}) || body.is_null()),
        "{bodies:?}"
    );
}

#[test]
fn commands_without_a_body_have_no_data_option() {
    let server = Server::start();
    for arguments in [
        &["video", "get", "a", "-d", "{}"][..],
        &["video", "list", "--data", "{}"],
    ] {
        assert_eq!(server.run(arguments).failure(), (2, "usage_error".into()));
    }
    server.assert_unused();
}

#[test]
fn body_of_several_kinds_is_created() {
    let server = Server::start();
    server.run(&["video", "create", "-d", VIDEO]).json();
    let sent = server.requests()[0].body().to_vec();
    assert_eq!(
        serde_json::from_slice::<Value>(&sent).unwrap(),
        serde_json::from_str::<Value>(VIDEO).unwrap()
    );
}

#[test]
fn large_bodies_are_read_from_stdin() {
    let server = Server::start();
    let prompt = "x".repeat(300_000);
    let mut command = server.command(&[&AGENT[..], &["-d", "-"]].concat());
    let body = json!({"prompt": prompt}).to_string();
    Run::with_stdin(&mut command, body.as_bytes());
    assert_eq!(server.requests()[0].body().len(), body.len());
}
