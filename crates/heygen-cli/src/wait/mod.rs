//! `--wait`: waits for the jobs of a command, prints the last body of each, and
//! names them whenever the wait ends without its result.

mod commands;
mod report;
mod tracker;

use std::time::{Duration, Instant};

use clap::ArgMatches;
use heygen::wait::{Job, JobBody, Started, Wait, join_all};
use heygen::{Bytes, ErrorKind, Request};

use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::interrupt::or_stop;
use crate::output;
use crate::session::Session;
use crate::table::{JobId, Leaf};

pub(crate) use self::commands::{command_of, job_read_by};
use self::tracker::Tracker;

/// How long a wait lasts unless `--timeout` says otherwise.
pub(crate) const WINDOW: Duration = Duration::from_secs(20 * 60);

/// Waits for the job that a command reads, or for those that it starts, and prints
/// the last body.
pub(crate) async fn run(
    leaf: &'static Leaf,
    request: Request<Bytes>,
    matches: &ArgMatches,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let Some(of) = &leaf.command.job else {
        let message = format!(
            "heygen {} neither starts nor reads a job",
            leaf.words.join(" ")
        );
        return Err(CliError::usage(message, "leave --wait out"));
    };
    let body = match of.id {
        JobId::Argument => {
            let argument = leaf.command.arguments.first().map(|argument| argument.name);
            let id = argument.and_then(|name| matches.get_one::<String>(name));
            let id = id.map(String::as_str).unwrap_or_default();
            until_final(of.job, id, session, globals).await?
        }
        JobId::Response(path) => {
            let wait = Waiting::new(of.job, globals);
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
    session: &Session,
    globals: &Globals,
) -> Result<Bytes, CliError> {
    let wait = Wait::new(heygen::raw::core(session.client()), job, id);
    let started = (id.to_owned(), wait).into();
    Waiting::new(job, globals).finish(vec![started]).await
}

/// A wait for jobs of a kind, and how long it lasts.
struct Waiting {
    kind: &'static Job,
    human: bool,
    tracker: Tracker,
    window: Duration,
    began: Instant,
}

impl Waiting {
    fn new(kind: &'static Job, globals: &Globals) -> Self {
        Self {
            kind,
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
        let created = tokio::time::timeout(self.window, request.start_jobs(self.kind, path));
        let (exit, code, message) = match or_stop(created).await {
            Some(Ok(Ok(jobs))) => return Ok(jobs),
            Some(Ok(Err(error))) => {
                self.tracker.finish();
                if error.kind() == ErrorKind::Decode {
                    output::body(error.body(), self.human)?;
                }
                return Err(error.into());
            }
            Some(Err(_)) => {
                let message = format!("the create had no response within {:?}", self.window);
                (Exit::Timeout, "timeout", message)
            }
            None => {
                let message = "interrupted during the create".to_owned();
                (Exit::Interrupted, "interrupted", message)
            }
        };
        self.tracker.finish();
        let name = self.kind.name();
        let hint = format!("look whether the {name} was created before you create it again");
        Err(CliError::new(exit, code, message).with_hint(hint))
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
        let finished = or_stop(join_all(jobs.collect())).await;
        let mut jobs = self.tracker.finish();
        for (job, finished) in jobs.iter_mut().zip(finished.into_iter().flatten()) {
            job.result = Some(finished.result);
        }
        let body = report::body(&jobs);
        let Some(error) = report::error(self.kind, self.window, jobs) else {
            return Ok(body);
        };
        output::body(&body, self.human)?;
        Err(error)
    }
}
