//! Repairs that any real document may need before a generator reads it.
//!
//! Everything here is said in the words of OpenAPI 3.1 and knows no vendor.
//! A correction that only one vendor needs belongs in an overlay. Each rule
//! is one function in a file of its subject, and notes what it did.

mod ambiguous;
mod circles;
mod const_enums;
mod either;
mod hoist;
mod members;
mod names;
mod nullable;
mod operations;
mod owner;
mod parameter_names;
mod parameters;
mod prose;
mod query;
mod reach;
mod references;
mod scalars;
mod shapes;
mod split;
mod strip;
mod tolerate;
mod unions;
mod version;

use serde_json::Value;

use crate::{Pointer, Report, origin::Places};

pub(crate) use circles::all_circles;
pub use names::Names;
pub(crate) use names::rename_in;
pub(crate) use operations::ERRORS;
pub(crate) use parameter_names::{WIRE_NAME, is_reserved};
pub(crate) use parameters::match_path_templates;
pub(crate) use shapes::nameable;
pub(crate) use tolerate::{OPEN, RESPONSE};
pub(crate) use unions::{TAG, VARIANTS};

/// What a rule is called in the report: stage and rule.
type Rule = (&'static str, &'static str);

const fn rule(name: &'static str) -> Rule {
    ("normalise", name)
}

/// A rule that looks at one schema at a time, and at what is inside it.
type OfSchema = fn(&mut Value, &Pointer, &mut Report);

/// Applies rules to every schema, inner ones first, and all of them to one
/// before the next: to go through a large document takes longer than most rules.
fn of_schemas(document: &mut Value, rules: &[OfSchema], report: &mut Report) {
    crate::walk::schemas(document, &mut |schema, at| {
        for rule in rules {
            rule(schema, at, report);
        }
    });
}

/// Repairs a corrected document. `names` is the ledger of names given so far:
/// a name once given is kept, new names are added.
pub(crate) fn normalise(mut document: Value, names: &mut Names) -> (Value, Report) {
    let mut report = Report::new();
    let given = Places::of(&document);
    let d = &mut document;
    let r = &mut report;

    crate::lower::repair::empty_maps(d, r);
    operations::read_as_31(d, r);
    crate::references::settle(d, "normalise", r);
    crate::parts::settle(d, "normalise", r);
    references::inline_components(d, r);
    crate::lower::repair::repeated_parameters(d, r);
    crate::walk::schemas(d, &mut |schema, at| {
        crate::lower::repair::types(schema, at, r);
        crate::lower::keywords::tuple(schema, at, r);
        nullable::beside_others(schema, at, r);
        members::beside_references(schema, at, r);
    });
    operations::drop_unwanted_sections(d, r);
    version::as_header_value(d, r);
    operations::drop_callbacks(d, r);
    operations::drop_other_methods(d, r);
    operations::name_operations(d, r);
    operations::keep_one_success(d, r);
    operations::keep_json_requests(d, r);
    parameters::match_path_templates(d, r);
    parameters::drop_credentials(d, r);
    parameters::note_idempotency_keys(d, r);

    of_schemas(d, &[strip::bounds_and_formats, shapes::negations], r);
    // Each of these may leave to the next what is one schema less deep.
    for rule in [
        members::silent_members,
        scalars::one_of_a_kind,
        shapes::small_unions,
        members::inline,
        nullable::arms,
    ] {
        of_schemas(d, &[rule], r);
    }
    nullable::components(d, r);
    circles::circles(d, r);
    of_schemas(
        d,
        &[
            shapes::unnameable_enums,
            shapes::implied_types,
            shapes::clashing_properties,
        ],
        r,
    );
    query::expressible(d, r);
    of_schemas(d, &[strip::closed_objects], r);

    names::rename_components(d, names, r);
    of_schemas(d, &[unions::any_of_to_one_of], r);
    hoist::name_inline_schemas(d, names, r);
    of_schemas(d, &[strip::titles], r);
    members::merge(d, names, r);
    of_schemas(
        d,
        &[
            shapes::unnameable_enums,
            shapes::clashing_properties,
            strip::defaults,
        ],
        r,
    );
    unions::find_tags(d, r);

    split::requests_from_responses(d, names, r);
    ambiguous::merge(d, names, r);
    of_schemas(d, &[shapes::clashing_properties], r);
    tolerate::mark_answers(d);
    tolerate::constants(d, r);
    tolerate::absence_and_null(d, r);
    tolerate::open_enums(d, r);
    unions::inline_variants(d, names, r);
    const_enums::name_const_enums(d, names, r);
    nullable::components(d, r);
    reach::drop_unused(d, r);

    prose::to_markdown(d, r);
    parameter_names::rename(d, r);
    (document, report.of_stage("normalise", &given))
}
