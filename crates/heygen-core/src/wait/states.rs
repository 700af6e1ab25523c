//! The changes of a job's state, as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;

use super::progress::JobProgress;
use super::{JobOutput, Wait};
use crate::error::Error;

/// The changes of a job's state, as a stream: one item for each state, or
/// progress in percent, that differs from the last. The last item is final, or
/// the error that ended the wait, as that of a job that has failed.
///
/// ```no_run
/// # async fn run(wait: heygen_core::wait::Wait<serde_json::Value>) -> Result<(), heygen_core::Error> {
/// let mut states = wait.states();
/// while let Some(state) = states.next().await {
///     println!("{}", state?);
/// }
/// let video = states.output();
/// # let _ = video;
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct States<O> {
    wait: Option<Wait<O>>,
    changes: Arc<Mutex<VecDeque<JobProgress>>>,
    failed: Option<Error>,
    output: Option<O>,
}

impl<O: JobOutput> States<O> {
    pub(super) fn new(wait: Wait<O>) -> Self {
        let changes = Arc::<Mutex<VecDeque<JobProgress>>>::default();
        let queue = Arc::clone(&changes);
        let wait = wait.option(|options| {
            let listener = options.on_progress.take();
            let mut last = None;
            options.on_progress = Some(Arc::new(Mutex::new(move |progress: JobProgress| {
                let id = Arc::clone(&progress.id);
                let now = Some((id, progress.state.clone(), progress.percent));
                let is_change = progress.error.is_none() && now != last;
                if is_change || progress.is_final {
                    last = now;
                    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                    queue.push_back(progress.clone());
                }
                if let Some(listener) = &listener {
                    let mut listener = listener.lock().unwrap_or_else(PoisonError::into_inner);
                    listener(progress);
                }
            })));
        });
        Self {
            wait: Some(wait),
            changes,
            failed: None,
            output: None,
        }
    }

    /// The next change. None after the last one. Dropping the future loses
    /// nothing.
    ///
    /// # Errors
    /// Those of [`Wait`], after which the stream ends.
    pub async fn next(&mut self) -> Option<Result<JobProgress, Error>> {
        poll_fn(|context| self.poll_change(context)).await
    }

    /// The result of the job. None before the stream has ended, after an error,
    /// and where it was taken before.
    pub fn output(&mut self) -> Option<O> {
        self.output.take()
    }

    fn poll_change(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<JobProgress, Error>>> {
        let is_empty = self.lock().is_empty();
        if let Some(wait) = self.wait.as_mut().filter(|_| is_empty)
            && let Poll::Ready(result) = Pin::new(wait).poll(context)
        {
            self.wait = None;
            match result {
                Ok(output) => self.output = Some(output),
                Err(error) => self.failed = Some(error),
            }
        }
        let change = self.lock().pop_front();
        // A failed job's last item is its error, which says more.
        let change = change.filter(|change| !(change.is_final && self.failed.is_some()));
        match (change, self.failed.take(), &self.wait) {
            (Some(change), failed, _) => {
                self.failed = failed;
                Poll::Ready(Some(Ok(change)))
            }
            (None, Some(error), _) => Poll::Ready(Some(Err(error))),
            (None, None, Some(_)) => Poll::Pending,
            (None, None, None) => Poll::Ready(None),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<JobProgress>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// No output is pinned in place.
impl<O> Unpin for States<O> {}

impl<O: JobOutput> Stream for States<O> {
    type Item = Result<JobProgress, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_change(context)
    }
}

impl<O> fmt::Debug for States<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("States")
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}
