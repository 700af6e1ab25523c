//! What tests say about jobs: of a kind, or one by its id.

use std::time::Duration;

use super::{Ending, Jobs, Plan, Play};
use crate::clock::Clock;
use crate::lock::lock;
use crate::table::Job;

/// All rules, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    added: u64,
}

#[derive(Debug)]
struct Rule {
    number: u64,
    which: String,
    changes: Changes,
    /// How many jobs it is for; `None` for all.
    left: Option<usize>,
    added: Duration,
}

/// What a rule changes of a plan.
#[derive(Clone, Debug, Default)]
struct Changes {
    ending: Option<Ending>,
    takes: Option<Duration>,
    hidden: Option<Duration>,
    lag: Option<Duration>,
}

impl Changes {
    fn apply(&self, plan: &mut Plan) {
        if let Some(ending) = &self.ending {
            plan.ending = ending.clone();
        }
        plan.takes = self.takes.unwrap_or(plan.takes);
        plan.hidden = self.hidden.unwrap_or(plan.hidden);
        plan.lag = self.lag.unwrap_or(plan.lag);
    }
}

impl Rules {
    /// Applies the rules for a job that starts: of those for a number of jobs the
    /// one added first, after all others.
    pub(super) fn apply(&mut self, job: &Job, id: &str, plan: &mut Plan) {
        self.rules.retain(|rule| rule.left != Some(0));
        let fits = |rule: &Rule| rule.which == id || kind(&rule.which) == kind(job.name);
        for rule in self
            .rules
            .iter()
            .filter(|rule| rule.left.is_none() && fits(rule))
        {
            rule.changes.apply(plan);
        }
        let mut counted = self.rules.iter_mut().filter(|rule| rule.left.is_some());
        if let Some(rule) = counted.find(|rule| fits(rule)) {
            rule.changes.apply(plan);
            rule.left = rule.left.map(|left| left - 1);
        }
    }

    /// Applies the rules for an id alone; when the first of them was added.
    pub(super) fn apply_to_id(&self, id: &str, plan: &mut Plan) -> Option<Duration> {
        let rules = self.rules.iter().filter(|rule| rule.which == id);
        rules.clone().for_each(|rule| rule.changes.apply(plan));
        rules.map(|rule| rule.added).min()
    }
}

/// The name of a kind as it is compared: `agent session` is `agent_session`.
fn kind(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// How jobs of one kind go, or the job with one id, made by
/// [`MockServer::job`](crate::MockServer::job).
///
/// Each method takes effect at once. A rule for a kind is for all jobs that start
/// from then on, unless [`times`](Self::times) limits it. A rule for an id changes
/// that job, also if it has already started, and also if no create has made it:
/// the job of an example then starts when the rule is made.
#[derive(Clone, Copy, Debug)]
pub struct JobRule<'a> {
    jobs: &'a Jobs,
    number: u64,
}

#[allow(
    clippy::return_self_not_must_use,
    reason = "a rule holds as soon as it is set"
)]
impl<'a> JobRule<'a> {
    pub(crate) fn new(jobs: &'a Jobs, clock: &Clock, which: &str) -> Self {
        let mut state = lock(&jobs.state);
        let rules = &mut state.rules;
        rules.added += 1;
        let number = rules.added;
        rules.rules.push(Rule {
            number,
            which: which.to_owned(),
            changes: Changes::default(),
            left: None,
            added: clock.now(),
        });
        Self { jobs, number }
    }

    fn edit(self, change: impl FnOnce(&mut Rule)) -> Self {
        let mut state = lock(&self.jobs.state);
        let rule = state
            .rules
            .rules
            .iter_mut()
            .find(|rule| rule.number == self.number);
        // A rule that was used up or reset stays so.
        let Some(rule) = rule else { return self };
        change(rule);
        let (which, changes) = (rule.which.clone(), rule.changes.clone());
        let started = state.plays.iter().filter(|((_, id), _)| *id == which);
        let started: Vec<_> = started
            .map(|(key, play)| (key.clone(), play.clone()))
            .collect();
        for (
            key,
            Play {
                job,
                started,
                mut plan,
                callback,
            },
        ) in started
        {
            changes.apply(&mut plan);
            state.play(
                key,
                Play {
                    job,
                    started,
                    plan,
                    callback,
                },
            );
        }
        drop(state);
        self.jobs.changed.notify_one();
        self
    }

    fn end(self, ending: Ending) -> Self {
        self.edit(|rule| rule.changes.ending = Some(ending))
    }

    /// Ends in failure, with the code and the message in the fields where the API
    /// has them.
    pub fn fail(self, code: &str, message: &str) -> Self {
        self.end(Ending::Failure(Some((code.to_owned(), message.to_owned()))))
    }

    /// Ends in failure without a reason, as the API does at times.
    pub fn fail_without_reason(self) -> Self {
        self.end(Ending::Failure(None))
    }

    /// Ends as cancelled.
    pub fn cancel(self) -> Self {
        self.end(Ending::Cancelled)
    }

    /// Ends as deleted: its object can still be read, and says so.
    pub fn delete(self) -> Self {
        self.end(Ending::Deleted)
    }

    /// Stops where the caller has to do something, such as `waiting_for_input` or
    /// `pending_consent`. A message to an agent session lets it go on.
    pub fn wait_for_caller(self) -> Self {
        self.end(Ending::Attention)
    }

    /// Never ends.
    pub fn get_stuck(self) -> Self {
        self.end(Ending::Stuck)
    }

    /// Ends with success, as jobs do by default.
    pub fn succeed(self) -> Self {
        self.end(Ending::Success)
    }

    /// Sets the time from start to end, on the clock of the mock: 2 to 10 minutes
    /// by default.
    pub fn takes(self, time: Duration) -> Self {
        self.edit(|rule| rule.changes.takes = Some(time))
    }

    /// Leaves links null for this time, on the clock of the mock, after the state
    /// says success; none by default.
    pub fn links_after(self, time: Duration) -> Self {
        self.edit(|rule| rule.changes.lag = Some(time))
    }

    /// Responds with 404 for this time, on the clock of the mock, after the start:
    /// 20 seconds by default for looks of avatars, none for others.
    pub fn visible_after(self, time: Duration) -> Self {
        self.edit(|rule| rule.changes.hidden = Some(time))
    }

    /// Limits the rule to this many jobs, of those that start from now on.
    pub fn times(self, jobs: usize) -> Self {
        self.edit(|rule| rule.left = Some(jobs))
    }
}
