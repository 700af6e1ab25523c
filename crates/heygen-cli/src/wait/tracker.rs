//! What is known of the jobs of a wait while it lasts, and how that is shown.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use heygen::JobProgress;
use heygen::wait::Job;

use crate::progress::Progress;

/// The jobs of a wait.
#[derive(Clone)]
pub(super) struct Tracker {
    job: &'static Job,
    line: Progress,
    /// Whether changes are printed as lines, for people who do not watch a terminal.
    has_lines: bool,
    jobs: Arc<Mutex<Vec<Seen>>>,
}

/// A job, by the id that was waited for, and what was last read of it.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) id: String,
    pub(super) progress: Option<JobProgress>,
}

impl Tracker {
    pub(super) fn new(job: &'static Job, human: bool) -> Self {
        Self {
            job,
            line: Progress::new(),
            has_lines: human && !io::stderr().is_terminal(),
            jobs: Arc::default(),
        }
    }

    pub(super) fn creating(&self) {
        self.line.set(format!("{}: creating", self.job.name()));
    }

    /// Removes what is shown.
    pub(super) fn clear(&self) {
        self.line.clear();
    }

    /// What was last read of each job.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.lock().clone()
    }

    /// Adds a job, which is shown at once, and returns what takes its progress.
    pub(super) fn listener(&self, id: &str) -> impl FnMut(&JobProgress) + Send + use<> {
        let mut jobs = self.lock();
        let index = jobs.len();
        jobs.push(Seen {
            id: id.to_owned(),
            progress: None,
        });
        self.show(&jobs);
        let tracker = self.clone();
        move |progress| {
            let mut jobs = tracker.lock();
            let is_alone = jobs.len() == 1;
            if let Some(seen) = jobs.get_mut(index) {
                if tracker.has_lines && seen.is_changed_by(progress) {
                    print_line(progress, is_alone);
                }
                seen.progress = Some(progress.clone());
            }
            tracker.show(&jobs);
        }
    }

    fn show(&self, jobs: &[Seen]) {
        self.line.set(match jobs {
            [
                Seen {
                    progress: Some(progress),
                    ..
                },
            ] => format!("{progress:#}"),
            [Seen { id, .. }] => format!("{} {}: created", self.job.name(), one_line(id)),
            jobs => summary(self.job.name(), jobs),
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    pub(super) fn state(&self) -> Option<&str> {
        self.progress.as_ref()?.state()
    }

    fn is_changed_by(&self, progress: &JobProgress) -> bool {
        let before = self.progress.as_ref();
        before
            .is_none_or(|before| before.state() != progress.state() || before.id() != progress.id())
    }
}

/// A line of what has changed.
fn print_line(progress: &JobProgress, is_alone: bool) {
    let state = one_line(progress.state().unwrap_or("unknown"));
    let line = if is_alone {
        format!("Polling: status={state}\n")
    } else {
        format!("Polling: {} status={state}\n", one_line(progress.id()))
    };
    // Nothing can be done when stderr is closed.
    let _ = io::stderr().write_all(line.as_bytes());
}

/// How many jobs are in which state.
fn summary(name: &str, jobs: &[Seen]) -> String {
    let mut states: Vec<(String, usize)> = Vec::new();
    for job in jobs {
        let state = one_line(job.state().unwrap_or("created"));
        match states.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => states.push((state, 1)),
        }
    }
    let states = states
        .into_iter()
        .map(|(state, count)| format!("{count} {state}"));
    let states = states.collect::<Vec<_>>().join(", ");
    format!("{} jobs ({name}): {states}", jobs.len())
}

/// Text of the API without what controls a terminal.
fn one_line(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
