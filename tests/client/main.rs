//! The client against real sockets on loopback, one behaviour a file.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

mod api_key;
mod asset_batches;
mod asset_uploads;
mod asset_uploads_direct;
mod asset_waits;
mod body_limit;
mod by_operation;
mod by_path;
mod concurrency;
mod content_encoding;
mod decode_errors;
mod downloads;
mod downloads_of_objects;
mod downloads_resumed;
mod downloads_to_path;
mod envelopes;
mod environment;
mod error_kinds;
mod error_shapes;
mod errors;
mod http2;
mod idempotency;
mod lenient_pages;
mod logs;
mod mock;
mod multipart;
mod non_idempotent;
mod outcome;
mod pages;
mod path_parameters;
mod redaction;
mod redirects;
mod reports;
mod requests;
mod resources;
mod responses;
mod retries;
mod signed_urls;
mod telemetry;
mod timeouts;
#[cfg(target_os = "linux")]
mod tls;
mod uploads;
mod waits;
