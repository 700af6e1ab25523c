use super::*;
use crate::clock::Clock;

const VIDEO: Job = Job {
    name: "agent session",
    state: "status",
    steps: &["pending"],
    success: &["completed"],
    failure: &["failed"],
    cancelled: &[],
    deleted: &[],
    attention: &["waiting_for_input"],
    set: &[],
    positive: &[],
    result: &[],
    files: &[],
    code: "",
    message: "",
    progress: "",
    then: None,
};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn key(id: &str) -> Key {
    ("/v3/jobs", id.to_owned())
}

fn start(jobs: &Jobs, id: &str, now: u64) {
    jobs.start(key(id), &VIDEO, seconds(now), Callback::default());
}

fn word(jobs: &Jobs, id: &str, now: u64) -> &'static str {
    jobs.get(&key(id), &VIDEO).unwrap().word(seconds(now))
}

fn ended(jobs: &Jobs, now: u64) -> Vec<String> {
    jobs.ended(seconds(now))
        .into_iter()
        .map(|((_, id), _)| id)
        .collect()
}

#[tokio::test]
async fn rule_for_a_kind_is_for_jobs_that_start_later() {
    let (jobs, clock) = (Jobs::default(), Clock::start(0.0));
    start(&jobs, "a", 0);
    JobRule::new(&jobs, &clock, "agent_session")
        .fail_without_reason()
        .times(1);
    JobRule::new(&jobs, &clock, "Agent session").takes(seconds(10));
    JobRule::new(&jobs, &clock, "video").get_stuck();
    for id in ["b", "c"] {
        start(&jobs, id, 0);
    }
    assert_eq!(
        ["a", "b", "c"].map(|id| word(&jobs, id, 10)),
        ["pending", "failed", "completed"]
    );
}

#[tokio::test]
async fn rule_for_an_id_changes_a_job_that_has_started() {
    let (jobs, clock) = (Jobs::default(), Clock::start(0.0));
    start(&jobs, "a", 0);
    start(&jobs, "b", 0);
    JobRule::new(&jobs, &clock, "a")
        .fail("x", "y")
        .takes(seconds(5));
    assert_eq!(
        ["a", "b"].map(|id| word(&jobs, id, 5)),
        ["failed", "pending"]
    );
    assert_eq!(ended(&jobs, 5), ["a"]);

    // Nobody has started this one: it starts with the rule.
    clock.advance(seconds(100));
    JobRule::new(&jobs, &clock, "c").takes(seconds(50));
    assert_eq!(
        ["pending", "completed"],
        [149, 150].map(|now| word(&jobs, "c", now))
    );
    assert!(jobs.get(&key("d"), &VIDEO).is_none());
}

#[tokio::test]
async fn each_end_is_seen_once_and_in_order() {
    let (jobs, clock) = (Jobs::default(), Clock::start(0.0));
    JobRule::new(&jobs, &clock, "agent session").takes(seconds(10));
    JobRule::new(&jobs, &clock, "stuck").get_stuck();
    for (id, now) in [("b", 5), ("a", 0), ("stuck", 0), ("gone", 1)] {
        start(&jobs, id, now);
    }
    jobs.forget(&key("gone"));
    assert_eq!(jobs.next_end(), Some(seconds(10)));
    assert_eq!(ended(&jobs, 9), [""; 0]);
    assert_eq!(ended(&jobs, 20), ["a", "b"]);
    assert_eq!(ended(&jobs, 20), [""; 0]);
    assert_eq!(jobs.next_end(), None);
}

#[tokio::test]
async fn job_that_waits_for_its_caller_goes_on() {
    let (jobs, clock) = (Jobs::default(), Clock::start(0.0));
    JobRule::new(&jobs, &clock, "agent session")
        .takes(seconds(10))
        .wait_for_caller();
    start(&jobs, "a", 0);
    jobs.resume(&key("a"), seconds(5));
    assert_eq!(word(&jobs, "a", 10), "waiting_for_input");
    assert_eq!(ended(&jobs, 10), ["a"]);
    jobs.resume(&key("a"), seconds(20));
    assert_eq!(
        ["pending", "completed"],
        [29, 30].map(|now| word(&jobs, "a", now))
    );
    assert_eq!(ended(&jobs, 30), ["a"]);
}

#[tokio::test]
async fn times_of_any_length_are_kept() {
    let (jobs, clock) = (Jobs::default(), Clock::start(0.0));
    JobRule::new(&jobs, &clock, "agent session")
        .takes(Duration::MAX)
        .links_after(Duration::MAX);
    for started in [seconds(1), Duration::MAX] {
        jobs.start(key("a"), &VIDEO, started, Callback::default());
        assert_eq!(jobs.next_end(), Some(Duration::MAX));
    }
    JobRule::new(&jobs, &clock, "a").takes(seconds(1));
    jobs.start(key("a"), &VIDEO, Duration::ZERO, Callback::default());
    let play = jobs.get(&key("a"), &VIDEO).unwrap();
    assert_eq!(play.phase(seconds(1)), Phase::Lagging);
}
