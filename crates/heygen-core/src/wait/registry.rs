//! The waits of a client, by kind of job, so that reads of several states can
//! serve many of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};
use tokio::time::Instant;

use super::job::{Job, Statuses};
use crate::deadline::FOREVER;
use crate::error::Error;

/// How many polls of a client are in flight at once: thousands of waits need no
/// connection each.
const MAX_POLLS: usize = 32;

/// How many ids one read takes.
const MAX_IDS: usize = 100;

/// How many consecutive reads of several states may fail permanently. One may be
/// an id among the others.
const MAX_STRIKES: u8 = 2;

/// How long jobs are then read alone, before several are read again.
const READ_ALONE: Duration = Duration::from_secs(600);

/// A round that has begun so long ago belongs to a runtime that stands still.
const STALE: Duration = Duration::from_secs(1);

/// The waits of one client, shared by its clones.
#[derive(Debug)]
pub(crate) struct Waits {
    polls: Semaphore,
    groups: Mutex<Vec<Arc<Group>>>,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            polls: Semaphore::new(MAX_POLLS),
            groups: Mutex::default(),
        }
    }
}

impl Waits {
    /// Waits for a turn to poll, in order.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.polls.acquire().await.ok()
    }

    /// The waits of a kind, if the states of several can be read at once.
    pub(super) fn join(&self, job: &'static Job) -> Option<Arc<Group>> {
        let statuses = job.statuses?;
        let mut groups = lock(&self.groups);
        let known = groups.iter().find(|group| std::ptr::eq(group.job, job));
        let group = known.cloned().unwrap_or_else(|| {
            let group = Arc::new(Group {
                job,
                statuses,
                state: Mutex::default(),
            });
            groups.push(Arc::clone(&group));
            group
        });
        Some(group)
    }
}

/// The waits of one kind of job.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) job: &'static Job,
    pub(super) statuses: Statuses,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Those that wait for their next read, by the time it is due.
    queue: BTreeMap<(Instant, u64), Entry>,
    next_number: u64,
    /// When a round began to collect what is due.
    round: Option<Instant>,
    /// How many reads in a row failed permanently.
    strikes: u8,
    /// Until when jobs are read alone, after too many of them.
    alone_until: Option<Instant>,
    /// No read before this, as the server asked.
    paused_until: Option<Instant>,
}

/// A wait for the state of one id.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: Arc<str>,
    /// When it may be read, if others are read anyway.
    earliest: Instant,
    pub(super) slot: oneshot::Sender<Delivery>,
}

/// What a read of several states gives for one of them.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The state, and the body it was in.
    State {
        state: Option<String>,
        body: Bytes,
        retry_after: Option<Duration>,
    },
    /// The read failed; it may be repeated.
    Failed(Arc<Error>),
    /// It has to be read alone.
    Alone,
}

impl Group {
    /// Queues an id for its next read.
    pub(super) fn enqueue(
        self: &Arc<Self>,
        id: &Arc<str>,
        due: Instant,
        earliest: Instant,
    ) -> (Queued, oneshot::Receiver<Delivery>) {
        let (slot, receiver) = oneshot::channel();
        let entry = Entry {
            id: Arc::clone(id),
            earliest,
            slot,
        };
        let mut state = self.lock();
        let key = (due, state.next_number);
        state.next_number += 1;
        state.queue.insert(key, entry);
        let group = Arc::clone(self);
        (Queued { group, key }, receiver)
    }

