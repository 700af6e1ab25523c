//! Why a mock could not be started. Nothing else here can fail.

use std::fmt;
use std::io;

/// Why a [`MockServer`](crate::MockServer) did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A document that the mock cannot serve.
    Document {
        /// Which document: its embedded name, or `#1`, `#2`, ... for those
        /// given to the builder.
        name: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// The port could not be opened.
    Listen {
        /// The port asked for; 0 means any free one.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document { name, reason } => {
                write!(f, "the document {name} cannot be used: {reason}")
            }
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
            Self::Document { .. } => None,
            Self::Listen { source, .. } => Some(source),
        }
    }
}
