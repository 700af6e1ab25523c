//! Deadlines of a call, of one attempt and of a body in transit. Each step is
//! bounded by the nearest of them, and the error names the one that passed.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// Longer than any call, without overflowing an `Instant`.
pub(crate) const FOREVER: Duration = Duration::from_secs(1 << 30);

/// The deadline of a call or of one attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: Instant,
    expired: Expired,
}

/// Which deadline passed, and how long it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expired {
    /// The one of the whole call.
    Call(Duration),
    /// The one of an attempt.
    Attempt(Duration),
    /// No byte of a body was received or sent for this long.
    Idle(Duration),
}

impl Deadline {
    /// The deadline of a call that starts now.
    pub(crate) fn of_call(timeout: Duration) -> Self {
        Self::after(timeout, Expired::Call(timeout))
    }

    /// No deadline: only idle time is bounded.
    pub(crate) fn none() -> Self {
        Self::of_call(FOREVER)
    }

    fn after(timeout: Duration, expired: Expired) -> Self {
        let at = Instant::now() + timeout.min(FOREVER);
        Self { at, expired }
    }

    /// The deadline of an attempt that starts now: its own or that of the call.
    pub(crate) fn of_attempt(self, timeout: Option<Duration>) -> Self {
        timeout.map_or(self, |timeout| {
            self.nearer(Self::after(timeout, Expired::Attempt(timeout)))
        })
    }

    fn nearer(self, other: Self) -> Self {
        if self.at <= other.at { self } else { other }
    }

    /// Runs a step up to the deadline.
    pub(crate) async fn run<F: Future>(&self, step: F) -> Result<F::Output, Expired> {
        timeout_at(self.at, step).await.map_err(|_| self.expired)
    }

    /// Waits for the next bytes of a body: up to the deadline, and no longer
    /// than the idle timeout.
    pub(crate) async fn run_idle<F: Future>(
        &self,
        idle: Duration,
        step: F,
    ) -> Result<F::Output, Expired> {
        let idle = Self::after(idle, Expired::Idle(idle));
        self.nearer(idle).run(step).await
    }

    /// Whether a wait of this length ends before the deadline.
    pub(crate) fn has_room_for(&self, wait: Duration) -> bool {
        Instant::now() + wait.min(FOREVER) < self.at
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn nearest_deadline_is_named() {
        let call = Deadline::of_call(10 * SECOND);
        let attempt = call.of_attempt(Some(4 * SECOND));
        let idle = attempt.run_idle(3 * SECOND, pending::<()>()).await;
        assert_eq!(idle, Err(Expired::Idle(3 * SECOND)));
        let idle = attempt.run_idle(3 * SECOND, pending::<()>()).await;
        assert_eq!(idle, Err(Expired::Attempt(4 * SECOND)));
        assert_eq!(attempt.run(async { 7 }).await, Ok(7));
        assert!(call.has_room_for(5 * SECOND));
        assert!(!call.has_room_for(6 * SECOND));
        let late = call.of_attempt(Some(60 * SECOND));
        assert_eq!(
            late.run(pending::<()>()).await,
            Err(Expired::Call(10 * SECOND))
        );
    }

    #[tokio::test]
    async fn step_that_never_yields_is_bounded() {
        let always_ready = tokio::sync::Semaphore::new(1);
        let busy = async {
            loop {
                drop(always_ready.acquire().await);
            }
        };
        let deadline = Deadline::of_call(SECOND / 100);
        let ended: Result<(), _> = deadline.run(busy).await;
        assert_eq!(ended, Err(Expired::Call(SECOND / 100)));
    }

    #[tokio::test(start_paused = true)]
    async fn longest_duration_does_not_overflow() {
        let forever = Deadline::of_call(Duration::MAX);
        assert_eq!(forever.run(async { 7 }).await, Ok(7));
        assert!(forever.has_room_for(SECOND));
        let idle = forever.run_idle(SECOND, pending::<()>()).await;
        assert_eq!(idle, Err(Expired::Idle(SECOND)));
        let attempt = forever.of_attempt(Some(SECOND));
        assert_eq!(
            attempt.run(pending::<()>()).await,
            Err(Expired::Attempt(SECOND))
        );
        let call = Deadline::of_call(SECOND);
        let idle = call.run_idle(Duration::MAX, pending::<()>()).await;
        assert_eq!(idle, Err(Expired::Call(SECOND)));
        assert!(!Deadline::of_call(SECOND).has_room_for(Duration::MAX));
    }
}
