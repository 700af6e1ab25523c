//! Errors of starting a mock, and of the text of a fault.

use std::fmt;
use std::io;
use std::net::SocketAddr;

/// Error of starting a [`MockServer`](crate::MockServer), or of parsing a
/// [`FaultRule`](crate::FaultRule).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address could not be opened.
    Listen {
        /// The requested address; its port is 0 for any free one.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A fault is for an operation that does not exist.
    UnknownOperation {
        /// The name, and similar ones.
        problem: String,
    },
    /// The text of a fault has none of its forms.
    InvalidFault {
        /// What is wrong, and the forms.
        problem: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, source } if address.port() == 0 => {
                let ip = address.ip();
                write!(f, "no free port on {ip} could be opened: {source}")
            }
            Self::Listen { address, source } => write!(
                f,
                "{address} could not be opened: {source}; choose another port, or 0 for any free one"
            ),
            Self::UnknownOperation { problem } | Self::InvalidFault { problem } => {
                f.write_str(problem)
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            Self::UnknownOperation { .. } | Self::InvalidFault { .. } => None,
        }
    }
}
