//! The runtime of stand-alone crates: how a call of a generated client is sent
//! and what its response becomes. `cargo xtask codegen --document` copies the
//! folder `runtime` into each crate it writes, so that such a crate depends on
//! nothing of this workspace. This crate compiles and tests the files.

#[path = "../../heygen-core/src/de/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    missing_docs,
    unreachable_pub,
    clippy::option_option,
    reason = "tested in the core"
)]
mod de;
#[path = "../../heygen-core/src/multipart/mod.rs"]
#[allow(
    dead_code,
    missing_debug_implementations,
    clippy::missing_fields_in_debug,
    clippy::format_push_string,
    reason = "tested in the core"
)]
pub mod multipart;
#[allow(dead_code, reason = "used by generated code")]
pub mod runtime;

#[cfg(test)]
mod tests;
