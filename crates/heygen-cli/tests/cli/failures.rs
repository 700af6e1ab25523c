//! Failures of the API and of the network: exit codes, codes, hints and what else the
//! error object has.

use heygen_mock::Fault;
use serde_json::Value;

use crate::support::{KEY, Run, Server, heygen, hint, known_id, message};

/// A call of this server without retries.
fn once(server: &Server, arguments: &[&str]) -> Run {
    let mut command = server.command(arguments);
    Run::of(command.env("HEYGEN_MAX_RETRIES", "0"))
}

/// Exit code and error of `video get a` with this fault.
fn failing(fault: Fault) -> (i32, Value) {
    let server = Server::start();
    server.fail_next(1, fault);
    let run = once(&server, &["video", "get", "a"]);
    assert_eq!(server.requests().len(), 1);
    (run.code, run.error())
}

fn html(status: u16) -> Fault {
    let page = "<html><h1>Oops</h1></html>";
    Fault::status(status)
        .header("content-type", "text/html")
        .body(page)
}

#[test]
fn code_without_one_of_the_api_is_made_of_the_status() {
    // 3, 7.8
    for (status, exit, code) in [
        (400, 1, "validation_error"),
        (401, 3, "unauthorized"),
        (402, 1, "insufficient_credit"),
        (403, 3, "forbidden"),
        (404, 1, "not_found"),
        (405, 1, "unclassified_client_error"),
        (409, 1, "conflict"),
        (413, 1, "payload_too_large"),
        (418, 1, "unclassified_client_error"),
        (429, 1, "rate_limit_exceeded"),
        (500, 1, "unclassified_server_error"),
        (502, 1, "unclassified_server_error"),
        (503, 1, "unclassified_server_error"),
    ] {
        let generic = r#"{"error":{"code":"error","message":"It failed."}}"#;
        for fault in [
            html(status),
            Fault::status(status).body(""),
            Fault::status(status).body(generic),
        ] {
            let (found, error) = failing(fault);
            assert_eq!((found, &error["code"]), (exit, &code.into()), "{error}");
            assert_eq!(error["status"], status);
            assert!(!error.to_string().contains("<h1>"), "{error}");
        }
    }
}

#[test]
fn empty_message_is_replaced_by_one_with_the_status() {
    // 7.9
    for body in [
        r#"{"error":{"code":"job_conflict"}}"#,
        r#"{"error":{"code":"job_conflict","message":""}}"#,
    ] {
        let (exit, error) = failing(Fault::status(409).body(body));
        assert_eq!((exit, &error["code"]), (1, &"job_conflict".into()));
        assert!(message(&error).contains("409"), "{error}");
    }
    assert!(message(&failing(Fault::status(503).body("")).1).contains("503"));
}

#[test]
fn fields_of_the_api_s_error_are_kept() {
    let body = r#"{"error":{"code":"invalid_parameter","message":"title is too long",
        "param":"title","doc_url":"https://example.com/codes"}}"#;
    let fault = Fault::status(400)
        .header("x-request-id", "req-7")
        .body(body);
    let (exit, error) = failing(fault);
    assert_eq!(exit, 1);
    for (field, value) in [
        ("code", "invalid_parameter"),
        ("message", "title is too long"),
        ("param", "title"),
        ("request_id", "req-7"),
        ("doc_url", "https://example.com/codes"),
    ] {
        assert_eq!(error[field], value, "{error}");
    }
    assert_eq!(
        (&error["status"], &error["attempts"]),
        (&400.into(), &1.into())
    );
    assert!(hint(&error).contains("title"), "{error}");
    let numbered = Fault::status(400).body(r#"{"code":400542,"message":"no"}"#);
    assert_eq!(failing(numbered).1["code"], "400542");
}

#[test]
fn hints_are_of_the_code() {
    // 3
    for (status, code, parts) in [
        (404, "video_not_found", &["heygen video list"][..]),
        (404, "avatar_not_found", &["heygen avatar"]),
        (404, "voice_not_found", &["heygen voice list"]),
        (402, "insufficient_credit", &["heygen user me get"]),
        (400, "voice_not_usable", &["heygen voice list"]),
        (403, "resource_access_denied", &["plan"]),
        (413, "payload_too_large", &[""]),
    ] {
        let (_, error) = failing(Fault::status(status).reason(code, "No."));
        assert_eq!(error["code"], code);
        let text = hint(&error).to_owned();
        assert!(!text.is_empty(), "{error}");
        for part in parts {
            assert!(text.contains(part), "{code}: {text}");
        }
    }
}

