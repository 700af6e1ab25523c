//! OpenAPI 3.1 to 3.0.3, as the generator reads it.
//!
//! What 3.0 can express in another form is rewritten; what it cannot is widened,
//! never narrowed, and reported as lost. `null` becomes `nullable` everywhere,
//! beside references too, and a `oneOf` stays one, though 3.0 may not be able to
//! tell its schemas apart. A 3.0 document passes through.

mod bytes;
mod document;
mod gather;
pub(crate) mod keywords;
mod null;
mod numbers;
mod places;
pub(crate) mod repair;
mod shape;

use serde_json::Value;

use crate::{Error, Report, normalise, origin::Places, parts, references, walk};

/// What a rule is called in the report: stage and rule.
type Rule = (&'static str, &'static str);

const fn rule(name: &'static str) -> Rule {
    ("lower", name)
}

/// Rewrites a document of OpenAPI 3.1 as one of 3.0.3.
pub(crate) fn lower(mut document: Value) -> Result<(Value, Report), Error> {
    let mut report = Report::new();
    if crate::document::version_of(&document)?.starts_with("3.0") {
        return Ok((document, report));
    }
    let given = Places::of(&document);
    let r = &mut report;
    numbers::rounded(&document, r);
    repair::empty_maps(&mut document, r);
    shape::document(&mut document, r);
    document::version(&mut document, r);
    repair::path_items(&mut document, r);
    document::sections(&mut document, r);
    document::info(&mut document, r);
    document::required_parts(&mut document, r);
    document::requirements(&mut document, r);
    bytes::bodies(&mut document, r);
    walk::schemas(&mut document, &mut |schema, at| null::flag(schema, at, r));
    references::settle(&mut document, "lower", r);
    repair::dangling(&mut document, r);
    parts::settle(&mut document, "lower", r);
    repair::operations(&mut document, r);
    repair::repeated_parameters(&mut document, r);
    normalise::all_circles(&mut document, r);
    walk::schemas(&mut document, &mut |schema, at| {
        repair::types(schema, at, r);
        repair::repeated(schema, at, r);
        keywords::boolean_schema(schema, at, r);
        keywords::identity(schema, at, r);
        keywords::constant(schema, at, r);
        keywords::examples(schema, at, r);
        keywords::content(schema, at, r);
        keywords::tuple(schema, at, r);
        keywords::inexpressible(schema, at, r);
        null::in_types(schema, at, r);
        null::in_unions(schema, at, r);
        keywords::reference_siblings(schema, at, r);
        keywords::items_of_arrays(schema, at, r);
        repair::empty_unions(schema, at, r);
        repair::mapping(schema, at, r);
        gather::schema(schema, at, r);
    });
    Ok((document, report.of_stage("lower", &given)))
}

/// Applies one rule to one schema, for tests.
#[cfg(test)]
fn lowered(
    rule: fn(&mut Value, &crate::Pointer, &mut Report),
    mut schema: Value,
) -> (Value, Report) {
    let mut report = Report::new();
    rule(&mut schema, &crate::Pointer::root(), &mut report);
    (schema, report)
}

/// Holds one rule against rows: before, after, and how many losses are told.
#[cfg(test)]
#[track_caller]
fn check(rule: fn(&mut Value, &crate::Pointer, &mut Report), rows: &[(Value, Value, usize)]) {
    for (before, after, losses) in rows {
        let (schema, report) = lowered(rule, before.clone());
        assert_eq!(schema, *after, "{before}");
        assert_eq!(report.losses().count(), *losses, "{before}");
    }
}
