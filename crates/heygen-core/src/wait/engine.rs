//! The wait for one job: reads of its state until it is final, within a deadline.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::bulk::is_listable;
use super::job::{Job, Verdict};
use super::outcome::{Ending, JobOutput};
use super::path;
use super::progress::JobProgress;
use super::read::{self, Found, is_transient};
use super::registry::{Delivery, Group};
use super::schedule::{Intervals, PollSchedule};
use crate::client::Client;
use crate::deadline::FOREVER;
use crate::error::job::{Ended, JobFacts};
use crate::error::{self, Error, build};
use crate::redact::strip_queries;
use crate::request::by_operation::next_parameter;
use crate::request::path::check_path_argument;
use crate::response::RawResponse;
use crate::retry::retry_after::retry_after;

/// How long a job may be unknown to the API after it was created by this process.
pub(crate) const VISIBLE_WITHIN: Duration = Duration::from_secs(60);

/// When a job that has succeeded is read again for its result.
const RESULT_INTERVALS: [Duration; 5] = [
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(16),
    Duration::from_secs(30),
];

/// The last read before the deadline leaves this much time, or a quarter of the
/// deadline if that is less.
const LAST_READ: Duration = Duration::from_secs(5);

/// The callback for progress, shared by the jobs of one wait.
pub(super) type OnProgress = Arc<Mutex<dyn FnMut(JobProgress) + Send>>;

/// Options of a wait.
#[derive(Clone, Default)]
pub(super) struct Options {
    pub(super) deadline: Option<Duration>,
    pub(super) schedule: PollSchedule,
    pub(super) expect_soon: Option<Duration>,
    pub(super) on_progress: Option<OnProgress>,
}

impl Options {
    /// Checks what cannot be waited for.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.deadline.is_some_and(|deadline| deadline.is_zero()) {
            let error = build::input("the deadline is zero").with_param("deadline");
            return Err(error.with_hint("set a duration above zero"));
        }
        Ok(())
    }

    pub(super) fn report(&self, progress: impl FnOnce() -> JobProgress) {
        if let Some(on_progress) = &self.on_progress {
            let mut on_progress = on_progress.lock().unwrap_or_else(PoisonError::into_inner);
            on_progress(progress());
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("deadline", &self.deadline)
            .field("schedule", &self.schedule)
            .field("expect_soon", &self.expect_soon)
            .finish_non_exhaustive()
    }
}

/// A job to wait for.
pub(super) struct Target {
    pub(super) client: Client,
    pub(super) job: &'static Job,
    pub(super) id: String,
    pub(super) options: Options,
    /// The state in the response of its create.
    pub(super) state: Option<String>,
}

/// Waits for a job and decodes its result.
pub(super) async fn wait<O: JobOutput>(target: Target) -> Result<O, Error> {
    let mut wait = Wait::new(target, O::HAS_ACTION);
    let result = match wait.ending().await {
        Ok(ending) => O::from_ending(ending),
        Err(error) => Err(error),
    };
    result.map_err(|error| wait.about_job(error))
}

struct Wait {
    client: Client,
    options: Options,
    has_action: bool,
    /// What was asked for.
    root: (&'static Job, Arc<str>),
    /// What is read now: the same, or the job that follows it.
    job: &'static Job,
    id: Arc<str>,
    state: Option<String>,
    percent: Option<u8>,
    body: Bytes,
    /// Why the last read failed, if it did.
    failed: Option<Arc<Error>>,
    started: Instant,
    limit: Duration,
    /// Until when the job may be unknown.
    visible_by: Instant,
    /// Whether the job was read without the one that follows it.
    was_read: bool,
    intervals: Intervals,
    has_read_last: bool,
    /// A job that has succeeded, whose result is not there yet.
    incomplete: Option<Ending>,
    result_reads: usize,
}

/// A read of a state.
enum Read {
    /// The job itself was read.
    Job(Found),
    /// The state was read, and the job goes on.
    State {
        state: Option<String>,
        body: Bytes,
        wait: Option<Duration>,
    },
    /// It failed, and may be repeated.
    Failed(Arc<Error>),
    /// It failed, and would again.
    Refused(Error),
}

/// What follows a read.
enum Next {
    End(Ending),
    /// Another read, this much later, or after the next interval.
    Read(Option<Duration>),
}

impl Wait {
    fn new(target: Target, has_action: bool) -> Self {
        let Target {
            client,
            job,
            id,
            options,
            state,
        } = target;
        let id: Arc<str> = id.into();
        let started = Instant::now();
        let soon = options.expect_soon.unwrap_or_default();
        Self {
            client,
            has_action,
            root: (job, Arc::clone(&id)),
            job,
            id,
            state,
            percent: None,
            body: Bytes::new(),
            failed: None,
            started,
            limit: options.deadline.unwrap_or(job.deadline).min(FOREVER),
            visible_by: started + soon.min(FOREVER),
            was_read: false,
            intervals: Intervals::new(options.schedule),
            options,
            has_read_last: false,
            incomplete: None,
            result_reads: 0,
        }
    }

