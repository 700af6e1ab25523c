//! Redirects, none of which takes the key away.

use heygen::ErrorKind::Api;

use crate::server::Act;
use crate::table::Row;

const ELSEWHERE: [(&str, &str); 8] = [
    ("another port", "http://127.0.0.1:9/x"),
    ("another host, protocol-relative", "//evil.example/x"),
    ("another scheme", "https://127.0.0.1:{port}/x"),
    ("another name of the host", "http://localhost:{port}/x"),
    (
        "a look-alike host",
        "http://127.0.0.1.evil.example:{port}/x",
    ),
    (
        "the host as a user's name",
        "http://127.0.0.1:{port}@evil.example/x",
    ),
    ("a user's name at the host", "http://me@127.0.0.1:{port}/x"),
    ("back-slashes", "\\\\evil.example\\x"),
];

const HERE: [(&str, &str); 4] = [
    ("a path", "/there"),
    ("a relative path", "../there?x=1#y"),
    ("the whole address", "http://127.0.0.1:{port}/there"),
    ("the host, protocol-relative", "//127.0.0.1:{port}/there"),
];

pub(crate) fn rows() -> Vec<Row> {
    let moved = |status, to: &str| Act::answer(status, &[("location", to)], "");
    let mut rows = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        for (name, to) in HERE {
            rows.push(Row::on(
                format!("{status} to {name}"),
                [moved(status, to), Act::avatar()],
            ));
        }
        for (name, to) in ELSEWHERE {
            rows.push(
                Row::on(format!("{status} to {name}"), [moved(status, to)]).fails(Api, status),
            );
        }
        let own = moved(status, "/v2/avatar/a1/details");
        rows.push(Row::on(format!("{status} in a loop"), [own]).fails(Api, status));
        let bare = Act::answer(status, &[], "");
        rows.push(Row::on(format!("{status} to nowhere"), [bare]).fails(Api, status));
        let created = moved(status, "/there");
        let row = Row::on(format!("{status} of a call that creates"), [created]);
        rows.push(row.creating().fails(Api, status));
    }
    rows
}
