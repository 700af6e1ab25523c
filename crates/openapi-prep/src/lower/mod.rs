//! OpenAPI 3.1 to 3.0.3, as the generator reads it.
//!
//! What 3.0 can express in another form is rewritten; what it cannot is widened,
//! never narrowed, and reported as lost. `null` becomes `nullable` everywhere,
//! beside references too, and a `oneOf` stays one, though 3.0 may not be able to
//! tell its schemas apart.

mod document;
mod keywords;
mod nullable;
mod parameters;

use crate::{
    normalise::split_types,
    pipeline::{
        EVERY,
        Rule::{AlsoSchema, Document, Schema},
        Rules,
    },
    schema::keep_one_example,
};

/// The rules of this stage, in order.
pub(crate) const RULES: &Rules = &[
    ("version", Document(document::version)),
    ("security-schemes", Document(document::security_schemes)),
    ("boolean-schemas", Document(keywords::boolean_schemas)),
    ("const", Schema(&["const"], keywords::constant)),
    ("examples", AlsoSchema(&["examples"], keep_one_example)),
    ("content", AlsoSchema(&keywords::CONTENT, keywords::content)),
    ("inexpressible", AlsoSchema(EVERY, keywords::inexpressible)),
    ("several-types", AlsoSchema(&["type"], split_types)),
    ("nullable", AlsoSchema(EVERY, nullable::nullable)),
    (
        "reference-siblings",
        AlsoSchema(&["$ref"], keywords::reference_siblings),
    ),
    ("parameter-strings", Document(parameters::as_strings)),
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::{Pointer, Report, pipeline::SchemaRule};

    /// Holds one rule against rows: before, after, and how many losses are
    /// reported.
    #[track_caller]
    pub(super) fn check(rule: SchemaRule, rows: &[(Value, Value, usize)]) {
        for (before, after, losses) in rows {
            let (mut schema, mut report) = (before.clone(), Report::new());
            let object = schema.as_object_mut().expect("a schema");
            rule(object, &Pointer::root(), &mut report);
            assert_eq!(schema, *after, "{before}");
            assert_eq!(report.losses().count(), *losses, "{before}");
        }
    }
}
