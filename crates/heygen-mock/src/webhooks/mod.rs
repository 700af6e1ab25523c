//! Webhooks: the events of jobs, delivered to registered endpoints and to the
//! `callback_url` of a job.

mod client;
mod event;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::sync::Semaphore;

use crate::bounded::Bounded;
use crate::hash::hmac_hex;
use crate::lock::lock;

pub(crate) use event::Event;

/// Pauses before an event is delivered again, in real time.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1600),
];

/// How many deliveries are kept, unless more are still to be made.
const KEPT: usize = 1024;

/// How many deliveries are sent at once: each has a connection, and a process may
/// not have many.
const AT_ONCE: usize = 256;

/// The events that were delivered, or were to be.
#[derive(Debug)]
pub(crate) struct Webhooks {
    /// What is not shown where endpoints are read, by their ids.
    hidden: Mutex<Bounded<String, Hidden>>,
    deliveries: Mutex<Deliveries>,
    /// The numbers of the deliveries that are to be made.
    outbox: Mutex<Vec<u64>>,
    numbers: AtomicU64,
    sending: Semaphore,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            hidden: Mutex::default(),
            deliveries: Mutex::default(),
            outbox: Mutex::default(),
            numbers: AtomicU64::default(),
            sending: Semaphore::new(AT_ONCE),
        }
    }
}

/// Deliveries by their numbers.
#[derive(Debug, Default)]
struct Deliveries {
    /// Those that are to be made or retried: none of them is ever dropped.
    open: BTreeMap<u64, Delivery>,
    /// The latest of those that were made or given up.
    finished: BTreeMap<u64, Delivery>,
}

impl Deliveries {
    fn finish(&mut self, number: u64) {
        if let Some(delivery) = self.open.remove(&number) {
            self.finished.insert(number, delivery);
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        while self.open.len() + self.finished.len() > KEPT && self.finished.pop_first().is_some() {}
    }
}

/// What an endpoint has and does not show.
#[derive(Clone, Debug, Default)]
struct Hidden {
    secret: String,
    /// The one object whose events it gets; `None` for all.
    entity_id: Option<String>,
}

/// An event on its way to one URL.
#[derive(Clone, Debug)]
pub struct Delivery {
    url: String,
    event_id: String,
    event_type: String,
    body: Bytes,
    secret: Option<String>,
    attempts: usize,
    status: Option<u16>,
    problem: Option<String>,
}

impl Delivery {
    /// Where the event goes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of the event, the same for each URL and each attempt.
    pub fn event_id(&self) -> &str {
        &self.event_id
    }

    /// What has happened: `avatar_video.success`.
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// The body, as it is sent.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether it is signed: those to registered endpoints are, those to the
    /// `callback_url` of a job are not.
    pub fn is_signed(&self) -> bool {
        self.secret.is_some()
    }

    /// How often it was sent.
    pub fn attempts(&self) -> usize {
        self.attempts
    }

    /// The status of the last response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Whether the receiver has accepted it, with a status of 200 to 299.
    pub fn is_delivered(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }

    /// Why it did not arrive: the connection failed, or the URL is not one of this
    /// computer, to which alone the mock sends.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}

/// An endpoint as the API shows it.
#[derive(Debug, Default)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) url: String,
    /// The types it gets; `None` for all.
    pub(crate) events: Option<Vec<String>>,
    pub(crate) enabled: bool,
}

impl Webhooks {
    /// An endpoint was created that gets the events of one object, or of all.
    /// Returns its secret.
    pub(crate) fn register(&self, endpoint_id: &str, entity_id: Option<&str>) -> String {
        let hidden = Hidden {
            entity_id: entity_id.map(str::to_owned),
            ..Hidden::default()
        };
        lock(&self.hidden).insert(endpoint_id.to_owned(), hidden);
        self.new_secret(endpoint_id)
    }

    /// A new secret for an endpoint.
    pub(crate) fn new_secret(&self, endpoint_id: &str) -> String {
        let number = self.next_number();
        let secret = format!(
            "whsec_{}",
            &hmac_hex("mock", format!("{endpoint_id} {number}").as_bytes())[..32]
        );
        let mut endpoints = lock(&self.hidden);
        let mut hidden = endpoints.remove(endpoint_id).unwrap_or_default();
        hidden.secret.clone_from(&secret);
        endpoints.insert(endpoint_id.to_owned(), hidden);
        secret
    }

    pub(crate) fn new_event_id(&self) -> String {
        format!("evt_mock{}", self.next_number())
    }

