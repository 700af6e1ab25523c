//! Why a delivery was refused.

use std::fmt;
use std::time::Duration;

/// The check that a delivery did not pass. It holds nothing of the secret, of the
/// signature or of the body, so that it can be logged and returned.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The verifier has no secret: what it was built with was empty.
    MissingSecret,
    /// There is neither a header `Heygen-Signature` nor a header `Signature`. So it is
    /// for deliveries of a `callback_url`, which are not signed.
    MissingSignature,
    /// The signature, or the token of a callback, is not 64 hexadecimal digits in lower
    /// case.
    MalformedSignature,
    /// The signature, or the token of a callback, is that of another secret or of
    /// another text: the body must be the bytes that were received, not JSON that was
    /// parsed and written again.
    SignatureMismatch,
    /// `Heygen-Timestamp` is not a number of seconds.
    MalformedTimestamp,
    /// `Heygen-Timestamp` is longer ago than the tolerance allows.
    TooOld {
        /// How long ago.
        age: Duration,
    },
    /// `Heygen-Timestamp` is further in the future than the tolerance allows: one of
    /// the two clocks is wrong.
    InFuture {
        /// How far.
        ahead: Duration,
    },
    /// An unsigned callback names no `callback_id`, so there is no job that its token
    /// could be of.
    MissingCallbackId,
    /// The body is signed, and is not an event: it `is` this.
    NotAnEvent {
        /// What it is.
        is: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::MissingSecret => "the webhook secret is empty",
            Self::MissingSignature => "the delivery has no signature",
            Self::MalformedSignature => "the signature is not 64 hexadecimal digits in lower case",
            Self::SignatureMismatch => "the signature does not match the secret and the body",
            Self::MalformedTimestamp => "the timestamp is not a number of seconds",
            Self::TooOld { age } => {
                return write!(f, "the delivery was sent {} s ago", age.as_secs());
            }
            Self::InFuture { ahead } => {
                let seconds = ahead.as_secs();
                return write!(f, "the delivery was sent {seconds} s in the future");
            }
            Self::MissingCallbackId => "the callback has no callback_id",
            Self::NotAnEvent { is } => return write!(f, "the body is not an event but {is}"),
        };
        f.write_str(text)
    }
}

impl std::error::Error for Error {}
