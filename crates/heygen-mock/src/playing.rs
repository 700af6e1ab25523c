//! What happens as time passes: jobs go on and end, their events are delivered,
//! and what follows them starts.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use crate::batches::Batches;
use crate::clock::{Clock, iso};
use crate::files::Files;
use crate::jobs::{Callback, Ending, Jobs, Key, Plan, Play};
use crate::lock::lock;
use crate::request_log::RecordedRequest;
use crate::state::State;
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

    /// Starts the job of an object that no request has started: one of the examples,
    /// if it is not final there, so that nobody waits for it forever.
    pub(crate) fn start_example(
        &self,
        state: &State,
        collection: &'static Collection,
        id: &str,
        object: &Value,
    ) {
        let Some(job) = collection.job.filter(|job| !job.is_final(object)) else {
            return;
        };
        // Of several first reads one starts it.
        let _one_at_a_time = lock(&self.settling);
        if self.play(collection, id).is_some() || self.uploads.is_waiting(id) {
            return;
        }
        if collection.path.ends_with("/batches") {
            let items = object["items"].as_array().map_or(0, Vec::len);
            let sent = json!({"items": vec![json!({}); items]});
            self.start_batch(state, collection, id, &sent);
            return;
        }
        let key = (collection.path, id.to_owned());
        // It was there already.
        let visible = |plan: &mut Plan| plan.hidden = Duration::ZERO;
        self.jobs
            .start_with(key, job, self.clock.now(), Callback::default(), visible);
    }

    /// Starts the job of an object, which fails at once.
    pub(crate) fn fail(
        &self,
        collection: &'static Collection,
        id: &str,
        (code, message): (&str, &str),
    ) {
        let Some(job) = collection.job else {
            return;
        };
        let key = (collection.path, id.to_owned());
        self.jobs
            .start_with(key, job, self.clock.now(), Callback::default(), |plan| {
                plan.ending = Ending::Failure(Some((code.to_owned(), message.to_owned())));
                plan.takes = Duration::ZERO;
            });
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
            let end = play.started.saturating_add(play.plan.takes);
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

/// Where the event of a job is to be delivered.
fn callback(request: &RecordedRequest) -> Callback {
    let body = request.json().unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    Callback {
        url: text("callback_url"),
        id: text("callback_id"),
    }
}
