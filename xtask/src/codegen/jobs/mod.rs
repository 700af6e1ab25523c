//! Jobs: work that goes on after the response that started it. The overlay
//! describes each kind by `x-job` on the operation that reads it, with paths of
//! properties below `data` of its response:
//!
//! ```yaml
//! x-job:
//!   name: video                    # the noun of messages
//!   state: status                  # left out where `statuses` or `ready` say it
//!   success: [completed]           # words of the state; with any other the job goes on
//!   failure: [failed]              # likewise `cancelled` and `deleted`
//!   attention: [waiting_for_input] # ends the wait with an outcome of its own
//!   ready: {set: [preview_image_url], positive: [image_width]}
//!   result: [video_url]            # one of them is set once the job succeeded, at times later
//!   code: failure_code             # the reason of a failure, of `statuses` without a `state`
//!   message: failure_message
//!   progress: progress             # percent
//!   deadline: 1800                 # seconds
//!   statuses: {operation: bulkVideoStatuses, query: video_ids, id: video_id, state: status,
//!              missing: [not_found]}
//!   created: {createVideo: video_id, translateVideo: 'translation_ids[]'}
//!   then: {operation: getVideo, id: video_id} # the job that goes on once its id is there
//! ```

mod check;
pub(super) mod path;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use openapi_prep::{
    Error,
    api::{Api, Operation},
};
use serde::Deserialize;

/// The overlay's mark of an operation that reads a job.
pub(super) const JOB: &str = "x-job";

/// What the overlay says of a kind of job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hint {
    /// The noun of messages.
    pub(super) name: String,
    /// Path of the state.
    pub(super) state: Option<String>,
    /// States of a job that succeeded.
    #[serde(default)]
    pub(super) success: Vec<String>,
    /// States of a job that failed.
    #[serde(default)]
    pub(super) failure: Vec<String>,
    /// States of a job that was cancelled.
    #[serde(default)]
    pub(super) cancelled: Vec<String>,
    /// States of a job that was deleted.
    #[serde(default)]
    pub(super) deleted: Vec<String>,
    /// States that end a wait with an outcome of its own.
    #[serde(default)]
    pub(super) attention: Vec<String>,
    /// What else is there once the job succeeded.
    #[serde(default)]
    pub(super) ready: Ready,
    /// Paths of which one is set once the job succeeded, at times later.
    #[serde(default)]
    pub(super) result: Vec<String>,
    /// Path of the code of a failure; where only `statuses` have a state, in these.
    pub(super) code: Option<String>,
    /// Path of the message of a failure.
    pub(super) message: Option<String>,
    /// Path of the progress in percent.
    pub(super) progress: Option<String>,
    /// The default deadline of a wait, in seconds.
    pub(super) deadline: u64,
    /// The operation that reads the states of many.
    pub(super) statuses: Option<Statuses>,
    /// Paths of the ids in the responses of operations that start a job, by the
    /// ids of these operations.
    #[serde(default)]
    pub(super) created: BTreeMap<String, String>,
    /// The job that goes on after this one.
    pub(super) then: Option<Then>,
}

/// Fields that say that a job succeeded, beside its state or in place of one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Ready {
    /// Paths that are set.
    pub(super) set: Vec<String>,
    /// Paths of numbers above zero.
    pub(super) positive: Vec<String>,
}

/// The operation that reads the states of many jobs, and paths in its items.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statuses {
    /// The operation's id.
    pub(super) operation: String,
    /// The query parameter that takes ids, separated by commas.
    pub(super) query: String,
    /// Path of the id.
    pub(super) id: String,
    /// Path of the state.
    pub(super) state: String,
    /// States of an id that is unknown.
    #[serde(default)]
    pub(super) missing: Vec<String>,
}

/// The job that goes on after another one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Then {
    /// The id of the operation that reads it.
    pub(super) operation: String,
    /// Path of its id.
    pub(super) id: String,
}

/// A kind of job, whose hint fits the document.
#[derive(Debug)]
pub(super) struct Job<'a> {
    /// The operation that reads it.
    pub(super) operation: &'a Operation,
    pub(super) hint: Hint,
    /// The operations that start one, in the order of the document.
    pub(super) created: Vec<Created<'a>>,
    /// The operation that reads the states of many.
    pub(super) statuses: Option<&'a Operation>,
    /// The operation that reads the job after it.
    pub(super) then: Option<&'a Operation>,
}

/// An operation that starts jobs.
#[derive(Debug)]
pub(super) struct Created<'a> {
    pub(super) operation: &'a Operation,
    /// The type of the data of its response.
    pub(super) response: String,
    /// Path of the id in that data, or of a list of ids.
    pub(super) id: String,
    /// Whether it starts several jobs, one for each id of a list.
    pub(super) several: bool,
}

impl Job<'_> {
    /// The name of its static in Rust: `VIDEO_BATCH`.
    pub(super) fn constant(&self) -> String {
        heck::AsShoutySnakeCase(&self.hint.name).to_string()
    }
}

/// The kinds of jobs of a document, in the order of their reads.
///
/// # Errors
///
/// Where a hint is malformed, or names what the document does not have.
pub(super) fn read(api: &Api) -> Result<Vec<Job<'_>>, Error> {
    let mut jobs = Vec::new();
    for operation in &api.operations {
        if let Some(mark) = operation.extensions.get(JOB) {
            let job = check::job(api, operation, mark);
            jobs.push(job.map_err(|e| e.at(format!("{}/{JOB}", operation.pointer)))?);
        }
    }
    check::together(&jobs)?;
    Ok(jobs)
}
