//! What happens as time passes: jobs go on and end, their events are delivered,
//! and what follows them starts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::batches::Batches;
use crate::clock::{Clock, iso};
use crate::files::Files;
use crate::jobs::{Callback, Ending, Jobs, Key, Phase, Play};
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::shared::{Shared, lock};
use crate::state::{Call, State, World};
use crate::table::Collection;
use crate::uploads::Uploads;
use crate::webhooks::{Endpoint, Event, Webhooks};

/// The collections whose objects have a meaning for the mock.
pub(crate) const ENDPOINTS: &str = "/v3/webhooks/endpoints";
const EVENTS: &str = "/v3/webhooks/events";
pub(crate) const ASSETS: &str = "/v3/assets";

/// All that changes with time.
#[derive(Debug)]
pub(crate) struct Playing {
    pub(crate) clock: Clock,
    pub(crate) files: Files,
    pub(crate) uploads: Uploads,
    pub(crate) jobs: Jobs,
    pub(crate) webhooks: Webhooks,
    pub(crate) batches: Batches,
    collections: HashMap<&'static str, &'static Collection>,
    /// Held while ends are handled, so that nobody sees one that is half handled.
    settling: Mutex<()>,
}

impl Playing {
    pub(crate) fn new(
        clock: Clock,
        files: Files,
        collections: impl Iterator<Item = &'static Collection>,
    ) -> Self {
        Self {
            clock,
            files,
            uploads: Uploads::default(),
            jobs: Jobs::default(),
            webhooks: Webhooks::default(),
            batches: Batches::default(),
            collections: collections
                .map(|collection| (collection.path, collection))
                .collect(),
            settling: Mutex::default(),
        }
    }

    /// Replaces the links of a response body by new ones; `None` if it has none.
    pub(crate) fn issue_links(&self, body: &[u8]) -> Option<Vec<u8>> {
        self.files.issue_links(&self.clock, body)
    }

    pub(crate) fn collection(&self, path: &str) -> Option<&'static Collection> {
        self.collections.get(path).copied()
    }

    /// Forgets what was created, uploaded and delivered, and what tests have said.
    pub(crate) fn reset(&self) {
        self.files.reset();
        self.uploads.reset();
        self.jobs.reset();
        self.webhooks.reset();
        self.batches.reset();
    }

    /// The job of an object.
    pub(crate) fn play(&self, collection: &'static Collection, id: &str) -> Option<Play> {
        self.jobs
            .get(&(collection.path, id.to_owned()), collection.job?)
    }

    /// Starts the job of an object, as the request of its create says.
    pub(crate) fn start(
        &self,
        collection: &'static Collection,
        id: &str,
        request: &RecordedRequest,
    ) {
        if let Some(job) = collection.job {
            let key = (collection.path, id.to_owned());
            self.jobs
                .start(key, job, self.clock.now(), callback(request));
        }
    }

    /// Handles the jobs that have ended: events are queued, and the jobs that
    /// follow are started.
    pub(crate) fn settle(&self, state: &State) {
        let _one_at_a_time = lock(&self.settling);
        loop {
            let ended = self.jobs.ended(self.clock.now());
            if ended.is_empty() {
                return;
            }
            for (key, play) in &ended {
                self.end(state, key, play);
            }
        }
    }

    fn end(&self, state: &State, (path, id): &Key, play: &Play) {
        let Some(collection) = self.collection(path) else {
            return;
        };
        let mut object = state.object(collection, id);
        let now = self.clock.now();
        play.show(now, &mut object);
        if play.plan.ending == Ending::Success
            && let Some((next, field)) = play.job.then
            && let Some(job) = next.job
            && let Some(next_id) = object[field].as_str()
        {
            state.insert(next, next_id);
            let key = (next.path, next_id.to_owned());
            let end = play.started + play.plan.takes;
            self.jobs.start(key, job, end, Callback::default());
        }
        if let Some(links) = self.issue_links(object.to_string().as_bytes()) {
            object = serde_json::from_slice(&links).unwrap_or(object);
        }
        let Some((name, data, is_registered)) = Event::of(path, id, play, &object) else {
            return;
        };
        let event = Event {
            id: self.webhooks.new_event_id(),
            name,
            data,
            created_at: iso(self.clock.unix()),
        };
        let endpoints = if is_registered {
            self.endpoints(state)
        } else {
            Vec::new()
        };
        if is_registered && let Some(events) = self.collection(EVENTS) {
            state.put(events, &event.id, event.to_json());
        }
        self.webhooks
            .queue(&event, id, &endpoints, play.callback.url.as_deref());
        self.jobs.changed.notify_one();
    }

    fn endpoints(&self, state: &State) -> Vec<Endpoint> {
        let collection = self.collection(ENDPOINTS);
        let objects = collection.map(|collection| state.objects(collection));
        let endpoint = |object: Value| Endpoint {
            id: object["endpoint_id"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            url: object["url"].as_str().unwrap_or_default().to_owned(),
            events: object["events"]
                .as_array()
                .filter(|events| !events.is_empty())
                .map(|events| {
                    events
                        .iter()
                        .filter_map(|event| event.as_str().map(str::to_owned))
                        .collect()
                }),
            enabled: object["status"] != "disabled",
        };
        objects.into_iter().flatten().map(endpoint).collect()
    }
}

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

    fn show(&self, collection: &'static Collection, id: &str, object: &mut Value) -> bool {
        let now = self.clock.now();
        if let Some(play) = self.play(collection, id) {
            if play.phase(now) == Phase::Hidden {
                return false;
            }
            play.show(now, object);
            if let Some(date) = object.get_mut("completed_at") {
                let end = self.clock.unix_at(play.started + play.plan.takes);
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
        Some((word, reason(&play, phase)))
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

/// The error of a job that has failed, as lists of states have it.
pub(crate) fn reason(play: &Play, phase: Phase) -> Value {
    match play.plan.reason(phase) {
        Some((code, message)) => json!({"code": code, "message": message}),
        None => Value::Null,
    }
}

/// Where the event of a job is to be delivered.
pub(crate) fn callback(request: &RecordedRequest) -> Callback {
    let body = request.json().unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    Callback {
        url: text("callback_url"),
        id: text("callback_id"),
    }
}

/// Handles ends as the clock reaches them, and delivers events, until the server
/// stops.
pub(crate) async fn run(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut deliveries = JoinSet::new();
    loop {
        let playing = &shared.playing;
        playing.settle(&shared.state);
        for number in playing.webhooks.take_queued() {
            let shared = Arc::clone(&shared);
            deliveries.spawn(async move { shared.playing.webhooks.deliver(number).await });
        }
        let next_end = async {
            match playing.jobs.next_end() {
                Some(end) => playing.clock.sleep_until(end).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = playing.jobs.changed.notified() => {}
            () = next_end => {}
            Some(_) = deliveries.join_next() => {}
        }
    }
}
