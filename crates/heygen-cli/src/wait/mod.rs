//! `--wait`: waits for the jobs of a command, prints the last body of each, and
//! names them whenever the wait ends without its result.

mod commands;

use std::collections::HashMap;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use heygen::wait::{Job, JobBody, Started, Wait, join_all};
use heygen::{Bytes, Error, ErrorKind, JobProgress, Request};
use serde_json::json;
use serde_json::value::RawValue;

use crate::error::{Call, CliError, Exit};
use crate::globals::Globals;
use crate::session::Session;
use crate::{interrupt, output, progress};

pub(crate) use self::commands::{command_of, job_read_by, leaves, quoted, with_id};

/// Waits for the job that a command reads, or for those that it starts, and prints
/// the last body.
pub(crate) async fn run(
    (job, started): (&'static Job, Option<&str>),
    request: Request<Bytes>,
    call: &Call<'_>,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let began = Instant::now();
    let jobs = match started {
        None => vec![by_id(job, call.id(), session)],
        Some(path) => start(job, path, request, call, globals).await?,
    };
    let id = jobs.first().map(|job| job.id.clone());
    let body = until_final(job, jobs, began, call, globals).await?;
    output::body(&body, globals.human).map_err(|error| error.about_job(id))
}

/// How long a wait lasts, the create included.
pub(crate) fn window(globals: &Globals) -> Duration {
    globals.timeout.unwrap_or(Duration::from_secs(20 * 60))
}

/// A job that was started before.
pub(crate) fn by_id(kind: &'static Job, id: &str, session: &Session) -> Started<JobBody> {
    let wait = Wait::new(heygen::raw::core(&session.client), kind, id);
    (id.to_owned(), wait).into()
}

/// Sends the create.
async fn start(
    kind: &'static Job,
    path: &str,
    request: Request<Bytes>,
    call: &Call<'_>,
    globals: &Globals,
) -> Result<Vec<Started<JobBody>>, CliError> {
    let line = progress::line(progress::STATE, format!("{}: sending", kind.name()));
    let created = request.start_jobs(kind, path);
    let created = interrupt::within(Some(window(globals)), "the create", created).await;
    line.finish_and_clear();
    let error = match created.map_err(|stopped| call.explain_stop(stopped))? {
        Ok(jobs) => return Ok(jobs),
        Err(error) => error,
    };
    if error.kind() == ErrorKind::Decode {
        output::body(error.body(), globals.human)?;
    }
    Err(call.explain(error))
}

/// A job that is waited for.
#[derive(Default)]
struct Waited {
    id: String,
    /// What was last read of it.
    progress: Option<JobProgress>,
    /// None if the wait was interrupted.
    result: Option<Result<JobBody, Error>>,
}

/// Waits for jobs and returns the body to print, which is printed already where there
/// is an error.
pub(crate) async fn until_final(
    kind: &'static Job,
    jobs: Vec<Started<JobBody>>,
    began: Instant,
    call: &Call<'_>,
    globals: &Globals,
) -> Result<Bytes, CliError> {
    let rest = window(globals).saturating_sub(began.elapsed());
    let rest = rest.max(Duration::from_millis(1));
    let line = progress::line(progress::STATE, format!("{}: waiting", kind.name()));
    let has_lines = globals.human && !io::stderr().is_terminal();
    let has_ids = jobs.len() > 1;
    let (sender, seen) = mpsc::channel();
    let mut waited = Vec::new();
    let mut waits = Vec::new();
    for (index, mut job) in jobs.into_iter().enumerate() {
        let (id, line, sender) = (job.id.clone(), line.clone(), sender.clone());
        waited.push(Waited {
            id: id.clone(),
            ..Waited::default()
        });
        let mut last = String::new();
        let listener = move |progress: &JobProgress| {
            line.set_message(format!("{progress:#}"));
            let text = polling(has_ids.then_some(&id), progress);
            if has_lines && text != last {
                // Nothing can be done when stderr is closed.
                let _ = writeln!(io::stderr(), "{text}");
            }
            last = text;
            // Received at the end, also after an interrupt.
            let _ = sender.send((index, progress.clone()));
        };
        let wait = job.wait;
        job.wait = wait.map(|wait| wait.deadline(rest).on_progress(listener));
        waits.push(job);
    }
    let finished = interrupt::or_stop(join_all(waits)).await;
    line.finish_and_clear();
    for (index, progress) in seen.try_iter() {
        waited[index].progress = Some(progress);
    }
    for (job, finished) in waited.iter_mut().zip(finished.into_iter().flatten()) {
        job.result = Some(finished.result);
    }
    let body = body(&waited);
    let Some(error) = error(kind, waited, call) else {
        return Ok(body);
    };
    output::body(&body, globals.human)?;
    Err(error)
}

/// A line about a read, for people who do not watch a terminal.
fn polling(id: Option<&String>, progress: &JobProgress) -> String {
    let id = id.map_or(String::new(), |id| format!("{id} "));
    let state = progress.state().unwrap_or("unknown");
    let read = match progress.error() {
        Some(error) => format!("a read failed: {}", error.message()),
        None => format!("status={state}"),
    };
    format!("Polling: {id}{read}").replace(char::is_control, " ")
}

/// The last body of the job as it came; of several, the `data` of each that was read.
fn body(jobs: &[Waited]) -> Bytes {
    let read = jobs.iter();
    let read = read.filter_map(|job| Some((&job.id, job.progress.as_ref()?.body())));
    let read: Vec<(&String, &Bytes)> = read.collect();
    match &read[..] {
        [] => Bytes::new(),
        [(_, body)] if jobs.len() == 1 => Bytes::clone(body),
        read => {
            let data = read.iter().filter_map(|(id, body)| data_of(body, id));
            let data: Vec<&str> = data.collect();
            format!("{{\"data\":[{}]}}", data.join(",")).into()
        }
    }
}

/// The `data` of a body as it came; in a body of several states, that of this id.
fn data_of<'a>(body: &'a [u8], id: &str) -> Option<&'a str> {
    let members: HashMap<&str, &RawValue> = serde_json::from_slice(body).ok()?;
    let data = members.get("data")?.get();
    let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(data) else {
        return Some(data);
    };
    let id = json!(id).to_string();
    let mut items = items.into_iter().map(RawValue::get);
    items.find(|item| item.contains(&id))
}

