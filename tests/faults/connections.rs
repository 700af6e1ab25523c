//! Connections that are not made, that break, or on which nothing comes.

use std::time::Duration;

use heygen::ErrorKind::{Connect, Timeout, Transport};

use crate::server::Act;
use crate::table::Row;

const SOON: Duration = Duration::from_millis(300);
/// Long before the server would have been done.
const SOONER: Duration = Duration::from_secs(5);

const HALF: &str = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"data\":{\"id\"";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

pub(crate) fn rows() -> Vec<Row> {
    [broken(), stuck()].concat()
}

/// Connections that are not made, or break.
fn broken() -> Vec<Row> {
    let broken = |name: &str, bytes: &str, status: Option<u16>| {
        Row::on(name, [Act::bytes(bytes).close()])
            .fails(Transport, status)
            .attempts(3)
    };
    vec![
        Row::nobody("connection refused")
            .fails(Connect, None)
            .attempts(3),
        Row::nobody("connection refused to a call that creates")
            .creating()
            .fails(Connect, None)
            .attempts(3),
        Row::slam("accepted and closed", "")
            .fails(Transport, None)
            .attempts(3),
        Row::slam(
            "TLS: the server does not speak it",
            "HTTP/1.1 400 No\r\n\r\n",
        )
        .over_tls()
        .fails(Connect, None)
        .attempts(3),
        Row::on("TLS: the handshake is met with silence", [Act::silence()])
            .over_tls()
            .set(|builder| builder.connect_timeout(SOON).max_retries(0))
            .fails(Connect, None)
            .after(SOON)
            .within(SOONER),
        broken("closed after the request", "", None),
        broken(
            "closed after the request, of a call that creates with a key",
            "",
            None,
        )
        .creating(),
        broken("closed after the status line", "HTTP/1.1 200 OK\r\n", None),
        broken(
            "closed in the headers",
            "HTTP/1.1 200 OK\r\ncontent-le",
            None,
        ),
        broken("closed half-way through the body", HALF, Some(200)),
        broken(
            "chunked body without its end",
            &format!("{CHUNKED}5\r\n{{\"dat\r\n"),
            Some(200),
        ),
        broken(
            "chunked body with a broken length",
            &format!("{CHUNKED}zz\r\n"),
            Some(200),
        ),
        broken("not HTTP at all", "220 mail.example ESMTP\r\n\r\n", None),
        Row::on(
            "closed half-way, then whole",
            [Act::bytes(HALF).close(), Act::avatar()],
        )
        .attempts(2),
        Row::on(
            "closed after the request, then whole",
            [Act::silence().close(), Act::avatar()],
        )
        .attempts(2),
    ]
}

/// Connections on which nothing comes, or too much.
fn stuck() -> Vec<Row> {
    let stuck = |name: &str, act: Act, status: Option<u16>| {
        Row::on(name, [act])
            .set(|builder| builder.idle_timeout(SOON))
            .fails(Timeout, status)
            .attempts(3)
            .after(3 * SOON)
    };
    vec![
        stuck("silence", Act::silence(), None),
        stuck(
            "silence after half of the body",
            Act::bytes(HALF),
            Some(200),
        ),
        stuck(
            "headers never ending, now and then a byte",
            Act::bytes("HTTP/1.1 200 OK\r\nx: ")
                .trickle(SOON / 30)
                .then_forever("y"),
            None,
        ),
        Row::on(
            "silence, with the time of the call shorter",
            [Act::silence()],
        )
        .set(|builder| builder.timeout(SOON))
        .fails(Timeout, None)
        .after(SOON)
        .within(SOONER),
        Row::on(
            "body of a byte now and then, without an end",
            [Act::bytes("HTTP/1.1 200 OK\r\n\r\n")
                .then_forever(" ")
                .trickle(SOON / 100)],
        )
        .set(|builder| builder.timeout(2 * SOON))
        .fails(Timeout, 200)
        .within(SOONER),
        Row::on("body of a byte now and then, to its end", [slow()])
            .set(|builder| builder.idle_timeout(4 * SOON)),
        Row::on(
            "headers never ending, at once",
            [Act::bytes("HTTP/1.1 200 OK\r\n").then_forever("x-more: and more\r\n")],
        )
        .fails(Transport, None)
        .attempts(3),
        Row::on(
            "10 MB of headers",
            [Act::answer(
                200,
                &[("x-large", &"y".repeat(10 << 20))],
                "{}",
            )],
        )
        .fails(Transport, None)
        .attempts(3),
        Row::on(
            "answer that nobody asked for, before the next call",
            [unasked(), Act::avatar()],
        )
        .again(),
        Row::on(
            "connection closed while idle, before the next call",
            [Act::avatar().close(), Act::avatar()],
        )
        .again(),
    ]
}

fn slow() -> Act {
    let body = r#"{"data":{"id":"a1"}}"#;
    let bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    Act::bytes(bytes).trickle(SOON / 100)
}

/// Two answers to one request.
fn unasked() -> Act {
    let answer = |id: &str| {
        let body = format!(r#"{{"data":{{"id":"{id}"}}}}"#);
        format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    Act::bytes(answer("a1") + &answer("stale"))
}
