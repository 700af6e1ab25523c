//! Prepares real OpenAPI 3.1 documents for a Rust code generator.
//!
//! A document goes through stages, each a pure function over
//! [`serde_json::Value`] that notes in a [`Report`] what it did and what it
//! lost, with a JSON pointer for each entry:
//!
//! 1. [`page`]: a documentation page becomes a document;
//! 2. [`merge`]: many pages become one document;
//! 3. [`overlay`]: corrections, each with its reason;
//! 4. [`normalise`]: repairs any real document may need;
//! 5. [`lower`]: OpenAPI 3.1 becomes 3.0.3;
//! 6. [`lint`]: what a generator could not take, named by operation.
//!
//! Beside the stages, [`diff`] tells what changed between two documents as a
//! user of the generated code would feel it.
//!
//! Nothing here reads a file, knows a vendor or a generator's code.

mod error;
mod origin;
mod parts;
mod pointer;
mod references;
mod report;
mod schema;
mod walk;

pub mod diff;
pub mod document;
pub mod lint;
pub mod lower;
pub mod merge;
pub mod normalise;
pub mod overlay;
pub mod page;

pub use error::Error;
pub use pointer::Pointer;
pub use report::{Effect, Entry, Report};
