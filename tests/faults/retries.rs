//! Retries: which responses are retried, and after which delay.

use std::time::{Duration, SystemTime};

use heygen::ErrorKind::Api;
use heygen_tests::scripted::Reply;

use crate::table::{Call, Row};

const SECOND: Duration = Duration::from_secs(1);

fn created() -> Reply {
    Reply::json(r#"{"data":{"video_id":"v1","status":"pending"}}"#)
}

fn in_progress() -> Reply {
    let body = r#"{"error":{"code":"request_in_progress","message":"in progress"}}"#;
    Reply::response(409, &[("retry-after", "0")], body)
}

/// The date at least this far ahead: dates have whole seconds.
fn ahead(time: Duration) -> String {
    httpdate::fmt_http_date(SystemTime::now() + time + SECOND)
}

pub(crate) fn rows() -> Vec<Row> {
    [delays(), attempts(), creating()].concat()
}

/// How long a retry waits.
fn delays() -> Vec<Row> {
    let then_success = |name: &str, retry_after: &str| {
        let replies = [Reply::retry_after(429, retry_after), Reply::avatar()];
        Row::on(format!("429, Retry-After {name}"), replies).attempts(2)
    };
    let too_long = |name: &str, retry_after: &str| {
        Row::on(
            format!("429, Retry-After {name}"),
            [Reply::retry_after(429, retry_after)],
        )
        .fails(Api, 429)
        .within(5 * SECOND)
    };
    vec![
        Row::on(
            "429, Retry-After absent",
            [Reply::response(429, &[], ""), Reply::avatar()],
        )
        .attempts(2),
        then_success("0", "0"),
        then_success("2", "2").after(2 * SECOND),
        then_success("of a date ahead", &ahead(SECOND)).after(SECOND / 2),
        then_success("of a date past", "Wed, 21 Oct 2015 07:28:00 GMT"),
        then_success("negative", "-5"),
        then_success("garbage", "after lunch"),
        then_success("empty", ""),
        too_long("of a year", "31536000"),
        too_long("of too many seconds to count", "99999999999999999999999999"),
        too_long("of a date in an hour", &ahead(3600 * SECOND)),
        too_long("above the cap of 60 s", "61"),
        too_long("above the call timeout", "50").configure(|builder| builder.timeout(5 * SECOND)),
        too_long("above the cap of the client", "2")
            .configure(|builder| builder.max_retry_after(SECOND)),
    ]
}

/// How often a call that reads is retried.
fn attempts() -> Vec<Row> {
    vec![
        Row::on(
            "429 twice, then 200",
            [
                Reply::retry_after(429, "0"),
                Reply::retry_after(429, "0"),
                Reply::avatar(),
            ],
        )
        .attempts(3),
        Row::on("503 without end", [Reply::retry_after(503, "0")])
            .fails(Api, 503)
            .attempts(3),
        Row::on(
            "503 without end, no Retry-After",
            [Reply::response(503, &[], "")],
        )
        .fails(Api, 503)
        .attempts(3),
        Row::on(
            "503 without end, no retries",
            [Reply::retry_after(503, "0")],
        )
        .configure(|builder| builder.max_retries(0))
        .fails(Api, 503),
        Row::on(
            "503 without end, four retries",
            [Reply::retry_after(503, "0")],
        )
        .configure(|builder| builder.max_retries(4))
        .fails(Api, 503)
        .attempts(5),
        Row::on(
            "503, Retry-After of a year",
            [Reply::retry_after(503, "31536000")],
        )
        .fails(Api, 503)
        .within(5 * SECOND),
        Row::on(
            "408, then 200",
            [Reply::retry_after(408, "0"), Reply::avatar()],
        )
        .attempts(2),
    ]
}

/// Calls that create, with an idempotency key.
fn creating() -> Vec<Row> {
    vec![
        Row::on(
            "500, then 200, of a creating call",
            [Reply::retry_after(500, "0"), created()],
        )
        .call(Call::Create)
        .attempts(2),
        Row::on(
            "closed, then 200, of a creating call",
            [Reply::silence().close(), created()],
        )
        .call(Call::Create)
        .attempts(2),
        Row::on(
            "409 in progress, then 200, of a creating call",
            [
                Reply::retry_after(503, "0"),
                in_progress(),
                in_progress(),
                in_progress(),
                created(),
            ],
        )
        .call(Call::Create)
        .attempts(5),
        Row::on(
            "another 409, of a creating call",
            [Reply::retry_after(409, "0")],
        )
        .call(Call::Create)
        .fails(Api, 409),
    ]
}
