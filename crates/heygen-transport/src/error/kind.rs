//! The broad sorts of failure. What to do about one depends mostly on this.

use std::fmt;

/// What went wrong, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built: the key, the base URL or a setting is
    /// missing or malformed. Nothing was sent.
    Config,
    /// An argument of the call cannot be sent. Nothing was sent.
    InvalidInput,
    /// No connection could be made: the name, the network or TLS failed.
    Connect,
    /// The time for the call ran out, or no byte came for too long.
    Timeout,
    /// The connection broke before the answer was whole.
    Transport,
    /// The server answered and the answer is an error.
    Api,
    /// The server answered with success, but the answer is not what the API
    /// describes.
    Decode,
}

impl ErrorKind {
    /// The kind as one lower-case word, for logs and programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::InvalidInput => "invalid_input",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Api => "api",
            Self::Decode => "decode",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
