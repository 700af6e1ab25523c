//! When a call is tried again, and after how long. A request that may have had
//! an effect is never sent twice, unless the operation is idempotent or the
//! request carries a key by which the server knows it again.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use http::{HeaderMap, header};

use crate::budget::Budget;
use crate::deadline::Clock;
use crate::error::Error;
use crate::idempotency;
use crate::operation::Operation;

/// The first wait of our own is at most this; each further one twice that.
const FIRST: Duration = Duration::from_millis(500);
/// No wait of our own is longer.
const LONGEST: Duration = Duration::from_secs(30);
/// Nor between two questions whether a request is still in progress.
const LONGEST_IN_PROGRESS: Duration = Duration::from_secs(5);

/// How far a failed attempt got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Another attempt would end the same.
    Final,
    /// Nothing reached the server.
    Unsent,
    /// The request may have reached the server; the answer did not come whole.
    Lost,
    /// The server answered with this status.
    Answered(u16),
    /// The server is still working on an earlier request with the same key.
    InProgress,
}

impl Cause {
    /// Whether another attempt makes sense and does no harm.
    pub(crate) fn allows_retry(self, repeat: Repeat) -> bool {
        match self {
            // Nothing was done, or the server says that it did nothing.
            Self::Unsent | Self::Answered(429) => true,
            Self::Lost | Self::Answered(408 | 500 | 502 | 503 | 504) => repeat != Repeat::Never,
            Self::InProgress => repeat == Repeat::Keyed,
            Self::Final | Self::Answered(_) => false,
        }
    }
}

/// Whether a request can be sent twice with the effect of once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It cannot.
    Never,
    /// The operation is idempotent by its nature.
    Idempotent,
    /// The server knows the request again by its key.
    Keyed,
}

impl Repeat {
    pub(crate) fn of(operation: &Operation, headers: &HeaderMap) -> Self {
        if operation.idempotency_key && headers.contains_key(idempotency::HEADER) {
            Self::Keyed
        } else if operation.idempotent {
            Self::Idempotent
        } else {
            Self::Never
        }
    }
}

/// The further attempts of one call.
#[derive(Debug)]
pub(crate) struct Retries<'a> {
    most: u32,
    /// Made when the first attempt has failed; most do not.
    waits: Option<Box<Waits>>,
    longest_asked: Duration,
    budget: &'a Budget,
}

/// The waits between the attempts of one call.
#[derive(Debug)]
struct Waits {
    own: ExponentialBackoff,
    /// Those for a request in progress: as many as the time allows.
    questions: ExponentialBackoff,
}

impl Waits {
    fn new(most: u32) -> Self {
        let waits = ExponentialBuilder::new().with_min_delay(FIRST);
        Self {
            own: waits
                .with_max_delay(LONGEST)
                .with_max_times(most as usize)
                .build(),
            questions: waits
                .with_max_delay(LONGEST_IN_PROGRESS)
                .without_max_times()
                .build(),
        }
    }
}

/// What is to follow a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another one, after this wait.
    Wait(Duration),
    /// None.
    Stop,
    /// None, because the whole client has failed too often.
    Spent,
}

impl<'a> Retries<'a> {
    /// At most `most` further attempts, none of them after a wait that the
    /// server wants to be longer than `longest_asked`.
    pub(crate) fn new(most: u32, longest_asked: Duration, budget: &'a Budget) -> Self {
        Self {
            most,
            waits: None,
            longest_asked,
            budget,
        }
    }

    /// What is to follow this failure. The call ends if another attempt makes
    /// no sense or may do harm, if the attempts are used up, or if the wait
    /// would be longer than we grant or than the call has left.
    pub(crate) fn next(&mut self, failed: &Error, clock: &Clock) -> Next {
        if !failed.is_retryable() || self.most == 0 {
            return Next::Stop;
        }
        let asked = failed.retry_after();
        let in_progress = failed.cause() == Cause::InProgress;
        let waits = self
            .waits
            .get_or_insert_with(|| Box::new(Waits::new(self.most)));
        let own = if in_progress {
            waits.questions.next().map(at_least_half)
        } else {
            waits.own.next().map(anything_below)
        };
        let Some(wait) = own.map(|own| asked.unwrap_or(own)) else {
            return Next::Stop;
        };
        if asked.is_some_and(|asked| asked > self.longest_asked) || !clock.has_room_for(wait) {
            return Next::Stop;
        }
        // To ask whether a request is done is no further attempt at it.
        if in_progress || self.budget.pay(self.most) {
            Next::Wait(wait)
        } else {
            Next::Spent
        }
    }
}

