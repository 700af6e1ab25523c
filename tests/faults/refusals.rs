//! Every status of failure with every shape of error that the API, a proxy or
//! a load balancer gives it.

use heygen::ErrorKind::Api;

use crate::server::Act;
use crate::table::Row;

const STATUSES: [u16; 15] = [
    400, 401, 402, 403, 404, 405, 409, 410, 422, 429, 500, 502, 503, 504, 599,
];

const SHAPES: [(&str, &str); 8] = [
    ("v1", r#"{"code":400562,"message":"forbidden"}"#),
    (
        "v2",
        r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#,
    ),
    (
        "v2 with a text for an error",
        r#"{"data":null,"error":"it is broken"}"#,
    ),
    (
        "v3",
        r#"{"error":{"code":"invalid_parameter","message":"bad id","param":"avatar_id","doc_url":"https://x.example"}}"#,
    ),
    ("HTML", "<html><title>Sorry</title></html>"),
    ("a text", "no healthy upstream"),
    ("half of a JSON", r#"{"error":{"code":"inter"#),
    ("nothing", ""),
];

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for status in STATUSES {
        for (name, body) in SHAPES {
            let again = matches!(status, 429 | 500 | 502 | 503 | 504);
            // Short waits: how long they are is told by other rows.
            let headers: &[_] = if again { &[("retry-after", "0")] } else { &[] };
            let row = Row::on(
                format!("{status} with {name}"),
                [Act::answer(status, headers, body)],
            );
            rows.push(row.fails(Api, status).attempts(if again { 3 } else { 1 }));
        }
    }
    let cut = "HTTP/1.1 404 No\r\ncontent-length: 50\r\n\r\nno such";
    rows.push(Row::on("404 cut short is still 404", [Act::bytes(cut).close()]).fails(Api, 404));
    let endless = Act::bytes("HTTP/1.1 404 No\r\n\r\n").then_forever(&"no ".repeat(1 << 14));
    rows.push(Row::on("404 with a body without an end", [endless]).fails(Api, 404));
    rows
}
