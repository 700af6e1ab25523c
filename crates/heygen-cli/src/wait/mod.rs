//! `--wait`: waits for the jobs of a command, prints the last body of each, and
//! names them whenever the wait ends without its result.

mod commands;
mod report;
mod tracker;

use std::time::{Duration, Instant};

use heygen::wait::{Job, JobBody, Started, Wait, join_all};
use heygen::{Bytes, ErrorKind, Request};

use crate::error::{Call, CliError};
use crate::globals::Globals;
use crate::session::Session;
use crate::table::{JobId, Leaf};
use crate::{interrupt, output};

pub(crate) use self::commands::{command_of, job_read_by};
use self::tracker::Tracker;

/// How long a wait lasts unless `--timeout` says otherwise.
pub(crate) const WINDOW: Duration = Duration::from_secs(20 * 60);

/// Waits for the job that a command reads, or for those that it starts, and prints
/// the last body.
pub(crate) async fn run(
    leaf: &Leaf,
    request: Request<Bytes>,
    call: &Call<'_>,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let Some(of) = &leaf.command.job else {
        let message = format!("{} neither starts nor reads a job", leaf.command_line());
        return Err(CliError::usage(message, "leave --wait out"));
    };
    let body = match of.id {
        JobId::Argument => {
            let id = call.id();
            until_final(of.job, id, call, session, globals).await?
        }
        JobId::Response(path) => {
            let wait = Waiting::new(of.job, call, globals);
            let jobs = wait.start(request, path).await?;
            wait.finish(jobs).await?
        }
    };
    output::body(&body, globals.human)
}

/// Waits for a job by its id and returns its last body, which is printed after an
/// error.
pub(crate) async fn until_final(
    job: &'static Job,
    id: &str,
    call: &Call<'_>,
    session: &Session,
    globals: &Globals,
) -> Result<Bytes, CliError> {
    let wait = Wait::new(heygen::raw::core(session.client()), job, id);
    let started = (id.to_owned(), wait).into();
    let waiting = Waiting::new(job, call, globals);
    waiting.finish(vec![started]).await
}

/// A wait for jobs of a kind, and how long it lasts.
struct Waiting<'a> {
    kind: &'static Job,
    call: &'a Call<'a>,
    human: bool,
    tracker: Tracker,
    window: Duration,
    began: Instant,
}

impl<'a> Waiting<'a> {
    fn new(kind: &'static Job, call: &'a Call<'a>, globals: &Globals) -> Self {
        Self {
            kind,
            call,
            human: globals.human,
            tracker: Tracker::new(kind, globals.human),
            window: globals.timeout.unwrap_or(WINDOW),
            began: Instant::now(),
        }
    }

    /// Sends the create, whose time is part of the window.
    async fn start(
        &self,
        request: Request<Bytes>,
        path: &str,
    ) -> Result<Vec<Started<JobBody>>, CliError> {
        let created = request.start_jobs(self.kind, path);
        let stopped = match interrupt::within(Some(self.window), created).await {
            Ok(Ok(jobs)) => return Ok(jobs),
            Ok(Err(error)) => {
                self.tracker.finish();
                if error.kind() == ErrorKind::Decode {
                    output::body(error.body(), self.human)?;
                }
                return Err(self.call.explain(error));
            }
            Err(stopped) => stopped,
        };
        self.tracker.finish();
        let name = self.kind.name();
        let hint = format!("look whether the {name} was created before you create it again");
        Err(stopped.error("the create").with_hint(hint))
    }

    /// Waits for the jobs and returns the body to print. After an error it has been
    /// printed.
    async fn finish(&self, jobs: Vec<Started<JobBody>>) -> Result<Bytes, CliError> {
        let rest = self.window.saturating_sub(self.began.elapsed());
        let rest = rest.max(Duration::from_millis(1));
        let jobs = jobs.into_iter().map(|mut job| {
            let listener = self.tracker.listener(&job.id);
            let wait = job.wait;
            job.wait = wait.map(|wait| wait.deadline(rest).on_progress(listener));
            job
        });
        let finished = interrupt::or_stop(join_all(jobs.collect())).await;
        let mut jobs = self.tracker.finish();
        for (job, finished) in jobs.iter_mut().zip(finished.into_iter().flatten()) {
            job.result = Some(finished.result);
        }
        let body = report::body(&jobs);
        let Some(error) = report::error(self.kind, self.call, self.window, jobs) else {
            return Ok(body);
        };
        output::body(&body, self.human)?;
        Err(error)
    }
}
