//! How a wait ended: the body to print, and the error that names the jobs and the
//! command that goes on.

use std::time::Duration;

use heygen::wait::{Finished, Job, JobBody};
use heygen::{Bytes, ErrorKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::commands::{command_of, group_of};
use super::tracker::Seen;
use crate::error::{CliError, Exit};

/// How the wait for one job ended.
pub(super) struct JobEnd {
    id: String,
    end: End,
}

enum End {
    Body(JobBody),
    Error(heygen::Error),
    Interrupted,
}

impl From<Finished<JobBody>> for JobEnd {
    fn from(finished: Finished<JobBody>) -> Self {
        let end = match finished.result {
            Ok(body) => End::Body(body),
            Err(error) => End::Error(error),
        };
        Self {
            id: finished.id,
            end,
        }
    }
}

impl JobEnd {
    pub(super) fn interrupted(id: String) -> Self {
        let end = End::Interrupted;
        Self { id, end }
    }

    fn is_finished(&self) -> bool {
        matches!(&self.end, End::Body(body) if !body.needs_action)
    }
}

/// The end of a wait.
pub(super) struct Report {
    job: &'static Job,
    window: Duration,
    ends: Vec<JobEnd>,
    seen: Vec<Seen>,
}

impl Report {
    pub(super) fn new(
        job: &'static Job,
        window: Duration,
        ends: Vec<JobEnd>,
        seen: Vec<Seen>,
    ) -> Self {
        Self {
            job,
            window,
            ends,
            seen,
        }
    }

    /// The last body of the job as it came; of several, the `data` of each.
    pub(super) fn body(&self) -> Bytes {
        let bodies = self
            .ends
            .iter()
            .enumerate()
            .map(|(index, end)| match &end.end {
                End::Body(body) => body.body.clone(),
                End::Error(_) | End::Interrupted => self.last_body(index),
            });
        let bodies: Vec<Bytes> = bodies.collect();
        if let [body] = &bodies[..] {
            return body.clone();
        }
        if bodies.iter().all(Bytes::is_empty) {
            return Bytes::new();
        }
        let data = bodies
            .iter()
            .zip(&self.ends)
            .map(|(body, end)| data_of(body, &end.id));
        let data: Vec<&str> = data.map(|data| data.unwrap_or("null")).collect();
        format!("{{\"data\":[{}]}}", data.join(",")).into()
    }

    fn last_body(&self, index: usize) -> Bytes {
        let progress = self.seen.get(index).and_then(|seen| seen.progress.as_ref());
        progress
            .map(|progress| progress.body().clone())
            .unwrap_or_default()
    }

    /// The error, unless all jobs have finished: that of the first which has not,
    /// with the others in its message.
    pub(super) fn into_error(self) -> Option<CliError> {
        let Self {
            job,
            window,
            ends,
            seen,
        } = self;
        let count = ends.len();
        let unfinished = ends
            .into_iter()
            .enumerate()
            .filter(|(_, end)| !end.is_finished());
        let mut errors = unfinished.map(|(index, end)| error_of(job, window, end, seen.get(index)));
        let mut first = errors.next()?;
        let others: Vec<CliError> = errors.collect();
        if !others.is_empty() {
            let all = || std::iter::once(&first).chain(&others);
            let messages: Vec<_> = all().map(|error| error.body.message.as_str()).collect();
            let mut hints: Vec<_> = all()
                .filter_map(|error| error.body.hint.as_deref())
                .collect();
            hints.dedup();
            let (failed, messages) = (messages.len(), messages.join("; "));
            let hint = hints.join("; ");
            first.body.message = format!("{failed} of {count} jobs: {messages}");
            first.body.hint = Some(hint);
        }
        Some(first)
    }
}

/// The error of a job that has not finished.
fn error_of(job: &'static Job, window: Duration, end: JobEnd, seen: Option<&Seen>) -> CliError {
    let JobEnd { id, end } = end;
    let name = job.name();
    let mut state = seen.and_then(Seen::state).map(str::to_owned);
    let last = state
        .as_ref()
        .map_or_else(String::new, |state| format!("; its state was {state}"));
    let go_on = || {
        format!(
            "to go on, run: {}",
            format_args!("{} --wait", command_of(job.read(), &id))
        )
    };
    let mut error = match end {
        End::Body(_) => {
            let message = format!("the {name} {id} needs an action of its user{last}");
            let commands = group_of(job.read()).map_or_else(String::new, |group| {
                format!(" or by a command of heygen {group}")
            });
            let hint = format!("act in HeyGen's app{commands}; then, {}", go_on());
            CliError::new(Exit::Failed, "action_required", message).with_hint(hint)
        }
        End::Interrupted => {
            let message = format!("interrupted; the {name} {id} goes on at HeyGen{last}");
            CliError::new(Exit::Interrupted, "interrupted", message).with_hint(go_on())
        }
        End::Error(error) if error.kind() == ErrorKind::Job => {
            state = error.job_state().map(str::to_owned).or(state);
            let state = state.as_deref().unwrap_or("failed");
            let code = error
                .code()
                .map_or_else(String::new, |code| format!(" ({code})"));
            let reason = error.message();
            let message = format!("the {name} {id} ended with the state {state}: {reason}{code}");
            let hint = format!("to look at it, run: {}", command_of(job.read(), &id));
            CliError::new(Exit::Failed, "error", message).with_hint(hint)
        }
        End::Error(error) if error.is_timeout() => {
            let failed = seen.and_then(|seen| seen.progress.as_ref()?.error());
            let failed = failed.map_or_else(String::new, |failed| {
                format!("; the last read failed: {}", failed.message())
            });
            let message =
                format!("the {name} {id} was not finished within {window:?}{last}{failed}");
            CliError::new(Exit::Timeout, "timeout", message).with_hint(go_on())
        }
        End::Error(error) => CliError::from(error).with_more_hint(&go_on()),
    };
    error.body.job_id = Some(id).filter(|id| !id.is_empty());
    error.body.job_state = state;
    error
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
    if !data.starts_with('[') {
        return Some(data);
    }
    let items: Vec<&RawValue> = serde_json::from_str(data).ok()?;
    let mut items = items.into_iter().map(RawValue::get);
    items.find(|item| {
        let fields = serde_json::from_str::<serde_json::Map<_, _>>(item).unwrap_or_default();
        fields
            .values()
            .any(|value: &serde_json::Value| value.as_str() == Some(id))
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
        assert_eq!(
            data_of(several, "b"),
            Some(r#"{"video_id":"b", "n": 2.50}"#)
        );
        assert_eq!(data_of(several, "c"), None);
        assert_eq!(data_of(b"", "c"), None);
    }
}
