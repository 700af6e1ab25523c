//! The static data of a kind of job: which operation reads it, and what its
//! states mean.

use std::time::Duration;

use serde_json::Value;

use super::path;
use crate::error::job::Ended;
use crate::operation::Operation;

/// Deadline of a wait for a kind of job that declares none: 30 minutes.
const DEADLINE: Duration = Duration::from_secs(30 * 60);

/// A kind of job: work that the API does in the background, and whose state is
/// read until it is final.
///
/// Built by const setters, so that the kinds are static data. Paths are dotted,
/// from `data` of the response on: `status`, `avatar_item.id`. States that are
/// not listed mean that the job goes on.
///
/// ```
/// use heygen_core::{Operation, wait::{Job, Statuses}};
///
/// static GET_VIDEO: Operation = Operation::new("getVideo", "GET", "/v3/videos/{video_id}");
/// static STATUSES: Operation = Operation::new("statuses", "GET", "/v3/videos/statuses");
/// static VIDEO: Job = Job::new("video", &GET_VIDEO)
///     .state("status")
///     .success(&["completed"])
///     .failure(&["failed"])
///     .result(&["video_url"])
///     .reason("failure_code", "failure_message")
///     .deadline_secs(1800)
///     .statuses(Statuses::new(&STATUSES, "video_ids", "video_id", "status"));
/// assert_eq!(VIDEO.name(), "video");
/// ```
#[derive(Debug)]
pub struct Job {
    pub(crate) name: &'static str,
    /// The operation that reads the job, by its id, the only argument of its
    /// path.
    pub(crate) read: &'static Operation,
    pub(crate) state: Option<&'static str>,
    pub(crate) success: &'static [&'static str],
    pub(crate) failure: &'static [&'static str],
    pub(crate) cancelled: &'static [&'static str],
    pub(crate) deleted: &'static [&'static str],
    pub(crate) attention: &'static [&'static str],
    pub(crate) ready_set: &'static [&'static str],
    pub(crate) ready_positive: &'static [&'static str],
    pub(crate) result: &'static [&'static str],
    pub(crate) code: Option<&'static str>,
    pub(crate) message: Option<&'static str>,
    pub(crate) progress: Option<&'static str>,
    pub(crate) deadline: Duration,
    pub(crate) statuses: Option<Statuses>,
    pub(crate) then: Option<Then>,
}

/// The operation that reads the states of several jobs of a kind, at most 100.
#[derive(Clone, Copy, Debug)]
pub struct Statuses {
    pub(crate) operation: &'static Operation,
    /// The query parameter of the ids, separated by commas.
    pub(crate) query: &'static str,
    /// The path of the id in an entry of the response.
    pub(crate) id: &'static str,
    /// The path of the state in an entry.
    pub(crate) state: &'static str,
    /// The states of an id that is not known.
    pub(crate) missing: &'static [&'static str],
}

impl Statuses {
    /// A read of several states: its operation, the query parameter that takes
    /// the ids, separated by commas, and the paths of id and state in an item of
    /// the array `data` of the response.
    pub const fn new(
        operation: &'static Operation,
        query: &'static str,
        id: &'static str,
        state: &'static str,
    ) -> Self {
        Self {
            operation,
            query,
            id,
            state,
            missing: &["not_found"],
        }
    }

    /// Sets the states of an id that is not known, instead of `not_found`.
    #[must_use]
    pub const fn missing(mut self, states: &'static [&'static str]) -> Self {
        self.missing = states;
        self
    }
}

/// The job that follows another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Then {
    pub(crate) job: &'static Job,
    /// The path of its id in the job before.
    pub(crate) id: &'static str,
}

impl Job {
    /// A kind of job: its noun for messages, and the operation that reads it by
    /// its id, which is the only argument of its path.
    pub const fn new(name: &'static str, read: &'static Operation) -> Self {
        Self {
            name,
            read,
            state: None,
            success: &[],
            failure: &[],
            cancelled: &[],
            deleted: &[],
            attention: &[],
            ready_set: &[],
            ready_positive: &[],
            result: &[],
            code: None,
            message: None,
            progress: None,
            deadline: DEADLINE,
            statuses: None,
            then: None,
        }
    }

