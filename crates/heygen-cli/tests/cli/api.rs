//! `heygen api METHOD PATH`: endpoints that no document has.

use heygen_mock::Fault;
use serde_json::json;

use crate::support::{Run, Server, heygen};

#[test]
fn any_path_is_called() {
    let server = Server::start();
    server.fail_next(3, Fault::status(200).body(r#"{"anything": [1.50]}"#));
    let get = [
        "/v3/brand-new",
        "--query",
        "limit=2",
        "--query",
        "title=a&b=c",
    ];
    for (arguments, method) in [
        ([&["api", "GET"], &get[..]].concat(), "GET"),
        ([&["api", "get"], &get[..]].concat(), "GET"),
        (
            vec!["api", "post", "/v3/brand-new", "-d", r#"[{"a":1}]"#],
            "POST",
        ),
    ] {
        let run = server.run(&arguments);
        assert_eq!(run.stdout, "{\"anything\":[1.50]}\n", "{arguments:?}");
        let request = server.requests().pop().unwrap();
        assert_eq!(
            (request.method(), request.path()),
            (method, "/v3/brand-new")
        );
    }
    let requests = server.requests();
    assert_eq!(requests[0].query(), Some("limit=2&title=a%26b%3Dc"));
    assert_eq!(requests[2].json(), Some(json!([{"a": 1}])));
    assert_eq!(requests[0].header("x-api-key"), Some(crate::support::KEY));
}

#[test]
fn key_goes_to_the_api_only() {
    let server = Server::start();
    for path in [
        "https://example.com/v3/videos",
        "//example.com/x",
        "",
        "/v3/../x",
        "/v3/x?limit=2",
        "/v3/x#part",
    ] {
        let run = server.run(&["api", "GET", path]);
        assert_eq!(run.code, 2, "{path}: {run:?}");
    }
    server.assert_unused();
}

#[test]
fn method_and_path_are_checked() {
    let server = Server::start();
    for arguments in [
        &["api"][..],
        &["api", "GET"],
        &["api", "FETCH IT", "/v3/x"],
        &["api", "GET", "/v3/x", "y"],
    ] {
        assert_eq!(server.run(arguments).code, 2, "{arguments:?}");
    }
    server.assert_unused();
}

#[test]
fn body_is_any_json() {
    let server = Server::start();
    let mut command = server.command(&["api", "POST", "/v3/x", "-d", "{"]);
    assert_eq!(Run::of(&mut command).failure(), (2, "usage_error".into()));
    server.assert_unused();
    server.fail_next(1, Fault::status(200).body("{}"));
    let mut command = server.command(&["api", "PATCH", "/v3/x", "-d", "-"]);
    Run::with_stdin(&mut command, b"{\"a\":null}").json();
    assert_eq!(server.bodies()[0], json!({"a": null}));
}

#[test]
fn errors_are_those_of_other_commands() {
    let server = Server::start();
    server.fail_next(1, Fault::status(404).body("<html>"));
    assert_eq!(
        server.run(&["api", "GET", "/v3/x"]).failure(),
        (1, "not_found".into())
    );
    assert_eq!(
        Run::of(&mut heygen(&["api", "GET", "/v3/x"])).failure(),
        (3, "auth_error".into())
    );
}

#[test]
fn dry_run_prints_the_request() {
    let run = Run::of(&mut heygen(&[
        "api",
        "delete",
        "/v3/x",
        "--query",
        "a=b",
        "--dry-run",
    ]));
    let request = run.json();
    assert_eq!(request["method"], "DELETE");
    assert_eq!(request["url"], "https://api.heygen.com/v3/x?a=b");
}
