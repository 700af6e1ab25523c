//! Ctrl-C, and the signal by which supervisors end a program: they stop work that
//! leaves something behind, so that its command can name what is left.

use std::time::Duration;

use crate::error::{CliError, Exit};

/// Runs a future until it ends, or until a signal or this time, which are errors.
pub(crate) async fn within<F: IntoFuture>(
    limit: Option<Duration>,
    what: &str,
    work: F,
) -> Result<F::Output, CliError> {
    // About a century: never.
    let time = limit.unwrap_or(Duration::from_secs(1 << 31));
    let (exit, code, message) = match or_stop(tokio::time::timeout(time, work)).await {
        Some(Ok(output)) => return Ok(output),
        Some(Err(_)) => {
            let message = format!("{what} was not complete within {time:?}");
            (Exit::Timeout, "timeout", message)
        }
        None => {
            let message = format!("{what} was interrupted");
            (Exit::Interrupted, "interrupted", message)
        }
    };
    Err(CliError::new(exit, code, message))
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

async fn signal() {
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).ok()?.recv().await
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! {
        Ok(()) = tokio::signal::ctrl_c() => {}
        Some(()) = terminate => {}
        else => std::future::pending().await,
    }
}
