//! `--all` and `--jsonl`: every page of a list.

use heygen_mock::Fault;
use serde_json::{Value, json};

use crate::support::{Run, Server, heygen, hint, one_line};

/// A server with this many more videos than its document has.
fn with_videos(count: usize) -> Server {
    let server = Server::start();
    for number in 0..count {
        let body = json!({"type": "avatar", "avatar_id": "a", "voice_id": "v", "script": "Hi", "title": format!("t{number}")});
        let run = server.run(&["video", "create", "-d", &body.to_string()]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    server
}

fn items(run: &Run) -> Vec<Value> {
    let value = run.json();
    value
        .as_array()
        .unwrap_or_else(|| panic!("not an array: {value}"))
        .clone()
}

/// The ids of items; links differ from read to read.
fn ids(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

#[test]
fn all_prints_one_array_of_every_page() {
    let server = with_videos(5);
    let one_page = server.run(&["video", "list", "--limit", "2"]).json();
    assert_eq!(
        (
            one_page["data"].as_array().unwrap().len(),
            &one_page["has_more"]
        ),
        (2, &json!(true))
    );

    let before = server.requests().len();
    let all = items(&server.run(&["video", "list", "--limit", "2", "--all"]));
    assert!(all.len() >= 5, "{all:?}");
    assert!(server.requests().len() - before >= 3);
    let queries = server.queries();
    assert!(
        queries[before..]
            .iter()
            .all(|query| query.contains("limit=2")),
        "{queries:?}"
    );
    assert!(
        queries[before + 1..]
            .iter()
            .all(|query| query.contains("token=")),
        "{queries:?}"
    );

    let whole = server.run(&["video", "list", "--limit", "100"]).json();
    assert_eq!(ids(&all), ids(whole["data"].as_array().unwrap()));
}

#[test]
fn jsonl_prints_a_line_an_item() {
    let server = with_videos(3);
    let all = items(&server.run(&["video", "list", "--limit", "2", "--all"]));
    for options in [&["--all", "--jsonl"][..], &["--jsonl", "--all"]] {
        let run = server.run(&[&["video", "list", "--limit", "2"][..], options].concat());
        run.assert_success();
        let lines: Vec<_> = run
            .stdout
            .lines()
            .map(|line| one_line(&format!("{line}\n")))
            .collect();
        assert_eq!(ids(&lines), ids(&all));
    }
}

#[test]
fn items_of_all_are_as_they_came() {
    let server = Server::start();
    let first =
        r#"{"data": [{"b": 1.50,  "a":12345678901234567890123}],"has_more":true,"next_token":"n"}"#;
    let last = r#"{"data":[{"z":"é"}],"has_more":false,"next_token":null}"#;
    for body in [first, last, first, last] {
        server.fail_next(1, Fault::status(200).body(body));
    }
    let run = server.run(&["video", "list", "--all"]);
    assert_eq!(
        run.stdout,
        "[{\"b\":1.50,\"a\":12345678901234567890123},{\"z\":\"é\"}]\n"
    );
    let run = server.run(&["video", "list", "--all", "--jsonl"]);
    assert_eq!(
        run.stdout,
        "{\"b\":1.50,\"a\":12345678901234567890123}\n{\"z\":\"é\"}\n"
    );
}

#[test]
fn failure_in_the_middle_keeps_what_came() {
    let server = with_videos(5);
    server
        .on("list_videos")
        .reply(200)
        .body(r#"{"data":[{"id":"one"}],"has_more":true,"next_token":"n"}"#)
        .times(1);
    server
        .on("list_videos")
        .reply(400)
        .reason("invalid_parameter", "The cursor is too old.")
        .times(1);
    let run = server.run(&["video", "list", "--all", "--jsonl"]);
    assert_eq!((run.code, &*run.stdout), (1, "{\"id\":\"one\"}\n"));
    assert_eq!(run.error_beside_output()["code"], "invalid_parameter");
}

#[test]
fn list_that_fails_is_continued_from_its_token() {
    let first = r#"{"data":[{"id":"one"}],"has_more":true,"next_token":"n-1"}"#;
    for option in ["--jsonl", "--all"] {
        for (status, body) in [
            (500, "{}"),
            (200, r#"{"data":[{"id""#),
            (200, "<html>"),
            (200, r#"{"data":{}}"#),
        ] {
            let server = Server::start();
            let list = server.on("list_videos");
            list.reply(200).body(first).times(1);
            server.on("list_videos").reply(status).body(body);
            let options = ["--max-retries", "0", option];
            let run = server.run(&[&["video", "list"][..], &options].concat());
            assert_eq!(run.code, 1, "{body}: {run:?}");
            let error = run.error_beside_output();
            assert!(
                hint(&error).contains("--token n-1"),
                "{option} {body}: {error}"
            );
        }
    }
}

#[test]
fn empty_list_is_an_empty_array() {
    let server = Server::start();
    let empty = r#"{"data":[],"has_more":false,"next_token":null}"#;
    server.fail_next(2, Fault::status(200).body(empty));
    assert_eq!(server.run(&["video", "list", "--all"]).stdout, "[]\n");
    let run = server.run(&["video", "list", "--all", "--jsonl"]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
}

#[test]
fn cursor_that_repeats_ends_with_an_error() {
    let server = Server::start();
    let same = r#"{"data":[{"id":"a"}],"has_more":true,"next_token":"n"}"#;
    server.on("list_videos").reply(200).body(same);
    let run = server.run(&["video", "list", "--all", "--timeout", "20"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(server.requests().len() < 5);
}

#[test]
fn all_with_human_is_one_table() {
    let server = with_videos(5);
    let run = server.run(&["video", "list", "--limit", "2", "--all", "--human"]);
    run.assert_success();
    assert_eq!(run.stdout.matches("ID ").count(), 1, "{}", run.stdout);
    assert!(run.stdout.lines().count() >= 6, "{}", run.stdout);
}

#[test]
fn lists_within_data_are_followed_too() {
    // 3: `batches get` keeps items and cursor inside of `data`
    let server = Server::start();
    let first = r#"{"data":{"id":"b","items":[{"id":"1"}],"has_more":true,"next_token":"n"}}"#;
    let last = r#"{"data":{"id":"b","items":[{"id":"2"}],"has_more":false,"next_token":null}}"#;
    for body in [first, last] {
        server.fail_next(1, Fault::status(200).body(body));
    }
    let run = server.run(&["video", "batches", "get", "b", "--all"]);
    assert_eq!(run.stdout, "[{\"id\":\"1\"},{\"id\":\"2\"}]\n");
}

#[test]
fn commands_without_pages_have_no_all() {
    let run = Run::of(&mut heygen(&["video", "get", "a", "--all"]));
    assert_eq!(run.failure(), (2, "usage_error".into()));
}
