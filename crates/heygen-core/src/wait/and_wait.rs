//! A create and the wait for what it created.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;

use super::engine::{Options, Target, VISIBLE_WITHIN};
use super::job::Job;
use super::outcome::{Created, Finished, JobBody, JobOutput, JobResults, Started};
use super::progress::JobProgress;
use super::schedule::PollSchedule;
use super::{Running, Wait, path, read};
use crate::decode;
use crate::error::{Error, build};
use crate::request::Request;
use crate::request::path::check_path_argument;
use crate::response::RawResponse;

/// A create and the wait for its jobs: a future, made by
/// [`Request::and_wait`](crate::Request::and_wait). Its methods set options of
/// the wait; those of the request are set before.
///
/// Returns the result of the job, or where the create starts several, a
/// [`Finished`] for each, in their order.
///
/// # Errors
/// Any [`Error`] of the create; and once there is a job, those of
/// [`Wait`](super::Wait), all of which hold its id. A response of the create
/// without an id is a `Decode` error, which keeps the body.
///
/// Dropping the future cancels the wait, not the job.
#[must_use = "a wait does nothing until it is awaited"]
pub struct AndWait<C: Created> {
    start: Option<Box<Start<C>>>,
    running: Option<Running<C::Output>>,
}

struct Start<C> {
    request: Request<C>,
    options: Options,
}

impl<C: Created> Request<C> {
    /// Sends the request and waits for the job that it starts, or for all of
    /// them. The future returns the result: the finished object.
    ///
    /// For a minute after the create, the API may not know the job yet. All else
    /// is that of a [`Wait`] by id.
    pub fn and_wait(self) -> AndWait<C> {
        AndWait {
            start: Some(Box::new(Start {
                request: self,
                options: Options::default(),
            })),
            running: None,
        }
    }
}

impl<C: Created> AndWait<C> {
    /// How long to wait once the job is created, all reads included, instead of the
    /// time that is usual for the kind of job. Above zero.
    pub fn deadline(self, deadline: Duration) -> Self {
        self.option(|options| options.deadline = Some(deadline))
    }

    /// When to read the state.
    pub fn schedule(self, schedule: PollSchedule) -> Self {
        self.option(|options| options.schedule = schedule)
    }

    /// How long after the create the API may respond that there is no such job.
    /// Default: a minute.
    pub fn expect_soon(self, within: Duration) -> Self {
        self.option(|options| options.expect_soon = Some(within))
    }

    /// Sets a function that is called with each id right after the create, and
    /// after each read, also after one that failed and will be repeated. It
    /// should return soon: the wait stands still meanwhile.
    pub fn on_progress(self, on_progress: impl FnMut(&JobProgress) + Send + 'static) -> Self {
        let mut on_progress = on_progress;
        self.option(|options| {
            options.on_progress = Some(Arc::new(Mutex::new(move |progress: JobProgress| {
                on_progress(&progress);
            })));
        })
    }

    fn option(mut self, set: impl FnOnce(&mut Options)) -> Self {
        if let Some(start) = &mut self.start {
            set(&mut start.options);
        }
        self
    }
}

impl<C: Created + 'static> Future for AndWait<C> {
    type Output = Result<C::Output, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(start) = self.start.take() {
            self.running = Some(Box::pin(create_and_wait(*start)));
        }
        let Some(running) = &mut self.running else {
            return Poll::Ready(Err(build::internal("a wait was polled after its end")));
        };
        let result = std::task::ready!(running.as_mut().poll(context));
        self.running = None;
        Poll::Ready(result)
    }
}

async fn create_and_wait<C: Created + 'static>(start: Start<C>) -> Result<C::Output, Error> {
    let Start { request, options } = start;
    let jobs = start_jobs(request, C::JOB, C::ID, options).await?;
    C::Output::from_results(join_all::<C::Job>(jobs).await)
}

