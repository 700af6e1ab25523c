//! What the operations of the API see of the jobs, batches and uploads that are
//! played.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::clock::iso;
use crate::jobs::{Callback, Ending, Phase};
use crate::playing::{ASSETS, Playing};
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::state::{Call, State, World};
use crate::table::Collection;

impl World for Arc<Playing> {
    fn unix(&self) -> u64 {
        self.clock.unix()
    }

    fn created(&self, collection: &'static Collection, id: &str, request: &RecordedRequest) {
        // A slot is not an upload, and a file in a form is an asset at once.
        let is_file = collection.path == ASSETS;
        let is_complete =
            request.path.ends_with("/complete") && self.play(collection, id).is_none();
        if !is_file || is_complete {
            self.start(collection, id, request);
        }
    }

    fn goes_on(&self, state: &State, collection: &'static Collection, id: &str, object: &Value) {
        self.start_example(state, collection, id, object);
    }

    fn show(&self, collection: &'static Collection, id: &str, object: &mut Value) -> bool {
        let now = self.clock.now();
        if let Some(play) = self.play(collection, id) {
            if play.phase(now) == Phase::Hidden {
                return false;
            }
            play.show(now, object);
            if let Some(date) = object.get_mut("completed_at") {
                let end = self
                    .clock
                    .unix_at(play.started.saturating_add(play.plan.takes));
                *date = match date {
                    _ if play.phase(now) != Phase::Ended => Value::Null,
                    Value::String(_) => json!(iso(end)),
                    _ => json!(end),
                };
            }
        }
        if collection.path.ends_with("/batches") {
            self.show_batch(id, object);
        }
        true
    }

    fn word(&self, collection: &'static Collection, id: &str) -> Option<(&'static str, Value)> {
        let now = self.clock.now();
        let Some(play) = self.play(collection, id) else {
            let is_slot = collection.path == ASSETS && self.uploads.is_waiting(id);
            return is_slot.then_some(("pending_upload", Value::Null));
        };
        let phase = play.phase(now);
        let word = match phase {
            // An item of a batch whose turn has not come, and a job that cannot be
            // read yet.
            Phase::Hidden if now < play.started => "queued",
            Phase::Hidden => "not_found",
            _ => play.word(now),
        };
        Some((word, play.error(phase)))
    }

    fn deleted(&self, collection: &'static Collection, id: &str) -> bool {
        let key = (collection.path, id.to_owned());
        self.jobs.forget(&key);
        let Some(job) = collection.job.filter(|job| !job.deleted.is_empty()) else {
            return false;
        };
        self.jobs
            .start_with(key, job, self.clock.now(), Callback::default(), |plan| {
                plan.ending = Ending::Deleted;
                plan.takes = Duration::ZERO;
            });
        true
    }

    fn batch_items(&self, batch_id: &str) -> Vec<String> {
        self.batches.items(batch_id)
    }

    fn is_listed(&self, collection: &'static Collection, id: &str) -> bool {
        let play = self.play(collection, id);
        let ended = play.filter(|play| play.phase(self.clock.now()) == Phase::Ended);
        ended.is_none_or(|play| play.plan.ending != Ending::Deleted)
    }

    fn refuse(&self, call: &Call<'_>) -> Option<MockResponse> {
        is_vendors(call).then(|| self.refuse_now(call)).flatten()
    }

    fn finish(&self, state: &State, call: &Call<'_>, body: &mut Value) {
        if is_vendors(call) {
            self.follow(state, call, body);
        }
    }
}

/// Whether an operation is one of the API, not of a table that a user added and
/// that may have an operation of the same name.
fn is_vendors(call: &Call<'_>) -> bool {
    call.operation.path.starts_with("/v3/")
}