    /// The response that ends the wait, within its deadline.
    async fn ending(&mut self) -> Result<Ending, Error> {
        self.options.check()?;
        let (_, parameter, _) = next_parameter(self.job.read.path).unwrap_or_default();
        check_path_argument(parameter, &self.id)?;
        let deadline = self.started + self.limit;
        match timeout_at(deadline, self.poll()).await {
            Ok(ending) => ending,
            // It has succeeded: better without its link than not at all.
            Err(_) => match self.incomplete.take() {
                Some(ending) => {
                    self.report(true);
                    Ok(ending)
                }
                None => Err(self.timeout("")),
            },
        }
    }

    async fn poll(&mut self) -> Result<Ending, Error> {
        let mut due = Instant::now();
        let mut earliest = due;
        let mut group = self.join();
        loop {
            let job = self.job;
            let (next, retry_after) = match self.read(group.as_ref(), due, earliest).await {
                Read::Job(found) => {
                    let wait = retry_after(&found.raw.success.headers);
                    (self.after_read(found)?, wait)
                }
                Read::State { state, body, wait } => {
                    self.failed = None;
                    (self.state, self.body) = (state, body);
                    self.mark_known();
                    self.report(false);
                    (Next::Read(None), wait)
                }
                Read::Failed(error) => {
                    let wait = error.retry_after();
                    (self.after_failure(error)?, wait)
                }
                Read::Refused(error) => return Err(error),
            };
            let interval = match next {
                Next::End(ending) => {
                    self.report(true);
                    return Ok(ending);
                }
                Next::Read(interval) => interval,
            };
            if !std::ptr::eq(job, self.job) {
                group = self.join();
            }
            (due, earliest) = self.schedule(interval, retry_after.unwrap_or_default());
        }
    }

    /// The waits of the kind, whose states are read together.
    fn join(&self) -> Option<Arc<Group>> {
        let waits = &self.client.0.waits;
        is_listable(&self.id)
            .then(|| waits.join(self.job))
            .flatten()
    }

    /// Waits until a read is due and makes it, together with others if possible.
    /// What may be final is read alone.
    async fn read(&self, group: Option<&Arc<Group>>, due: Instant, earliest: Instant) -> Read {
        match group.filter(|_| self.incomplete.is_none()) {
            None => sleep_until(due).await,
            Some(group) => match group.next(&self.client, &self.id, due, earliest).await {
                Delivery::State {
                    state: Some(state),
                    body,
                    retry_after,
                } if self.job.meaning(&state) == Verdict::GoOn && !self.job.is_missing(&state) => {
                    let (state, wait) = (Some(state), retry_after);
                    return Read::State { state, body, wait };
                }
                Delivery::Failed(error) => return Read::Failed(error),
                Delivery::State { .. } | Delivery::Alone => {}
            },
        }
        match read::alone(&self.client, self.job, &self.id).await {
            Ok(found) => Read::Job(found),
            Err(error) if self.tolerates(&error) => Read::Failed(Arc::new(error)),
            Err(error) => Read::Refused(error),
        }
    }

    /// A job that was read is known: it is not found because it was deleted.
    fn mark_known(&mut self) {
        self.was_read = true;
        self.visible_by = self.started;
    }

    fn tolerates(&self, error: &Error) -> bool {
        is_transient(error) || error.is_not_found() && Instant::now() < self.visible_by
    }

    /// What follows a read that failed and may be repeated.
    fn after_failure(&mut self, error: Arc<Error>) -> Result<Next, Error> {
        let wait = error.retry_after().unwrap_or_default();
        self.failed = Some(error);
        self.report(false);
        let end = self.started + self.limit;
        if self.incomplete.is_some() {
            Ok(self.read_for_result())
        } else if wait < end.saturating_duration_since(Instant::now()) {
            Ok(Next::Read(None))
        } else {
            let why = format!(", as the server asked for no read for {} s", wait.as_secs());
            Err(self.timeout(&why).with_retry_after(wait))
        }
    }

    /// What follows a read of the job.
    fn after_read(&mut self, found: Found) -> Result<Next, Error> {
        let Found { raw, data, state } = found;
        let job = self.job;
        let verdict = job.judge(state.as_deref(), &data);
        self.failed = None;
        self.state = state;
        self.percent = job.progress.and_then(|path| path::percent(&data, path));
        self.body = raw.success.body.clone();
        let may_be_new = self.was_read || Instant::now() < self.visible_by;
        self.mark_known();
        match verdict {
            Verdict::Action if self.has_action => Ok(Next::End(Ending {
                raw,
                needs_action: true,
            })),
            Verdict::Action => Err(self.ended(Ended::Blocked, &raw, &data)),
            Verdict::Ended(ended) => Err(self.ended(ended, &raw, &data)),
            Verdict::GoOn | Verdict::Success if job.then.is_some() => {
                self.follow(&raw, &data, verdict == Verdict::Success, may_be_new)
            }
            Verdict::GoOn => {
                self.incomplete = None;
                self.result_reads = 0;
                self.report(false);
                Ok(Next::Read(None))
            }
            Verdict::Success => {
                let ending = Ending {
                    raw,
                    needs_action: false,
                };
                if job.has_result(&data) {
                    return Ok(Next::End(ending));
                }
                self.incomplete = Some(ending);
                self.report(false);
                Ok(self.read_for_result())
            }
        }
    }

