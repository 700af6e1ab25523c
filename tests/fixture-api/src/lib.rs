//! Bindings of a fixture API, generated like the real ones, for tests of the
//! contract of generated code.

#[rustfmt::skip]
mod modules;

#[allow(unused_imports, reason = "without its features there is no module")]
pub use modules::*;
