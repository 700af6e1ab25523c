//! What is known of the jobs of a wait while it lasts, and how that is shown.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use heygen::JobProgress;
use heygen::wait::Job;

use super::report::Waited;
use crate::progress::Progress;

/// The jobs of a wait.
#[derive(Clone)]
pub(super) struct Tracker {
    kind: &'static Job,
    line: Progress,
    /// Whether changes are printed as lines, for people who do not watch a terminal.
    has_lines: bool,
    jobs: Arc<Mutex<Vec<Waited>>>,
}

impl Tracker {
    pub(super) fn new(kind: &'static Job, human: bool) -> Self {
        let line = Progress::new();
        line.set(format!("{}: sending", kind.name()));
        Self {
            kind,
            line,
            has_lines: human && !io::stderr().is_terminal(),
            jobs: Arc::default(),
        }
    }

    /// Removes what is shown, and returns the jobs.
    pub(super) fn finish(&self) -> Vec<Waited> {
        self.line.clear();
        std::mem::take(&mut *self.lock())
    }

    /// Adds a job, which is shown at once, and returns what takes its progress.
    pub(super) fn listener(&self, id: &str) -> impl FnMut(&JobProgress) + Send + use<> {
        let mut jobs = self.lock();
        let index = jobs.len();
        let id = id.to_owned();
        jobs.push(Waited {
            id,
            ..Waited::default()
        });
        self.show(&jobs);
        let tracker = self.clone();
        move |progress| {
            let mut jobs = tracker.lock();
            if let Some(job) = jobs.get_mut(index) {
                let facts = |of: &JobProgress| {
                    let state = of.state().map(str::to_owned);
                    (of.id().to_owned(), state, of.error().is_some())
                };
                let before = job.progress.replace(progress.clone());
                let changed = before.is_none_or(|before| facts(&before) != facts(progress));
                if tracker.has_lines && changed {
                    print_line(progress, jobs.len() > 1);
                }
            }
            tracker.show(&jobs);
        }
    }

    fn show(&self, jobs: &[Waited]) {
        let name = self.kind.name();
        let done = jobs.iter().filter_map(|job| job.progress.as_ref());
        let done = done.filter(|progress| progress.is_final()).count();
        self.line.set(match jobs {
            [
                Waited {
                    progress: Some(progress),
                    ..
                },
            ] => format!("{progress:#}"),
            [Waited { id, .. }] => format!("{name} {}: created", printable(id)),
            jobs => format!("{name}: {done} of {} are final", jobs.len()),
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Waited>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prints a line of what has changed.
fn print_line(progress: &JobProgress, has_id: bool) {
    let id = if has_id {
        printable(progress.id()) + " "
    } else {
        String::new()
    };
    let line = match (progress.error(), progress.state()) {
        (Some(error), _) => format!("a read failed: {}", printable(error.message())),
        (None, state) => format!("status={}", printable(state.unwrap_or("unknown"))),
    };
    // Nothing can be done when stderr is closed.
    let _ = writeln!(io::stderr(), "Polling: {id}{line}");
}

/// Text of the API without what controls a terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
