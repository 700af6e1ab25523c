//! When a call is made again, and how long it waits for that.

use std::time::{Duration, SystemTime};

use heygen::ErrorKind::Api;

use crate::server::Act;
use crate::table::Row;

const SECOND: Duration = Duration::from_secs(1);

fn busy(status: u16, retry_after: &str) -> Act {
    Act::answer(status, &[("retry-after", retry_after)], "")
}

fn created() -> Act {
    Act::json(r#"{"data":{"video_id":"v1","status":"pending"}}"#)
}

fn in_progress() -> Act {
    let body = r#"{"error":{"code":"request_in_progress","message":"still at it"}}"#;
    Act::answer(409, &[("retry-after", "0")], body)
}

/// The date at least this far ahead: dates have no parts of a second.
fn ahead(time: Duration) -> String {
    httpdate::fmt_http_date(SystemTime::now() + time + SECOND)
}

pub(crate) fn rows() -> Vec<Row> {
    let then_good = |name: &str, retry_after: &str| {
        let acts = [busy(429, retry_after), Act::avatar()];
        Row::on(format!("429, Retry-After {name}"), acts).attempts(2)
    };
    let too_long = |name: &str, retry_after: &str| {
        Row::on(format!("429, Retry-After {name}"), [busy(429, retry_after)])
            .fails(Api, 429)
            .within(5 * SECOND)
    };
    vec![
        Row::on(
            "429, Retry-After absent",
            [Act::answer(429, &[], ""), Act::avatar()],
        )
        .attempts(2),
        then_good("0", "0"),
        then_good("2", "2").after(2 * SECOND),
        then_good("of a date ahead", &ahead(SECOND)).after(SECOND / 2),
        then_good("of a date past", "Wed, 21 Oct 2015 07:28:00 GMT"),
        then_good("negative", "-5"),
        then_good("garbage", "after lunch"),
        then_good("empty", ""),
        too_long("of a year", "31536000"),
        too_long(
            "of more seconds than there are",
            "99999999999999999999999999",
        ),
        too_long("of a date in an hour", &ahead(3600 * SECOND)),
        too_long("beyond the cap of 60 s", "61"),
        too_long("beyond the time of the call", "50").set(|builder| builder.timeout(5 * SECOND)),
        too_long("beyond a cap of the client's", "2")
            .set(|builder| builder.max_retry_after(SECOND)),
        Row::on(
            "429 twice, then 200",
            [busy(429, "0"), busy(429, "0"), Act::avatar()],
        )
        .attempts(3),
        Row::on("503 for ever", [busy(503, "0")])
            .fails(Api, 503)
            .attempts(3),
        Row::on(
            "503 for ever, waits of our own",
            [Act::answer(503, &[], "")],
        )
        .fails(Api, 503)
        .attempts(3),
        Row::on("503 for ever, no retries", [busy(503, "0")])
            .set(|builder| builder.max_retries(0))
            .fails(Api, 503),
        Row::on("503 for ever, seven retries", [busy(503, "0")])
            .set(|builder| builder.max_retries(7))
            .fails(Api, 503)
            .attempts(8),
        Row::on("503 for a year", [busy(503, "31536000")])
            .fails(Api, 503)
            .within(5 * SECOND),
        Row::on("408, then 200", [busy(408, "0"), Act::avatar()]).attempts(2),
        Row::on(
            "a creating call with a key: 500, then 200",
            [busy(500, "0"), created()],
        )
        .creating()
        .attempts(2),
        Row::on(
            "a creating call with a key: cut, then 200",
            [Act::silence().close(), created()],
        )
        .creating()
        .attempts(2),
        Row::on(
            "a creating call still in progress, then 200",
            [
                busy(503, "0"),
                in_progress(),
                in_progress(),
                in_progress(),
                created(),
            ],
        )
        .creating()
        .attempts(5),
        Row::on("another 409 to a creating call", [busy(409, "0")])
            .creating()
            .fails(Api, 409),
    ]
}
