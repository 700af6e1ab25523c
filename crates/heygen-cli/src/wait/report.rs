//! How a wait ended: the body to print, and the error that names the jobs and the
//! command that goes on.

use std::time::Duration;

use heygen::wait::{Job, JobBody};
use heygen::{Bytes, ErrorKind, JobProgress};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::commands::command_of;
use crate::error::{Call, CliError, Exit};

/// A job that was waited for.
#[derive(Default)]
pub(super) struct Waited {
    pub(super) id: String,
    /// What was last read of it.
    pub(super) progress: Option<JobProgress>,
    /// None while it is waited for.
    pub(super) result: Option<Result<JobBody, heygen::Error>>,
}

/// The last body of the job as it came; of several, the `data` of each.
pub(super) fn body(jobs: &[Waited]) -> Bytes {
    let bodies: Vec<Bytes> = jobs.iter().map(Waited::body).collect();
    match &bodies[..] {
        [body] => body.clone(),
        bodies if bodies.iter().all(Bytes::is_empty) => Bytes::new(),
        bodies => {
            let data = bodies
                .iter()
                .zip(jobs)
                .map(|(body, job)| data_of(body, &job.id));
            let data: Vec<&str> = data.map(|data| data.unwrap_or("null")).collect();
            format!("{{\"data\":[{}]}}", data.join(",")).into()
        }
    }
}

/// The error, unless all jobs have finished: that of the first which has not, with
/// the others in its message.
pub(super) fn error(
    kind: &Job,
    call: &Call<'_>,
    window: Duration,
    jobs: Vec<Waited>,
) -> Option<CliError> {
    let count = jobs.len();
    let unfinished = jobs.into_iter().filter(|job| !job.is_finished());
    let errors: Vec<_> = unfinished
        .map(|job| job.into_error(kind, call, window))
        .collect();
    let texts = |text: fn(&CliError) -> Option<&str>| {
        let mut texts: Vec<_> = errors.iter().filter_map(text).collect();
        texts.dedup();
        texts.join("; ")
    };
    let hints = texts(|error| error.body.hint.as_deref());
    let messages = texts(|error| Some(&error.body.message));
    let unfinished = errors.len();
    let mut first = errors.into_iter().next()?;
    if count > 1 {
        first.body.message = format!("{unfinished} of {count} jobs: {messages}");
    }
    Some(first.with_hint(hints))
}

impl Waited {
    pub(super) fn state(&self) -> Option<&str> {
        self.progress.as_ref()?.state()
    }

    fn is_finished(&self) -> bool {
        matches!(&self.result, Some(Ok(body)) if !body.needs_action)
    }

    fn body(&self) -> Bytes {
        match (&self.result, &self.progress) {
            (Some(Ok(body)), _) => body.body.clone(),
            (_, Some(progress)) => progress.body().clone(),
            _ => Bytes::new(),
        }
    }

    /// The error of a job that has not finished.
    fn into_error(self, kind: &Job, call: &Call<'_>, window: Duration) -> CliError {
        let job = format!("the {} {}", kind.name(), self.id);
        let read = command_of(kind.read(), &self.id);
        let go_on = format!("to go on, run: {read} --wait");
        let state = self.state().map(str::to_owned);
        let last = state
            .as_ref()
            .map_or_else(String::new, |state| format!("; its state is {state}"));
        let mut error = match self.result {
            None => {
                let message = format!("interrupted, and {job} goes on at HeyGen{last}");
                CliError::new(Exit::Interrupted, "interrupted", message).with_hint(go_on)
            }
            Some(Ok(_)) => {
                let message = format!("{job} needs an action of its user{last}");
                let hint = format!("act in HeyGen's app or by another command; then, {go_on}");
                CliError::new(Exit::Failed, "action_required", message).with_hint(hint)
            }
            Some(Err(error)) if error.kind() == ErrorKind::Job => {
                let state = error.job_state().unwrap_or("failed");
                let code = error
                    .code()
                    .map_or_else(String::new, |code| format!(" ({code})"));
                let reason = error.message();
                let message = format!("{job} ended with the state {state}: {reason}{code}");
                let hint = format!("to look at it, run: {read}");
                CliError::new(Exit::Failed, "error", message).with_hint(hint)
            }
            Some(Err(error)) if error.is_timeout() => {
                let failed = self.progress.as_ref().and_then(JobProgress::error);
                let failed = failed.map_or_else(String::new, |failed| {
                    format!("; the last read failed: {}", failed.message())
                });
                let message = format!("{job} was not finished within {window:?}{last}{failed}");
                CliError::new(Exit::Timeout, "timeout", message).with_hint(go_on)
            }
            Some(Err(error)) => call.explain(error).with_more_hint(&go_on),
        };
        error.body.job_id = Some(self.id).filter(|id| !id.is_empty());
        error.body.job_state = state;
        error
    }
}

/// The `data` of a body as it came; in a body of several states, that of this id.
fn data_of<'a>(body: &'a [u8], id: &str) -> Option<&'a str> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
    }
    let data = serde_json::from_slice::<Envelope<'_>>(body)
        .ok()?
        .data
        .get();
    let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(data) else {
        return Some(data);
    };
    let mut items = items.into_iter().map(RawValue::get);
    items.find(|item| {
        let fields = serde_json::from_str::<Map<String, Value>>(item).unwrap_or_default();
        fields.values().any(|value| value == id)
    })
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
}
