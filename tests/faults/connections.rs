//! Connections that cannot be opened, that break, or that stall.

use std::time::Duration;

use heygen::ErrorKind::{Connect, Timeout, Transport};
use heygen_tests::document::{avatar_body, avatar_id};
use heygen_tests::scripted::Reply;

use crate::table::{Call, Row};

const IDLE: Duration = Duration::from_millis(300);
/// Long before the server is done.
const SOON: Duration = Duration::from_secs(5);

const HALF: &str = "HTTP/1.1 200 OK\r\nx-request-id: req-9\r\ncontent-length: 50\r\n\r\n{\"data\":";
const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\nx-request-id: req-9\r\ntransfer-encoding: chunked\r\n\r\n";

pub(crate) fn rows() -> Vec<Row> {
    [unopened(), broken(), silent(), unusual()].concat()
}

/// Connections that cannot be opened.
fn unopened() -> Vec<Row> {
    vec![
        Row::closed_port("connection refused")
            .fails(Connect, None)
            .attempts(3)
            .message("refused"),
        Row::closed_port("connection refused, of a creating call")
            .call(Call::Create)
            .fails(Connect, None)
            .attempts(3),
        Row::closed_port("connection refused, of a write")
            .call(Call::Write)
            .fails(Connect, None)
            .attempts(3),
        Row::slam("accepted and closed", "")
            .fails(Transport, None)
            .attempts(3),
        Row::slam("TLS: the server speaks HTTP", "HTTP/1.1 400 No\r\n\r\n")
            .over_tls()
            .fails(Connect, None)
            .attempts(3),
        Row::on("TLS: silence in the handshake", [Reply::silence()])
            .over_tls()
            .configure(|builder| builder.connect_timeout(IDLE).max_retries(0))
            .fails(Connect, None)
            .requests(0)
            .after(IDLE)
            .within(SOON),
    ]
}

/// Connections that break.
fn broken() -> Vec<Row> {
    let broken = |name: &str, bytes: &str| {
        let row = Row::on(name, [Reply::bytes(bytes).close()]);
        row.fails(Transport, None).attempts(3)
    };
    let in_body = |name: &str, bytes: &str| {
        let row = broken(name, bytes).fails(Transport, 200);
        row.request_id("req-9")
    };
    vec![
        broken("closed after the request", ""),
        broken("closed after the request, of a creating call", "").call(Call::Create),
        broken("closed after the request, of a write", "")
            .call(Call::Write)
            .attempts(1),
        broken("closed after the status line", "HTTP/1.1 200 OK\r\n"),
        broken("closed in the headers", "HTTP/1.1 200 OK\r\ncontent-le"),
        in_body("closed in the body", HALF),
        in_body(
            "chunked body without its end",
            &format!("{CHUNKED}5\r\n{{\"dat\r\n"),
        ),
        in_body(
            "chunked body with an invalid length",
            &format!("{CHUNKED}zz\r\n"),
        ),
        broken("not HTTP", "220 mail.example ESMTP\r\n\r\n"),
        Row::on(
            "closed in the body, then a response",
            [Reply::bytes(HALF).close(), Reply::avatar()],
        )
        .attempts(2),
        Row::on(
            "closed after the request, then a response",
            [Reply::silence().close(), Reply::avatar()],
        )
        .attempts(2),
    ]
}

/// Connections that stall or are slow.
fn silent() -> Vec<Row> {
    let idle = |name: &str, reply: Reply, status: Option<u16>| {
        Row::on(name, [reply])
            .configure(|builder| builder.attempt_timeout(IDLE))
            .fails(Timeout, status)
            .attempts(3)
            .after(3 * IDLE)
    };
    let slow = Reply::response(200, &[], avatar_body(avatar_id())).trickle(IDLE / 100);
    vec![
        idle("silence", Reply::silence(), None),
        idle("silence in the body", Reply::bytes(HALF), Some(200)),
        idle(
            "endless header, byte by byte",
            Reply::bytes("HTTP/1.1 200 OK\r\nx: ")
                .trickle(IDLE / 30)
                .repeat("y"),
            None,
        ),
        Row::on("silence, a shorter call timeout", [Reply::silence()])
            .configure(|builder| builder.timeout(IDLE))
            .fails(Timeout, None)
            .after(IDLE)
            .within(SOON),
        Row::on(
            "endless body, byte by byte",
            [Reply::bytes("HTTP/1.1 200 OK\r\n\r\n")
                .repeat(" ")
                .trickle(IDLE / 100)],
        )
        .configure(|builder| builder.timeout(2 * IDLE))
        .fails(Timeout, 200)
        .within(SOON),
        Row::on("complete body, byte by byte", [slow])
            .configure(|builder| builder.idle_timeout(4 * IDLE)),
    ]
}

/// Too many headers, and connections that break between two calls.
fn unusual() -> Vec<Row> {
    let response = |id: &str| {
        let body = avatar_body(id);
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}")
    };
    let two_responses = Reply::bytes(response(avatar_id()) + &response("stale"));
    vec![
        Row::on(
            "endless headers, at once",
            [Reply::bytes("HTTP/1.1 200 OK\r\n").repeat("x-more: and more\r\n")],
        )
        .fails(Transport, None)
        .attempts(3),
        Row::on(
            "10 MB of headers",
            [Reply::response(
                200,
                &[("x-large", &"y".repeat(10 << 20))],
                "{}",
            )],
        )
        .fails(Transport, None)
        .attempts(3),
        Row::on(
            "unsolicited response before the next call",
            [two_responses, Reply::avatar()],
        )
        .call(Call::ReadTwice),
        Row::on(
            "connection closed before the next call",
            [Reply::avatar().close(), Reply::avatar()],
        )
        .call(Call::ReadTwice),
    ]
}
