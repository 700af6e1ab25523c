//! When a call is tried again, and after how long. A request that may have had
//! an effect is never sent twice, unless the operation is idempotent or the
//! request carries a key by which the server knows it again.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use http::{HeaderMap, header};

use crate::operation::Operation;

/// A wait that the server asks for is granted up to this.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The first wait of our own is at most this; each further one twice that.
const FIRST: Duration = Duration::from_millis(500);
/// No wait of our own is longer.
const LONGEST: Duration = Duration::from_secs(30);

/// The header by which a server knows a repeated request again.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

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
}

impl Cause {
    /// Whether another attempt makes sense and does no harm.
    pub(crate) fn allows_retry(self, repeatable: bool) -> bool {
        match self {
            // Nothing was done, or the server says that it did nothing.
            Self::Unsent | Self::Answered(429) => true,
            Self::Lost | Self::Answered(408 | 500 | 502 | 503 | 504) => repeatable,
            Self::Final | Self::Answered(_) => false,
        }
    }
}

/// Whether a request can be sent twice with the effect of once.
pub(crate) fn is_repeatable(operation: &Operation, headers: &HeaderMap) -> bool {
    operation.idempotent || (operation.idempotency_key && headers.contains_key(IDEMPOTENCY_KEY))
}

/// The waits of one call.
#[derive(Debug)]
pub(crate) struct Waits(ExponentialBackoff);

impl Waits {
    /// Waits for at most `retries` further attempts.
    pub(crate) fn new(retries: u32) -> Self {
        Self(
            ExponentialBuilder::new()
                .with_min_delay(FIRST)
                .with_max_delay(LONGEST)
                .with_max_times(retries as usize)
                .build(),
        )
    }

    /// How long to wait before the next attempt, or None if there is to be
    /// none: the attempts are used up, or the server asks for too long a wait.
    pub(crate) fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        let own = self.0.next()?;
        match asked {
            Some(asked) => (asked <= LONGEST_WAIT).then_some(asked),
            // Anywhere between nothing and the whole, so that clients which
            // failed together do not come back together.
            None => Some(own.mul_f64(fastrand::f64())),
        }
    }
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
    use super::*;

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

    #[test]
    fn own_waits_double_and_end() {
        for _ in 0..100 {
            let mut waits = Waits::new(200);
            let mut bound = FIRST;
            for _ in 0..200 {
                assert!(waits.next(None).unwrap() <= bound);
                bound = (bound * 2).min(LONGEST);
            }
            assert_eq!(waits.next(None), None);
        }
        assert_eq!(Waits::new(0).next(None), None);
    }

    #[test]
    fn a_wait_asked_for_is_granted_or_ends_the_call() {
        let mut waits = Waits::new(2);
        assert_eq!(waits.next(Some(Duration::ZERO)), Some(Duration::ZERO));
        assert_eq!(waits.next(Some(LONGEST_WAIT)), Some(LONGEST_WAIT));
        assert_eq!(waits.next(Some(Duration::ZERO)), None);
        assert_eq!(
            Waits::new(2).next(Some(LONGEST_WAIT + Duration::from_secs(1))),
            None
        );
    }

    #[test]
    fn what_may_have_been_done_is_not_done_again() {
        for (cause, once, repeatable) in [
            (Cause::Final, false, false),
            (Cause::Unsent, true, true),
            (Cause::Lost, false, true),
            (Cause::Answered(200), false, false),
            (Cause::Answered(301), false, false),
            (Cause::Answered(404), false, false),
            (Cause::Answered(408), false, true),
            (Cause::Answered(409), false, false),
            (Cause::Answered(429), true, true),
            (Cause::Answered(500), false, true),
            (Cause::Answered(501), false, false),
            (Cause::Answered(503), false, true),
            (Cause::Answered(599), false, false),
        ] {
            assert_eq!(cause.allows_retry(false), once, "{cause:?}");
            assert_eq!(cause.allows_retry(true), repeatable, "{cause:?}");
        }
    }

    #[test]
    fn a_key_counts_only_where_the_operation_reads_it() {
        let mut operation = Operation {
            id: "create",
            name: "create",
            method: "POST",
            path: "/v3/videos",
            idempotent: false,
            idempotency_key: false,
            pagination: None,
            deprecated: false,
            sunset: None,
        };
        let none = HeaderMap::new();
        let key =
            HeaderMap::from_iter([("idempotency-key".parse().unwrap(), "a".parse().unwrap())]);
        assert!(!is_repeatable(&operation, &key));
        operation.idempotency_key = true;
        assert!(is_repeatable(&operation, &key));
        assert!(!is_repeatable(&operation, &none));
        operation.idempotent = true;
        assert!(is_repeatable(&operation, &none));
    }
}
