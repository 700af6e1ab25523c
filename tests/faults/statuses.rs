//! Every error status with every format of error body, of the API, a proxy or a
//! load balancer.

use heygen::ErrorKind::Api;
use heygen_tests::scripted::Reply;

use crate::table::Row;

const STATUSES: [u16; 18] = [
    300, 400, 401, 402, 403, 404, 405, 408, 409, 410, 422, 429, 500, 501, 502, 503, 504, 599,
];

/// The body, its code, and a part of its message.
type ErrorBody = (
    &'static str,
    &'static [u8],
    Option<&'static str>,
    &'static str,
);

const BODIES: [ErrorBody; 10] = [
    (
        "v1",
        br#"{"code":400562,"message":"forbidden"}"#,
        Some("400562"),
        "forbidden",
    ),
    (
        "v2",
        br#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#,
        Some("internal_error"),
        "forbidden",
    ),
    (
        "v2 with a string",
        br#"{"data":null,"error":"it is broken"}"#,
        None,
        "it is broken",
    ),
    (
        "v3",
        br#"{"error":{"code":"invalid_parameter","message":"bad id","param":"avatar_id","doc_url":"https://x.example"}}"#,
        Some("invalid_parameter"),
        "bad id",
    ),
    (
        "HTML",
        b"<html><head><title>502 Bad Gateway</title></head><body>x</body></html>",
        None,
        "received an HTML page instead of JSON: 502 Bad Gateway",
    ),
    ("text", b"no healthy upstream", None, "no healthy upstream"),
    (
        "truncated JSON",
        br#"{"error":{"code":"inter"#,
        None,
        "error",
    ),
    ("no body", b"", None, "without a body"),
    ("invalid UTF-8", b"caf\xe9", None, "caf\u{fffd}"),
    (
        "a byte order mark",
        b"\xef\xbb\xbf{\"message\":\"marked\"}",
        None,
        "marked",
    ),
];

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for status in STATUSES {
        let transient = matches!(status, 408 | 429 | 500 | 502 | 503 | 504);
        // No backoff: other rows test its length.
        let headers: &[_] = if transient {
            &[("retry-after", "0")]
        } else {
            &[]
        };
        for (name, body, code, message) in BODIES {
            let row = Row::response(format!("{status} with {name}"), status, headers, body)
                .fails(Api, status)
                .attempts(if transient { 3 } else { 1 });
            rows.push(row.code(code).message(message));
        }
    }
    // This status never has a body.
    let row = Row::response("304 with no body", 304, &[], "").fails(Api, 304);
    rows.push(row.message("without a body"));
    let truncated = "HTTP/1.1 404 No\r\ncontent-length: 50\r\n\r\nno such";
    let row = Row::on(
        "404 with a truncated body",
        [Reply::bytes(truncated).close()],
    );
    rows.push(row.fails(Api, 404).body("no such"));
    let endless = Reply::bytes("HTTP/1.1 404 No\r\n\r\n").repeat(&"no ".repeat(1 << 14));
    rows.push(Row::on("404 with an endless body", [endless]).fails(Api, 404));
    rows
}
