//! Retry policy: which failed attempts are retried, and after which delay. A
//! request that may have had an effect is never sent twice, unless the
//! operation is idempotent or the request carries an idempotency key.

mod backoff;
pub(crate) mod retry_after;
pub(crate) mod throttle;

use std::time::Duration;

use self::throttle::RetryThrottle;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::error::kind::Cause;

/// State of the retries of one call.
#[derive(Debug)]
pub(crate) struct Retries<'a> {
    max: u32,
    made: u32,
    /// Number of polls of a request in progress.
    polls: u32,
    max_retry_after: Duration,
    throttle: &'a RetryThrottle,
}

/// Decision after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// A retry, after this wait.
    RetryAfter(Duration),
    /// The error is returned.
    Stop,
    /// The error is returned, because the client's throttle is empty.
    Throttled,
}

impl<'a> Retries<'a> {
    /// At most `max` retries, none of them if the server asks to wait longer
    /// than `max_retry_after`.
    pub(crate) fn new(max: u32, max_retry_after: Duration, throttle: &'a RetryThrottle) -> Self {
        Self {
            max,
            made: 0,
            polls: 0,
            max_retry_after,
            throttle,
        }
    }

    /// The same, after this many retries.
    pub(crate) fn after(mut self, made: u32) -> Self {
        self.made = made;
        self
    }

    /// Decides whether a failure is retried. The wait is the longer of the
    /// server's `Retry-After` and the backoff.
    pub(crate) fn decide(&mut self, failed: &Error, deadline: &Deadline) -> Decision {
        if !failed.is_retryable() || self.max == 0 {
            return Decision::Stop;
        }
        let in_progress = failed.cause() == Cause::InProgress;
        if !in_progress && self.made >= self.max {
            return Decision::Stop;
        }
        let backoff = if in_progress {
            backoff::in_progress(self.polls)
        } else {
            backoff::full_jitter(self.made)
        };
        let retry_after = failed.retry_after().unwrap_or_default();
        let wait = backoff.max(retry_after);
        if retry_after > self.max_retry_after || !deadline.has_room_for(wait) {
            return Decision::Stop;
        }
        // Polling a request in progress is not a retry: polls are limited by
        // the deadline only, and cost no tokens.
        if in_progress {
            self.polls = self.polls.saturating_add(1);
            return Decision::RetryAfter(wait);
        }
        if !self.throttle.try_acquire() {
            return Decision::Throttled;
        }
        self.made += 1;
        Decision::RetryAfter(wait)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode, header};

    use super::*;
    use crate::error::{build, parse};
    use crate::operation::{CallContext, Operation, Repeatability};
    use crate::redact::Redactor;

    static CREATE: Operation =
        Operation::new("create", "POST", "/v3/videos").reads_idempotency_key();

    const MINUTE: Duration = Duration::from_secs(60);

    fn hour() -> Deadline {
        Deadline::of_call(60 * MINUTE)
    }

    fn failed(status: u16, retry_after: Option<&str>, body: &'static str) -> Error {
        let headers = retry_after.map(|value| (header::RETRY_AFTER, value.parse().unwrap()));
        let status = StatusCode::from_u16(status).unwrap();
        let body = Bytes::from_static(body.as_bytes());
        let redactor = Redactor::new("sk_secret".to_owned().into(), "[API key]");
        let parsed = parse::error_body(status, &body, &redactor);
        let mut call = CallContext::unsent(&CREATE);
        call.repeatability = Repeatability::Keyed;
        let headers = HeaderMap::from_iter(headers);
        build::api(status, headers, &body, parsed).with_call(&call.into(), 1)
    }

    fn wait(decision: Decision) -> Duration {
        match decision {
            Decision::RetryAfter(wait) => wait,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn retries_are_counted() {
        let throttle = RetryThrottle::default();
        let failed = failed(503, None, "");
        for max in [0, 1, 7] {
            let mut retries = Retries::new(max, MINUTE, &throttle);
            for _ in 0..max {
                wait(retries.decide(&failed, &hour()));
            }
            assert_eq!(retries.decide(&failed, &hour()), Decision::Stop);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_waited_for_or_ends_the_call() {
        let throttle = RetryThrottle::default();
        let decide = |retry_after, deadline: &Deadline| {
            let mut retries = Retries::new(2, MINUTE, &throttle);
            retries.decide(&failed(429, Some(retry_after), ""), deadline)
        };
        assert_eq!(decide("60", &hour()), Decision::RetryAfter(MINUTE));
        assert_eq!(decide("61", &hour()), Decision::Stop);
        let short = Deadline::of_call(5 * Duration::from_secs(1));
        assert_eq!(decide("5", &short), Decision::Stop);
    }

    /// `Retry-After: 0` is raised to the backoff.
    #[tokio::test(start_paused = true)]
    async fn zero_retry_after_waits_for_the_backoff() {
        let throttle = RetryThrottle::default();
        let in_progress = r#"{"error":{"code":"request_in_progress","message":"x"}}"#;
        for retry_after in ["0", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            let mut retries = Retries::new(2, MINUTE, &throttle);
            let decision = retries.decide(&failed(409, Some(retry_after), in_progress), &hour());
            assert!(wait(decision) >= Duration::from_millis(250), "{decision:?}");
            let waits = (0..30).map(|_| {
                let mut retries = Retries::new(2, MINUTE, &throttle);
                wait(retries.decide(&failed(429, Some(retry_after), ""), &hour()))
            });
            assert!(waits.max().unwrap() > Duration::from_millis(100));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn request_in_progress_is_polled_until_the_deadline() {
        let body = r#"{"error":{"code":"request_in_progress","message":"x"}}"#;
        let throttle = RetryThrottle::default();
        let mut retries = Retries::new(1, MINUTE, &throttle);
        for _ in 0..500 {
            let wait = wait(retries.decide(&failed(409, None, body), &hour()));
            assert!(wait <= Duration::from_secs(5), "{wait:?}");
        }
        // None of them was a retry.
        wait(retries.decide(&failed(503, None, ""), &hour()));
        assert_eq!(
            retries.decide(&failed(503, None, ""), &hour()),
            Decision::Stop
        );
        let mut none = Retries::new(0, MINUTE, &throttle);
        assert_eq!(
            none.decide(&failed(409, None, body), &hour()),
            Decision::Stop
        );
        assert_eq!(
            retries.decide(&failed(409, None, "{}"), &hour()),
            Decision::Stop
        );
    }

    #[tokio::test(start_paused = true)]
    async fn throttle_stops_a_retry_storm() {
        let throttle = RetryThrottle::default();
        let failed = failed(503, None, "");
        let decide = || Retries::new(1000, MINUTE, &throttle).decide(&failed, &hour());
        let made = (0..1000).take_while(|_| matches!(decide(), Decision::RetryAfter(_)));
        assert_eq!(made.count(), 100);
        assert_eq!(decide(), Decision::Throttled);
    }
}
