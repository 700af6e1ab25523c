//! What real documents hold although no version of OpenAPI allows it, and the
//! forms of 3.0 that 3.1 gave up: mended before any other rule runs.
//!
//! After this stage a document has the structure of 3.1, every reference between
//! schemas leads to a named schema, and no other references are left in paths.

mod components;
mod empty_arrays;
mod numbers;
mod parameters;
mod references;
mod schema;
mod structure;
mod version;

use crate::pipeline::{
    Rule::{AlsoSchema, Document, Schema},
    Rules,
};

/// What a rule is called in the report: stage and rule.
const fn rule(name: &'static str) -> (&'static str, &'static str) {
    ("repair", name)
}

/// The rules of this stage, in order.
pub(crate) const RULES: &Rules = &[
    ("numbers", Document(numbers::report_rounded)),
    ("empty-arrays", Document(empty_arrays::read_as_maps)),
    ("structure", Document(structure::document)),
    ("version", Document(version::read_as_31)),
    ("nullable", Schema(version::nullable)),
    ("types", AlsoSchema(schema::types)),
    ("repeated", AlsoSchema(schema::repeated)),
    ("empty-unions", AlsoSchema(schema::empty_unions)),
    ("discriminators", AlsoSchema(schema::discriminators)),
    ("references", Document(references::resolve)),
    ("components", Document(components::inline)),
    ("repeated-parameters", Document(parameters::repeated)),
];

/// Applies one rule to one schema, for tests.
#[cfg(test)]
fn repaired(
    rule: crate::pipeline::SchemaRule,
    mut schema: serde_json::Value,
) -> (serde_json::Value, crate::Report) {
    let mut report = crate::Report::new();
    rule(&mut schema, &crate::Pointer::root(), &mut report);
    (schema, report)
}
