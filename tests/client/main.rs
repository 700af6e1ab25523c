//! The client against real sockets on loopback, one behaviour a file.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

mod api_key;
mod body_limit;
mod concurrency;
mod content_encoding;
mod downloads;
mod environment;
mod errors;
mod http2;
mod idempotency;
mod mock;
mod non_idempotent;
mod path_parameters;
mod redaction;
mod redirects;
mod requests;
mod responses;
mod retries;
mod telemetry;
mod timeouts;
#[cfg(target_os = "linux")]
mod tls;
mod uploads;
