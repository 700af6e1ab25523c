//! The waits of every kind of job: by an id, and after each operation that starts
//! one. What is expected is what `x-job` of the document says.

use std::time::Duration;

use heygen::Error;
use heygen_tests::client::builder;
use heygen_tests::contract::{Waiting, is_model_of};
use heygen_tests::generated;
use heygen_tests::jobs::{CODE, JobServer, Kind, MESSAGE, Play, Step, kinds};
use heygen_tests::operations::Operation;
use serde_json::{Value, json};

use crate::report;

/// A wait that would never end is a fault of one kind, not a test that hangs.
const OPTIONS: Waiting = Waiting {
    interval: Duration::from_millis(2),
    deadline: Some(Duration::from_secs(10)),
};

/// A state that no document has.
const GOING_ON: &str = "almost_there";

/// Waits for the job `job_1` of this kind.
async fn wait(kind: Kind, play: Play, options: Waiting) -> (Result<Value, Error>, usize) {
    let server = JobServer::start(play).await;
    let client = builder(server.url()).build().unwrap();
    let (document, id) = (&kind.operation.document, &kind.operation.id);
    let ended = generated::wait(&client, document, id, "job_1", &options);
    let ended = ended.expect("a method `wait`").await;
    (ended, server.reads("job_1"))
}

/// A step in which the job, where another one follows, has not led to it yet.
fn step(kind: Kind, state: &str) -> Step {
    let step = Step::new(kind, state);
    match kind.then() {
        Some((_, path)) => step.with(path, Value::Null),
        None => step,
    }
}

/// The steps to this state, after which the job is finished where it goes on
/// as another one.
fn play(kind: Kind, id: &str, last: Step) -> Play {
    let play = Play::default();
    let steps = vec![step(kind, GOING_ON), last];
    if let Some((then, _)) = kind.then() {
        let done = Step::new(then, then.states("success")[0]);
        return play
            .job(kind, id, steps)
            .job(then, "job_2", vec![Step::new(then, GOING_ON), done]);
    }
    play.job(kind, id, steps)
}

/// The step in which the job succeeds, with what comes after it.
fn success(kind: Kind) -> Step {
    let step = Step::new(kind, kind.states("success")[0]);
    match kind.then() {
        Some((_, path)) => step.with(path, json!("job_2")),
        None => step,
    }
}

/// The data of the model that a wait returns.
fn result(kind: Kind) -> Value {
    let last = kind.then().map_or(kind, |(then, _)| then);
    let data = success(last).data().clone();
    if kind.states("attention").is_empty() {
        data
    } else {
        json!({"finished": data})
    }
}

fn is_result(outcome: &Result<Value, Error>, wanted: &Value) -> bool {
    outcome
        .as_ref()
        .is_ok_and(|model| is_model_of(model, wanted, ""))
}

/// The states that end a wait with an error.
fn failures(kind: Kind) -> Vec<&'static str> {
    let lists = ["failure", "cancelled", "deleted"];
    lists.iter().flat_map(|list| kind.states(list)).collect()
}

/// Whether an error is that of the failed job `job_1`, with the reason as far as
/// it has one.
fn is_failure(error: &Error, kind: Kind, state: &str, has_reason: bool) -> bool {
    let reason = |name: &str, value| (has_reason && kind.has(name)).then_some(value);
    let message = reason("message", MESSAGE).or(reason("code", CODE));
    let text = error.to_string();
    error.is_job_failed()
        && error.job_id() == Some("job_1")
        && error.job_state() == Some(state)
        && error.code() == reason("code", CODE)
        && [kind.name(), "job_1", message.unwrap_or("no reason given")]
            .iter()
            .all(|part| text.contains(part))
}

#[tokio::test]
async fn wait_returns_the_job_once_it_succeeded() {
    let mut faults = Vec::new();
    for kind in kinds() {
        let (ended, reads) = wait(kind, play(kind, "job_1", success(kind)), OPTIONS).await;
        if !is_result(&ended, &result(kind)) || reads != 2 {
            faults.push(format!("{}: {reads} reads: {ended:?}", kind.name()));
        }
    }
    assert!(kinds().len() > 18, "{} kinds", kinds().len());
    report(&faults);
}

