//! What real documents hold although no version of OpenAPI allows it, and the
//! forms of 3.0 that 3.1 gave up: mended before any other rule runs.
//!
//! After this stage a document has the structure of 3.1, every reference between
//! schemas leads to a named schema, and no other references are left in paths.

mod components;
mod references;
mod structure;

use crate::pipeline::{Rule::Document, Rules};

/// The rules of this stage, in order.
pub(crate) const RULES: &Rules = &[
    ("structure", Document(structure::document)),
    ("references", Document(references::resolve)),
    ("components", Document(components::inline)),
];