/// Sends a create and returns a wait for each job that it starts.
async fn start_jobs<T: 'static, O: JobOutput>(
    request: Request<T>,
    job: &'static Job,
    id: &str,
    mut options: Options,
) -> Result<Vec<Started<O>>, Error> {
    // Before anything is created.
    options.check()?;
    options.expect_soon.get_or_insert(VISIBLE_WITHIN);
    // Only the id is read: what does not fit the model is not lost from view.
    let raw = request.with_decode(decode::raw).await?;
    let (ids, state) = created(&raw, id, job.state)?;
    for id in ids.iter().flatten() {
        options.report(|| JobProgress {
            job: job.name(),
            id: id.as_str().into(),
            state: state.clone(),
            percent: None,
            elapsed: Duration::ZERO,
            body: Bytes::new(),
            error: None,
            is_final: false,
        });
    }
    let jobs = ids.into_iter().map(|known| match known {
        Some(id) => Started {
            id: id.clone(),
            wait: Ok(Wait::of(Target {
                client: raw.client.clone(),
                job,
                id,
                options: options.clone(),
                state: state.clone(),
            })),
        },
        None => Started {
            id: String::new(),
            wait: Err(without_id(&raw, id)),
        },
    });
    Ok(jobs.collect())
}

impl Request<Bytes> {
    /// Sends the request, which starts jobs of this kind, and returns a wait for
    /// each: what [`and_wait`](Self::and_wait) does for a create whose kind of job
    /// is known when the program is compiled. `id` is the path of the id under
    /// `data` of the response; one of several ids ends with `[]`.
    ///
    /// # Errors
    /// Any [`Error`] of the create. A response without an id is a `Decode` error,
    /// which keeps the body.
    pub async fn start_jobs(
        self,
        job: &'static Job,
        id: &str,
    ) -> Result<Vec<Started<JobBody>>, Error> {
        start_jobs(self, job, id, Options::default()).await
    }
}

/// The ids in the response of a create, and the state of the jobs.
fn created(
    raw: &RawResponse,
    ids: &str,
    state: Option<&str>,
) -> Result<(Vec<Option<String>>, Option<String>), Error> {
    let data = read::data(raw)?;
    let state = state.and_then(|path| path::word(&data, path));
    let words = path::words(&data, ids).into_iter();
    let is_sendable = |id: &String| check_path_argument(ids, id).is_ok();
    let found: Vec<_> = words.map(|id| id.filter(is_sendable)).collect();
    if found.iter().flatten().next().is_none() {
        return Err(without_id(raw, ids));
    }
    Ok((found, state))
}

/// The error of a create whose response lacks an id, or has one that no path can hold.
fn without_id(raw: &RawResponse, ids: &str) -> Error {
    let field = format!("data.{ids}");
    raw.decode_error(
        "the response has no usable id of what was created",
        Some(field),
    )
    .with_hint("look in HeyGen's app whether it was created before creating it again")
}

/// Waits for all jobs at once; the results are in the order of the jobs.
pub async fn join_all<O: JobOutput>(jobs: Vec<Started<O>>) -> Vec<Finished<O>> {
    enum Running<O> {
        Wait(Box<Wait<O>>),
        Done(Result<O, Error>),
    }
    let mut running: Vec<_> = jobs
        .into_iter()
        .map(|job| match job.wait {
            Ok(wait) => (job.id, Running::Wait(Box::new(wait))),
            Err(error) => (job.id, Running::Done(Err(error))),
        })
        .collect();
    poll_fn(|context| {
        let mut is_done = true;
        for (_, job) in &mut running {
            if let Running::Wait(wait) = job {
                match Pin::new(&mut **wait).poll(context) {
                    Poll::Ready(result) => *job = Running::Done(result),
                    Poll::Pending => is_done = false,
                }
            }
        }
        if is_done {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    let finished = running.into_iter().filter_map(|(id, job)| match job {
        Running::Done(result) => Some(Finished { id, result }),
        Running::Wait(_) => None,
    });
    finished.collect()
}

impl<C: Created> fmt::Debug for AndWait<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("AndWait");
        out.field("job", &C::JOB.name());
        if let Some(start) = &self.start {
            out.field("request", &start.request)
                .field("options", &start.options);
        }
        out.finish_non_exhaustive()
    }
}
