//! Responses with status 200 that are not the expected model, or are framed or
//! encoded in an unusual way.

use std::time::Duration;

use heygen::ErrorKind::{Api, Decode, Timeout, Transport};
use heygen_tests::content_encoding::{gzip, gzip_bomb};
use heygen_tests::document::{avatar_body, avatar_id};
use heygen_tests::scripted::Reply;

use crate::table::Row;

const IDLE: Duration = Duration::from_millis(300);

pub(crate) fn rows() -> Vec<Row> {
    [bodies(), error_envelopes(), undecodable(), framing()].concat()
}

fn ok(name: &str, body: impl AsRef<[u8]>) -> Row {
    Row::response(format!("200 with {name}"), 200, &[], body)
}

/// Bodies that are parsed.
fn bodies() -> Vec<Row> {
    let avatar = avatar_body(avatar_id());
    let id = avatar_id();
    vec![
        ok("a byte order mark", format!("\u{feff}{avatar}")),
        ok("white space around the JSON", format!("\r\n {avatar}\n\n")),
        ok(
            "unknown fields",
            format!(r#"{{"data":{{"id":"{id}","new":[{{}}]}},"new":1}}"#),
        ),
        ok(
            "the code of success of v1",
            format!(r#"{{"code":100,"message":"Success","data":{{"id":"{id}"}}}}"#),
        ),
    ]
}

/// Errors under a status of success, with their codes.
fn error_envelopes() -> Vec<Row> {
    let envelopes = [
        (
            "an error of v1",
            r#"{"code":400562,"message":"forbidden"}"#,
            Some("400562"),
        ),
        (
            "an error of v1 with a string code",
            r#"{"code":"avatar_not_found","message":"no"}"#,
            Some("avatar_not_found"),
        ),
        (
            "an error of v1 and data",
            r#"{"code":400562,"message":"no","data":{"id":"a1"}}"#,
            Some("400562"),
        ),
        (
            "an error code of v1 and data",
            r#"{"code":400562,"data":{"id":"a1"}}"#,
            Some("400562"),
        ),
        (
            "an error of v2",
            r#"{"data":null,"error":{"code":"internal_error","message":"x"}}"#,
            Some("internal_error"),
        ),
        (
            "an error of v2 and empty data",
            r#"{"data":{},"error":{"code":"x","message":"y"}}"#,
            Some("x"),
        ),
        (
            "an error of v2 and data",
            r#"{"data":{"id":"a1"},"error":{"code":"x","message":"y"}}"#,
            Some("x"),
        ),
        (
            "an error string of v2",
            r#"{"data":null,"error":"it is broken"}"#,
            None,
        ),
        (
            "an error string of v2 and data",
            r#"{"data":{"id":"a1"},"error":"no"}"#,
            None,
        ),
        (
            "an error of v3",
            r#"{"error":{"code":"not_found","message":"x"}}"#,
            Some("not_found"),
        ),
    ];
    let row = |(name, body, code)| ok(name, body).fails(Api, 200).code(code);
    envelopes.into_iter().map(row).collect()
}

/// Bodies that are not the model, with the field or what is wrong.
fn undecodable() -> Vec<Row> {
    let avatar = avatar_body(avatar_id());
    let not_json = |name: &str, body: &[u8], message: &str| {
        let row = ok(name, body).fails(Decode, 200);
        row.message(message)
    };
    let field = |name: &str, body: &str, field| ok(name, body).fails(Decode, 200).field(field);
    let data = |data: &str| format!(r#"{{"error":null,"data":{data}}}"#);
    vec![
        not_json(
            "an HTML page",
            b"<!DOCTYPE html><title>Welcome</title>",
            "the response is an HTML page",
        ),
        not_json("an empty body", b"", "the response is empty"),
        not_json("white space", b" \r\n", "the response is empty"),
        not_json(
            "truncated JSON",
            &avatar.as_bytes()[..avatar.len() / 2],
            "the response is not valid JSON",
        ),
        not_json("two documents", format!("{avatar}{avatar}").as_bytes(), ""),
        not_json(
            "invalid UTF-8",
            b"{\"error\":null,\"data\":{\"id\":\"a\xff\"}}",
            "",
        ),
        not_json("arrays 100,000 deep", &b"[".repeat(100_000), ""),
        field("null", "null", None),
        field("a number", "7", None),
        field("a string", r#""a1""#, None),
        field("an empty array", "[]", None),
        field("an array of the model", r#"[{"id":"a1"}]"#, None),
        field("an array of its fields", r#"[{"id":"a1"},null,null]"#, None),
        field("{}", "{}", Some("data")),
        field("no data", r#"{"error":null}"#, Some("data")),
        field("data null", &data("null"), Some("data")),
        field("data of an array", &data("[]"), Some("data")),
        field("data of a string", &data(r#""a1""#), Some("data")),
        field("data without an id", &data("{}"), Some("data.id")),
        field("an id of null", &data(r#"{"id":null}"#), Some("data.id")),
        field(
            "a field of another type",
            &data(r#"{"id":"a1","tags":7}"#),
            Some("data.tags"),
        ),
    ]
}

/// Responses that are framed or encoded in an unusual way.
fn framing() -> Vec<Row> {
    let avatar = avatar_body(avatar_id());
    let interim = |status: &str| format!("HTTP/1.1 {status}\r\nlink: <x>\r\n\r\n");
    let declared =
        |length: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{avatar}");
    let encoded =
        |name: &str, encoding: &str, body: &[u8]| Row::on(name, [Reply::encoded(encoding, body)]);
    let gzipped = gzip(format!("{avatar}{}", " ".repeat(9999)));
    let unsupported = b"\x1f\x9d\x90";
    vec![
        Row::on(
            "1xx before the response: 100, 102 and 103",
            [Reply::bytes(
                interim("100 Continue")
                    + &interim("102 Processing")
                    + &interim("103 Early Hints")
                    + &declared(avatar.len()),
            )],
        ),
        Row::on(
            "1xx and no response",
            [Reply::bytes(interim("103 Early Hints"))],
        )
        .configure(|builder| builder.timeout(IDLE).max_retries(0))
        .fails(Timeout, None),
        Row::on("Content-Length too small", [Reply::bytes(declared(10))]).fails(Decode, 200),
        Row::on(
            "Content-Length too large, closed",
            [Reply::bytes(declared(999)).close()],
        )
        .fails(Transport, 200)
        .attempts(3),
        Row::on(
            "Content-Length too large, kept open",
            [Reply::bytes(declared(999))],
        )
        .configure(|builder| builder.idle_timeout(IDLE).max_retries(0))
        .fails(Timeout, 200),
        Row::on(
            "two Content-Length that differ",
            [Reply::bytes(
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
            )],
        )
        .fails(Transport, None)
        .attempts(3),
        Row::on(
            "Content-Length above the limit",
            [Reply::bytes(declared(1 << 40))],
        )
        .fails(Decode, 200),
        Row::on(
            "an endless body, above the limit",
            [Reply::bytes("HTTP/1.1 200 OK\r\n\r\n").repeat(&" ".repeat(1 << 16))],
        )
        .fails(Decode, 200),
        encoded("gzip", "gzip", &gzipped),
        encoded("truncated gzip", "gzip", &gzipped[..gzipped.len() / 2])
            .fails(Transport, 200)
            .attempts(3),
        encoded("invalid gzip", "gzip", avatar.as_bytes()).fails(Decode, 200),
        encoded("a gzip bomb of 1 GB", "gzip", &gzip_bomb(1024)).fails(Decode, 200),
        encoded("an unsupported encoding", "compress", unsupported)
            .fails(Decode, 200)
            .message("content encoding 'compress', which was not asked for")
            .body(unsupported),
    ]
}