    /// Whether reads of several states have failed permanently, not long ago.
    pub(super) fn has_failed(&self) -> bool {
        let until = self.lock().alone_until;
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Until when the server asked for no read.
    pub(super) fn paused_until(&self) -> Option<Instant> {
        let paused = self.lock().paused_until;
        paused.filter(|until| *until > Instant::now())
    }

    /// Begins a round, which collects what is due, unless there is one.
    pub(super) fn begin_round(self: &Arc<Self>) -> Option<Round> {
        let now = Instant::now();
        let mut state = self.lock();
        let is_running = |began: Instant| now.duration_since(began) < STALE;
        if state.round.is_some_and(is_running) {
            return None;
        }
        state.round = Some(now);
        Some(Round(Some(Arc::clone(self))))
    }

    /// Records a read that succeeded.
    pub(super) fn record_success(&self) {
        self.lock().strikes = 0;
    }

    /// Records a read that failed permanently.
    pub(super) fn record_failure(&self) {
        let mut state = self.lock();
        state.strikes = state.strikes.saturating_add(1);
        if state.strikes >= MAX_STRIKES {
            state.alone_until = Some(Instant::now() + READ_ALONE);
        }
    }

    /// Records that the server asked for no read for this long.
    pub(super) fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait.min(FOREVER);
        let mut state = self.lock();
        state.paused_until = state.paused_until.max(Some(until));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// An id in the queue of its group.
#[derive(Debug)]
pub(super) struct Queued {
    group: Arc<Group>,
    key: (Instant, u64),
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.group.lock().queue.remove(&self.key);
    }
}

/// A round of reads of a group, while it collects what is due. One that is
/// dropped before, because its runtime has ended, wakes whoever is due to begin
/// another.
#[derive(Debug)]
pub(super) struct Round(Option<Arc<Group>>);

impl Round {
    /// Everything that is due, in batches; the last is filled up with what may be
    /// read already. Ends the round.
    pub(super) fn collect(mut self) -> Vec<Vec<Entry>> {
        let Some(group) = self.0.take() else {
            return Vec::new();
        };
        let mut state = group.lock();
        // Not before: whoever was due by then counts on this round.
        let now = Instant::now();
        let mut batches: Vec<Vec<Entry>> = Vec::new();
        for entry in state.end_round(now).into_values() {
            match batches.last_mut() {
                Some(batch) if batch.len() < MAX_IDS => batch.push(entry),
                _ => batches.push(vec![entry]),
            }
        }
        if let Some(last) = batches.last_mut() {
            let soon = state.queue.iter();
            let soon = soon.filter(|(_, entry)| entry.earliest <= now);
            let keys: Vec<_> = soon
                .map(|(key, _)| *key)
                .take(MAX_IDS - last.len())
                .collect();
            last.extend(keys.iter().filter_map(|key| state.queue.remove(key)));
        }
        batches
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        if let Some(group) = &self.0 {
            // Their slots are dropped, which wakes them.
            let mut state = group.lock();
            let due = state.end_round(Instant::now());
            drop((state, due));
        }
    }
}

impl State {
    /// Ends the round and takes what is due out of the queue.
    fn end_round(&mut self, now: Instant) -> BTreeMap<(Instant, u64), Entry> {
        self.round = None;
        let later = self.queue.split_off(&(now, u64::MAX));
        std::mem::replace(&mut self.queue, later)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot::error::TryRecvError;

    use super::*;
    use crate::operation::Operation;

    static GET: Operation = Operation::new("get", "GET", "/v3/videos/{id}");
    static VIDEO: Job = Job::new("video", &GET).statuses(Statuses::new(&GET, "ids", "id", "s"));
    static ALONE: Job = Job::new("video", &GET);

    fn group() -> Arc<Group> {
        let waits = Waits::default();
        assert!(waits.join(&ALONE).is_none());
        let group = waits.join(&VIDEO).unwrap();
        assert!(Arc::ptr_eq(&group, &waits.join(&VIDEO).unwrap()));
        group
    }

    #[tokio::test(start_paused = true)]
    async fn round_takes_what_is_due_and_fills_up_with_what_is_due_soon() {
        let group = group();
        let now = Instant::now();
        let second = Duration::from_secs(1);
        let queue = |count: usize, due: Duration, earliest: Duration| -> Vec<_> {
            let ids = (0..count).map(|_| Arc::from("v"));
            ids.map(|id| group.enqueue(&id, now + due, now + earliest))
                .collect()
        };
        let sizes = || -> Vec<_> {
            let round = group.begin_round().unwrap();
            round.collect().iter().map(Vec::len).collect()
        };
        let _due = queue(130, second, Duration::ZERO);
        let soon = queue(90, 3 * second, second);
        let _late = queue(5, 3 * second, 2 * second);
        assert_eq!(sizes(), [0; 0]);
        tokio::time::advance(second).await;
        assert_eq!(sizes(), [100, 100]);
        assert_eq!(group.lock().queue.len(), 25);
        drop(soon);
        assert_eq!(group.lock().queue.len(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn permanent_failures_turn_reads_of_several_off_for_a_while() {
        let group = group();
        group.record_failure();
        assert!(!group.has_failed());
        group.record_failure();
        assert!(group.has_failed());
        tokio::time::advance(READ_ALONE).await;
        assert!(!group.has_failed());
        // One more is enough now.
        group.record_failure();
        assert!(group.has_failed());
        tokio::time::advance(READ_ALONE).await;
        group.record_success();
        group.record_failure();
        assert!(!group.has_failed());
    }

    #[tokio::test(start_paused = true)]
    async fn longest_pause_does_not_overflow() {
        let group = group();
        group.pause(Duration::MAX);
        assert!(group.paused_until().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn round_that_is_dropped_wakes_whoever_is_due() {
        let group = group();
        let now = Instant::now();
        let id = Arc::from("v");
        let (_due, mut due) = group.enqueue(&id, now, now);
        let (_late, mut late) = group.enqueue(&id, now + Duration::from_secs(1), now);
        let round = group.begin_round().unwrap();
        assert!(group.begin_round().is_none());
        drop(round);
        assert_eq!(due.try_recv().unwrap_err(), TryRecvError::Closed);
        assert_eq!(late.try_recv().unwrap_err(), TryRecvError::Empty);
        // One that stands still does not stop others.
        let _still = group.begin_round().unwrap();
        tokio::time::advance(STALE).await;
        assert!(group.begin_round().is_some());
    }
}
