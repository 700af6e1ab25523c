//! One job: how it goes, and what its object looks like at some time.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::files::EXAMPLE;
use crate::table::Job;

/// How a job goes.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) ending: Ending,
    /// Time from its start to its end.
    pub(crate) takes: Duration,
    /// Time from its start until it can be read.
    pub(crate) hidden: Duration,
    /// Time from its end until its links are there.
    pub(crate) lag: Duration,
}

/// How a job ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Success,
    /// With a code and a message, or without a reason.
    Failure(Option<(String, String)>),
    Cancelled,
    Deleted,
    /// It waits for the caller.
    Attention,
    /// It never ends.
    Stuck,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Phase {
    /// It cannot be read yet.
    Hidden,
    /// It goes on: a part of its time, from 0 to 1.
    Running(f64),
    /// It is successful, and its links are not there yet.
    Lagging,
    /// It has come to its end.
    Ended,
}

/// The progress at which a job that is stuck stays.
const STUCK: f64 = 0.97;

impl Plan {
    /// How jobs of a kind go unless a test says otherwise.
    pub(crate) fn usual(job: &Job) -> Self {
        let minutes = match job.name {
            "clipping" | "render" => 10,
            "video" | "translation" | "lipsync" => 5,
            _ => 2,
        };
        Self {
            ending: Ending::Success,
            takes: Duration::from_secs(minutes * 60),
            hidden: Duration::from_secs(if job.name == "avatar look" { 20 } else { 0 }),
            lag: Duration::ZERO,
        }
    }

    pub(crate) fn phase(&self, elapsed: Duration) -> Phase {
        let part = elapsed.as_secs_f64() / self.takes.as_secs_f64().max(f64::MIN_POSITIVE);
        if elapsed < self.hidden {
            Phase::Hidden
        } else if self.ending == Ending::Stuck {
            Phase::Running(part.min(STUCK))
        } else if elapsed < self.takes {
            Phase::Running(part)
        } else if self.ending == Ending::Success && elapsed < self.takes.saturating_add(self.lag) {
            Phase::Lagging
        } else {
            Phase::Ended
        }
    }

    /// The word of the state.
    pub(crate) fn word(&self, job: &Job, phase: Phase) -> &'static str {
        let first = |words: &[&'static str], usual| words.first().copied().unwrap_or(usual);
        match (phase, &self.ending) {
            (Phase::Hidden, _) => first(job.steps, "processing"),
            (Phase::Running(part), _) => {
                let steps = if job.steps.is_empty() {
                    &["processing"]
                } else {
                    job.steps
                };
                steps[index(part, steps.len())]
            }
            (_, Ending::Success | Ending::Stuck) => first(job.success, "completed"),
            (_, Ending::Failure(_)) => first(job.failure, "failed"),
            (_, Ending::Cancelled) => first(job.cancelled, "cancelled"),
            (_, Ending::Deleted) => first(job.deleted, "deleted"),
            (_, Ending::Attention) => first(job.attention, "waiting_for_input"),
        }
    }

    /// The word of the state at the end.
    pub(crate) fn word_at_end(&self, job: &Job) -> &'static str {
        self.word(job, Phase::Ended)
    }

    /// Why the job has failed, once it has.
    pub(crate) fn reason(&self, phase: Phase) -> Option<(&str, &str)> {
        match &self.ending {
            Ending::Failure(Some((code, message))) if phase == Phase::Ended => {
                Some((code, message))
            }
            _ => None,
        }
    }

    /// Makes an object that has all fields of success one of this phase.
    pub(crate) fn show(&self, job: &Job, phase: Phase, object: &mut Value) {
        if !job.state.is_empty() {
            set(object, job.state, json!(self.word(job, phase)));
        }
        let success = phase == Phase::Ended && self.ending == Ending::Success;
        if !success {
            for path in job.result.iter().chain(job.files).chain(job.set) {
                clear(object, path);
            }
            clear_links(object);
            for path in job.positive {
                set(object, path, json!(0));
            }
        }
        if let Some((_, id)) = job.then
            && phase != Phase::Lagging
            && !success
        {
            clear(object, id);
        }
        let done = match phase {
            Phase::Hidden => 0.0,
            Phase::Running(part) => part,
            Phase::Lagging => 1.0,
            Phase::Ended if success => 1.0,
            Phase::Ended => STUCK,
        };
        if !job.progress.is_empty() {
            set(object, job.progress, json!(index(done, 101)));
        }
        for path in [job.code, job.message]
            .into_iter()
            .filter(|path| !path.is_empty())
        {
            // An error of several parts is null as a whole.
            clear(object, path.split('.').next().unwrap_or(path));
        }
        if let Some((code, message)) = self.reason(phase) {
            for (path, value) in [(job.code, code), (job.message, message)] {
                if !path.is_empty() {
                    set(object, path, json!(value));
                }
            }
        }
    }
}

/// The number of the part of a whole with this many of them.
fn index(part: f64, of: usize) -> usize {
    // At most 101 parts; the last one is there at the end only.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a number from 0 to 101"
    )]
    let index = (part.clamp(0.0, 1.0) * if of == 101 { 100.0 } else { of as f64 }) as usize;
    index.min(of - 1)
}

