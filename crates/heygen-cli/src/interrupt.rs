//! Ctrl-C, and the signal by which supervisors end a program: during work that
//! leaves something behind they stop the work, so that its command can name what
//! is left. At any other time they end the program at once.

use std::future::Future;
use std::io;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, mpsc};
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::Notify;

use crate::error::Exit;

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

/// Watches for signals on a thread of its own, as a signal that is handled once no
/// longer ends a program that is blocked, such as by a pipe that nobody reads.
/// Returns when signals are handled; where they cannot be, they end the program.
fn watch() {
    let (ready, is_ready) = mpsc::channel();
    let watched = move || -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut signals = Signals::listen()?;
            // Nobody listens if the program has ended meanwhile.
            let _ = ready.send(());
            loop {
                signals.next().await;
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
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
