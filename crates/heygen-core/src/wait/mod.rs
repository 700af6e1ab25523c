//! Waits for jobs: work that the API does in the background, and whose state is
//! read until it is final.

#[expect(dead_code, reason = "read by the engine of waits")]
mod job;
mod outcome;

pub use self::job::{Job, Statuses};
pub use self::outcome::{Created, Ending, Finished, JobOutput, JobResults, Outcome};