/// The error, unless all jobs are finished: that of the first which is not. Its hint
/// has the commands that read all of those.
fn error(kind: &Job, mut jobs: Vec<Waited>, call: &Call<'_>) -> Option<CliError> {
    let count = jobs.len();
    jobs.retain(|job| !matches!(&job.result, Some(Ok(body)) if !body.needs_action));
    let (read, resume) = (kind.read(), || call.resume.clone());
    let commands = jobs.iter().filter_map(|job| match &job.result {
        Some(Err(error)) if error.is_not_found() || job.id.is_empty() => None,
        Some(Err(error)) if error.is_job_failed() => Some(command_of(read, "", &job.id)),
        _ => resume().or_else(|| Some(command_of(read, " --wait", &job.id))),
    });
    let commands = commands.collect::<Vec<_>>();
    let unfinished = jobs.len();
    let first = jobs.into_iter().next()?;
    let mut reason = String::new();
    let mut error = match first.result {
        None => {
            let message = "the wait was interrupted; the job goes on at HeyGen";
            CliError::new(Exit::Interrupted, "interrupted", message)
        }
        Some(Ok(_)) => {
            let message = "it needs an action of its user";
            let error = CliError::new(Exit::Failed, "action_required", message);
            error.with_hint("act in HeyGen's app first")
        }
        Some(Err(error)) => {
            if let Some(code) = error.code().filter(|_| error.is_job_failed()) {
                reason = format!(" ({code})");
            }
            call.explain(error)
        }
    };
    let state = first.progress.as_ref().and_then(JobProgress::state);
    error.body.job_state = state.map(str::to_owned);
    let (name, id, state) = (kind.name(), &first.id, state.unwrap_or("not read yet"));
    error.body.message = format!("{name} {id}, {state}: {}{reason}", error.body.message);
    if count > 1 {
        error.body.message = format!("{unfinished} of {count} jobs: {}", error.body.message);
    }
    let error = error.about_job(Some(first.id));
    let commands = commands.iter().map(|command| format!("run: {command}"));
    Some(commands.fold(error, |error, command| error.with_more_hint(&command)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_that_of_the_id_as_it_came() {
        let one = br#"{"error": null, "data": {"id": "a", "x": 1.0e0}}"#;
        assert_eq!(data_of(one, "b"), Some(r#"{"id": "a", "x": 1.0e0}"#));
        let several = br#"{"data": [{"video_id":"a"}, null, {"video_id":"b", "n": 2.50}]}"#;
        let found = data_of(several, "b");
        assert_eq!(found, Some(r#"{"video_id":"b", "n": 2.50}"#));
        assert_eq!(data_of(several, "c"), None);
        assert_eq!(data_of(b"", "c"), None);
    }

    #[test]
    fn a_wait_lasts_20_minutes_unless_it_is_set() {
        let mut globals = Globals::default();
        assert_eq!(window(&globals).as_secs(), 1200);
        globals.timeout = Some(Duration::from_secs(5));
        assert_eq!(window(&globals).as_secs(), 5);
    }
}