#[tokio::test]
async fn failed_job_is_an_error_with_its_reason() {
    let mut faults = Vec::new();
    for kind in kinds() {
        for state in failures(kind) {
            for has_reason in [true, false] {
                let step = step(kind, state);
                let step = if has_reason {
                    step
                } else {
                    step.without_reason(kind)
                };
                let (ended, _) = wait(kind, play(kind, "job_1", step), OPTIONS).await;
                let error = ended.as_ref().err();
                if !error.is_some_and(|error| is_failure(error, kind, state, has_reason)) {
                    faults.push(format!("{} {state}: {ended:?}", kind.name()));
                }
            }
        }
    }
    report(&faults);
}

#[tokio::test]
async fn failure_of_the_job_that_follows_names_both() {
    for kind in kinds() {
        let Some((then, path)) = kind.then() else {
            continue;
        };
        let first = Step::new(kind, GOING_ON).with(path, json!("job_2"));
        for state in failures(then) {
            let play = Play::default().job(kind, "job_1", vec![first.clone()]);
            let play = play.job(then, "job_2", vec![Step::new(then, state)]);
            let error = wait(kind, play, OPTIONS).await.0.unwrap_err();
            let text = error.to_string();
            assert!(
                error.is_job_failed() && error.job_id() == Some("job_1"),
                "{text}"
            );
            assert!(text.contains("job_2") && text.contains(MESSAGE), "{text}");
        }
    }
}

#[tokio::test]
async fn job_that_needs_the_user_is_an_outcome_of_its_own() {
    let mut kinds_with_outcome = 0;
    for kind in kinds() {
        for state in kind.states("attention") {
            kinds_with_outcome += 1;
            let step = step(kind, state);
            let wanted = json!({"action_required": step.data()});
            let (ended, _) = wait(kind, play(kind, "job_1", step), OPTIONS).await;
            assert!(
                is_result(&ended, &wanted),
                "{} {state}: {ended:?}",
                kind.name()
            );
        }
    }
    assert_eq!(kinds_with_outcome, 3);
}

#[tokio::test]
async fn job_is_not_finished_before_its_fields_are_there() {
    let mut paths = 0;
    for kind in kinds() {
        let state = kind.states("success")[0];
        for (path, unset) in kind.ready() {
            paths += 1;
            let early = Step::new(kind, state).with(path, unset);
            let play = Play::default().job(kind, "job_1", vec![early, success(kind)]);
            let (ended, reads) = wait(kind, play, OPTIONS).await;
            assert_eq!(reads, 2, "{} {path}: {ended:?}", kind.name());
            assert!(is_result(&ended, &result(kind)), "{ended:?}");
        }
        let (Some(path), false) = (kind.state(), kind.ready().is_empty()) else {
            continue;
        };
        let stateless = success(kind).with(path, Value::Null);
        let wanted = json!({"finished": stateless.data()});
        let play = Play::default().job(kind, "job_1", vec![stateless]);
        let (ended, _) = wait(kind, play, OPTIONS).await;
        assert!(is_result(&ended, &wanted), "without a state: {ended:?}");
    }
    assert_eq!(paths, 3);
}

#[tokio::test]
async fn result_may_be_later_than_success_and_one_is_enough() {
    // Each is read again only after two seconds.
    let mut waits = Vec::new();
    for kind in kinds() {
        let results = kind.results();
        let clear = |step: Step, path: &&str| step.with(path, Value::Null);
        for path in &results {
            let none = results.iter().fold(success(kind), clear);
            let others = results.iter().filter(|other| *other != path);
            let one = others.fold(success(kind), clear);
            let wanted = one.data().clone();
            let play = Play::default().job(kind, "job_1", vec![none, one]);
            waits.push(tokio::spawn(async move {
                let (ended, reads) = wait(kind, play, OPTIONS).await;
                let is_right = is_result(&ended, &wanted) && reads == 2;
                (!is_right).then(|| format!("{}: {reads} reads: {ended:?}", kind.name()))
            }));
        }
    }
    assert!(waits.len() > 8, "{} results", waits.len());
    let mut faults = Vec::new();
    for wait in waits {
        faults.extend(wait.await.unwrap());
    }
    report(&faults);
}