    /// Another read of a job that has succeeded without its result; after a few
    /// of them, the job as it is.
    fn read_for_result(&mut self) -> Next {
        match RESULT_INTERVALS.get(self.result_reads) {
            Some(interval) => {
                self.result_reads += 1;
                Next::Read(Some(*interval))
            }
            None => {
                self.failed = None;
                self.incomplete.take().map_or(Next::Read(None), Next::End)
            }
        }
    }

    /// Goes on with the job that follows, as soon as its id is known.
    /// It may be unknown for some time, unless it was there from the start.
    fn follow(
        &mut self,
        raw: &RawResponse,
        data: &Value,
        is_done: bool,
        may_be_new: bool,
    ) -> Result<Next, Error> {
        let id = self.job.then.and_then(|then| {
            let id = path::word(data, then.id)?;
            Some((then.job, id))
        });
        let Some((job, id)) = id else {
            let interval = RESULT_INTERVALS.get(self.result_reads).filter(|_| is_done);
            if is_done && interval.is_none() {
                return Err(self.ended(Ended::Empty, raw, data));
            }
            self.result_reads += usize::from(is_done);
            self.report(false);
            return Ok(Next::Read(interval.copied()));
        };
        self.report(false);
        self.job = job;
        self.id = id.into();
        (self.state, self.percent, self.result_reads) = (None, None, 0);
        self.was_read = false;
        if may_be_new {
            self.visible_by = Instant::now() + VISIBLE_WITHIN;
        }
        Ok(Next::Read(Some(Duration::ZERO)))
    }

    /// When the next read is due, and when it may be made together with others.
    fn schedule(
        &mut self,
        interval: Option<Duration>,
        retry_after: Duration,
    ) -> (Instant, Instant) {
        let now = Instant::now();
        let retry_after = retry_after.min(FOREVER);
        let interval = interval.unwrap_or_else(|| self.intervals.next());
        let mut due = now + interval.max(retry_after);
        let last = self.started + self.limit - LAST_READ.min(self.limit / 4);
        if due > last && last > now && !self.has_read_last {
            self.has_read_last = true;
            due = last.max(now + retry_after);
        }
        let earliest = now + (interval / 2).max(retry_after);
        (due, earliest.min(due))
    }

    fn report(&self, is_final: bool) {
        self.options.report(|| JobProgress {
            job: self.job.name,
            id: Arc::clone(&self.id),
            state: self.state.clone(),
            percent: self.percent,
            elapsed: self.started.elapsed(),
            body: self.body.clone(),
            error: self.failed.clone(),
            is_final,
        });
    }

    /// The error of a job that ended without a result.
    fn ended(&mut self, ended: Ended, raw: &RawResponse, data: &Value) -> Error {
        self.report(true);
        let reason = |path: Option<&str>| {
            let is_ended = !matches!(ended, Ended::Empty | Ended::Blocked);
            path::word(data, path.filter(|_| is_ended)?)
        };
        let code = reason(self.job.code);
        let message = reason(self.job.message);
        let message = message.map(|message| strip_queries(&message).into_owned());
        // An agent session may fail after it has named its video.
        if let Some(then) = self.job.then
            && let Some(id) = path::word(data, then.id)
        {
            (self.job, self.id) = (then.job, id.into());
        }
        let success = &raw.success;
        error::job::job(ended, code, message)
            .with_head(success.status, success.headers.clone())
            .with_body(&success.body)
            .redacted(self.client.0.credential.redactor())
            .with_call(&raw.context, raw.attempts)
    }

    fn timeout(&self, why: &str) -> Error {
        let failed = self.failed.as_ref().map(|error| error.message());
        let failed =
            failed.map_or_else(String::new, |why| format!("; the last read failed: {why}"));
        error::job::wait_timeout(self.limit, &format!("{why}{failed}")).with_body(&self.body)
    }

    /// Adds the job to its error, and what was last read of it.
    fn about_job(&self, error: Error) -> Error {
        let redactor = self.client.0.credential.redactor();
        let redact = |text: &str| redactor.redact(text).into_owned();
        let (root, id) = &self.root;
        let follows = !std::ptr::eq(*root, self.job);
        error.with_job(JobFacts {
            name: root.name,
            id: redact(id),
            next: follows.then(|| (self.job.name, redact(&self.id))),
            state: self.state.as_deref().map(redact),
        })
    }
}
