//! Runtime of the HeyGen API client, shared by all generated code. Use the
//! crate `heygen`; this one has no stability guarantee.
//!
//! | to change | open |
//! |---|---|
//! | settings of a client, environment, HTTP library, TLS | `client/` |
//! | the request value, its options, path arguments, idempotency keys | `request/` |
//! | the retry loop of a call, one attempt | `call`, `attempt` |
//! | which failures are retried, backoff, throttling, `Retry-After` | `retry/` |
//! | timeouts | `deadline`, `operation` |
//! | the concurrency limit | `concurrency` |
//! | the credential, where it is sent, redaction | `credential`, `origin`, `redirect`, `redact` |
//! | responses, envelopes, decoding | `response`, `envelope`, `decode`, `body` |
//! | lists: pages, their streams, cursors | `page/`, `cursor` |
//! | errors: accessors, classification, hints | `error/` |
//! | deprecation warnings, traces | `deprecation`, `telemetry` |
//! | files, bodies of several parts | `download/`, `upload/`, `content/`, `multipart/` |
//! | waits for jobs | `wait/` |
//! | how generated models are deserialised | `de/` |
//! | payloads of events | `payload` |
//! | enums of requests | `closed_enum` |
//! | parameters that are sent as one string | `parameter` |
//! | capture of the requests of generated methods | `capture` |
//!
//! It contains no operation and no model.

mod attempt;
mod body;
mod call;
pub mod capture;
pub mod client;
mod closed_enum;
mod concurrency;
mod content;
mod credential;
mod cursor;
pub mod de;
mod deadline;
mod decode;
mod deprecation;
mod download;
mod envelope;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod headers;
pub mod multipart;
mod operation;
mod origin;
mod page;
pub mod parameter;
mod payload;
mod redact;
mod redirect;
pub mod request;
mod response;
mod retry;
mod telemetry;
mod text;
mod upload;
pub mod wait;

#[doc(no_inline)]
pub use bytes::Bytes;
pub use secrecy::SecretString;

pub use crate::capture::{Capture, GeneratedClient};
pub use crate::client::{Client, ClientBuilder};
pub use crate::cursor::{Cursor, PageSpec};
pub use crate::deprecation::Deprecation;
pub use crate::download::{
    Download, DownloadProgress, DownloadTo, Downloaded, FileLink, FileOwner, FileStream, ObjectFile,
};
pub use crate::envelope::Envelope;
pub use crate::error::{Error, ErrorKind};
pub use crate::operation::{IdempotencyKey, Operation};
pub use crate::page::{Items, Page, Paged, Pages};
#[doc(no_inline)]
pub use crate::parameter::{CommaSeparated, Json, PipeSeparated, SpaceSeparated};
#[doc(hidden)]
pub use crate::payload::payload;
pub use crate::request::Request;
pub use crate::request::idempotency::random_idempotency_key;
pub use crate::request::options::CallOptions;
pub use crate::request::path::{check_path_argument, encode_path};
pub use crate::request::preview::{Preview, PreviewBody};
pub use crate::response::Response;
pub use crate::upload::{
    BatchSpec, CompleteSpec, MediaType, SlotSpec, Upload, UploadAndWait, UploadBatchRequest,
    UploadProgress, UploadRequest, UploadSpec, UploadedFile,
};

/// Compiles the example of the README.
#[cfg(all(doctest, any(feature = "rustls", feature = "native-tls")))]
#[doc = include_str!("../README.md")]
struct Readme;