    /// The noun, for example `video`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The operation that reads the job.
    pub const fn read(&self) -> &'static Operation {
        self.read
    }

    /// How long a wait lasts unless it sets another deadline.
    pub const fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Sets the path of the state. Left out where only [`statuses`](Self::statuses)
    /// or [`ready`](Self::ready) show it.
    #[must_use]
    pub const fn state(mut self, path: &'static str) -> Self {
        self.state = Some(path);
        self
    }

    /// Sets the states of a job that has succeeded.
    #[must_use]
    pub const fn success(mut self, states: &'static [&'static str]) -> Self {
        self.success = states;
        self
    }

    /// Sets the states of a job that has failed.
    #[must_use]
    pub const fn failure(mut self, states: &'static [&'static str]) -> Self {
        self.failure = states;
        self
    }

    /// Sets the states of a job that was cancelled.
    #[must_use]
    pub const fn cancelled(mut self, states: &'static [&'static str]) -> Self {
        self.cancelled = states;
        self
    }

    /// Sets the states of a job that was deleted.
    #[must_use]
    pub const fn deleted(mut self, states: &'static [&'static str]) -> Self {
        self.deleted = states;
        self
    }

    /// Sets the states of a job that needs the user, which end a wait with
    /// [`Outcome::ActionRequired`](super::Outcome::ActionRequired).
    #[must_use]
    pub const fn attention(mut self, states: &'static [&'static str]) -> Self {
        self.attention = states;
        self
    }

    /// Sets the fields by which a job is ready: those that are then not null, and
    /// those that are then numbers above zero. Where the job has a state, too, it
    /// has to be one of success.
    #[must_use]
    pub const fn ready(
        mut self,
        set: &'static [&'static str],
        positive: &'static [&'static str],
    ) -> Self {
        self.ready_set = set;
        self.ready_positive = positive;
        self
    }

    /// Sets the fields of the result, such as links, of which a job has at least
    /// one: a translation has a video or only its sound. Where all of them are
    /// null or empty, a job that has succeeded is read again, for about a minute.
    #[must_use]
    pub const fn result(mut self, paths: &'static [&'static str]) -> Self {
        self.result = paths;
        self
    }

    /// Sets the paths of code and message of a failure; empty is no path. Where
    /// only `statuses` has the state, they are paths of its entry.
    #[must_use]
    pub const fn reason(mut self, code: &'static str, message: &'static str) -> Self {
        self.code = some_path(code);
        self.message = some_path(message);
        self
    }

    /// Sets the path of the progress in percent.
    #[must_use]
    pub const fn progress(mut self, path: &'static str) -> Self {
        self.progress = Some(path);
        self
    }

    /// Sets how long a wait lasts unless it sets another deadline, in seconds.
    #[must_use]
    pub const fn deadline_secs(mut self, seconds: u64) -> Self {
        self.deadline = Duration::from_secs(seconds);
        self
    }

    /// Sets the operation that reads several states at once.
    #[must_use]
    pub const fn statuses(mut self, statuses: Statuses) -> Self {
        self.statuses = Some(statuses);
        self
    }

    /// Sets the job that follows: a wait ends when the job has its id and this
    /// other job is final.
    #[must_use]
    pub const fn then(mut self, job: &'static Job, id: &'static str) -> Self {
        self.then = Some(Then { job, id });
        self
    }
}

/// What a state means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    GoOn,
    Success,
    Action,
    Ended(Ended),
}

impl Job {
    /// Whether fields show that the job is ready.
    pub(super) const fn has_readiness(&self) -> bool {
        !(self.ready_set.is_empty() && self.ready_positive.is_empty())
    }

    pub(super) fn is_success(&self, state: &str) -> bool {
        is_in(self.success, state)
    }

    /// What a state means, alone.
    pub(super) fn meaning(&self, state: &str) -> Verdict {
        if self.is_success(state) {
            Verdict::Success
        } else if is_in(self.failure, state) {
            Verdict::Ended(Ended::Failed)
        } else if is_in(self.cancelled, state) {
            Verdict::Ended(Ended::Cancelled)
        } else if is_in(self.deleted, state) {
            Verdict::Ended(Ended::Deleted)
        } else if is_in(self.attention, state) {
            Verdict::Action
        } else {
            Verdict::GoOn
        }
    }

    /// What a job's state and fields mean.
    pub(super) fn judge(&self, state: Option<&str>, data: &Value) -> Verdict {
        let verdict = state.map(|state| self.meaning(state));
        match verdict {
            None | Some(Verdict::Success) if self.has_readiness() => {
                let is_set = self.ready_set.iter().all(|path| path::is_set(data, path));
                let mut positive = self.ready_positive.iter();
                if is_set && positive.all(|path| path::is_positive(data, path)) {
                    Verdict::Success
                } else {
                    Verdict::GoOn
                }
            }
            Some(verdict) => verdict,
            None => Verdict::GoOn,
        }
    }

    /// Whether a read of several states does not know the id.
    pub(super) fn is_missing(&self, state: &str) -> bool {
        self.statuses
            .is_some_and(|statuses| is_in(statuses.missing, state))
    }

    /// Whether the result of a job that has succeeded is there.
    pub(super) fn has_result(&self, data: &Value) -> bool {
        let mut paths = self.result.iter();
        self.result.is_empty() || paths.any(|path| path::is_set(data, path))
    }
}

fn is_in(words: &[&str], state: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(state))
}

const fn some_path(path: &'static str) -> Option<&'static str> {
    if path.is_empty() { None } else { Some(path) }
}
