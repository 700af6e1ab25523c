//! Ctrl-C, and the signal by which supervisors end a program: they stop work that
//! leaves something behind, so that its command can name what is left.

use std::time::Duration;

use crate::error::{CliError, Exit};

/// Why work was stopped.
pub(crate) enum Stopped {
    Interrupted,
    Timeout(Duration),
}

impl Stopped {
    /// The error of work that was stopped.
    pub(crate) fn error(&self, what: &str) -> CliError {
        let (exit, code, message) = match self {
            Self::Interrupted => (
                Exit::Interrupted,
                "interrupted",
                format!("{what} was interrupted"),
            ),
            Self::Timeout(limit) => (
                Exit::Timeout,
                "timeout",
                format!("{what} was not complete within {limit:?}"),
            ),
        };
        CliError::new(exit, code, message)
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
    let ended = ended.ok_or(Stopped::Interrupted)?;
    ended.map_err(|_| Stopped::Timeout(time))
}

/// Runs a future until it ends, or until a signal: then it is dropped, and the
/// result is `None`. Where signals cannot be handled, they end the program.
pub(crate) async fn or_stop<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = signal() => None,
        result = work => Some(result),
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = signal(SignalKind::interrupt()).and_then(|interrupt| {
        let terminate = signal(SignalKind::terminate())?;
        Ok((interrupt, terminate))
    });
    match signals {
        Ok((mut interrupt, mut terminate)) => tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
