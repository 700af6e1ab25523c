//! Bindings of a made-up API, by the same generator and on the same
//! hand-written files as the real ones: tests of the generator's contract run
//! against them.

#[path = "../../../crates/heygen-api-gen/src/decode.rs"]
mod decode;
#[path = "../../../crates/heygen-api-gen/src/hooks.rs"]
pub mod hooks;
#[rustfmt::skip]
mod modules;

#[allow(unused_imports, reason = "without its features there is no module")]
pub use modules::*;
