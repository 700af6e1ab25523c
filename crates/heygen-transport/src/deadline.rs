//! Everything that waits has a deadline: one for the whole call, and one for
//! the next byte. Both are asked at every step, so that the error can say
//! which of them ran out.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::{Error, fail};

/// The clock of one call, started when the call starts.
#[derive(Debug)]
pub(crate) struct Clock {
    total: Duration,
    /// None where the total is too long for the clock of the system.
    end: Option<Instant>,
    idle: Duration,
}

/// Which deadline passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expired {
    /// The one for the whole call.
    Total(Duration),
    /// The one for the next byte.
    Idle(Duration),
}

impl Clock {
    pub(crate) fn start(total: Duration, idle: Duration) -> Self {
        Self {
            total,
            end: Instant::now().checked_add(total),
            idle,
        }
    }

    /// Runs one step of the call: until a byte can be expected.
    /// The clock is wound up only where it has to wait.
    pub(crate) async fn step<F: Future>(&self, step: F) -> Result<F::Output, Expired> {
        let mut step = pin!(step);
        let mut alarm = pin!(None);
        let mut nearer = None;
        poll_fn(|context| {
            if let Poll::Ready(output) = step.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            let Some((at, expired)) = *nearer.get_or_insert_with(|| self.nearer()) else {
                return Poll::Pending;
            };
            if alarm.is_none() {
                alarm.set(Some(sleep_until(at)));
            }
            let rings = alarm.as_mut().as_pin_mut();
            // A step that used up its turn leaves the alarm none to ring in.
            if rings.is_none_or(|alarm| alarm.poll(context).is_ready()) || Instant::now() >= at {
                return Poll::Ready(Err(expired));
            }
            Poll::Pending
        })
        .await
    }

    /// The deadline that passes first for a step that begins now.
    fn nearer(&self) -> Option<(Instant, Expired)> {
        let idle = Instant::now().checked_add(self.idle);
        match (self.end, idle) {
            (Some(end), Some(idle)) if idle < end => Some((idle, Expired::Idle(self.idle))),
            (Some(end), _) => Some((end, Expired::Total(self.total))),
            (None, Some(idle)) => Some((idle, Expired::Idle(self.idle))),
            (None, None) => None,
        }
    }

    /// Runs what brings no bytes: only the time for the whole call, which the
    /// error tells, is a bound on it.
    pub(crate) async fn before_end<F: Future>(&self, step: F) -> Result<F::Output, Duration> {
        match self.end {
            Some(end) => timeout_at(end, step).await.map_err(|_| self.total),
            None => Ok(step.await),
        }
    }

    /// Runs a step during which bytes move in the other direction: as long as
    /// `moved` tells of some within the idle time, it goes on.
    pub(crate) async fn while_moving<F: Future>(
        &self,
        step: F,
        moved: impl Fn() -> Instant,
    ) -> Result<F::Output, Expired> {
        let mut step = pin!(step);
        loop {
            let last = moved();
            let Some(idle) = last.checked_add(self.idle) else {
                return Ok(step.await);
            };
            match timeout_at(idle, step.as_mut()).await {
                Ok(output) => return Ok(output),
                Err(_) if moved() > last => {}
                Err(_) => return Err(Expired::Idle(self.idle)),
            }
        }
    }

    /// Whether a wait of this length would end before the call must.
    pub(crate) fn has_room_for(&self, wait: Duration) -> bool {
        self.end.is_none_or(|end| {
            Instant::now()
                .checked_add(wait)
                .is_some_and(|then| then < end)
        })
    }
}

impl From<Expired> for Error {
    fn from(expired: Expired) -> Self {
        match expired {
            Expired::Total(total) => fail::out_of_time(total),
            Expired::Idle(limit) => fail::idle(limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn the_nearer_deadline_is_named() {
        let clock = Clock::start(10 * SECOND, 3 * SECOND);
        assert_eq!(
            clock.step(pending::<()>()).await,
            Err(Expired::Idle(3 * SECOND))
        );
        assert_eq!(clock.step(async { 7 }).await, Ok(7));
        assert_eq!(
            clock.step(pending::<()>()).await,
            Err(Expired::Idle(3 * SECOND))
        );
        assert_eq!(
            clock.step(pending::<()>()).await,
            Err(Expired::Idle(3 * SECOND))
        );
        assert!(clock.has_room_for(SECOND / 2));
        assert!(!clock.has_room_for(SECOND));
        assert_eq!(
            clock.step(pending::<()>()).await,
            Err(Expired::Total(10 * SECOND))
        );
    }

    #[tokio::test]
    async fn a_step_that_never_rests_ends_too() {
        let always_ready = tokio::sync::Semaphore::new(1);
        let busy = async {
            loop {
                drop(always_ready.acquire().await);
            }
        };
        let clock = Clock::start(SECOND / 100, SECOND);
        let ended: Result<(), _> = clock.step(busy).await;
        assert_eq!(ended, Err(Expired::Total(SECOND / 100)));
    }

    #[tokio::test(start_paused = true)]
    async fn no_length_overflows() {
        let clock = Clock::start(Duration::MAX, Duration::MAX);
        assert_eq!(clock.step(async { 7 }).await, Ok(7));
        assert!(clock.has_room_for(SECOND));
        let clock = Clock::start(Duration::MAX, SECOND);
        assert_eq!(
            clock.step(pending::<()>()).await,
            Err(Expired::Idle(SECOND))
        );
        let clock = Clock::start(SECOND, Duration::MAX);
        assert_eq!(
            clock.step(pending::<()>()).await,
            Err(Expired::Total(SECOND))
        );
        assert!(!Clock::start(SECOND, SECOND).has_room_for(Duration::MAX));
    }
}
