//! Progress of an upload, and the callback that is called with it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::content::Observe;

/// Least time between two calls of the callback within one percent.
const INTERVAL: Duration = Duration::from_millis(200);

/// Progress of an upload. `Display` prints it for people: `a.mp4: 45 % of 12.3
/// MB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadProgress {
    name: Arc<str>,
    id: Option<Arc<str>>,
    sent: u64,
    total: u64,
}

impl UploadProgress {
    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of what the file becomes, where the API has issued an address for it:
    /// what is left if the upload is cancelled. None for a form.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// How many bytes were sent; from zero again where the upload is retried.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// The size of the file in bytes.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How much was sent, in percent: 100 once all of it was.
    pub fn percent(&self) -> u8 {
        let percent = u128::from(self.sent) * 100 / u128::from(self.total.max(1));
        u8::try_from(percent).unwrap_or(100)
    }
}

impl fmt::Display for UploadProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, tenth) = (self.total / 1_000_000, self.total % 1_000_000 / 100_000);
        let (name, percent) = (&self.name, self.percent());
        write!(f, "{name}: {percent} % of {whole}.{tenth} MB")
    }
}

/// The callback of a program, shared by the files of a batch.
pub(super) type Callback = Arc<Mutex<dyn FnMut(&UploadProgress) + Send>>;

/// Calls a callback while one file is sent: at its beginning and its end, with
/// each percent, and several times a second.
pub(super) struct Reporter {
    callback: Callback,
    state: Mutex<(UploadProgress, Instant)>,
}

impl Reporter {
    pub(super) fn new(callback: Callback, name: &str, id: Option<&str>, total: u64) -> Self {
        let progress = UploadProgress {
            name: name.into(),
            id: id.map(Arc::from),
            sent: 0,
            total,
        };
        Self {
            callback,
            state: Mutex::new((progress, Instant::now())),
        }
    }

    fn report(&self, change: impl FnOnce(&mut UploadProgress) -> bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (progress, last) = &mut *state;
        if change(progress) || last.elapsed() >= INTERVAL {
            *last = Instant::now();
            let mut callback = self.callback.lock().unwrap_or_else(PoisonError::into_inner);
            callback(progress);
        }
    }
}

impl Observe for Reporter {
    fn on_start(&self) {
        self.report(|progress| {
            progress.sent = 0;
            true
        });
    }

    fn on_chunk(&self, chunk: &[u8]) {
        self.report(|progress| {
            let before = progress.percent();
            progress.sent += chunk.len() as u64;
            progress.percent() != before
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(sent: u64, total: u64) -> UploadProgress {
        UploadProgress {
            name: "a.mp4".into(),
            id: None,
            sent,
            total,
        }
    }

    #[test]
    fn hundred_percent_is_everything() {
        for (sent, total, percent) in [
            (0, 3, 0),
            (1, 3, 33),
            (999, 1000, 99),
            (1000, 1000, 100),
            (u64::MAX, u64::MAX, 100),
            (u64::MAX - 1, u64::MAX, 99),
        ] {
            assert_eq!(
                progress(sent, total).percent(),
                percent,
                "{sent} of {total}"
            );
        }
        let text = progress(45_000_000, 100_250_000).to_string();
        assert_eq!(text, "a.mp4: 44 % of 100.2 MB");
    }

    #[tokio::test(start_paused = true)]
    async fn callback_is_called_at_most_once_a_percent_unless_slow() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        let callback = move |progress: &UploadProgress| {
            assert_eq!(progress.id(), Some("ast_1"));
            sink.lock().unwrap().push(progress.sent);
        };
        let reporter = Reporter::new(Arc::new(Mutex::new(callback)), "a", Some("ast_1"), 1000);
        reporter.on_start();
        for _ in 0..25 {
            reporter.on_chunk(b"x");
        }
        tokio::time::advance(INTERVAL).await;
        reporter.on_chunk(b"x");
        reporter.on_start();
        assert_eq!(*seen.lock().unwrap(), [0, 10, 20, 26, 0]);
    }
}
