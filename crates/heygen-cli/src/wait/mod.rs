//! `--wait`: waits for the jobs of a command, prints the last body of each, and
//! names them whenever the wait ends without its result.

mod commands;
mod report;
mod tracker;

use std::time::{Duration, Instant};

use clap::ArgMatches;
use heygen::raw::heygen_core::Client;
use heygen::wait::{Job, JobBody, Started, Wait, join_all};
use heygen::{Bytes, Request};

use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::interrupt::or_stop;
use crate::output;
use crate::session::Session;
use crate::table::{Command, JobId, Leaf};

pub(crate) use self::commands::{command_of, job_read_by};
use self::report::{JobEnd, Report};
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
        let name = leaf.words.join(" ");
        return Err(CliError::usage(
            format!("heygen {name} neither starts nor reads a job"),
            "leave --wait out",
        ));
    };
    let wait = Waiting::new(of.job, globals);
    let core = heygen::raw::core(session.client());
    let jobs = match of.id {
        JobId::Argument => vec![by_id(core, of.job, argument(leaf.command, matches))],
        JobId::Response(path) => wait.start(request, path).await?,
    };
    let body = wait.finish(jobs).await?;
    output::body(&body, globals.human)
}

/// Waits for a job by its id. Unless it succeeds, its last body is printed.
pub(crate) async fn until_ready(
    job: &'static Job,
    id: &str,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let core = heygen::raw::core(session.client());
    let jobs = vec![by_id(core, job, id)];
    Waiting::new(job, globals).finish(jobs).await.map(|_| ())
}

fn by_id(client: &Client, job: &'static Job, id: &str) -> Started<JobBody> {
    (id.to_owned(), Wait::new(client, job, id)).into()
}

/// The argument of a command that reads a job: its id.
fn argument<'a>(command: &Command, matches: &'a ArgMatches) -> &'a str {
    let name = command.arguments.first().map(|argument| argument.name);
    let value = name.and_then(|name| matches.get_one::<String>(name));
    value.map(String::as_str).unwrap_or_default()
}

/// A wait of the command line: for which kind of job, and how long.
struct Waiting<'a> {
    job: &'static Job,
    globals: &'a Globals,
    window: Duration,
    began: Instant,
}

impl<'a> Waiting<'a> {
    fn new(job: &'static Job, globals: &'a Globals) -> Self {
        Self {
            job,
            globals,
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
        let name = self.job.name();
        let tracker = Tracker::new(self.job, self.globals.human);
        tracker.creating();
        let created = tokio::time::timeout(self.window, request.start_jobs(self.job, path));
        let created = or_stop(created).await;
        tracker.clear();
        let check = format!("look whether the {name} was created before you create it again");
        match created {
            Some(Ok(Ok(jobs))) => Ok(jobs),
            Some(Ok(Err(error))) => {
                if error.kind() == heygen::ErrorKind::Decode {
                    output::body(error.body(), self.globals.human)?;
                }
                Err(error.into())
            }
            Some(Err(_)) => {
                let message = format!("no response to the create within {:?}", self.window);
                Err(CliError::new(Exit::Timeout, "timeout", message).with_hint(check))
            }
            None => {
                let message = format!("interrupted while the {name} was created");
                Err(CliError::new(Exit::Interrupted, "interrupted", message).with_hint(check))
            }
        }
    }

    /// Waits for the jobs and returns the body to print. After an error it has been
    /// printed.
    async fn finish(&self, jobs: Vec<Started<JobBody>>) -> Result<Bytes, CliError> {
        let tracker = Tracker::new(self.job, self.globals.human);
        // The last read of a wait is made within its deadline, so some is left.
        let rest = self.window.saturating_sub(self.began.elapsed());
        let rest = rest.max(Duration::from_millis(1));
        let ids: Vec<String> = jobs.iter().map(|job| job.id.clone()).collect();
        let jobs = jobs.into_iter().map(|mut job| {
            let listener = tracker.listener(&job.id);
            job.wait = job
                .wait
                .map(|wait| wait.deadline(rest).on_progress(listener));
            job
        });
        let finished = or_stop(join_all(jobs.collect())).await;
        tracker.clear();
        let ends = match finished {
            Some(finished) => finished.into_iter().map(JobEnd::from).collect(),
            None => ids.into_iter().map(JobEnd::interrupted).collect(),
        };
        let report = Report::new(self.job, self.window, ends, tracker.seen());
        let body = report.body();
        match report.into_error() {
            None => Ok(body),
            Some(error) => {
                output::body(&body, self.globals.human)?;
                Err(error)
            }
        }
    }
}
