//! The kinds of failure, and how far a failed attempt got.

use std::fmt;

use crate::operation::Repeatability;

/// The kind of a failure: how far the call got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built: the key, the base URL or a setting is
    /// missing or malformed. Nothing was sent.
    Config,
    /// An argument of the call cannot be sent. Nothing was sent.
    InvalidInput,
    /// No connection could be made: name resolution, the network or TLS failed.
    Connect,
    /// The deadline of the call or of an attempt passed, or a body made no
    /// progress for too long.
    Timeout,
    /// The connection broke before the response was complete.
    Transport,
    /// The server responded with an error.
    Api,
    /// The server responded with success, but the body is not what the API
    /// describes.
    Decode,
    /// A job that was waited for has failed, or was cancelled or deleted. The
    /// calls themselves succeeded.
    Job,
    /// A local file cannot be read or written, or the object does not have the
    /// file that was asked for.
    File,
}

impl ErrorKind {
    /// The kind in lower snake case, for logs and programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::InvalidInput => "invalid_input",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Api => "api",
            Self::Decode => "decode",
            Self::Job => "job",
            Self::File => "file",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How far a failed attempt got, which decides whether it may be retried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A retry would fail in the same way.
    #[default]
    Permanent,
    /// Nothing reached the server.
    NotSent,
    /// The request may have reached the server; the response is not complete.
    Lost,
    /// The server responded with this status.
    Status(u16),
    /// The server is still processing an earlier request with the same key.
    InProgress,
}

impl Cause {
    /// Whether a retry may succeed and cannot have the effect twice.
    pub(crate) fn allows_retry(self, repeatability: Repeatability) -> bool {
        match self {
            // The request was not executed, or the server reported that it was
            // not.
            Self::NotSent | Self::Status(429) => true,
            Self::Lost | Self::Status(408 | 500 | 502 | 503 | 504) => {
                repeatability != Repeatability::Never
            }
            Self::InProgress => repeatability == Repeatability::Keyed,
            Self::Permanent | Self::Status(_) => false,
        }
    }

    /// Whether the server may have executed the request.
    pub(crate) fn leaves_outcome_open(self) -> bool {
        matches!(
            self,
            Self::Lost | Self::InProgress | Self::Status(408 | 500 | 502..=599)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn possibly_executed_writes_are_not_retried() {
        for (cause, never, idempotent, keyed) in [
            (Cause::Permanent, false, false, false),
            (Cause::NotSent, true, true, true),
            (Cause::Lost, false, true, true),
            (Cause::InProgress, false, false, true),
            (Cause::Status(200), false, false, false),
            (Cause::Status(301), false, false, false),
            (Cause::Status(404), false, false, false),
            (Cause::Status(408), false, true, true),
            (Cause::Status(409), false, false, false),
            (Cause::Status(429), true, true, true),
            (Cause::Status(500), false, true, true),
            (Cause::Status(501), false, false, false),
            (Cause::Status(503), false, true, true),
            (Cause::Status(599), false, false, false),
        ] {
            for (repeatability, allowed) in [
                (Repeatability::Never, never),
                (Repeatability::Idempotent, idempotent),
                (Repeatability::Keyed, keyed),
            ] {
                assert_eq!(cause.allows_retry(repeatability), allowed, "{cause:?}");
            }
        }
    }
}
