//! At most so many calls of a client are under way at once; further ones queue
//! and are let in first come, first served. A call is under way from its first
//! attempt to its answer, waits between attempts included: a server that asks
//! for a pause is given one.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::deadline::Clock;
use crate::error::{Error, fail};

/// The places of one client, shared by its clones.
#[derive(Debug)]
pub(crate) struct Flight(Option<Semaphore>);

/// A place, until it is dropped.
pub(crate) struct Seat<'a>(#[expect(dead_code, reason = "held")] Option<SemaphorePermit<'a>>);

impl Flight {
    /// With this many places, or without a limit.
    pub(crate) fn new(most: Option<usize>) -> Result<Self, Error> {
        match most {
            None => Ok(Self(None)),
            Some(0) => Err(fail::config(
                "the limit on calls in flight is zero",
                "allow at least one call, or set no limit",
            )),
            Some(most) => Ok(Self(Some(Semaphore::new(most.min(Semaphore::MAX_PERMITS))))),
        }
    }

    /// Waits for a place, as long as the call has time. Whoever stops waiting
    /// leaves the queue.
    pub(crate) async fn enter(&self, clock: &Clock) -> Result<Seat<'_>, Error> {
        let Some(places) = &self.0 else {
            return Ok(Seat(None));
        };
        // The queue is never closed; if it were, nobody would have to wait.
        match clock.before_end(places.acquire()).await {
            Ok(permit) => Ok(Seat(permit.ok())),
            Err(total) => Err(fail::no_turn(total)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_place_is_free_again_when_its_holder_is_gone() {
        let flight = Flight::new(Some(2)).unwrap();
        let clock = Clock::start(10 * SECOND, SECOND);
        let first = flight.enter(&clock).await.unwrap();
        let _second = flight.enter(&clock).await.unwrap();
        let late = flight.enter(&Clock::start(SECOND, 5 * SECOND)).await;
        let error = late.err().unwrap();
        assert_eq!(error.kind(), crate::ErrorKind::Timeout);
        assert!(error.to_string().contains("its turn"), "{error}");
        drop(first);
        // Longer than the idle time: no byte is due before there is a place.
        flight.enter(&clock).await.unwrap();
    }

    #[tokio::test]
    async fn without_a_limit_nobody_waits() {
        let flight = Flight::new(None).unwrap();
        let clock = Clock::start(SECOND, SECOND);
        for _ in 0..10_000 {
            std::mem::forget(flight.enter(&clock).await.unwrap());
        }
        assert!(Flight::new(Some(0)).is_err());
        assert!(Flight::new(Some(usize::MAX)).is_ok());
    }
}
