//! OpenAPI 3.1 to 3.0.3, which is what generators read.
//!
//! What 3.0 can say in other words is said in them; what it cannot say is
//! widened, never narrowed, and stands in the report as lost. A 3.0 document
//! passes through.

mod bounds;
mod bytes;
mod document;
mod exclusive;
mod gather;
pub(crate) mod keywords;
mod null;
mod numbers;
mod pattern;
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

/// Turns a document of OpenAPI 3.1 into one of 3.0.3, by the letter: a value
/// that the one takes, the other takes too.
pub(crate) fn lower(document: Value) -> Result<(Value, Report), Error> {
    run(document, Reader::Validator)
}

/// Turns a document of OpenAPI 3.1 into one of 3.0.3 as generators of code read
/// it: null is said by `nullable` alone, beside references too, and a `oneOf`
/// stays one, though 3.0 may not be able to tell its schemas apart.
pub(crate) fn lower_for_generator(document: Value) -> Result<(Value, Report), Error> {
    run(document, Reader::Generator)
}

/// Who reads the lowered document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Validator,
    Generator,
}

fn run(mut document: Value, reader: Reader) -> Result<(Value, Report), Error> {
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
    repair::component_names(&mut document, r);
    repair::operations(&mut document, r);
    repair::repeated_parameters(&mut document, r);
    repair::shared_path_parameters(&mut document, r);
    normalise::match_path_templates(&mut document, r);
    normalise::all_circles(&mut document, r);
    if reader == Reader::Validator {
        exclusive::give_way(&mut document, r);
    }
    walk::schemas(&mut document, &mut |schema, at| {
        repair::types(schema, at, r);
        repair::repeated(schema, at, r);
        keywords::boolean_schema(schema, at, r);
        keywords::identity(schema, at, r);
        keywords::constant(schema, at, r);
        keywords::examples(schema, at, r);
        bounds::exclusive(schema, at, r);
        keywords::content(schema, at, r);
        if reader == Reader::Validator {
            pattern::common(schema, at, r);
        }
        keywords::tuple(schema, at, r);
        keywords::inexpressible(schema, at, r);
        null::in_types(schema, at, r);
        null::in_unions(schema, at, r);
        keywords::reference_siblings(schema, at, r);
        keywords::items_of_arrays(schema, at, r);
        repair::empty_unions(schema, at, r);
        repair::mapping(schema, at, r);
        if reader == Reader::Generator {
            gather::schema(schema, at, r);
        }
    });
    repair::defaults(&mut document, r);
    repair::required_beside_members(&mut document, r);
    if reader == Reader::Validator {
        repair::recursive_members(&mut document, r);
    }
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
