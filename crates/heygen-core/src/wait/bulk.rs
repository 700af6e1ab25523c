//! Reads of the states of several jobs at once, for all waits of a kind in one
//! client.

use std::collections::{HashMap, HashSet};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tracing::Instrument as _;

use super::path;
use super::read::{self, is_transient};
use super::registry::{Delivery, Entry, Group};
use crate::client::Client;
use crate::error::Error;
use crate::retry::retry_after::retry_after;

/// How long a round collects what is due.
const COLLECT: Duration = Duration::from_millis(20);

/// Longer ids are read alone: a hundred of them would be a long address.
const MAX_ID_LENGTH: usize = 64;

/// A batch that has had no response for so long belongs to a runtime that
/// stands still.
const LOST: Duration = Duration::from_secs(90);

/// How often a read is begun again after its runtime has ended.
const MAX_LOST: u32 = 3;

/// Whether an id is one of several in a query, where commas separate them.
pub(super) fn is_listable(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:~".contains(&byte);
    id.len() <= MAX_ID_LENGTH && id.bytes().all(is_plain)
}

impl Group {
    /// Waits for the next read of a state, which is due at this time, or may be
    /// made earlier together with others.
    pub(super) async fn next(
        self: &Arc<Self>,
        client: &Client,
        id: &Arc<str>,
        mut due: Instant,
        earliest: Instant,
    ) -> Delivery {
        let mut lost = 0;
        while lost < MAX_LOST {
            let (_queued, mut slot) = self.enqueue(id, due, earliest);
            if let First::Slot(delivery) = first(&mut slot, sleep_until(due)).await {
                match delivery {
                    Ok(delivery) => return delivery,
                    Err(_) => lost += 1,
                }
                continue;
            }
            if self.has_failed() {
                return Delivery::Alone;
            }
            if let Some(until) = self.paused_until() {
                due = until;
                continue;
            }
            begin_round(self, client);
            match timeout(LOST, slot).await {
                Ok(Ok(delivery)) => return delivery,
                Ok(Err(_)) | Err(_) => lost += 1,
            }
        }
        Delivery::Alone
    }
}

enum First<T> {
    Slot(T),
    Due,
}

/// The first of two futures to complete.
async fn first<T>(slot: impl Future<Output = T>, due: impl Future<Output = ()>) -> First<T> {
    let (mut slot, mut due) = (pin!(slot), pin!(due));
    poll_fn(|context| {
        if let Poll::Ready(delivery) = slot.as_mut().poll(context) {
            return Poll::Ready(First::Slot(delivery));
        }
        due.as_mut().poll(context).map(|()| First::Due)
    })
    .await
}

/// Begins a round of reads, unless there is one. It is a task, so that it goes on
/// whichever of the waits is dropped or not polled.
fn begin_round(group: &Arc<Group>, client: &Client) {
    let Some(round) = group.begin_round() else {
        return;
    };
    let (group, client) = (Arc::clone(group), client.clone());
    let round = async move {
        sleep(COLLECT).await;
        for batch in round.collect() {
            let batch = read_batch(Arc::clone(&group), client.clone(), batch);
            tokio::spawn(batch.in_current_span());
        }
    };
    tokio::spawn(round.in_current_span());
}

/// Reads the states of a batch. Ends early when nobody waits for them.
async fn read_batch(group: Arc<Group>, client: Client, mut batch: Vec<Entry>) {
    if let [_] = &batch[..] {
        return deliver(batch, |_| Delivery::Alone);
    }
    let read = {
        let ids: HashSet<_> = batch.iter().map(|entry| Arc::clone(&entry.id)).collect();
        let mut read = pin!(read(&group, &client, ids));
        let mut abandoned = pin!(async {
            for entry in &mut batch {
                entry.slot.closed().await;
            }
        });
        let both = poll_fn(|context| match read.as_mut().poll(context) {
            Poll::Ready(read) => Poll::Ready(Some(read)),
            Poll::Pending => abandoned.as_mut().poll(context).map(|()| None),
        });
        both.await
    };
    match read {
        None => {}
        Some(Ok(Read {
            states,
            body,
            retry_after,
        })) => {
            group.record_success();
            deliver(batch, |id| match states.get(id) {
                Some(state) => Delivery::State {
                    state: state.clone(),
                    body: body.clone(),
                    retry_after,
                },
                None => Delivery::Alone,
            });
        }
        Some(Err(error)) if is_transient(&error) => {
            if let Some(wait) = error.retry_after() {
                group.pause(wait);
            }
            let error = Arc::new(error);
            deliver(batch, |_| Delivery::Failed(Arc::clone(&error)));
        }
        Some(Err(error)) => {
            group.record_failure();
            tracing::debug!(
                operation = group.statuses.operation.id,
                kind = error.kind().as_str(),
                "the states of several jobs could not be read; each is read alone"
            );
            deliver(batch, |_| Delivery::Alone);
        }
    }
}

fn deliver(batch: Vec<Entry>, delivery: impl Fn(&str) -> Delivery) {
    for Entry { id, slot, .. } in batch {
        // Whoever waited may be gone.
        let _ = slot.send(delivery(&id));
    }
}

struct Read {
    states: HashMap<String, Option<String>>,
    body: Bytes,
    retry_after: Option<Duration>,
}

async fn read(group: &Group, client: &Client, ids: HashSet<Arc<str>>) -> Result<Read, Error> {
    let _turn = client.0.waits.turn().await;
    let statuses = group.statuses;
    let ids = ids.iter().map(|id| &**id).collect::<Vec<_>>().join(",");
    let raw = read::statuses(client, statuses, &ids).await?;
    let entries = read::entries(&raw)?;
    let states = entries.iter().filter_map(|entry| {
        let id = path::word(entry, statuses.id)?;
        Some((id, path::word(entry, statuses.state)))
    });
    Ok(Read {
        states: states.collect(),
        retry_after: retry_after(&raw.success.headers),
        body: raw.success.body,
    })
}
