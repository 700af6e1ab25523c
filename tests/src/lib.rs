//! Test servers on loopback, and the helpers that tests and benches share.
//!
//! The servers speak HTTP and are independent of the client: [`client`] builds
//! clients for them, and `bench` compares these with others.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a helper that cannot continue fails its test"
)]

pub mod assets;
pub mod bench;
pub mod child;
pub mod client;
pub mod content_encoding;
pub mod contract;
pub mod document;
pub mod echo;
#[rustfmt::skip]
pub mod generated;
pub mod jobs;
pub mod lists;
pub mod operations;
pub mod played;
pub mod relay;
pub mod samples;
pub mod scripted;
pub mod store;
pub mod tls;
