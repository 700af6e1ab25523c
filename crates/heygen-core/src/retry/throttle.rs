//! Token bucket shared by all calls of a client: a retry costs 5 tokens, a
//! success returns 1, a second returns 5. The capacity is 500, so that retries
//! cannot keep an overloaded server down.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const RETRY_COST: u64 = 5;
const SUCCESS_REFUND: u64 = 1;
const REFUND_PER_SECOND: u64 = 5;
const CAPACITY: u64 = 500;

/// The bucket of one client, shared by its clones.
#[derive(Debug, Default)]
pub(crate) struct RetryThrottle(Mutex<Bucket>);

#[derive(Debug, Default)]
struct Bucket {
    missing: u64,
    /// Time of the last refill.
    refilled: Option<Instant>,
}

impl RetryThrottle {
    /// Acquires the tokens for one retry, if there are enough.
    pub(crate) fn try_acquire(&self) -> bool {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.refill();
        if bucket.missing + RETRY_COST > CAPACITY {
            return false;
        }
        bucket.missing += RETRY_COST;
        true
    }

    /// Returns a token for a successful call.
    pub(crate) fn on_success(&self) {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.missing = bucket.missing.saturating_sub(SUCCESS_REFUND);
    }
}

impl Bucket {
    /// Returns the tokens of the whole seconds since the last refill.
    fn refill(&mut self) {
        let now = Instant::now();
        let since = *self.refilled.get_or_insert(now);
        let seconds = now.duration_since(since).as_secs();
        let refund = seconds.saturating_mul(REFUND_PER_SECOND);
        self.missing = self.missing.saturating_sub(refund);
        self.refilled = Some(since + Duration::from_secs(seconds));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquired(throttle: &RetryThrottle) -> usize {
        (0..10_000).take_while(|_| throttle.try_acquire()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn successes_and_time_refill_the_bucket() {
        let throttle = RetryThrottle::default();
        assert_eq!(acquired(&throttle), 100);
        for _ in 0..4 {
            throttle.on_success();
        }
        assert_eq!(acquired(&throttle), 0);
        throttle.on_success();
        assert_eq!(acquired(&throttle), 1);
        for _ in 0..10 {
            tokio::time::advance(Duration::from_millis(700)).await;
            throttle.on_success();
        }
        // Seven seconds, ten successes.
        assert_eq!(acquired(&throttle), 9);
        tokio::time::advance(Duration::from_secs(1000)).await;
        assert_eq!(acquired(&throttle), 100, "never more than its capacity");
    }
}
