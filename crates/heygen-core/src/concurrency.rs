//! Concurrency limit of a client: a maximum of requests in flight; further
//! calls wait in a FIFO queue. A call that sleeps before a retry releases its
//! permit.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::deadline::Deadline;
use crate::error::{Error, build};
use crate::operation::Operation;

/// The limit of one client, shared by its clones.
#[derive(Debug)]
pub(crate) struct ConcurrencyLimit(Semaphore);

impl ConcurrencyLimit {
    /// At most `max` requests at once, or no limit.
    pub(crate) fn new(max: Option<usize>) -> Result<Self, Error> {
        if max == Some(0) {
            return Err(build::config(
                "max_in_flight is zero",
                "allow at least one request, or set no limit",
            ));
        }
        let most = Semaphore::MAX_PERMITS;
        Ok(Self(Semaphore::new(max.map_or(most, |max| max.min(most)))))
    }

    /// Waits for a permit until the deadline. A future that is dropped leaves
    /// the queue. Files are transferred from and to other servers than the
    /// API's, and need no permit.
    pub(crate) async fn acquire(
        &self,
        operation: &Operation,
        deadline: &Deadline,
    ) -> Result<Option<SemaphorePermit<'_>>, Error> {
        if operation.is_file() {
            return Ok(None);
        }
        let permit = deadline.run(self.0.acquire()).await;
        // The semaphore is never closed.
        Ok(permit.map_err(build::queue_timeout)?.ok())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    static GET: Operation = Operation::new("get", "GET", "/x");

    #[tokio::test(start_paused = true)]
    async fn dropped_permit_is_free_again() {
        let limit = ConcurrencyLimit::new(Some(2)).unwrap();
        let deadline = Deadline::of_call(10 * SECOND);
        let first = limit.acquire(&GET, &deadline).await.unwrap();
        let _second = limit.acquire(&GET, &deadline).await.unwrap();
        let late = limit.acquire(&GET, &Deadline::of_call(SECOND)).await;
        let error = late.err().unwrap();
        assert_eq!(error.kind(), crate::ErrorKind::Timeout);
        assert!(error.to_string().contains("queue"), "{error}");
        drop(first);
        drop(limit.acquire(&GET, &deadline).await.unwrap());
    }

    #[tokio::test]
    async fn no_limit_never_waits() {
        let limit = ConcurrencyLimit::new(None).unwrap();
        let deadline = Deadline::of_call(SECOND);
        for _ in 0..10_000 {
            std::mem::forget(limit.acquire(&GET, &deadline).await.unwrap());
        }
        assert!(ConcurrencyLimit::new(Some(0)).is_err());
        assert!(ConcurrencyLimit::new(Some(usize::MAX)).is_ok());
    }
}