    /// Queues the event of an object for the endpoints that want it, and for the URL of its job.
    pub(crate) fn queue(
        &self,
        event: &Event,
        object_id: &str,
        endpoints: &[Endpoint],
        callback_url: Option<&str>,
    ) {
        let body = Bytes::from(event.to_json().to_string());
        let known = lock(&self.hidden);
        // An endpoint that no create of this mock has made has no secret.
        let signed = endpoints.iter().filter_map(|endpoint| {
            let hidden = known.get(&endpoint.id)?;
            let types = endpoint.events.as_ref();
            let is_wanted = endpoint.enabled
                && types.is_none_or(|types| types.contains(&event.name))
                && hidden.entity_id.as_ref().is_none_or(|id| id == object_id);
            is_wanted.then(|| (endpoint.url.clone(), Some(hidden.secret.clone())))
        });
        let unsigned = callback_url.map(|url| (url.to_owned(), None));
        let mut deliveries = lock(&self.deliveries);
        for (url, secret) in signed.chain(unsigned) {
            let number = self.next_number();
            let delivery = Delivery {
                url,
                event_id: event.id.clone(),
                event_type: event.name.clone(),
                body: body.clone(),
                secret,
                attempts: 0,
                status: None,
                problem: None,
            };
            deliveries.open.insert(number, delivery);
            lock(&self.outbox).push(number);
        }
        deliveries.drop_oldest();
    }

    /// Takes the deliveries that are to be made.
    pub(crate) fn take_queued(&self) -> Vec<u64> {
        std::mem::take(&mut *lock(&self.outbox))
    }

    /// Makes a delivery: until the receiver accepts it, a few times.
    pub(crate) async fn deliver(&self, number: u64) {
        let Some(delivery) = lock(&self.deliveries).open.get(&number).cloned() else {
            return;
        };
        for pause in PAUSES.into_iter().map(Some).chain([None]) {
            let sending = self.sending.acquire().await;
            let result = client::post(&delivery.url, &headers(&delivery), &delivery.body).await;
            drop(sending);
            let (attempts, status, problem) = match result {
                Ok(status) => (1, Some(status), None),
                Err(client::Problem::NotLocal(problem)) => (0, None, Some(problem)),
                Err(client::Problem::Failed(problem)) => (1, None, Some(problem)),
            };
            let done = attempts == 0 || status.is_some_and(|status| (200..300).contains(&status));
            if let Some(delivery) = lock(&self.deliveries).open.get_mut(&number) {
                delivery.attempts += attempts;
                delivery.status = status;
                delivery.problem = problem;
            }
            match pause {
                Some(pause) if !done => tokio::time::sleep(pause).await,
                _ => break,
            }
        }
        lock(&self.deliveries).finish(number);
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        let deliveries = lock(&self.deliveries);
        let all = deliveries.open.iter().chain(&deliveries.finished);
        let in_order: BTreeMap<_, _> = all.collect();
        in_order.into_values().cloned().collect()
    }

    pub(crate) fn reset(&self) {
        *lock(&self.deliveries) = Deliveries::default();
        lock(&self.outbox).clear();
    }

    fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }
}

/// The headers of a delivery. Its time is real, as receivers compare it with
/// theirs.
fn headers(delivery: &Delivery) -> Vec<(&'static str, String)> {
    let mut headers = vec![("content-type", "application/json".to_owned())];
    if let Some(secret) = &delivery.secret {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        headers.push(("heygen-signature", hmac_hex(secret, &delivery.body)));
        headers.push(("heygen-timestamp", now.as_secs().to_string()));
        headers.push(("heygen-event-id", delivery.event_id.clone()));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Queues events for a URL to which the mock does not send.
    fn queue(webhooks: &Webhooks, events: usize) -> Vec<u64> {
        for _ in 0..events {
            let event = Event {
                id: webhooks.new_event_id(),
                name: "avatar_video.success".to_owned(),
                data: serde_json::Value::Null,
                created_at: String::new(),
            };
            webhooks.queue(&event, "vid_1", &[], Some("https://example.com/"));
        }
        webhooks.take_queued()
    }

    #[tokio::test]
    async fn deliveries_are_forgotten_once_they_are_finished() {
        let webhooks = Webhooks::default();
        for number in queue(&webhooks, 100) {
            webhooks.deliver(number).await;
        }
        let burst = queue(&webhooks, KEPT + 50);
        let kept = webhooks.deliveries();
        let unsent = kept.iter().filter(|delivery| delivery.problem().is_none());
        assert_eq!((kept.len(), unsent.count()), (KEPT + 50, KEPT + 50));
        for number in burst {
            webhooks.deliver(number).await;
        }
        let kept = webhooks.deliveries();
        assert_eq!(kept.len(), KEPT);
        assert!(kept.iter().all(|delivery| delivery.problem().is_some()));
    }
}
