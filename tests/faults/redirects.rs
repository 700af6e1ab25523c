//! Redirects: followed on the same origin, and only for calls that read.

use heygen::ErrorKind::Api;
use heygen_tests::document::{avatar_id, avatar_path};
use heygen_tests::scripted::Reply;

use crate::table::{Call, Row};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// Statuses from 300 to 399 that are never followed.
const OTHER_STATUSES: [u16; 4] = [300, 305, 306, 399];

const SAME_ORIGIN: [(&str, &str); 4] = [
    ("a path", "/there"),
    ("a relative path", "../there?x=1#y"),
    ("the whole URL", "http://127.0.0.1:{port}/there"),
    ("the host, protocol-relative", "//127.0.0.1:{port}/there"),
];

const OTHER_ORIGIN: [(&str, &str); 13] = [
    ("another port", "http://127.0.0.1:9/x"),
    ("another port, protocol-relative", "//127.0.0.1:9/x"),
    ("another host, protocol-relative", "//evil.example/x"),
    ("another scheme", "https://127.0.0.1:{port}/x"),
    ("another scheme than HTTP", "ftp://127.0.0.1/x"),
    ("another name of the host", "http://localhost:{port}/x"),
    (
        "a look-alike host",
        "http://127.0.0.1.evil.example:{port}/x",
    ),
    (
        "the host as a user name",
        "http://127.0.0.1:{port}@evil.example/x",
    ),
    ("a user name at the host", "http://me@127.0.0.1:{port}/x"),
    ("a password at the host", "http://:word@127.0.0.1:{port}/x"),
    ("backslashes, another host", "\\\\evil.example\\x"),
    ("backslashes, another port", "\\\\127.0.0.1:9\\x"),
    ("a URL without a host", "http://"),
];

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for status in STATUSES {
        for (name, location) in SAME_ORIGIN {
            let replies = [Reply::redirect(status, location), Reply::avatar()];
            rows.push(Row::on(format!("{status} to {name}"), replies).requests(2));
        }
        for (name, location) in OTHER_ORIGIN {
            rows.push(refused(status, name, location));
        }
        let cycle = Reply::redirect(status, &avatar_path(avatar_id()));
        let row = Row::on(format!("{status} to itself"), [cycle]).fails(Api, status);
        rows.push(row.requests(6).message("5 times"));
        let row = Row::response(format!("{status} without a location"), status, &[], "x");
        rows.push(row.fails(Api, status));
        rows.push(refused(status, "a path, of a write", "/there").call(Call::Write));
        rows.push(refused(status, "a path, of a creating call", "/there").call(Call::Create));
    }
    for status in OTHER_STATUSES {
        rows.push(refused(status, "another port", "http://127.0.0.1:9/x"));
    }
    rows
}

/// A redirect that is not followed: an error that contains the location.
fn refused(status: u16, name: &str, location: &str) -> Row {
    let name = format!("{status} to {name}");
    let row = Row::response(name, status, &[("location", location)], "moved");
    row.fails(Api, status).message(location)
}
