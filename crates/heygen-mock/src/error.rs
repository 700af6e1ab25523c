//! Errors of starting a mock, the only step that can fail.

use std::fmt;
use std::io;

/// Error of starting a [`MockServer`](crate::MockServer).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The port could not be opened.
    Listen {
        /// The requested port; 0 means any free one.
        port: u16,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { port: 0, source } => {
                write!(f, "no free port on 127.0.0.1 could be opened: {source}")
            }
            Self::Listen { port, source } => write!(
                f,
                "port {port} on 127.0.0.1 could not be opened: {source}; choose another port, or 0 for any free one"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
        }
    }
}
