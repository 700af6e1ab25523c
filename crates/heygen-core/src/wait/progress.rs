//! What is known of a job while it is waited for.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;
use crate::text::OneLine;

/// Longer ids and states are truncated in `Display`, in characters.
const MAX_TEXT: usize = 200;

/// What is known of a job after a read of its state, or after a read that failed.
///
/// `Display` prints a line for people: `video vid_8f1c: processing, 45 %, after
/// 12 s`. The alternate form, `{:#}`, ends before the time.
#[derive(Clone, Debug)]
pub struct JobProgress {
    pub(super) job: &'static str,
    pub(super) id: Arc<str>,
    pub(super) state: Option<String>,
    pub(super) percent: Option<u8>,
    pub(super) elapsed: Duration,
    pub(super) body: Bytes,
    pub(super) error: Option<Arc<Error>>,
    pub(super) is_final: bool,
}

impl JobProgress {
    /// The id of the job. Where one job follows another, as the video of an agent
    /// session does, that of the one that is read now.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The noun of the kind of job, for example `video`.
    pub fn job(&self) -> &'static str {
        self.job
    }

    /// The state as the API names it, for example `processing`. None before one
    /// was read, and for jobs without one.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// The progress in percent, if the API reports it.
    pub fn percent(&self) -> Option<u8> {
        self.percent
    }

    /// How long the job has been waited for.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The body of the last response that has the state; empty before one. Where
    /// the states of several jobs are read at once, it has those of all of them.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The error of a read that failed, after which the wait continues. The other
    /// facts are those of the read before.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_deref()
    }

    /// Whether the wait ends with this: the job is finished, has failed, or needs
    /// the user.
    pub fn is_final(&self) -> bool {
        self.is_final
    }
}

impl fmt::Display for JobProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.as_deref().unwrap_or("no state yet");
        let (id, state) = (OneLine(&self.id, MAX_TEXT), OneLine(state, MAX_TEXT));
        write!(f, "{} {id}: {state}", self.job)?;
        if let Some(percent) = self.percent {
            write!(f, ", {percent} %")?;
        }
        if !f.alternate() {
            write!(f, ", after {} s", self.elapsed.as_secs())?;
        }
        match &self.error {
            Some(error) => write!(f, "; a read failed: {error}"),
            None => Ok(()),
        }
    }
}
