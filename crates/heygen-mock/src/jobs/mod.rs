//! Jobs that are being played: when each was started, how it goes, and which have
//! come to their end.

mod play;
mod rule;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::bounded::Bounded;
use crate::lock::lock;
use crate::table::Job;

pub(crate) use play::{Ending, Phase, Plan};
pub use rule::JobRule;
use rule::Rules;

/// Collection and id of a job's object.
pub(crate) type Key = (&'static str, String);

/// Where the event of one job is delivered, as its create said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Callback {
    pub(crate) url: Option<String>,
    pub(crate) id: Option<String>,
}

/// A job that is being played.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    pub(crate) job: &'static Job,
    pub(crate) started: Duration,
    pub(crate) plan: Plan,
    pub(crate) callback: Callback,
}

impl Play {
    pub(crate) fn phase(&self, now: Duration) -> Phase {
        // Items of a batch start one after the other.
        let elapsed = now.checked_sub(self.started);
        // The clock stands at the end of time: what starts there ends there, too.
        let elapsed = elapsed.map(|elapsed| if now == Duration::MAX { now } else { elapsed });
        elapsed.map_or(Phase::Hidden, |elapsed| self.plan.phase(elapsed))
    }

    fn end(&self) -> Option<Duration> {
        let lag = if self.plan.ending == Ending::Success {
            self.plan.lag
        } else {
            Duration::ZERO
        };
        let takes = self.plan.takes.saturating_add(lag);
        (self.plan.ending != Ending::Stuck).then(|| self.started.saturating_add(takes))
    }

    /// Makes the object what it is now.
    pub(crate) fn show(&self, now: Duration, object: &mut Value) {
        self.plan.show(self.job, self.phase(now), object);
    }

    /// The error of a job that has failed, as lists of states have it.
    pub(crate) fn error(&self, phase: Phase) -> Value {
        match self.plan.reason(phase) {
            Some((code, message)) => json!({"code": code, "message": message}),
            None => Value::Null,
        }
    }

    pub(crate) fn word(&self, now: Duration) -> &'static str {
        self.plan.word(self.job, self.phase(now))
    }
}

/// All jobs of a mock.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    state: Mutex<State>,
    /// Wakes up whoever waits for the next end.
    pub(crate) changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    plays: Bounded<Key, Play>,
    /// The ends that are still to come.
    ends: BTreeSet<(Duration, Key)>,
    rules: Rules,
}

impl State {
    /// Plays a job from its start on, in place of what it did before.
    fn play(&mut self, key: Key, play: Play) {
        self.forget(&key);
        if let Some(end) = play.end() {
            self.ends.insert((end, key.clone()));
        }
        if let Some((key, dropped)) = self.plays.insert(key, play) {
            self.drop_end(key, &dropped);
        }
    }

    fn forget(&mut self, key: &Key) {
        if let Some(play) = self.plays.remove(key) {
            self.drop_end(key.clone(), &play);
        }
    }

    fn drop_end(&mut self, key: Key, play: &Play) {
        if let Some(end) = play.end() {
            self.ends.remove(&(end, key));
        }
    }
}

impl Jobs {
    /// Starts a job, which goes as its kind usually does, or as a test has said.
    pub(crate) fn start(&self, key: Key, job: &'static Job, now: Duration, callback: Callback) {
        self.start_with(key, job, now, callback, |_| {});
    }

    /// Starts a job whose plan is changed before rules of tests are applied.
    pub(crate) fn start_with(
        &self,
        key: Key,
        job: &'static Job,
        now: Duration,
        callback: Callback,
        change: impl FnOnce(&mut Plan),
    ) {
        let mut state = lock(&self.state);
        let mut plan = Plan::usual(job);
        change(&mut plan);
        state.rules.apply(job, &key.1, &mut plan);
        state.play(
            key,
            Play {
                job,
                started: now,
                plan,
                callback,
            },
        );
        self.changed.notify_one();
    }

    /// The job of an object. An object that nobody has started has one if a test
    /// has said how it goes: from the moment it has said so.
    pub(crate) fn get(&self, key: &Key, job: &'static Job) -> Option<Play> {
        let mut state = lock(&self.state);
        if let Some(play) = state.plays.get(key) {
            return Some(play.clone());
        }
        let mut plan = Plan::usual(job);
        let started = state.rules.apply_to_id(&key.1, &mut plan)?;
        let started = Play {
            job,
            started,
            plan,
            callback: Callback::default(),
        };
        state.play(key.clone(), started.clone());
        self.changed.notify_one();
        Some(started)
    }

    /// Lets a job go on that waits for its caller.
    pub(crate) fn resume(&self, key: &Key, now: Duration) {
        let mut state = lock(&self.state);
        let Some(mut play) = state.plays.get(key).cloned() else {
            return;
        };
        if play.plan.ending == Ending::Attention && play.phase(now) == Phase::Ended {
            play.started = now;
            play.plan.ending = Ending::Success;
            state.play(key.clone(), play);
            self.changed.notify_one();
        }
    }

    /// Ends a job whose object was deleted.
    pub(crate) fn forget(&self, key: &Key) {
        lock(&self.state).forget(key);
    }

    /// When the next job ends.
    pub(crate) fn next_end(&self) -> Option<Duration> {
        lock(&self.state).ends.first().map(|(end, _)| *end)
    }

    /// The jobs that have ended since the last call, in order.
    pub(crate) fn ended(&self, now: Duration) -> Vec<(Key, Play)> {
        let mut state = lock(&self.state);
        let mut ended = Vec::new();
        while state.ends.first().is_some_and(|(end, _)| *end <= now) {
            let Some((_, key)) = state.ends.pop_first() else {
                break;
            };
            if let Some(play) = state.plays.get(&key) {
                ended.push((key, play.clone()));
            }
        }
        ended
    }

    pub(crate) fn reset(&self) {
        *lock(&self.state) = State::default();
    }
}

#[cfg(test)]
mod tests;
