//! How a HeyGen API request travels. The crate `heygen` is what to use; this
//! one holds its promises, each in a file of its own: the key (`key`), where
//! it may go (`origin`, `redirect`), what a request may address (`path`), how
//! long anything may take (`deadline`), what is tried again (`retry`, `budget`)
//! without being done twice (`idempotency`), how many calls go at once
//! (`flight`), how much is read (`body`), what a program sees of it (`seen`),
//! how files travel (`transfer`), and the one error for everything (`error`). `transport` is the way of a
//! call, `attempt` that of one attempt.
//!
//! It knows no operation and no model: the generated code hands it both.

mod answer;
mod attempt;
mod body;
mod budget;
mod config;
mod deadline;
mod decode;
mod env;
mod error;
mod flight;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod idempotency;
mod key;
mod notice;
mod operation;
mod options;
mod origin;
mod path;
mod redirect;
mod retry;
mod seen;
mod text;
#[cfg(feature = "rustls")]
mod tls;
mod transfer;
mod transport;

pub use crate::answer::Answer;
pub use crate::config::TransportBuilder;
pub use crate::error::{Error, ErrorKind};
pub use crate::notice::Notice;
pub use crate::operation::{Operation, Pagination};
pub use crate::options::CallOptions;
pub use crate::path::{check_segment, encode_segment};
pub use crate::transfer::Download;
pub use crate::transport::Transport;
pub use secrecy::SecretString;

/// The error for an argument that cannot be sent, for the layers above.
pub fn invalid_input(message: impl Into<String>) -> Error {
    error::fail::input(message)
}

/// The error for a fault between the layers above, which no caller can mend.
pub fn internal_fault(message: &'static str) -> Error {
    error::fail::internal(message)
}
