//! Ctrl-C, and the signal by which supervisors end a program: during work that
//! leaves something behind they stop the work, so that its command can name what
//! is left. At any other time they end the program at once.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, mpsc};
use std::time::Duration;
use std::{process, thread};

use tokio::runtime::Builder;
use tokio::sync::Notify;

use crate::error::{CliError, Exit};

static START: Once = Once::new();
/// Whether there is work that a signal may stop.
static IS_WORKING: AtomicBool = AtomicBool::new(false);
static STOP: Notify = Notify::const_new();

/// Runs a future until it ends, or until a signal: then it is dropped, and the
/// result is `None`. A second signal ends the program.
pub(crate) async fn or_stop<T>(work: impl Future<Output = T>) -> Option<T> {
    START.call_once(watch);
    IS_WORKING.store(true, Ordering::SeqCst);
    let result = tokio::select! {
        biased;
        () = STOP.notified() => None,
        result = work => Some(result),
    };
    IS_WORKING.store(false, Ordering::SeqCst);
    result
}

/// Why work was stopped.
pub(crate) enum Stopped {
    Interrupted,
    Timeout(Duration),
}

impl Stopped {
    /// The error of work that was stopped.
    pub(crate) fn error(&self, what: &str) -> CliError {
        match self {
            Self::Interrupted => {
                let message = format!("{what} was interrupted");
                CliError::new(Exit::Interrupted, "interrupted", message)
            }
            Self::Timeout(limit) => {
                let message = format!("{what} was not complete within {limit:?}");
                CliError::new(Exit::Timeout, "timeout", message)
            }
        }
    }
}

/// Runs a future until it ends, or until a signal or this time.
pub(crate) async fn within<F: IntoFuture>(
    limit: Option<Duration>,
    work: F,
) -> Result<F::Output, Stopped> {
    // About a century: never.
    let time = limit.unwrap_or(Duration::from_secs(1 << 31));
    let ended = or_stop(tokio::time::timeout(time, work)).await;
    ended
        .ok_or(Stopped::Interrupted)?
        .map_err(|_| Stopped::Timeout(time))
}

/// Watches for signals on a thread of its own, as a signal that is handled once no
/// longer ends a program that is blocked, such as by a pipe that nobody reads.
/// Returns when signals are handled; where they cannot be, they end the program.
fn watch() {
    let (ready, is_ready) = mpsc::channel();
    let watched = move || -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut signals = signals()?;
            // Nobody listens if the program has ended meanwhile.
            let _ = ready.send(());
            loop {
                next(&mut signals).await;
                if IS_WORKING.swap(false, Ordering::SeqCst) {
                    STOP.notify_one();
                } else {
                    process::exit(Exit::Interrupted as i32);
                }
            }
        })
    };
    if thread::Builder::new().spawn(watched).is_ok() {
        let _ = is_ready.recv();
    }
}

#[cfg(unix)]
fn signals() -> io::Result<[tokio::signal::unix::Signal; 2]> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok([
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    ])
}

#[cfg(unix)]
async fn next([interrupt, terminate]: &mut [tokio::signal::unix::Signal; 2]) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(windows)]
use tokio::signal::windows::ctrl_c as signals;

#[cfg(windows)]
async fn next(signals: &mut tokio::signal::windows::CtrlC) {
    signals.recv().await;
}
