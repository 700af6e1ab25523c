//! Answers under a status of success that are none, or look like none.

use std::time::Duration;

use heygen::ErrorKind::{Api, Decode, Timeout, Transport};

use crate::packing::{gzip, gzip_bomb};
use crate::server::Act;
use crate::table::Row;

const AVATAR: &str = r#"{"error":null,"data":{"id":"a1","name":"Anna"}}"#;
const SOON: Duration = Duration::from_millis(300);

pub(crate) fn rows() -> Vec<Row> {
    [contents(), frames()].concat()
}

/// Bodies that are not what was asked for.
fn contents() -> Vec<Row> {
    let good = |name: &str, bytes: &[u8]| Row::on(format!("200 with {name}"), [Act::json(bytes)]);
    let unfit = |name: &str, bytes: &[u8]| good(name, bytes).fails(Decode, 200);
    vec![
        good(
            "a mark before the JSON",
            format!("\u{feff}{AVATAR}").as_bytes(),
        ),
        good(
            "white space around the JSON",
            format!("\r\n {AVATAR}\n\n").as_bytes(),
        ),
        good(
            "fields that nobody knows",
            br#"{"data":{"id":"a1","new":[{}]},"new":1}"#,
        ),
        unfit("an HTML page", b"<!DOCTYPE html><title>Welcome</title>"),
        unfit("an empty body", b""),
        unfit("JSON cut short", &AVATAR.as_bytes()[..30]),
        unfit(
            "more after the JSON",
            format!("{AVATAR}{AVATAR}").as_bytes(),
        ),
        unfit("invalid UTF-8", b"{\"data\":{\"id\":\"a\xff\"}}"),
        unfit("null", b"null"),
        unfit("{}", b"{}"),
        unfit("an array", br#"[{"id":"a1"}]"#),
        unfit("a text", br#""a1""#),
        unfit("{\"data\": []}", br#"{"data":[]}"#),
        unfit("{\"data\": null}", br#"{"data":null}"#),
        unfit("{\"data\": {}}", br#"{"data":{}}"#),
        unfit("arrays 100,000 deep", &b"[".repeat(100_000)),
        good(
            "the error envelope of v2",
            br#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#,
        )
        .fails(Api, 200),
        good(
            "the error envelope of v1",
            br#"{"code":400562,"message":"forbidden"}"#,
        )
        .fails(Api, 200),
        good(
            "the error envelope of v3",
            br#"{"error":{"code":"not_found","message":"x"}}"#,
        )
        .fails(Api, 200),
        good(
            "data and a number of failure",
            br#"{"code":400562,"data":{"id":"a1"}}"#,
        )
        .fails(Api, 200),
    ]
}

/// Answers that are framed or packed as they should not be.
fn frames() -> Vec<Row> {
    let early = |status: &str| format!("HTTP/1.1 {status}\r\nlink: <x>\r\n\r\n");
    let whole =
        |length: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{AVATAR}");
    let packed = |body: Vec<u8>| Act::answer(200, &[("content-encoding", "gzip")], body);
    let zipped = gzip(format!("{AVATAR}{}", " ".repeat(9999)));
    vec![
        Row::on(
            "1xx before the answer: 100, 102 and 103",
            [Act::bytes(
                early("100 Continue")
                    + &early("102 Processing")
                    + &early("103 Early Hints")
                    + &whole(AVATAR.len()),
            )],
        ),
        Row::on("1xx and no answer", [Act::bytes(early("103 Early Hints"))])
            .set(|builder| builder.idle_timeout(SOON).max_retries(0))
            .fails(Timeout, None),
        Row::on("Content-Length too small", [Act::bytes(whole(10))]).fails(Decode, 200),
        Row::on(
            "Content-Length too large, closed",
            [Act::bytes(whole(999)).close()],
        )
        .fails(Transport, 200)
        .attempts(3),
        Row::on(
            "Content-Length too large, kept open",
            [Act::bytes(whole(999))],
        )
        .set(|builder| builder.idle_timeout(SOON).max_retries(0))
        .fails(Timeout, 200),
        Row::on(
            "two lengths that differ",
            [Act::bytes(
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
            )],
        )
        .fails(Transport, None)
        .attempts(3),
        Row::on("a length beyond the bound", [Act::bytes(whole(1 << 40))]).fails(Decode, 200),
        Row::on(
            "a body without an end, beyond the bound",
            [Act::bytes("HTTP/1.1 200 OK\r\n\r\n").then_forever(&" ".repeat(1 << 16))],
        )
        .fails(Decode, 200),
        Row::on("gzip", [packed(zipped.clone())]),
        Row::on(
            "gzip cut short",
            [packed(zipped[..zipped.len() / 2].to_vec())],
        )
        .fails(Transport, 200)
        .attempts(3),
        Row::on("gzip that is none", [packed(AVATAR.as_bytes().to_vec())]).fails(Decode, 200),
        Row::on("a gzip bomb of 1 GB", [packed(gzip_bomb(1024))]).fails(Decode, 200),
        Row::on(
            "a packing that nobody asked for",
            [Act::answer(
                200,
                &[("content-encoding", "compress")],
                b"\x1f\x9d\x90",
            )],
        )
        .fails(Decode, 200),
    ]
}