#[test]
fn unauthorized_hint_names_the_source_of_the_key() {
    // 7.4, 7.6
    let server = Server::start();
    let body = r#"{"error":{"message":"Key revoked."}}"#;
    server.fail_next(2, Fault::status(401).body(body));
    let run = once(&server, &["video", "list"]);
    assert_eq!(run.failure(), (3, "unauthorized".into()));
    let error = run.error();
    assert_eq!(message(&error), "Key revoked.");
    assert!(hint(&error).contains("HEYGEN_API_KEY"), "{error}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    std::fs::write(&file, format!("{{\"api_key\":\"{KEY}\"}}")).unwrap();
    let mut command = heygen(&["video", "list", "--base-url", &server.url()]);
    let run = Run::of(command.env("HEYGEN_CONFIG_DIR", folder.path()));
    assert_eq!(run.failure(), (3, "unauthorized".into()));
    let error = run.error();
    for part in [file.to_str().unwrap(), "heygen auth login"] {
        assert!(hint(&error).contains(part), "{error}");
    }
    assert!(!hint(&error).contains("HEYGEN_API_KEY"), "{error}");
}

#[test]
fn every_401_and_403_is_exit_code_3() {
    // 7.5
    for fault in [
        html(403),
        Fault::status(403),
        Fault::status(403).reason("anything", "No."),
    ] {
        let (exit, error) = failing(fault);
        assert_eq!((exit, &error["status"]), (3, &403.into()));
        assert!(
            !hint(&error).is_empty() && !hint(&error).contains("auth login"),
            "{error}"
        );
    }
    for fault in [html(401), Fault::status(401).reason("anything", "No.")] {
        assert_eq!(failing(fault).0, 3);
    }
}

#[test]
fn human_error_is_lines_of_text() {
    // 7.7
    let server = Server::start();
    server.fail_next(
        1,
        Fault::status(404).reason("video_not_found", "no \u{1b}[1msuch video"),
    );
    let run = once(&server, &["video", "get", "a", "--human"]);
    assert_eq!(run.code, 1);
    let lines = run.human_error();
    assert!(
        lines[0].contains(r"no \u{1b}[1msuch video"),
        "{}",
        run.stderr
    );
    assert!(lines[1].starts_with("Hint: "), "{}", run.stderr);
    assert!(!run.stderr.contains(['{', '\u{1b}']) || run.stderr.contains(r"\u{1b}"));

    // Also where the arguments or the settings are wrong.
    for arguments in [
        &["video", "get", "--human"][..],
        &["--human", "--nonsense"],
        &["--human=true", "--nonsense"],
        &["video", "lst", "--human"],
        &["--human", "avatar", "details", "x"],
    ] {
        let run = Run::of(&mut heygen(arguments));
        let lines = run.human_error();
        assert!(
            lines.iter().any(|line| line.starts_with("Hint: ")),
            "{}",
            run.stderr
        );
    }
    // 3: not after `--`
    let run = Run::of(&mut heygen(&["video", "get", "--", "--human"]));
    assert_eq!(run.failure(), (3, "auth_error".into()));
}

#[test]
fn error_in_the_envelope_of_a_200_is_an_error() {
    let body = r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#;
    let server = Server::start();
    for (body, code, exit) in [
        (body, "internal_error", 3),
        (r#"{"data":null,"error":"sorry"}"#, "error", 1),
    ] {
        server.fail_next(1, Fault::status(200).body(body));
        let run = once(&server, &["avatar", "details", known_id()]);
        let error = run.error();
        assert_eq!((run.code, &error["status"]), (exit, &200.into()), "{error}");
        if exit == 3 {
            assert_eq!(error["code"], code);
        }
    }
}

#[test]
fn bare_error_of_a_200_is_an_error_of_the_api() {
    let body = r#"{"code":"video_not_found","message":"gone"}"#;
    let server = Server::start();
    for arguments in [&["video", "get", "a"][..], &["video", "list", "--all"]] {
        server.fail_next(1, Fault::status(200).body(body));
        let error = once(&server, arguments).error();
        assert_eq!(error["code"], "video_not_found", "{error}");
        assert_eq!((message(&error), &error["status"]), ("gone", &200.into()));
        assert!(hint(&error).contains("heygen video list"), "{error}");
    }
}

#[test]
fn responses_that_lack_what_is_declared_are_errors() {
    // 3: an answer that is not JSON; and a body without `data`
    let server = Server::start();
    for (arguments, bodies) in [
        (
            &["video", "get", "a"][..],
            &[
                "",
                "null",
                "[]",
                "<html>",
                "{}",
                r#"{"data":null}"#,
                r#"{"data":[]}"#,
                r#"{"data":{"id":"a"}"#,
            ][..],
        ),
        (
            &["video", "list"],
            &["{}", r#"{"data":null}"#, r#"{"data":{}}"#, "text"],
        ),
        (
            &["video-translate", "languages", "list"],
            &[r#"{"data":{}}"#, r#"{"data":[]}"#],
        ),
        (&["video", "delete", "a", "--force"], &["", "<html>"]),
        (&["avatar", "details", "a"], &[r#"{"error":null}"#, ""]),
    ] {
        for body in bodies {
            server.fail_next(1, Fault::status(200).body(*body));
            let run = once(&server, arguments);
            let expected = (1, "cli_response_parse_error".into());
            assert_eq!(run.failure(), expected, "{arguments:?} {body}");
            assert!(!hint(&run.error()).is_empty());
        }
    }
}

#[test]
fn broken_connections_are_network_errors() {
    // 3
    for fault in [Fault::close(), Fault::cut_after(10)] {
        let (exit, error) = failing(fault);
        assert_eq!((exit, &error["code"]), (1, &"network_error".into()));
        assert!(!hint(&error).is_empty(), "{error}");
    }
    // An unused port, reserved for an obsolete service.
    let mut command = heygen(&["video", "list", "--base-url", "http://127.0.0.1:1"]);
    let run = Run::of(
        command
            .env("HEYGEN_API_KEY", KEY)
            .env("HEYGEN_MAX_RETRIES", "0"),
    );
    assert_eq!(run.failure(), (1, "network_error".into()));
}

#[test]
fn attempts_and_retry_after_are_in_the_error() {
    let (_, error) = failing(Fault::status(429).retry_after(7));
    assert_eq!(
        (&error["attempts"], &error["retry_after"]),
        (&1.into(), &7.into())
    );

    let server = Server::start();
    server.fail_next(2, Fault::status(503).retry_after(0));
    let error = server
        .run(&["video", "get", "a", "--max-retries", "1"])
        .error();
    assert_eq!(error["attempts"], 2);

    // Nothing was sent.
    let unsent = server.run(&["video", "get", ""]).error();
    assert!(unsent.get("attempts").is_none() && unsent.get("retry_after").is_none());
}
