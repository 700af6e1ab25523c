//! The client against real sockets on loopback: what it promises about
//! errors, the key, ids, redirects, deadlines and retries is held against a
//! scripted server that can send any bytes at any pace.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod api;
mod bodies;
mod deadlines;
#[allow(dead_code, reason = "other tests use more of it")]
mod echo;
mod environment;
mod errors;
mod flight;
mod hostile;
mod http2;
mod idempotency;
mod ids;
mod key;
mod packing;
mod printed;
mod retries;
#[allow(dead_code, reason = "other tests use more of it")]
mod server;
#[cfg(target_os = "linux")]
mod tls;
mod traces;
mod transfers;
mod writes;
