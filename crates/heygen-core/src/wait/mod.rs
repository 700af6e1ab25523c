//! Waits for jobs: work that the API does in the background, and whose state is
//! read until it is final.
//!
//! [`Request::and_wait`](crate::Request::and_wait) creates something and waits
//! for it; [`Wait`] waits for an id that is known. Both are futures with the same
//! options. What kinds of job there are, and what their states mean, is data:
//! [`Job`].

mod and_wait;
mod bulk;
mod engine;
mod job;
mod outcome;
mod path;
mod progress;
mod read;
pub(crate) mod registry;
mod schedule;
mod states;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

pub use self::and_wait::{AndWait, join_all};
pub(crate) use self::engine::VISIBLE_WITHIN;
pub use self::job::{Job, Statuses};
pub(crate) use self::outcome::Data;
pub use self::outcome::{
    Created, Ending, Finished, JobBody, JobOutput, JobResults, Outcome, Started,
};
pub use self::progress::JobProgress;
pub use self::schedule::PollSchedule;
pub use self::states::States;

use self::engine::{Options, Target};
use crate::client::Client;
use crate::error::{Error, build};

type Running<O> = Pin<Box<dyn Future<Output = Result<O, Error>> + Send>>;

/// A wait for a job by its id: a future that returns the result of the job once
/// it is finished. Its methods set options.
///
/// The state is read at once, then at growing intervals; see [`PollSchedule`]. A
/// read that fails for a while is repeated, and reported to
/// [`on_progress`](Self::on_progress). Many waits of one kind in one client share
/// reads, where the API reads several states at once. Every read is a call like
/// any other, under the concurrency limit of the client.
///
/// A job that has succeeded without its result, such as a link, is read again a
/// few times, for about a minute; then it is returned as it is.
///
/// # Errors
/// All of them hold the id, in [`Error::job_id`], and the last state:
/// - [`Job`](crate::ErrorKind::Job) ([`is_job_failed`](Error::is_job_failed)): the
///   job has failed, or was cancelled or deleted, with the code and the message
///   that the API gave, or "no reason given".
/// - [`is_timeout`](Error::is_timeout): the deadline passed. The job may still
///   finish: another wait for the id continues.
/// - [`is_not_found`](Error::is_not_found): there is no such job, or it was
///   deleted; see [`expect_soon`](Self::expect_soon).
/// - [`InvalidInput`](crate::ErrorKind::InvalidInput): an id that cannot be sent, or
///   a deadline of zero.
/// - Any other error that is not repeated, such as one of the API key, or a
///   response that cannot be decoded.
///
/// Needs a Tokio runtime. Dropping the future cancels the wait, not the job.
///
/// ```no_run
/// # async fn run(client: heygen_core::Client) -> Result<(), heygen_core::Error> {
/// use std::time::Duration;
/// use heygen_core::Operation;
/// use heygen_core::wait::{Job, Wait};
///
/// static GET_VIDEO: Operation = Operation::new("getVideo", "GET", "/v3/videos/{video_id}");
/// static VIDEO: Job = Job::new("video", &GET_VIDEO).state("status").success(&["completed"]);
/// let video: Wait<serde_json::Value> = Wait::new(&client, &VIDEO, "vid_8f1c");
/// let video = video
///     .deadline(Duration::from_secs(600))
///     .on_progress(|progress| eprintln!("{progress}"))
///     .await?;
/// println!("{}", video["video_url"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<O> {
    target: Option<Box<Target>>,
    running: Option<Running<O>>,
}

impl<O: JobOutput> Wait<O> {
    /// A wait for a job of this kind by its id. Nothing is sent before it is
    /// awaited.
    pub fn new(client: &Client, job: &'static Job, id: impl AsRef<str>) -> Self {
        Self::of(Target {
            client: client.clone(),
            job,
            id: id.as_ref().to_owned(),
            options: Options::default(),
            state: None,
        })
    }

    fn of(target: Target) -> Self {
        Self {
            target: Some(Box::new(target)),
            running: None,
        }
    }

    /// How long to wait, all reads included, instead of the time that is usual for
    /// the kind of job. Above zero. It begins when the future is first polled.
    pub fn deadline(self, deadline: Duration) -> Self {
        self.option(|options| options.deadline = Some(deadline))
    }

    /// When to read the state.
    pub fn schedule(self, schedule: PollSchedule) -> Self {
        self.option(|options| options.schedule = schedule)
    }

    /// How long the API may respond that there is no such job, as it does for a
    /// while after some creates. Default: not at all, as an id that is not found
    /// is wrong, or that of a job that was deleted.
    pub fn expect_soon(self, within: Duration) -> Self {
        self.option(|options| options.expect_soon = Some(within))
    }

    /// Sets a function that is called after each read, also after one that failed
    /// and will be repeated. It should return soon: the wait stands still
    /// meanwhile.
    pub fn on_progress(self, on_progress: impl FnMut(&JobProgress) + Send + 'static) -> Self {
        let mut on_progress = on_progress;
        self.option(|options| {
            options.on_progress = Some(Arc::new(Mutex::new(move |progress: JobProgress| {
                on_progress(&progress);
            })));
        })
    }

    /// The changes of the job's state, as a stream.
    pub fn states(self) -> States<O> {
        States::new(self)
    }

    fn option(mut self, set: impl FnOnce(&mut Options)) -> Self {
        if let Some(target) = &mut self.target {
            set(&mut target.options);
        }
        self
    }
}

impl<O: JobOutput> Future for Wait<O> {
    type Output = Result<O, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(target) = self.target.take() {
            self.running = Some(Box::pin(engine::wait(*target)));
        }
        let Some(running) = &mut self.running else {
            return Poll::Ready(Err(build::internal("a wait was polled after its end")));
        };
        let result = std::task::ready!(running.as_mut().poll(context));
        self.running = None;
        Poll::Ready(result)
    }
}

impl<O> fmt::Debug for Wait<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Wait");
        if let Some(target) = &self.target {
            out.field("job", &target.job.name())
                .field("options", &target.options);
        }
        out.finish_non_exhaustive()
    }
}
