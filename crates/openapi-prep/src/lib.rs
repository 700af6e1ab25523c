//! Prepares real OpenAPI 3.1 documents for a Rust code generator.
//!
//! A [`Document`] goes through stages, each a pure function that notes in a
//! [`Report`] what it did and what it lost, with a JSON pointer for each entry:
//!
//! 1. [`overlay()`]: corrections, each with its reason;
//! 2. [`normalise()`]: repairs any real document may need;
//! 3. [`lower()`], [`lower_for_generator`]: OpenAPI 3.1 becomes 3.0.3;
//! 4. [`lint()`]: what a generator could not take, named by operation.
//!
//! [`prepare()`] runs them in one.
//!
//! Nothing here reads a file, knows a vendor or a generator's code.

mod document;
mod error;
mod lint;
mod lower;
mod normalise;
mod overlay;
mod parts;
mod pointer;
mod references;
mod report;
mod schema;
mod stages;
mod text;
mod walk;

pub mod diff;
pub mod merge;
pub mod page;

pub use document::{Document, MAX_BYTES};
pub use error::Error;
pub use lint::Finding;
pub use normalise::Names;
pub use report::{Effect, Entry, Report};
pub use stages::{Prepared, diff, lint, lower, lower_for_generator, normalise, overlay, prepare};
pub use text::Format;

pub(crate) use pointer::Pointer;
