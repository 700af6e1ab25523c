//! Bindings of the HeyGen API, generated from its OpenAPI documents.
//!
//! This crate makes no promise of stability: it changes as the vendor's
//! documents do. Use the crate `heygen`, which is built on it.
//!
//! Everything but this file is written by `cargo xtask codegen`, one module for
//! each directory under `openapi/`.

#[rustfmt::skip]
mod modules;

#[allow(unused_imports, reason = "without its features there is no module")]
pub use modules::*;
