//! Bindings of the HeyGen API, generated from its OpenAPI documents.
//!
//! This crate carries no promise of stable names: it changes as the vendor's
//! documents do. Use the crate `heygen`, which is written on top of it.
//!
//! What is hand-written here: [`hooks`], by which generated code hands every
//! request to the transport, and how answers are decoded. All else is written
//! by `cargo xtask codegen`, one module for each directory under `openapi/`.

mod decode;
pub mod hooks;
#[rustfmt::skip]
mod modules;

#[allow(unused_imports, reason = "without its features there is no module")]
pub use modules::*;