/// Anywhere between nothing and the whole, so that clients which failed
/// together do not come back together.
fn anything_below(wait: Duration) -> Duration {
    wait.mul_f64(fastrand::f64())
}

/// Anywhere in the upper half: it is no use to ask again at once.
fn at_least_half(wait: Duration) -> Duration {
    wait.mul_f64(0.5 + fastrand::f64() / 2.0)
}

/// The wait that the server asks for, in seconds or until a date. A date in
/// the past is no wait; what is neither is as if it were not there.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::error::{fail, read};

    static CREATE: Operation = Operation {
        id: "create",
        name: "create",
        method: "POST",
        path: "/v3/videos",
        idempotent: false,
        idempotency_key: true,
        pagination: None,
        deprecated: false,
        sunset: None,
    };

    const CAP: Duration = Duration::from_secs(60);

    fn clock() -> Clock {
        Clock::start(Duration::from_secs(3600), CAP)
    }

    fn failed(status: u16, retry_after: Option<&str>, body: &'static str) -> Error {
        let headers = retry_after.map(|value| (header::RETRY_AFTER, value.parse().unwrap()));
        let status = StatusCode::from_u16(status).unwrap();
        let body = bytes::Bytes::from_static(body.as_bytes());
        let key = crate::key::ApiKey::new("sk_secret".to_owned().into()).unwrap();
        let said = read::body(status, &body, &key);
        fail::api(status, HeaderMap::from_iter(headers), &body, said).at(&CREATE, Repeat::Keyed)
    }

    fn wait(next: Next) -> Duration {
        match next {
            Next::Wait(wait) => wait,
            other => panic!("{other:?}"),
        }
    }

    fn asked(value: &str) -> Option<Duration> {
        retry_after(&HeaderMap::from_iter([(
            header::RETRY_AFTER,
            value.parse().unwrap(),
        )]))
    }

    #[test]
    fn reads_retry_after() {
        assert_eq!(asked("0"), Some(Duration::ZERO));
        assert_eq!(asked(" 2 "), Some(Duration::from_secs(2)));
        assert_eq!(
            asked("99999999999999999999999"),
            Some(Duration::from_secs(u64::MAX))
        );
        assert_eq!(asked("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let ahead = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
        let wait = asked(&ahead).unwrap();
        assert!((98..=100).contains(&wait.as_secs()), "{wait:?}");
        for garbage in ["", "-1", "1.5", "soon", "2s", "+3"] {
            assert_eq!(asked(garbage), None, "{garbage}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[tokio::test(start_paused = true)]
    async fn own_waits_double_and_end() {
        let failed = failed(503, None, "");
        for _ in 0..100 {
            let budget = Budget::default();
            let mut retries = Retries::new(200, CAP, &budget);
            let mut bound = FIRST;
            for _ in 0..200 {
                assert!(wait(retries.next(&failed, &clock())) <= bound);
                bound = (bound * 2).min(LONGEST);
            }
            assert_eq!(retries.next(&failed, &clock()), Next::Stop);
        }
        let budget = Budget::default();
        let mut none = Retries::new(0, CAP, &budget);
        assert_eq!(none.next(&failed, &clock()), Next::Stop);
    }

    /// Full jitter: clients that failed together do not come back together.
    #[tokio::test(start_paused = true)]
    async fn own_waits_are_anywhere_below_their_bound() {
        let failed = failed(503, None, "");
        let mut quarters = [0; 4];
        for _ in 0..400 {
            let budget = Budget::default();
            let wait = wait(Retries::new(1, CAP, &budget).next(&failed, &clock()));
            let quarter = (0..3).find(|quarter| wait < FIRST / 4 * (quarter + 1));
            quarters[quarter.unwrap_or(3) as usize] += 1;
        }
        assert!(quarters.iter().all(|count| *count > 40), "{quarters:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_asked_for_is_granted_or_ends_the_call() {
        let budget = Budget::default();
        let mut retries = Retries::new(2, CAP, &budget);
        let mut next = |asked| retries.next(&failed(429, Some(asked), ""), &clock());
        assert_eq!(next("0"), Next::Wait(Duration::ZERO));
        assert_eq!(next("60"), Next::Wait(CAP));
        assert_eq!(next("0"), Next::Stop, "two are two");
        let mut retries = Retries::new(2, CAP, &budget);
        assert_eq!(
            retries.next(&failed(429, Some("61"), ""), &clock()),
            Next::Stop
        );
        let mut retries = Retries::new(2, CAP, &budget);
        let short = Clock::start(Duration::from_secs(5), CAP);
        assert_eq!(
            retries.next(&failed(429, Some("5"), ""), &short),
            Next::Stop
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_progress_is_asked_for_as_long_as_there_is_time() {
        let body = r#"{"error":{"code":"request_in_progress","message":"x"}}"#;
        let budget = Budget::default();
        let mut retries = Retries::new(1, CAP, &budget);
        let mut bound = FIRST;
        for _ in 0..500 {
            let wait = wait(retries.next(&failed(409, None, body), &clock()));
            assert!(bound / 2 <= wait && wait <= bound, "{wait:?}");
            bound = (bound * 2).min(LONGEST_IN_PROGRESS);
        }
        // None of them was one of the attempts that the call may have.
        wait(retries.next(&failed(503, None, ""), &clock()));
        assert_eq!(retries.next(&failed(503, None, ""), &clock()), Next::Stop);
        let mut none = Retries::new(0, CAP, &budget);
        assert_eq!(none.next(&failed(409, None, body), &clock()), Next::Stop);
        assert_eq!(retries.next(&failed(409, None, "{}"), &clock()), Next::Stop);
    }

    #[tokio::test(start_paused = true)]
    async fn the_purse_of_the_client_ends_a_storm() {
        let budget = Budget::default();
        let failed = failed(503, Some("0"), "");
        let next = || Retries::new(2, CAP, &budget).next(&failed, &clock());
        let paid = (0..1000).take_while(|_| next() == Next::Wait(Duration::ZERO));
        assert_eq!(paid.count(), 100);
        assert_eq!(next(), Next::Spent);
    }

    #[test]
    fn what_may_have_been_done_is_not_done_again() {
        for (cause, never, idempotent, keyed) in [
            (Cause::Final, false, false, false),
            (Cause::Unsent, true, true, true),
            (Cause::Lost, false, true, true),
            (Cause::InProgress, false, false, true),
            (Cause::Answered(200), false, false, false),
            (Cause::Answered(301), false, false, false),
            (Cause::Answered(404), false, false, false),
            (Cause::Answered(408), false, true, true),
            (Cause::Answered(409), false, false, false),
            (Cause::Answered(429), true, true, true),
            (Cause::Answered(500), false, true, true),
            (Cause::Answered(501), false, false, false),
            (Cause::Answered(503), false, true, true),
            (Cause::Answered(599), false, false, false),
        ] {
            assert_eq!(cause.allows_retry(Repeat::Never), never, "{cause:?}");
            assert_eq!(
                cause.allows_retry(Repeat::Idempotent),
                idempotent,
                "{cause:?}"
            );
            assert_eq!(cause.allows_retry(Repeat::Keyed), keyed, "{cause:?}");
        }
    }

    #[test]
    fn a_key_counts_only_where_the_operation_reads_it() {
        let none = HeaderMap::new();
        let key = HeaderMap::from_iter([(idempotency::HEADER, "a".parse().unwrap())]);
        let unread = Operation {
            idempotency_key: false,
            ..CREATE
        };
        let idempotent = Operation {
            idempotent: true,
            ..unread
        };
        assert_eq!(Repeat::of(&CREATE, &key), Repeat::Keyed);
        assert_eq!(Repeat::of(&CREATE, &none), Repeat::Never);
        assert_eq!(Repeat::of(&unread, &key), Repeat::Never);
        assert_eq!(Repeat::of(&idempotent, &none), Repeat::Idempotent);
    }
}