#[tokio::test]
async fn unknown_id_ends_a_wait() {
    let mut faults = Vec::new();
    for kind in kinds() {
        let play = Play::default().unknown(kind, "job_1");
        let (ended, _) = wait(kind, play, OPTIONS).await;
        let error = ended.as_ref().err();
        if !error.is_some_and(|error| error.is_not_found() && error.job_id() == Some("job_1")) {
            faults.push(format!("{}: {ended:?}", kind.name()));
        }
    }
    report(&faults);
}

#[tokio::test]
async fn deadline_is_a_timeout_with_the_last_state() {
    let mut faults = Vec::new();
    for kind in kinds() {
        let options = Waiting {
            deadline: Some(Duration::from_millis(40)),
            ..OPTIONS
        };
        let play = play(kind, "job_1", step(kind, GOING_ON));
        let (ended, _) = wait(kind, play, options).await;
        let is_right = |error: &Error| {
            let text = error.to_string();
            error.is_timeout()
                && error.job_id() == Some("job_1")
                && error.job_state() == Some(GOING_ON)
                && text.contains("job_1")
                && text.contains(kind.name())
        };
        if !ended.as_ref().err().is_some_and(is_right) {
            faults.push(format!("{}: {ended:?}", kind.name()));
        }
    }
    report(&faults);
}

/// Calls an operation that starts a job, and waits for it.
async fn and_wait(operation: &Operation, play: Play) -> Result<Value, Error> {
    let server = JobServer::start(play).await;
    let client = builder(server.url()).build().unwrap();
    let (document, id) = (&operation.document, &operation.id);
    let given = operation.arguments(false);
    let ended = generated::and_wait(&client, document, id, &given, &OPTIONS);
    ended.expect("a request with `and_wait`").await
}

#[tokio::test]
async fn create_and_wait_returns_what_was_made() {
    let mut faults = Vec::new();
    let mut creates = 0;
    for kind in kinds() {
        for (operation, path) in kind.creates() {
            creates += 1;
            let play = play(kind, "job_1", success(kind)).create(operation, path, &["job_1"]);
            let ended = and_wait(operation, play).await;
            let wanted = if path.ends_with("[]") {
                json!([{"id": "job_1", "result": result(kind)}])
            } else {
                result(kind)
            };
            if !is_result(&ended, &wanted) {
                faults.push(format!("{}: {ended:?}", operation.title()));
            }
        }
    }
    assert!(creates > 20, "{creates} operations");
    report(&faults);
}

#[tokio::test]
async fn create_whose_job_fails_is_an_error_with_the_id() {
    let mut faults = Vec::new();
    for kind in kinds() {
        let state = failures(kind)[0];
        let step = step(kind, state);
        for (operation, path) in kind.creates() {
            let ids = ["job_1", "job_2"];
            let play = play(kind, "job_1", step.clone()).create(operation, path, &ids);
            let is_right = if path.ends_with("[]") {
                let play = play.job(kind, "job_2", vec![success(kind)]);
                let ended = and_wait(operation, play).await.unwrap();
                let [failed, done] = [&ended[0], &ended[1]];
                let error = failed["error"].as_str().unwrap_or_default();
                error.contains("job_1")
                    && failed["id"] == "job_1"
                    && is_model_of(done, &json!({"id": "job_2", "result": result(kind)}), "")
            } else {
                let ended = and_wait(operation, play).await;
                ended
                    .as_ref()
                    .err()
                    .is_some_and(|error| is_failure(error, kind, state, true))
            };
            if !is_right {
                faults.push(operation.title());
            }
        }
    }
    report(&faults);
}
