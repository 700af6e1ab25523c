//! Repairs that any real document may need before a generator reads it.
//!
//! Everything here is said in the words of OpenAPI 3.1 and knows no vendor.
//! A correction that only one vendor needs belongs in an overlay. Each rule
//! is one function in a file of its subject, and notes what it did.

mod ambiguous;
mod bodies;
mod const_enums;
mod content;
mod cycles;
mod directions;
mod documentation;
mod enums;
mod errors;
mod hoist;
mod join;
mod markdown;
mod members;
mod multipart;
mod names;
mod nullable;
mod operations;
mod owner;
mod parameter_object;
mod parameter_shape;
mod parameter_style;
mod parameters;
mod reach;
mod rename;
mod responses;
mod scalars;
mod servers;
mod several_types;
mod shapes;
mod slots;
mod split;
mod strip;
mod tags;
mod tolerate;
mod unions;
mod version;
mod webhooks;
mod wire_names;

use crate::pipeline::{
    EVERY, Keywords,
    Rule::{AlsoSchema, Chosen, Document, Naming, Schema},
    Rules,
};

pub(crate) use bodies::{CONTENT_TYPE, OPTIONAL as OPTIONAL_BODY};
pub(crate) use directions::EXPLICIT_NULL;
pub(crate) use enums::{KNOWN_VALUES, VARNAMES};
pub(crate) use errors::{CODES, ERRORS};
pub(crate) use multipart::MARK as MULTIPART;
pub use names::Names;
pub(crate) use responses::ACCEPT;
pub(crate) use servers::SERVER;
pub(crate) use several_types::split as split_types;
pub(crate) use tolerate::{OPEN, RESPONSE, STATE};
pub(crate) use unions::{ALIASES, EMPTY, TAG, VARIANTS};
pub(crate) use webhooks::WEBHOOKS;

/// The keywords of what is made of other schemas.
const MADE_OF: Keywords = &["oneOf", "anyOf", "allOf"];

/// The keywords beside which others are moved or removed.
const FIXED: Keywords = &["$ref", "const"];

/// The keywords of which the documentation says more.
const OF_ITEMS: Keywords = &["items", "additionalProperties", "deprecated"];

/// The rules of this stage, in order. Rules that look at one schema see inner
/// ones first; those that share a walk are all applied to one schema before the
/// next.
pub(crate) const RULES: &Rules<Names> = &[
    ("tuples", Schema(&["items", "prefixItems"], shapes::tuple)),
    ("several-types", AlsoSchema(&["type"], several_types::split)),
    ("null-beside-others", AlsoSchema(EVERY, nullable::beside)),
    ("beside-references", AlsoSchema(FIXED, members::siblings)),
    ("shared-parameters", Document(parameters::of_path_items)),
    ("servers", Document(servers::of_operations)),
    ("webhooks", Chosen(webhooks::set_aside)),
    ("other-operations", Document(operations::drop_others)),
    ("version", Document(version::as_header_value)),
    ("operation-ids", Document(operations::name_operations)),
    ("errors", Chosen(errors::set_aside)),
    ("one-success", Document(responses::keep_one_success)),
    ("bodies", Document(bodies::keep_one_body)),
    ("path-templates", Document(parameters::match_path_templates)),
    ("sent-parameters", Chosen(parameters::drop_sent)),
    ("bounds", Schema(EVERY, strip::bounds_and_formats)),
    ("variant-names", AlsoSchema(EVERY, enums::variant_names)),
    ("negations", Document(shapes::negations)),
    // Each of these may leave to the next a schema that is less deep by one.
    ("silent-unions", Schema(MADE_OF, members::silent_unions)),
    ("one-of-a-kind", Schema(MADE_OF, scalars::one_of_a_kind)),
    ("small-unions", Schema(MADE_OF, shapes::small_unions)),
    ("inline-members", Schema(&["allOf"], members::inline)),
    ("nullable-variants", Schema(MADE_OF, nullable::arms)),
    ("mappings", Document(tags::complete_mappings)),
    ("nullable-components", Document(nullable::components)),
    ("cycles", Document(cycles::end)),
    ("enums", Schema(&["const", "enum"], enums::unnameable)),
    ("implied-types", AlsoSchema(EVERY, shapes::implied_types)),
    ("parameter-styles", Document(parameter_style::expressible)),
    ("schema-names", Naming(hoist::name_schemas)),
    ("any-of", Schema(&["anyOf"], unions::any_of_to_one_of)),
    ("titles", AlsoSchema(&["title"], strip::titles)),
    ("closed-objects", AlsoSchema(EVERY, strip::closed_objects)),
    ("all-of", Naming(members::merge)),
    ("enums-of-members", Schema(EVERY, enums::unnameable)),
    ("defaults", AlsoSchema(&["default"], strip::defaults)),
    ("tags", Document(unions::find_tags)),
    ("null-in-requests", Chosen(directions::null_in_updates)),
    ("split", Naming(split::requests_from_responses)),
    ("ambiguous-unions", Naming(ambiguous::merge)),
    ("open-objects", Document(tolerate::open_objects)),
    ("directions", Document(directions::drop_one_way)),
    ("mark-responses", Document(tolerate::mark_responses)),
    ("enums-of-responses", Document(tolerate::enums)),
    ("absence-and-null", Document(tolerate::absence_and_null)),
    ("variants", Naming(unions::inline_variants)),
    ("unused-schemas", Document(reach::drop_unused)),
    ("const-enums", Naming(const_enums::name_const_enums)),
    ("nullable-components-again", Document(nullable::components)),
    ("optional-lists", Document(directions::presence_in_requests)),
    ("error-types", Document(errors::settle)),
    ("body-marks", Document(bodies::for_generator)),
    ("item-prose", Schema(OF_ITEMS, documentation::of_schemas)),
    ("parameter-prose", Document(documentation::of_parameters)),
    ("markdown", Document(markdown::to_markdown)),
    ("wire-names", Document(wire_names::rename)),
    ("names", Naming(|_, names, _| names.finish())),
];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Report, pipeline::SchemaRule, walk};

    /// Applies rules to every schema.
    pub(super) fn of_schemas(document: &mut Value, rules: &[SchemaRule], report: &mut Report) {
        walk::schemas(document, &mut |schema, at| {
            let Value::Object(schema) = schema else {
                return;
            };
            for rule in rules {
                rule(schema, at, report);
            }
        });
    }

    /// Named schemas after a rule, and how much of them it lost.
    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    pub(super) fn after(rule: SchemaRule, schemas: Value) -> (Value, usize) {
        let mut document = json!({"components": {"schemas": schemas}});
        let mut report = Report::new();
        of_schemas(&mut document, &[rule], &mut report);
        let schemas = document["components"]["schemas"].take();
        (schemas, report.losses().count())
    }
}