/// Sets a field by its dotted path.
pub(super) fn set(object: &mut Value, path: &str, value: Value) {
    let mut at = object;
    for name in path.split('.') {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[name];
    }
    *at = value;
}

/// Empties a field that is there: a map and a list have no items then, and
/// anything else is null.
fn clear(object: &mut Value, path: &str) {
    let pointer = format!("/{}", path.replace('.', "/"));
    if let Some(value) = object.pointer_mut(&pointer) {
        *value = match value {
            Value::Array(_) => json!([]),
            Value::Object(_) if path != "error" => json!({}),
            _ => Value::Null,
        };
    }
}

/// Empties the fields that have a link to a file, also one that is no result.
fn clear_links(object: &mut Value) {
    for value in object.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if value.as_str().is_some_and(|text| text.starts_with(EXAMPLE)) {
            *value = Value::Null;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIDEO: Job = Job {
        name: "video",
        state: "status",
        steps: &["pending", "processing"],
        success: &["completed"],
        failure: &["failed"],
        cancelled: &["cancelled"],
        deleted: &["deleted"],
        attention: &["waiting_for_input"],
        set: &["preview"],
        positive: &["width"],
        result: &["video_url", "layers"],
        files: &[],
        code: "error.code",
        message: "error.message",
        progress: "progress",
        then: None,
    };

    fn shown(plan: &Plan, seconds: u64) -> Value {
        let mut object = json!({
            "status": "completed", "video_url": "v", "gif_url": "https://files.example.com/g", "layers": {"mask": "m"}, "preview": "p",
            "width": 10, "error": {"code": "x"}, "progress": 100, "title": "t",
        });
        let phase = plan.phase(Duration::from_secs(seconds));
        plan.show(&VIDEO, phase, &mut object);
        object
    }

    fn plan(ending: Ending) -> Plan {
        let takes = Duration::from_secs(100);
        Plan {
            ending,
            takes,
            ..Plan::usual(&VIDEO)
        }
    }

    #[test]
    fn job_goes_through_its_words_and_has_its_result_at_the_end() {
        let plan = plan(Ending::Success);
        for (seconds, word, progress) in [
            (0, "pending", 0),
            (49, "pending", 49),
            (50, "processing", 50),
            (99, "processing", 99),
        ] {
            let object = shown(&plan, seconds);
            assert_eq!(
                (&object["status"], &object["progress"]),
                (&json!(word), &json!(progress))
            );
            for field in ["video_url", "gif_url", "preview", "error"] {
                assert_eq!(object[field], Value::Null, "{field} after {seconds} s");
            }
            assert_eq!(
                (&object["width"], &object["layers"]),
                (&json!(0), &json!({}))
            );
            assert_eq!(object["title"], "t");
        }
        let end = shown(&plan, 100);
        let expected = json!({
            "status": "completed", "video_url": "v", "gif_url": "https://files.example.com/g", "layers": {"mask": "m"}, "preview": "p",
            "width": 10, "error": null, "progress": 100, "title": "t",
        });
        assert_eq!(end, expected);
    }

    #[test]
    fn link_may_lag_behind_the_word() {
        let plan = Plan {
            lag: Duration::from_secs(30),
            ..plan(Ending::Success)
        };
        let lagging = shown(&plan, 129);
        assert_eq!(
            (&lagging["status"], &lagging["video_url"]),
            (&json!("completed"), &Value::Null)
        );
        assert_eq!(shown(&plan, 130)["video_url"], "v");
    }

    #[test]
    fn other_endings_have_their_words_and_reasons() {
        let reason = Some(("nsfw".to_owned(), "No.".to_owned()));
        for (ending, word, error) in [
            (
                Ending::Failure(reason),
                "failed",
                json!({"code": "nsfw", "message": "No."}),
            ),
            (Ending::Failure(None), "failed", Value::Null),
            (Ending::Cancelled, "cancelled", Value::Null),
            (Ending::Deleted, "deleted", Value::Null),
            (Ending::Attention, "waiting_for_input", Value::Null),
        ] {
            let plan = plan(ending);
            assert_eq!(shown(&plan, 99)["error"], Value::Null);
            let object = shown(&plan, 100);
            assert_eq!(
                (&object["status"], &object["error"]),
                (&json!(word), &error)
            );
            assert_eq!(object["video_url"], Value::Null, "{word}");
        }
        let stuck = shown(&plan(Ending::Stuck), 1_000_000);
        assert_eq!(
            (&stuck["status"], &stuck["progress"]),
            (&json!("processing"), &json!(97))
        );
    }

    #[test]
    fn job_may_be_hidden_at_first() {
        let plan = Plan {
            hidden: Duration::from_secs(20),
            ..plan(Ending::Success)
        };
        assert_eq!(plan.phase(Duration::from_secs(19)), Phase::Hidden);
        assert_eq!(plan.phase(Duration::from_secs(20)), Phase::Running(0.2));
    }
}
