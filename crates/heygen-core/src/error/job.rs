//! Errors of jobs: one that has failed, a wait whose deadline passed, and any
//! other error after a job was created, which holds its id.

use std::fmt;
use std::time::Duration;

use super::Error;
use super::build::seconds;
use super::kind::ErrorKind;
use crate::text::OneLine;

/// Longer ids and states are truncated in `Display`, in characters.
const MAX_ID: usize = 200;

/// How a job ended without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Failed,
    Cancelled,
    Deleted,
    /// It is finished, and what it should have made is missing.
    Empty,
    /// It needs the user, and the wait has no outcome for that.
    Blocked,
}

/// The job that an error is about.
#[derive(Clone, Debug)]
pub(crate) struct JobFacts {
    pub(crate) name: &'static str,
    pub(crate) id: String,
    /// The job that followed it, which was read last.
    pub(crate) next: Option<(&'static str, String)>,
    /// The last state that was read.
    pub(crate) state: Option<String>,
}

impl Error {
    /// The id of the job that the error is about: one that has failed, or one
    /// that was created or waited for when the call failed. A wait for this id
    /// continues.
    pub fn job_id(&self) -> Option<&str> {
        self.0.job.as_ref().map(|job| &*job.id)
    }

    /// The last state of the job that was read, for example `processing`.
    pub fn job_state(&self) -> Option<&str> {
        self.0.job.as_ref()?.state.as_deref()
    }

    /// Whether a job has failed, or was cancelled or deleted: [`ErrorKind::Job`].
    /// Code and message are those that the API gave, if it gave any.
    pub fn is_job_failed(&self) -> bool {
        self.kind() == ErrorKind::Job
    }

    /// Adds what was created, before it is waited for.
    pub(crate) fn with_created(self, name: &'static str, id: &str) -> Self {
        self.with_job(JobFacts {
            name,
            id: id.to_owned(),
            next: None,
            state: None,
        })
    }

    /// Adds the job that was created or waited for.
    pub(crate) fn with_job(mut self, job: JobFacts) -> Self {
        self.0.job = Some(Box::new(job));
        self
    }
}

/// A job that ended without a result, with the reason that the API gave.
pub(crate) fn job(ended: Ended, code: Option<String>, message: Option<String>) -> Error {
    let default = match ended {
        Ended::Empty => "it is finished, and has no result",
        Ended::Blocked => "it needs an action of its user",
        Ended::Failed | Ended::Cancelled | Ended::Deleted => "no reason given",
    };
    let has_reason = code.is_some() || message.is_some();
    let message = message.unwrap_or_else(|| default.to_owned());
    let mut error = Error::new(ErrorKind::Job, message);
    error.0.code = code;
    error.0.ended = Some(ended);
    match ended {
        Ended::Failed if !has_reason => {
            error.with_hint("look at it in HeyGen's app, or ask HeyGen's support about this id")
        }
        Ended::Blocked => error.with_hint("act in HeyGen's app, then wait for this id again"),
        _ => error,
    }
}

/// A wait that ended because of its deadline, and why it did.
pub(crate) fn wait_timeout(limit: Duration, why: &str) -> Error {
    let message = format!("not finished within {}{why}", seconds(limit));
    Error::new(ErrorKind::Timeout, message)
        .with_hint("it may still finish: wait for this id again to continue")
}

impl fmt::Display for JobFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, OneLine(&self.id, MAX_ID))?;
        match &self.next {
            Some((name, id)) => write!(f, " ({name} {})", OneLine(id, MAX_ID)),
            None => Ok(()),
        }
    }
}

impl Ended {
    pub(super) const fn verb(self) -> &'static str {
        match self {
            Self::Failed | Self::Empty | Self::Blocked => "failed",
            Self::Cancelled => "was cancelled",
            Self::Deleted => "was deleted",
        }
    }
}
